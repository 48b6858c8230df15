"""The catalogue of ways, tried in whatever state chance has brought about, and undone again."""

from __future__ import annotations

import copy
import os

from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponseBase

from pledge_pages.models import MemberPhoto
from tests.chance.ground import Ground
from tests.chance.hands import REFUSALS
from tests.chance.model import PageState
from tests.embargo.scene import DRAFT, LIVE, Scene, public_picture
from tests.embargo.ways import WAYS, Way
from tests.embargo.ways.row import Unfit

# Whether it is a long run, whose outcome is recorded.
LONG = bool(os.environ.get("CHANCE_RECORD"))
# The catalogue speaks of the pages of this branch.
BRANCH = "SGZ"


class Absent:
    """Stands for what this town does not have; a way that is about it does not fit."""

    def __getattr__(self, name: str):
        raise Unfit


class Pages(dict):
    """The pages of a town in which any of them may have been deleted."""

    def __missing__(self, key):
        raise Unfit


class ChanceScene(Scene):
    """A scene that finds the pilot at the stage it is at."""

    def __init__(self, ground: Ground, member: str, actor: str):
        self.town = copy.copy(ground.town)
        self.town.pages = Pages(
            {
                (page.member, page.language): ground.page(page)
                for page in ground.model.pages.values()
                if page.member
            }
        )
        # A photo is gone for good once its member wants it nowhere.
        photo = MemberPhoto.objects.filter(member__code=member).first()
        self.town.photo, self.town.evidence = photo or Absent(), Absent()
        self.key = (member, "zh-hans")
        self.actor = actor
        page = next(p for p in ground.model.pages.values() if (p.member, p.language) == self.key)
        self.column = column_of(ground, page)
        self.before = public_picture()
        self.secret = set(ground.model.pages)
        self.address = page.address


def column_of(ground: Ground, page: PageState) -> str:
    """Return in which column of the matrix a page stands."""
    stage = ground.model.pilots[page.branch].stage
    if stage != "approved":
        return stage
    return DRAFT if page.public is None else LIVE


def members_with_page(ground: Ground) -> list[str]:
    """Return the members of the branch who have a page of their own in both languages."""
    pages = [p for p in ground.model.pages.values() if p.branch == BRANCH and not p.is_alias]
    boards = {p.language for p in pages if not p.member}
    codes = sorted({p.member for p in pages if p.member})
    both = {(p.member, p.language) for p in pages if p.member}
    if len(boards) < 2:
        return []
    return [c for c in codes if {(c, "zh-hans"), (c, "en")} <= both]


def ways_for(ground: Ground, member: str) -> list[Way]:
    """Return the ways that are meant for the state that the member's page is in."""
    page = next(
        p for p in ground.model.pages.values() if (p.member, p.language) == (member, "zh-hans")
    )
    column = column_of(ground, page)
    others = any(p.stage == "approved" for p in ground.model.pilots.values() if p.code != BRANCH)
    return [way for way in WAYS if column in way.columns and not (way.alone and others)]


def attempt(ground: Ground, way: Way, actor: str, member: str) -> list[str]:
    """Try a way; return what became public by it. Everything is undone.

    It may be refused with a reason, and raises Unfit where it cannot be tried. Anything else that
    goes wrong with trying it ends a long run, and is looked into; a short one says that it is unfit.
    """
    with transaction.atomic():
        # What is due by now goes public whenever somebody lets the scheduler run.
        call_command("publish_scheduled", verbosity=0)
        scene = ChanceScene(ground, member, actor)
        answer = None
        try:
            with transaction.atomic():
                answer = way.run(scene)
        except REFUSALS as error:
            assert str(error).strip(), f"{way.name}: {error!r} gives no reason"  # noqa: PT017
        except Unfit:
            raise
        except Exception as error:
            if LONG:
                raise
            raise Unfit from error
        if isinstance(answer, HttpResponseBase):
            assert answer.status_code < 500, f"{way.name}: {answer.content[:500]!r}"
        leaks = scene.leaks()
        transaction.set_rollback(True)
    return leaks

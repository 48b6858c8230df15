"""The embargo matrix: every way to go live, at every stage of the pilot."""

import pytest
from django.contrib.messages import ERROR, get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase

from tests.embargo.catalogue.requested import idle, listening
from tests.embargo.scene import OPEN, SHUT, Scene, state_of
from tests.embargo.ways import WAYS, Way
from tests.embargo.ways.row import EITHER, KEPT, REFUSED

# Stages that are closed as "quiet" and "suspended" are; ``document`` says what is left out for it.
ALIKE = ("proposed", "agreed", "reviewed", "ended")


def rows(state: str) -> list:
    """Return (way, actor, column) for every column that is tried in that state of the world."""
    return [
        pytest.param(
            way,
            actor,
            column,
            id=f"{way.name} | {actor} | {column}",
            # A database asks only whether a stage is the approved one: two that are not will do.
            marks=[pytest.mark.once] if column in ALIKE else [],
        )
        for way in WAYS
        for actor in way.actors
        for column in way.columns
        # What a closed stage refuses to a superuser it refuses to an editor; two will do.
        if actor != "editor" or column not in ALIKE
        if state_of(column) == state
    ]


def attempt(way: Way, scene: Scene) -> str:
    """Try it; return how it ended. Only errors that explain themselves may come of it."""
    try:
        with transaction.atomic():
            answer = way.run(scene)
    except (PermissionDenied, IntegrityError, ValidationError) as error:
        assert str(error).strip()  # noqa: PT017
        return REFUSED
    if not isinstance(answer, HttpResponseBase):
        return KEPT
    assert answer.status_code < 500, answer.content[:500]
    return REFUSED if is_refusal(answer) else KEPT


def is_refusal(answer: HttpResponseBase) -> bool:
    """Return whether an answer says no: by its status, or by an error message for the next page."""
    said = get_messages(answer.wsgi_request)
    return answer.status_code >= 400 or any(m.level >= ERROR for m in said._queued_messages)


def check(way: Way, scene: Scene, note) -> None:
    """Try a way, and see that nothing came of it that a visitor could see."""
    # A row may change who acts.
    actor = scene.actor
    note("row", way.name)
    note("stage", scene.column)
    with listening() as heard:
        end = attempt(way, scene)
    if scene.column in ("quiet", way.columns[0]) and actor == way.actors[0]:
        assert idle(way.name, heard) == [], "named in the catalogue, and not asked for"
    note("ended", "refused" if end == REFUSED else "nothing")
    assert scene.leaks() == [], f"{way.name}: {way.says}"
    assert way.ends in (end, EITHER), f"{way.name} ended {end}"


class TestClosedPilot:
    state = SHUT

    @pytest.mark.parametrize(("way", "actor", "column"), rows(SHUT))
    def test_no_way_makes_anything_public(self, world, way, actor, column, record_property):
        check(way, Scene(world, column, actor, alone=way.alone), record_property)


class TestApprovedPilot:
    state = OPEN

    @pytest.mark.parametrize(("way", "actor", "column"), rows(OPEN))
    def test_no_way_makes_public_what_was_not_approved(
        self, world, way, actor, column, record_property
    ):
        check(way, Scene(world, column, actor, alone=way.alone), record_property)

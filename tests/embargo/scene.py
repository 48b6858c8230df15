"""The stage on which the embargo matrix is played: a small town, and what the public sees of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import APIToken, Locale, Page, Revision

from home.models import AnnouncementPage, NewsPage
from pledge_pages.appraisal.grades_on_page import said_of
from pledge_pages.embargo.announcement import announce
from pledge_pages.embargo.gate import gated_types
from pledge_pages.models import (
    Appraisal,
    BranchPage,
    BranchPledge,
    BranchReview,
    GatedPage,
    MemberPledgePage,
    Pilot,
    Pledge,
    ProgrammePage,
    ProgressUpdate,
)
from pledge_pages.photos.actions import add_evidence, add_photo, check_evidence
from pledge_pages.rulebook.history import PastVersion, import_versions
from pledge_pages.supervision import actions as steps
from pledge_pages.supervision import receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.worlds import LANGUAGES, Town, build_town, make_user

# What nobody approved. It must never be read anywhere in public.
LEAK = "leaked-words"

# Every stage of the pilot, and for the approved one both kinds of page below it.
CLOSED = ("proposed", "agreed", "quiet", "reviewed", "suspended", "ended")
DRAFT = "approved, page not"
LIVE = "approved, page public"
COLUMNS = (*CLOSED, DRAFT, LIVE)


def build_world(*, opened: bool = True) -> Town:
    """Build two branches; of each, member 1 is approved and member 2 was never submitted.

    Both branches are public if ``opened``, and neither ever was if not.
    """
    town = build_town(members=2)
    add_files(town)
    add_announcement(town)
    add_grade(town)
    unapproved = {key: town.pages.pop(key) for key in list(town.pages) if key[0].endswith("M002")}
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
        if opened:
            town.open(code)
        else:
            # The second wave has to wait for the first.
            town.to_stage(code, "quiet" if code == "SGZ" else "agreed")
    town.pages.update(unapproved)
    add_report(town)
    news = NewsPage(title="Work brief", slug="brief", body="<p>It rained.</p>")
    home = Page.objects.get(pk=town.home["zh-hans"].pk)
    home.add_child(instance=news)
    town.news = news
    return town


# What the announcement of SGZ is called; its words are quiet until then.
ANNOUNCED = "Come and read what SGZ promised"


def add_announcement(town: Town) -> None:
    """Have the opening of SGZ announced below the front page, approved like its board."""
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    page = AnnouncementPage(title=ANNOUNCED, slug="notice-1", body=f"<p>{ANNOUNCED}</p>")
    pilot = Pilot.objects.get(code="SGZ")
    town.announcement = announce(pilot, page, below=home, by=town.lead)
    town.hold(page, "SGZ")


# What the branch said of the first member of SGZ in a review that is closed.
FOUND = "what-the-review-found"


def add_grade(town: Town) -> None:
    """Put the grade of the last year on the pages of the first member of SGZ, closed and told."""

    def row(code: str, points: int | None, trigger: str) -> dict:
        return {"code": code, "points": points, "trigger": trigger, "text": {"en": code}}

    rows = [row("A0", None, "base"), row("X1", None, "counter"), row("P1", 5, "fulfilled")]
    grades = [{"code": "all", "name": {"zh-hans": "全部", "en": "all"}}]
    values = {"base": 80, "change_reason": {"en": "x"}}
    past = PastVersion("1.0", date(2026, 1, 1), values, rows, grades)
    town.rulebook = import_versions(town.programme, [past], by=town.admin)["1.0"]
    by, day = town.editor("SGZ"), date(2026, 1, 11)
    review = BranchReview.objects.create(
        pilot=town.pilots["SGZ"], year=2025, rulebook=town.rulebook, held_on=day, present=2,
        state="closed", opened_by=by, graded_by=by, closed_by=by, closed_at=timezone.now(),
    )  # fmt: skip
    member, opinion = town.members["SGZ-M001"], {"zh-hans": FOUND, "en": FOUND}
    appraisal = Appraisal.objects.create(
        review=review, member=member, grade="all", points=80, opinion=opinion, made_by=by
    )
    for language in LANGUAGES:
        page = MemberPledgePage.objects.get(pk=town.pages[member.code, language].pk)
        page.grades = [said_of(appraisal)]
        page.save()
        page.save_revision(user=by)


def add_files(town: Town) -> None:
    """Give the first member of SGZ a photo and a piece of evidence that may be public."""
    by, code = town.editor("SGZ"), "SGZ-M001"
    picture = io.BytesIO()
    Image.new("RGB", (320, 400), "teal").save(picture, "JPEG")
    picture.seek(0)
    town.photo = add_photo(town.members[code], picture, by=by)
    picture.seek(0)
    town.evidence = add_evidence(
        town.pilots["SGZ"], picture, by=by, kind="photo", title={"en": "A swept gate"}
    )
    check_evidence(town.evidence, by=by, public=True)
    for language in LANGUAGES:
        page = MemberPledgePage.objects.get(pk=town.pages[code, language].pk)
        page.photo = town.photo
        update = page.updates.first()
        update.evidence = town.evidence
        page.updates = [update]
        page.save()
        page.save_revision(user=by)


# Of a report about the first member of SGZ: as it came, and as it is published.
RAW, CONTACT = "the-words-as-they-came", "the-number-they-left"
ASKED, ANSWERED = "asked-in-the-village", "answered-by-the-branch"


def add_report(town: Town) -> None:
    """Have a villager's report about the first member of SGZ answered and published."""
    supervisor = make_user("supervisor_sgz")
    supervisor.groups.add(Group.objects.get(name="SGZ supervisors"))
    town.users[supervisor.username] = supervisor
    member = town.members["SGZ-M001"]
    said = Said(town.pilots["SGZ"], "report", "qr", RAW, CONTACT, member)
    town.receipt = receipts.new_code()
    report = receive(said, code=town.receipt)
    steps.accept(report, by=supervisor)
    steps.redact(report, by=supervisor, text={"zh-hans": ASKED, "en": ASKED})
    steps.answer(report, by=town.editor("SGZ"), text={"zh-hans": ANSWERED, "en": ANSWERED})
    town.report = steps.publish(report, by=town.moderator("SGZ"))


# Columns that change without anything being shown otherwise.
PAGE = ("pk", "title", "slug", "url_path", "seo_title", "search_description", "show_in_menus",
        "locale", "content_type")  # fmt: skip
PARTS = (
    (ProgrammePage, "pk", ("introduction",)),
    (BranchPage, "pk", ("introduction", "not_listed", "members_indexed")),
    (MemberPledgePage, "pk", ("member", "photo")),
    (Pledge, "page", ("key", "text", "measure", "due", "progress", "outcome", "reply")),
    (ProgressUpdate, "page", ("pledge_key", "text", "percent", "on")),
    (BranchPledge, "page", ("text", "progress", "outcome", "method", "reason")),
)


def public_picture() -> dict[int, list]:
    """Return what each live page shows, by the page's id."""
    picture = {
        row[0]: [row] for row in Page.objects.filter(live=True).order_by().values_list(*PAGE)
    }
    for model, link, fields in PARTS:
        rows = model.objects.filter(**{f"{link}__in": list(picture)})
        for page, *rest in sorted(rows.values_list(link, *fields), key=repr):
            picture[page].append((model.__name__, *rest))
    return picture


@dataclass
class Scene:
    """One try: a pilot at a stage, one of its pages, and somebody who would like it public.

    For a closed stage the pilot of ``town`` has been suspended already; see ``state_of``.
    """

    town: Town
    column: str
    actor: str = "script"
    # Whether the other pilot is closed too, so that not even the programme's page is public.
    alone: bool = False
    before: dict[int, list] = field(default_factory=dict)
    secret: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.column in CLOSED:
            Pilot.objects.filter(code="SGZ").update(stage=self.column)
        if self.alone:
            self.town.close("LSW")
        self.key = ("SGZ-M002" if self.column == DRAFT else "SGZ-M001", "zh-hans")
        self.before = public_picture()
        # Also if a page is stripped of its gate and its type, it is one of these.
        self.secret = set(GatedPage.objects.values_list("pk", flat=True))
        self.address = f"/zh-hans/work-plan/village-1/{self.page.slug}/"

    # Who ----------------------------------------------------------------------------------

    @property
    def user(self):
        """Who tries it: the superuser, or the branch's editor."""
        return self.town.admin if self.actor == "superuser" else self.town.editor("SGZ")

    @property
    def client(self) -> Client:
        """A browser in which the user is logged in; errors become answers 500."""
        client = Client(raise_request_exception=False)
        client.force_login(self.user)
        return client

    def api(self, method: str, path: str, data: dict | None = None):
        """Ask API v3 with a token of the user's."""
        _row, token = APIToken.create_token(user=self.user, name="matrix")
        return getattr(Client(raise_request_exception=False), method)(
            f"/api/v3-preview/pages/{path}",
            data or {},
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )

    # What ---------------------------------------------------------------------------------

    @property
    def pk(self) -> int:
        return self.town.pages[self.key].pk

    @property
    def page(self) -> MemberPledgePage:
        """The page that must not change in public, fresh from the database."""
        return MemberPledgePage.objects.get(pk=self.pk)

    @property
    def translation(self) -> MemberPledgePage:
        """The same page in English."""
        return MemberPledgePage.objects.get(pk=self.town.pages[self.key[0], "en"].pk)

    def board(self, code: str = "SGZ", language: str = "zh-hans") -> BranchPage:
        return BranchPage.objects.get(pk=self.town.boards[code, language].pk)

    def other_page(self) -> MemberPledgePage:
        """The public page of another, approved pilot."""
        return MemberPledgePage.objects.get(pk=self.town.pages["LSW-M001", "zh-hans"].pk)

    def programme_page(self, language: str = "zh-hans") -> ProgrammePage:
        return ProgrammePage.objects.get(pk=self.town.programme_pages[language].pk)

    @property
    def home(self) -> Page:
        return Page.objects.get(pk=self.town.home["zh-hans"].pk).specific

    @property
    def news(self) -> NewsPage:
        return NewsPage.objects.get(pk=self.town.news.pk)

    @property
    def other_language(self) -> Locale:
        return Locale.objects.get(language_code="en")

    def leaking(self, page: MemberPledgePage | None = None) -> MemberPledgePage:
        """Return the page, not saved, with a pledge that nobody approved."""
        page = (page or self.page).get_latest_revision_as_object()
        pledge = page.pledges.first()
        pledge.text = LEAK
        page.pledges = [pledge]
        return page

    def leaking_revision(self, page: MemberPledgePage | None = None) -> Revision:
        """Save a draft that nobody approved."""
        return self.leaking(page).save_revision(user=self.user, clean=False)

    # What came of it ----------------------------------------------------------------------

    def leaks(self) -> list[str]:
        """Return everything that is public now and was not before, or says something else."""
        after = public_picture()
        gates = {
            gate.page.path: gate
            for gate in GatedPage.objects.select_related("page", "pilot", "programme")
        }
        closed = tuple(path for path, gate in gates.items() if not gate.is_open)
        gated = {ContentType.objects.get_for_model(model).pk for model in gated_types()}
        found = []
        for page in Page.objects.filter(live=True).order_by():
            if page.path.startswith(closed):
                found.append(f"page {page.pk} is live at {page.url_path} behind a closed gate")
            ordinary = page.path not in gates and page.content_type_id not in gated
            if ordinary and page.pk not in self.secret:
                continue
            if after[page.pk] != self.before.get(page.pk):
                found.append(f"page {page.pk} at {page.url_path} shows {after[page.pk]}")
        # Drawing even a 404 takes longer than all the rest; the surfaces' own table asks more.
        asks = self.column in ("quiet", DRAFT, LIVE) or self.pk in after
        return found + (self._seen_by_a_visitor() if asks else [])

    def _seen_by_a_visitor(self) -> list[str]:
        visitor = Client(raise_request_exception=False)
        answer = visitor.get(self.address)
        if LEAK in answer.content.decode():
            return [f"{self.address} shows what nobody approved"]
        if self.pk not in self.before and answer.status_code != 404:
            return [f"{self.address} answers {answer.status_code}"]
        return []


# States of the world: both pilots public; one of them suspended; both; neither ever public.
OPEN, SHUT, SUSPENDED, QUIET = "open", "shut", "suspended", "quiet"


def state_of(column: str) -> str:
    """Return in which state of the world a column is tried."""
    return SHUT if column in CLOSED else OPEN


@contextmanager
def world_in_a_transaction(state: str) -> Iterator[Town]:
    """Build the world once for a module; each test's changes roll back to it, and it to nothing."""
    with transaction.atomic():
        town = build_world(opened=state != QUIET)
        for code in {SHUT: ("SGZ",), SUSPENDED: ("SGZ", "LSW")}.get(state, ()):
            town.close(code)
        yield town
        transaction.set_rollback(True)

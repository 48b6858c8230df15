"""Someone who looks: who they are, what they saw, and what they must not find in it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.contrib.auth.models import Group, Permission
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from wagtail.models import (
    APIToken,
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    TaskState,
)
from wagtail_localize.models import Translation, TranslationSource

from pledge_pages.appraisal import ledger
from pledge_pages.models import (
    Appeal,
    Assignment,
    BranchOutcome,
    BranchPage,
    BranchPledge,
    BranchReview,
    ConsentPaper,
    Member,
    MemberPledgePage,
    MemberReview,
    OutcomeDecision,
    Pilot,
    PointEntry,
    PrintedSheet,
    RuleBook,
    Sanction,
    VillageLink,
)
from pledge_pages.photos.papers import record_consent_on_paper
from pledge_pages.photos.renditions import SPECS
from pledge_pages.posters.reprints import HEADS
from pledge_pages.posters.wish import Kind
from pledge_pages.rulebook.actions import draft_from
from pledge_pages.village import links
from pledge_pages.village.admission import Admission, admit
from tests.embargo.scene import ANNOUNCED, ANSWERED, ASKED, CONTACT, FOUND, RAW
from tests.worlds import LANGUAGES, Town, make_user

ANYONE = "anonymous"
NO_RIGHTS = "token without rights"
OTHER_BRANCH = "editor of another branch"
OTHER_TOKEN = "token of another branch"
SITE_EDITOR = "editor of the rest of the site"
SITE_TOKEN = "token of the site's editor"
ADMIN = "superuser"
ADMIN_TOKEN = "token of a superuser"
VILLAGE = "reader in the village"
OTHER_VILLAGE = "reader in another village"
REVOKED = "reader whose link was revoked"
EXPIRED = "reader whose link ran out"
MEMBER = "account of the member"
OTHER_MEMBER = "account of another branch's member"

PUBLIC = (ANYONE, NO_RIGHTS, OTHER_BRANCH, SITE_EDITOR)
STAFF = (OTHER_BRANCH, SITE_EDITOR)
TOKENS = (NO_RIGHTS, OTHER_TOKEN, SITE_TOKEN)


def needles(town: Town, reader: str) -> dict[str, list[str]]:
    """Return what ``reader`` must not find, by kind."""
    member = town.members["SGZ-M001"]
    other = town.members["SGZ-M002"]
    found = {
        "name": [f"{member.surname}{member.given_name}", member.given_name, member.given_name_latin,
                 other.given_name, other.given_name_latin],
        "pledge": [f"每周三打扫村口 {member.code}", f"Sweep the village gate {member.code}"],
        "board": ["SGZ村", "SGZ village"],
        "member": [member.public_id, other.public_id],
        "announcement": [ANNOUNCED, "notice-1"],
        "file": [town.photo.token, town.evidence.token],
        "question": [ASKED, ANSWERED, str(town.report.pk), town.report.pk.hex],
        "grade": [FOUND],
        # What no page ever shows, and in the admin the branch's committee alone.
        "original": [RAW, CONTACT],
        "account": [user.username for user in (town.editor("SGZ"), town.moderator("SGZ"))],
    }  # fmt: skip
    if reader not in (
        OTHER_BRANCH,
        OTHER_TOKEN,
        OTHER_MEMBER,
    ):  # who know the programme that they belong to
        found["programme"] = [*town.programme.public_name.values()]
        found["address"] = ["work-plan", "village-1"]
    return found


@dataclass
class View:
    """One look at one surface."""

    town: Town
    reader: str
    # What was seen: where, and everything of the answer.
    seen: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def client(self) -> Client:
        """The reader's browser or program."""
        client = Client(raise_request_exception=False)
        if self.reader == ANYONE:
            return client
        if self.reader in (VILLAGE, OTHER_VILLAGE, REVOKED, EXPIRED):
            self._scan(client)
            return client
        user = {
            NO_RIGHTS: lambda: make_user("nobody_in_particular"),
            OTHER_BRANCH: lambda: self.town.editor("LSW"),
            OTHER_TOKEN: lambda: self.town.editor("LSW"),
            SITE_EDITOR: self._site_editor,
            SITE_TOKEN: self._site_editor,
            ADMIN: lambda: self.town.admin,
            ADMIN_TOKEN: lambda: self.town.admin,
            MEMBER: lambda: self._account_of("SGZ-M001"),
            OTHER_MEMBER: lambda: self._account_of("LSW-M001"),
        }[self.reader]()
        if "token" in self.reader:
            _row, token = APIToken.create_token(user=user, name="look")
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        else:
            client.force_login(user)
        return client

    def _scan(self, client: Client) -> None:
        """Let the browser keep what a link gave it while it was open."""
        link = self.village_link
        if self.reader == OTHER_VILLAGE:
            Pilot.objects.filter(code="LSW", stage="agreed").update(stage="quiet")
            link = links.issue(self.town.pilots["LSW"], by=self.town.lead)
        response = HttpResponse()
        admit(response, Admission(link))
        client.cookies.update(response.cookies)
        if self.reader == REVOKED:
            links.revoke(link, by=self.town.lead, reason="lost")
        if self.reader == EXPIRED:
            VillageLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())

    def _account_of(self, code: str):
        """The account of a member, which holds no role."""
        user = make_user(code)
        Member.objects.filter(code=code).update(user=user)
        return user

    def _site_editor(self):
        """Someone who may do everything on the whole site, with no role in any pilot."""
        group, _created = Group.objects.get_or_create(name="site editors")
        # Wagtail's forms offer none of the plugin's: there, roles decide.
        group.permissions.set(Permission.objects.exclude(content_type__app_label="pledge_pages"))
        for codename in (
            "add_page",
            "change_page",
            "publish_page",
            "lock_page",
            "unlock_page",
            "bulk_delete_page",
        ):
            GroupPagePermission.objects.create(
                group=group,
                page=self.town.home["zh-hans"].get_root(),
                permission=Permission.objects.get(codename=codename),
            )
        for codename in ("add_image", "change_image", "choose_image", "add_document",
                         "change_document", "choose_document"):  # fmt: skip
            GroupCollectionPermission.objects.create(
                group=group,
                collection=Collection.get_first_root_node(),
                permission=Permission.objects.get(codename=codename),
            )
        user = make_user("site_editor", is_staff=True)
        user.groups.add(group)
        return user

    # Looking ------------------------------------------------------------------------------

    def get(self, path: str, **query) -> HttpResponseBase:
        """Read an address."""
        return self.send("get", f"{path}?{urlencode(query, doseq=True)}" if query else path)

    def send(
        self, method: str, path: str, data: dict | str | None = None, **kwargs
    ) -> HttpResponseBase:
        """Send a request, and keep what came back."""
        answer = getattr(self.client, method)(path, data, **kwargs)
        assert answer.status_code < 500, f"{path} answers {answer.status_code}"
        values = data.values() if isinstance(data, dict) else ()
        said = [path, *(value for value in values if isinstance(value, str))]
        asked = [value for _name, value in parse_qsl(urlsplit(path).query)]
        said += [value for value in asked if value.startswith(("/", "http"))]
        self.keep(f"{method} {path} → {answer.status_code}", all_of(answer), *said)
        return answer

    def keep(self, where: str, text: str, *said: str) -> None:
        """Keep what was seen, without what was asked: whoever asks for an address knows it."""
        for words in said:
            path = words.partition("?")[0].removeprefix("http://testserver").strip("/")
            for echo in (path, path.partition("/")[2]):
                if len(echo) > 3:
                    text = text.replace(echo, "").replace(quote(echo, safe=""), "")
        self.seen.append((where, text))

    def found(self) -> dict[str, list[str]]:
        """Return what was found of what must not be found, by kind."""
        kinds: dict[str, list[str]] = {}
        wanted = needles(self.town, self.reader)
        for where, text in self.seen:
            readable = normal(text)
            for kind, words in wanted.items():
                for word in words:
                    if word in readable:
                        kinds.setdefault(kind, []).append(f"{word} at {where}")
        return kinds

    # What there is to look for --------------------------------------------------------------

    def page(self, language: str = "zh-hans", code: str = "SGZ-M001") -> MemberPledgePage:
        return MemberPledgePage.objects.get(pk=self.town.pages[code, language].pk)

    def board(self, language: str = "zh-hans") -> BranchPage:
        return BranchPage.objects.get(pk=self.town.boards["SGZ", language].pk)

    @cached_property
    def hidden_pages(self) -> list:
        """Every page that the town may have to hide."""
        boards = [self.board(language) for language in LANGUAGES]
        announcement = Page.objects.get(pk=self.town.announcement.pk).specific
        members = [self.page(), self.page("en")]
        return [*self.town.programme_pages.values(), *boards, *members, announcement]

    @cached_property
    def public_ids(self) -> set[int]:
        """The ids of all pages that are public."""
        return set(Page.objects.filter(live=True).values_list("pk", flat=True))

    @cached_property
    def own_ids(self) -> set[int]:
        """The ids of the pages that are the reader's own to edit."""
        if self.reader not in (OTHER_BRANCH, OTHER_TOKEN):
            return set(Page.objects.filter(gate__isnull=True).values_list("pk", flat=True))
        return set(Page.objects.filter(gate__pilot__code="LSW").values_list("pk", flat=True))

    def addresses(self) -> list[str]:
        """The public addresses of the hidden pages."""
        slug = self.page().slug
        tails = ("work-plan/", "work-plan/village-1/", f"work-plan/village-1/{slug}/")
        boards = [f"/{language}/{tail}" for language in LANGUAGES for tail in tails]
        return [*boards, "/zh-hans/notice-1/"]

    def photo_addresses(self) -> list[str]:
        return [f"/photos/{self.town.photo.token}/{spec}.jpg" for spec in SPECS]

    @cached_property
    def village_link(self) -> VillageLink:
        """The link that is printed in the village."""
        return links.issue(self.town.pilots["SGZ"], by=self.town.lead)

    @cached_property
    def printed_sheet(self) -> PrintedSheet:
        """What hangs on a wall of the branch."""
        return PrintedSheet.objects.create(
            pilot=self.town.pilots["SGZ"], kind="board", size="A4", orientation="portrait",
            languages=["zh-hans"], version="0", sheets=1, valid_until=timezone.localdate(),
            link=self.village_link,
            facts={
                "members": {str(self.town.members["SGZ-M001"].pk): {
                    "name": "full", "photo": None, "details": "", "pledges": {}}},
                "branch": "",
                "head": dict.fromkeys(HEADS[Kind.BOARD], ""),
            },
        )  # fmt: skip

    @cached_property
    def rulebook(self) -> RuleBook:
        """A draft of the rules, after a version that is in force."""
        return draft_from(self.town.rulebook, by=self.town.admin, version="1.1")

    @cached_property
    def point_entry(self) -> PointEntry:
        """Points of a member of the branch, for what the member's pledge says."""
        assert self.rulebook
        member = self.town.members["SGZ-M001"]
        editor, moderator = self.town.editor("SGZ"), self.town.moderator("SGZ")
        asked = {"year": 2026, "on": date(2026, 5, 4), "by": editor}
        base = ledger.enter_points(member, clause="A0", **asked)
        ledger.confirm_entries([base], by=moderator)
        text = {"en": f"Sweep the village gate {member.code}"}
        return ledger.enter_points(member, clause="P1", reason=text, **asked)

    @cached_property
    def member_review(self) -> MemberReview:
        """What is found of a member of the branch in a review that goes on."""
        member, by, today = (
            self.town.members["SGZ-M001"],
            self.town.editor("SGZ"),
            timezone.localdate(),
        )
        assert self.rulebook
        review = BranchReview.objects.create(
            pilot=self.town.pilots["SGZ"], year=2026, rulebook=self.rulebook.drafted_from,
            held_on=today, present=2, state="told", opened_by=by, graded_by=by,
            graded_at=timezone.now(),
        )  # fmt: skip
        entry = MemberReview.objects.create(
            review=review, member=member, grade="all", suggested="all", points=80, told_on=today,
            opinion={"en": f"Sweep the village gate {member.code}"},
        )  # fmt: skip
        Sanction.objects.create(
            entry=entry, what=f"{member.given_name} was talked to", basis="minutes", on=today, by=by
        )
        return entry

    @cached_property
    def check(self) -> OutcomeDecision:
        """What was found of a pledge of the branch, with a reply and an appeal against it."""
        member, today = self.town.members["SGZ-M001"], timezone.localdate()
        decision = OutcomeDecision.objects.create(
            pilot=self.town.pilots["SGZ"], member=member, year=2026, outcome="not_fulfilled",
            pledge_key=self.page().pledges.get().key, method={"en": "seen"}, checked_on=today,
            reason={"en": "swept seven times"}, opened_by=self.town.editor("SGZ"), state="frozen",
            told_on=today, told_how="paper", told_by=self.town.editor("SGZ"),
        )  # fmt: skip
        Appeal.objects.create(
            pilot=decision.pilot, member=member, decision=decision, raised_on=today,
            ground=f"{member.given_name} says it rained", raised_by=self.town.editor("SGZ"),
        )  # fmt: skip
        return decision

    @cached_property
    def branch_pledge(self) -> BranchPledge:
        """A pledge of the branch that was approved, and what somebody found of it."""
        page, editor = self.board().get_latest_revision_as_object(), self.town.editor("SGZ")
        pledge = BranchPledge(
            year=2026, text=f"Sweep the village gate {self.town.members['SGZ-M001'].code}",
            category=self.page().pledges.get().category, locale=page.locale,
        )  # fmt: skip
        page.branch_pledges = [pledge]
        self.town.hold(page, "SGZ")
        BranchOutcome.objects.create(
            pilot=self.town.pilots["SGZ"], pledge_key=pledge.key, year=2026, outcome="fulfilled",
            method={"en": "seen"}, checked_on=date(2026, 1, 5), found_by=editor,
        )  # fmt: skip
        return pledge

    def own_addresses(self) -> list[str]:
        """A member's own pages: those everybody has, then those about what is this member's."""
        words = ("", "seen/", "seen/village/", "seen/print/", "outcomes/", "consent/", "points/",
                 "tasks/", "reviews/")  # fmt: skip
        return [f"/{language}/mine/{word}" for language in LANGUAGES for word in words]

    def own_things(self) -> list[str]:
        """The member's own pages about one pledge, one decision, one year."""
        key, check = self.page().pledges.get().key, self.check.pk
        words = (f"pledges/{key}/report/", f"outcomes/{check}/reply/", f"outcomes/{check}/appeal/",
                 f"points/{self.point_entry.year}/", f"tasks/{self.assignment.pk}/accept/",
                 f"tasks/{self.assignment.pk}/decline/",
                 f"points/entries/{self.point_entry.pk}/appeal/",
                 f"reviews/{self.member_review.review.year}/own-view/",
                 f"reviews/{self.member_review.review.year}/reply/")  # fmt: skip
        return [f"/{language}/mine/{word}" for language in LANGUAGES for word in words]

    @cached_property
    def assignment(self) -> Assignment:
        """A task that a member of the branch was asked to take on."""
        member = self.town.members["SGZ-M001"]
        return Assignment.objects.create(
            pilot=self.town.pilots["SGZ"], member=member, year=2026, due=date(2026, 12, 31),
            text={"zh-hans": f"每周三打扫村口 {member.code}",
                  "en": f"Sweep the village gate {member.code}"},
            measure={"en": "seen"}, category=self.page().pledges.get().category,
            assigned_by=self.town.editor("SGZ"),
        )  # fmt: skip

    @cached_property
    def consent_paper(self) -> ConsentPaper:
        """The scan of a consent of a member of the branch."""
        member, picture = self.town.members["SGZ-M001"], io.BytesIO()
        Image.new("RGB", (320, 400), "white").save(picture, "JPEG")
        consent = record_consent_on_paper(
            member, by=self.town.editor("SGZ"), scan=picture, scope="village_print", subject="name",
            level="full", given_on=date(2026, 1, 5), method="paper",
        )  # fmt: skip
        return consent.paper

    def village_addresses(self) -> list[str]:
        """What a reader in the village opens, the board first."""
        photo, evidence = self.town.photo.token, self.town.evidence.token
        files = [f"/v/photos/{photo}/{spec}.jpg" for spec in SPECS]
        return ["/v/", f"/v/{self.page().slug}/", *files, f"/v/evidence/{evidence}.jpg"]

    def form_addresses(self) -> list[str]:
        """The forms of supervision about the hidden board and its member, in both languages."""
        words = [self.board().translation_key.hex, self.page().slug]
        pledge = self.page().pledges.first().key
        forms = [f"/supervision/{word}/" for word in words]
        return [*forms, f"{forms[0]}?lang=en", f"{forms[1]}?lang=en&pledge={pledge}"]

    @cached_property
    def review(self) -> TaskState:
        """A review in progress of a page of the branch."""
        editor, page = self.town.editor("SGZ"), self.page(code="SGZ-M002")
        if page.current_workflow_task_state is None:
            page.save_revision(user=editor)
            page.get_workflow().start(page, editor)
        return page.current_workflow_task_state

    @cached_property
    def translation(self) -> Translation:
        """A translation of a page of the branch in wagtail-localize."""
        source, _created = TranslationSource.update_or_create_from_instance(self.page())
        return Translation.objects.create(
            source=source, target_locale=self.town.pages["SGZ-M001", "en"].locale
        )


def all_of(answer: HttpResponseBase) -> str:
    """Return status, headers, cookies and body of an answer as one text."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":  # a spreadsheet
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    if body[:4] == b"%PDF":
        pdf = PdfReader(io.BytesIO(body))
        texts = [*(page.extract_text() for page in pdf.pages), repr(pdf.metadata)]
        body = "\n".join(texts).encode()
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return (
        f"{answer.status_code}\n{head}\n{answer.cookies.output()}\n{body.decode(errors='replace')}"
    )


def normal(text: str) -> str:
    """Return ``text`` with every way of writing a character undone."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return "\n".join((text, html.unescape(text), unquote(text)))


@dataclass(frozen=True)
class Surface:
    """One place where something can be seen, who looks, and what is there for whom it is meant."""

    name: str
    says: str
    look: Callable[[View], object]
    readers: tuple[str, ...]
    # Kinds that everyone sees here once the pilot is approved.
    open_shows: tuple[str, ...]
    # Kinds that a superuser sees here at any time, and with what: a session or a token.
    staff_sees: tuple[str, ...]
    staff: str
    # Kinds that may be here for others, too.
    allowed: tuple[str, ...]


SURFACES: list[Surface] = []


def surface(
    name: str,
    *,
    readers: tuple[str, ...] = PUBLIC,
    open_shows: tuple[str, ...] = (),
    staff_sees: tuple[str, ...] = (),
    staff: str = ADMIN,
    allowed: tuple[str, ...] = ("account",),
):
    """Put a function into the table of surfaces; its docstring says what is looked at.

    Accounts are listed where they are managed, so they are looked for only where a row says so.
    """

    def add(look: Callable[[View], object]):
        SURFACES.append(
            Surface(name, look.__doc__ or "", look, readers, open_shows, staff_sees, staff, allowed)
        )
        return look

    return add

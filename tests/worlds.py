"""A small town for tests: two branches, their people, and drafts in both languages."""

import copy
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, Site

from home.models import HomePage
from pledge_pages.appraisal.importing import PastOutcome, import_outcomes
from pledge_pages.boards.content import Status
from pledge_pages.boards.opening import open_branch, open_programme
from pledge_pages.embargo.release import approve_pilots, suspend_pilots
from pledge_pages.models import (
    BranchPage,
    Category,
    Consent,
    Member,
    MemberPledgePage,
    Office,
    OutcomeDecision,
    Pilot,
    Pledge,
    Post,
    Programme,
    ProgrammePage,
    ProgressUpdate,
    Wave,
)
from pledge_pages.people.models import Scope
from pledge_pages.pilots.actions import take_step

LANGUAGES = ("zh-hans", "en")
PASSWORD = "a-long-test-password"


@dataclass
class Town:
    """What was built, by name, and the steps of its story."""

    admin: object
    lead: object
    programme: Programme
    home: dict[str, HomePage]
    programme_pages: dict[str, ProgrammePage]
    users: dict[str, object] = field(default_factory=dict)
    pilots: dict[str, Pilot] = field(default_factory=dict)
    boards: dict[tuple[str, str], BranchPage] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    pages: dict[tuple[str, str], MemberPledgePage] = field(default_factory=dict)

    def editor(self, code: str):
        return self.users[f"editor_{code.lower()}"]

    def moderator(self, code: str):
        return self.users[f"moderator_{code.lower()}"]

    def verifier(self, code: str):
        """Somebody from outside the branch ``code`` who checks it."""
        name = f"verifier_{code.lower()}"
        if name not in self.users:
            self.users[name] = make_user(name)
            self.users[name].groups.add(Group.objects.get(name=f"{code} verifiers"))
        return self.users[name]

    def take_over_outcome(self, page: MemberPledgePage, **found) -> OutcomeDecision:
        """Import an outcome of the first pledge of ``page``, as older papers have it."""
        pledge, member = page.pledges.first(), page.member
        values = {
            "member": member, "key": pledge.key, "year": pledge.year, "outcome": "fulfilled",
            "checked_on": date(2026, 11, 2), "method": dict.fromkeys(LANGUAGES, "seen on the spot"),
            "outsiders": ("rep_1", "rep_2"), **found,
        }  # fmt: skip
        return import_outcomes([PastOutcome(**values)], by=self.lead)[0]

    def submit(self, page: Page, by) -> Page:
        """Save a revision of ``page`` by ``by`` and submit it for moderation."""
        page = type(page).objects.get(pk=page.pk) if page.has_unpublished_changes is None else page
        page.save_revision(user=by)
        page.get_workflow().start(page, by)
        return page

    def approve(self, page: Page, by) -> Page:
        """Approve what is under review, through the task as the admin does."""
        page = Page.objects.get(pk=page.pk).specific
        state = page.current_workflow_task_state
        state.task.specific.on_action(state, by, "approve")
        return Page.objects.get(pk=page.pk).specific

    def hold(self, page: Page, code: str) -> Page:
        """Have a page of branch ``code`` written, submitted and approved."""
        self.submit(page, self.editor(code))
        return self.approve(page, self.moderator(code))

    def hold_branch(self, code: str) -> None:
        """Approve programme page, board and all member pages of branch ``code``."""
        for language in LANGUAGES:
            programme_page = ProgrammePage.objects.get(pk=self.programme_pages[language].pk)
            if programme_page.standing_approval is None:
                self.submit(programme_page, self.admin)
                self.approve(programme_page, self.lead)
            self.hold(BranchPage.objects.get(pk=self.boards[code, language].pk), code)
            for (member, page_language), page in self.pages.items():
                if page_language == language and member.startswith(code):
                    self.hold(MemberPledgePage.objects.get(pk=page.pk), code)

    def to_stage(self, code: str, stage: str) -> Pilot:
        """Move the pilot along its usual way up to ``stage`` (not approved)."""
        for verb, origin in (("agree", "proposed"), ("start", "agreed"), ("review", "quiet")):
            pilot = Pilot.objects.get(code=code)
            if pilot.stage == stage:
                break
            if pilot.stage == origin:
                take_step(pilot, verb, by=self.lead, reason=f"{verb} for the test")
        return Pilot.objects.get(code=code)

    def for_one_test(self) -> "Town":
        """Return the town as it was built, for one test of many whose changes are undone.

        Its users have not been asked for permissions yet: Wagtail keeps the answer on them.
        """
        town = copy.deepcopy(self)
        for user in (town.admin, town.lead, *town.users.values()):
            for name in [name for name in vars(user) if name.endswith("_cache")]:
                delattr(user, name)
        return town

    def open(self, code: str) -> Pilot:
        """Approve the pilot: everything held goes public."""
        pilot = self.to_stage(code, "reviewed")
        if pilot.stage == "suspended":
            take_step(pilot, "resume", by=self.lead, reason="again")
            pilot.refresh_from_db()
        take_step(pilot, "concur", by=self.moderator(code), reason="it works")
        approve_pilots([pilot], by=self.lead, reason="the trial has proved itself")
        return Pilot.objects.get(code=code)

    def close(self, code: str) -> Pilot:
        """Suspend the pilot: everything vanishes."""
        suspend_pilots([Pilot.objects.get(code=code)], by=self.lead, reason="something is wrong")
        return Pilot.objects.get(code=code)


def make_user(name: str, **kwargs):
    """Make a user with :data:`PASSWORD`."""
    return get_user_model().objects.create_user(
        name, email=f"{name}@example.org", password=PASSWORD, **kwargs
    )


def build_site() -> dict[str, HomePage]:
    """Make the site's home page in both languages, on an empty database or over Wagtail's own."""
    zh, _created = Locale.objects.get_or_create(language_code="zh-hans")
    en, _created = Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node()
    for page in root.get_children():
        page.delete()
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="青山镇", slug="home", locale=zh))
    home_en = HomePage(
        title="Qingshan", slug="home-en", locale=en, translation_key=home.translation_key
    )
    root = Page.get_first_root_node()
    root.add_child(instance=home_en)
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return {"zh-hans": home, "en": home_en}


def build_town(codes: tuple[str, ...] = ("SGZ", "LSW"), members: int = 3) -> Town:
    """Build the programme, one wave for each branch, and ``members`` members with drafts in each.

    References are not looked for in these drafts, which takes as long as all the rest; a release
    puts down those of what it publishes.
    """
    from wagtail.signal_handlers import disable_reference_index_auto_update

    with disable_reference_index_auto_update():
        return _build_town(codes, members)


def _build_town(codes: tuple[str, ...], members: int) -> Town:
    home = build_site()
    admin = make_user("admin", is_superuser=True, is_staff=True)
    programme = Programme.objects.create(
        code="PP",
        public_name={"zh-hans": "党员承诺制", "en": "Member pledge system"},
        neutral_name={"zh-hans": "村支部年度工作安排", "en": "Village branch yearly work plan"},
    )
    pages = open_programme(programme, parents=home, by=admin, slug="work-plan")
    lead = make_user("lead")
    lead.groups.add(Group.objects.get(name="PP leads"))
    town = Town(admin=admin, lead=lead, programme=programme, home=home, programme_pages=pages)
    offices = [
        Office.objects.create(
            code=code, name={"zh-hans": zh, "en": en}, rank=rank, is_secretary=code == "sec"
        )
        for code, zh, en, rank in (
            ("sec", "支部书记", "Branch secretary", 10),
            ("mem", "无职党员", "Ordinary member", 30),
        )
    ]
    post = Post.objects.create(code="flood", name={"zh-hans": "防汛值守岗", "en": "Flood watch"})
    category = Category.objects.create(
        code="sanitation", name={"zh-hans": "环境卫生", "en": "Sanitation"}
    )
    for number, code in enumerate(codes, start=1):
        _build_branch(town, code, number, members, offices, post, category)
    return town


def _build_branch(town: Town, code: str, number: int, members: int, offices, post, category):
    wave = Wave.objects.create(programme=town.programme, number=number)
    opened = open_branch(
        town.programme,
        code=code,
        name={"zh-hans": f"{code}村", "en": f"{code} village"},
        slug=f"village-{number}",
        by=town.lead,
        wave=wave,
        lead=town.lead,
        liaison={"zh-hans": "罗静宜", "en": "Luo Jingyi"},
    )
    town.pilots[code] = opened.pilot
    for kind in ("editor", "moderator"):
        user = make_user(f"{kind}_{code.lower()}")
        user.groups.add(Group.objects.get(name=f"{code} {kind}s"))
        town.users[user.username] = user
    for language, board in opened.boards.items():
        town.boards[code, language] = board
    for index in range(1, members + 1):
        member = build_member(town, code, index, offices[0 if index == 1 else 1], post)
        for language in LANGUAGES:
            page = build_member_page(town, member, language, category)
            town.pages[member.code, language] = page


def build_member(town: Town, code: str, index: int, office: Office, post: Post) -> Member:
    """Make one member with full consent for name and photo in every scope."""
    member = Member.objects.create(
        code=f"{code}-M{index:03}",
        pilot=town.pilots[code],
        surname="史",
        given_name=f"长{code}{index}",
        surname_latin="Shi",
        given_name_latin=f"Chang{code.lower()}{index}",
        office=office,
    )
    member.posts.add(post)
    for scope in Scope.values:
        for subject in Consent.Subject.values:
            Consent.objects.create(
                member=member,
                scope=scope,
                subject=subject,
                level="full",
                state="granted",
                given_on=date(2025, 3, 24),
            )
    town.members[member.code] = member
    return member


def build_member_page(town: Town, member: Member, language: str, category) -> MemberPledgePage:
    """Make a draft page with one pledge and one progress update."""
    board = town.boards[member.pilot.code, language]
    board = BranchPage.objects.get(pk=board.pk)
    page = MemberPledgePage(
        member=member, locale=board.locale, owner=town.editor(member.pilot.code)
    )
    other = MemberPledgePage.objects.filter(member=member).first()
    if other:
        page.translation_key = other.translation_key
    first = other.pledges.first() if other else None
    texts = {
        "zh-hans": f"每周三打扫村口 {member.code}",
        "en": f"Sweep the village gate {member.code}",
    }
    pledge = Pledge(
        year=2026,
        category=category,
        text=texts[language],
        measure="12",
        due=date(2026, 12, 31),
        # The same on every day: what is reported done does not become overdue.
        progress=Status.CLAIMED_DONE,
        percent=10,
        locale=board.locale,
    )
    if first:
        pledge.key, pledge.translation_key = first.key, first.translation_key
    page.pledges = [pledge]
    page.updates = [
        ProgressUpdate(
            pledge_key=pledge.key, on=date(2026, 1, 15), text=f"done once {language}",
            percent=10, locale=board.locale,
        )
    ]  # fmt: skip
    board.add_child(instance=page)
    page.save_revision(user=town.editor(member.pilot.code))
    return page

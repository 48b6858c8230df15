"""What is in the database after the sample town was loaded."""

from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.forms import model_to_dict
from django.test import Client
from wagtail.admin.forms.account import NameEmailForm
from wagtail.models import Page, Revision, WorkflowState

from home.demo.sample import LANGUAGES, Sample, day, key_of, read_sample
from home.models import NewsPage
from pledge_pages.embargo.approval import revision_of
from pledge_pages.embargo.release import approve_pilots, plan
from pledge_pages.models import (
    Assignment,
    BranchPage,
    Consent,
    EvidenceFile,
    HeldApproval,
    Member,
    MemberPhoto,
    MemberPledgePage,
    Pilot,
    Pledge,
    PledgeTask,
    ProgrammePage,
    ProgressUpdate,
    VillageLink,
)
from pledge_pages.pilots.actions import take_step
from pledge_pages.pilots.stages import Stage
from pledge_pages.village import links

pytestmark = pytest.mark.django_db

FIXTURES = read_sample()["programme"]["visibility_fixtures"]
TERMS = [entry["term"] for entry in read_sample()["programme"]["embargo"]["terms"]]
DEFAULT = date(2026, 3, 5)
QUIET = ["DPL", "LSW", "NYT", "SMT", "XHW"]
# What the file calls the days: stage of the first village, and of the five that follow.
STAGES = {
    "quiet_pilot": ("quiet", "proposed"),
    "gate_opened": ("approved", "proposed"),
    "wave_2_quiet": ("approved", "quiet"),
    "wave_2": ("approved", "approved"),
}


def user(name: str):
    return get_user_model().objects.get(username=name)


def stages() -> dict[str, str]:
    return dict(Pilot.objects.values_list("code", "stage"))


def villages_seen(client: Client, sample: Sample) -> set[str]:
    """The villages whose board an anonymous visitor can open, in both languages."""
    found = set()
    for code, village in sample.villages.items():
        answers = {
            client.get(f"/{language}/work-plan/{village['board']['slug']}/").status_code
            for language in LANGUAGES
        }
        assert answers in ({200}, {404}), code
        if answers == {200}:
            found.add(code)
    return found


def villages_read() -> set[str]:
    """The villages whose readers see a board with people on it by the code, in both languages."""
    found = set()
    for link in VillageLink.objects.select_related("pilot"):
        reader = Client()
        if reader.get(urlsplit(links.address_of(link)).path).status_code != 302:
            continue
        boards = [reader.get("/v/", {"lang": language}).content.decode() for language in LANGUAGES]
        if all("pp-tile-head" in board for board in boards):
            found.add(link.pilot.code)
        if not Pilot.objects.filter(stage="approved").exists():
            assert not [term for term in TERMS for board in boards if term in board.lower()]
    return found


def member_page(code: str, language: str = "zh-hans") -> MemberPledgePage:
    return MemberPledgePage.objects.get(member__code=code, locale__language_code=language)


def keys_in(content: dict) -> set[str]:
    return {row["key"] for row in content["pledges"]}


def open_wave(*codes: str) -> None:
    """Take these pilots from where they are to approved, as the demo's accounts would."""
    lead, moderator = user("lead"), user("moderator")
    for code in codes:
        for verb, origin in (("agree", "proposed"), ("start", "agreed"), ("review", "quiet")):
            pilot = Pilot.objects.get(code=code)
            if pilot.stage == origin:
                take_step(pilot, verb, by=lead, reason="as planned")
        take_step(Pilot.objects.get(code=code), "concur", by=moderator, reason="it works")
    approve_pilots(Pilot.objects.filter(code__in=codes), by=lead, reason="proved itself")


# The file's own days


def test_the_accounts_can_save_their_own_page_and_no_mail_of_the_past_is_sent(
    small_town, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        small_town(DEFAULT)
    assert mailoutbox == []
    for name in ("editor", "moderator", "lead", "admin"):
        account = user(name)
        asked = NameEmailForm(model_to_dict(account), instance=account)
        assert asked.is_valid(), asked.errors
        assert account.email == f"{name}@example.org"


@pytest.mark.parametrize("fixture", FIXTURES[:-1], ids=lambda fixture: fixture["on"])
def test_on_each_day_of_the_file_those_villages_are_public(
    small_town, sample: Sample, client: Client, fixture: dict
) -> None:
    small_town(day(fixture["on"]), 1, all_villages=True)
    assert villages_seen(client, sample) == set(fixture["public_villages"])
    assert villages_read() == set(fixture["village_view_villages"])
    index = client.get("/zh-hans/work-plan/").status_code
    assert index == (200 if fixture["public_villages"] else 404)
    first, second = STAGES[fixture["stage"]]
    assert stages() == {"SGZ": first, "DQS": "proposed", **dict.fromkeys(QUIET, second)}


@pytest.mark.parametrize(
    ("on", "first", "second"),
    [
        ("2025-04-01", "quiet", "proposed"),
        ("2026-01-12", "reviewed", "proposed"),
        ("2026-02-02", "approved", "agreed"),
        ("2026-03-15", "approved", "reviewed"),
    ],
)
def test_between_those_days_the_waves_move_on(small_town, on: str, first: str, second: str) -> None:
    small_town(day(on), 1)
    assert stages() == {"SGZ": first, "LSW": second, "DQS": "proposed"}


def test_the_planned_last_wave_opens_when_it_is_approved(
    small_town, sample: Sample, client: Client
) -> None:
    planned = FIXTURES[-1]
    small_town(day(planned["on"]), 3, all_villages=True)
    assert stages()["DQS"] == "proposed"
    assert villages_seen(client, sample) == set(planned["public_villages"]) - {"DQS"}
    links.issue(Pilot.objects.get(code="DQS"), by=user("lead"))
    assert villages_read() == set(planned["village_view_villages"]) - {"DQS"}
    open_wave("DQS")
    assert villages_seen(client, sample) == set(planned["public_villages"])
    assert villages_read() == set(planned["village_view_villages"])


# The default day


def test_five_quiet_villages_open_in_one_step_on_the_default_day(
    small_town, sample: Sample, client: Client
) -> None:
    small_town(DEFAULT, 1, all_villages=True)
    assert villages_seen(client, sample) == {"SGZ"}
    open_wave(*QUIET)
    assert villages_seen(client, sample) == {"SGZ", *QUIET}


def test_a_quiet_village_holds_approved_pages_and_shows_none(small_town, client: Client) -> None:
    small_town(DEFAULT)
    pages = Page.objects.filter(gate__pilot__code="LSW")
    assert HeldApproval.objects.filter(page__in=pages, released_at=None).count() == len(pages) == 6
    for page in pages:
        assert not page.live
        for language in LANGUAGES:
            path = page.url_path.split("/work-plan/")[1]
            assert client.get(f"/{language}/work-plan/{path}").status_code == 404


def test_what_is_submitted_waits_in_a_newer_draft_until_a_moderator_approves_it(small_town) -> None:
    small_town(DEFAULT)
    page = member_page("LSW-M01")
    held, draft = page.standing_approval.snapshot, page.latest_revision.content
    assert keys_in(held) < keys_in(draft)
    assert {str(row.key) for row in page.pledges.all()} == keys_in(held)
    state = page.current_workflow_task_state
    assert state.revision == page.latest_revision
    state.task.specific.on_action(state, user("moderator"), "approve")
    assert keys_in(member_page("LSW-M01").standing_approval.snapshot) == keys_in(draft)
    open_wave("LSW")
    page = member_page("LSW-M01")
    assert page.live
    assert {str(row.key) for row in page.pledges.all()} == keys_in(draft)


def test_an_editor_takes_a_quiet_page_from_draft_to_held(small_town) -> None:
    small_town(DEFAULT)
    page = member_page("LSW-M02")
    assert page.permissions_for_user(user("editor")).can_edit()
    draft = page.get_latest_revision_as_object()
    draft.pledges.add(draft.pledges.first())
    draft.save_revision(user=user("editor"))
    page = member_page("LSW-M02")
    page.get_workflow().start(page, user("editor"))
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, user("moderator"), "approve")
    page = member_page("LSW-M02")
    assert page.review_state == "held"
    assert page.standing_approval.author == user("editor")


def test_of_the_accounts_only_the_editor_edits_and_only_two_villages(small_town) -> None:
    small_town(DEFAULT)
    pages = list(MemberPledgePage.objects.filter(locale__language_code="en"))
    for name, villages in {"editor": {"LSW", "SGZ"}, "moderator": set(), "lead": set()}.items():
        account = user(name)
        assert not account.is_superuser
        may_edit = {
            page.member.pilot.code
            for page in pages
            if not page.workflow_in_progress and page.permissions_for_user(account).can_edit()
        }
        assert may_edit == villages, name


def test_what_was_returned_carries_its_comment_in_each_language(small_town) -> None:
    small_town(date(2026, 11, 15), 1)
    record = next(row for row in read_sample()["pledges"] if row["id"] == "DQS-M01-P2")
    for language, suffix in LANGUAGES.items():
        page = member_page("DQS-M01", language)
        state = WorkflowState.objects.get(object_id=str(page.pk))
        assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
        task_state = state.current_task_state
        assert task_state.comment == record["workflow"]["history"][-1][f"comment_{suffix}"]
        assert task_state.finished_by == user("moderator_1")
        assert task_state.finished_at > task_state.started_at
        assert page.standing_approval is None
        assert len(keys_in(page.latest_revision.content)) > len(
            keys_in(task_state.revision.content)
        )


def test_of_a_member_whose_pledges_come_later_there_is_an_empty_draft(small_town) -> None:
    small_town(DEFAULT)
    page = member_page("DQS-M01")
    assert page.review_state == "private"
    assert page.pledges.count() == 0


def test_history_stands_on_its_own_days_and_in_order(small_town) -> None:
    small_town(DEFAULT)
    assert not Revision.page_revisions.filter(
        object_id__in=[str(pk) for pk in MemberPledgePage.objects.values_list("pk", flat=True)],
        created_at__date__gt=DEFAULT,
    ).exists()
    for approval in HeldApproval.objects.all():
        assert approval.revised_at < approval.approved_at
        assert approval.approved_at.date() <= DEFAULT
        assert approval.author_id != approval.approved_by_id
        assert revision_of(approval) == approval.revision
    for pilot in Pilot.objects.all():
        moments = list(pilot.transitions.order_by("id").values_list("at", flat=True))
        assert moments == sorted(moments)
    released = Page.objects.filter(gate__isnull=False, live=True)
    assert released.exists()
    assert not released.filter(last_published_at__date__gt=DEFAULT).exists()


def test_an_amendment_shows_from_its_day_on(small_town) -> None:
    small_town(date(2025, 7, 7), 6)
    pledge = Pledge.objects.get(key=key_of("SGZ-M06-P1"), locale__language_code="en")
    assert "6 short-handed households" in pledge.text
    assert not pledge.page.amendments.exists()


def test_after_an_amendment_old_and_new_text_are_kept(small_town) -> None:
    small_town(date(2025, 7, 8), 6)
    pledge = Pledge.objects.get(key=key_of("SGZ-M06-P1"), locale__language_code="en")
    assert "3 of the households" not in pledge.text
    row = pledge.page.amendments.get()
    assert "6 short-handed" in row.old_text
    assert row.new_text == pledge.text


def test_branch_pledges_appear_with_their_year(small_town) -> None:
    small_town(date(2026, 11, 15), 1)
    boards = BranchPage.objects.filter(locale__language_code="en")
    numbers = {page.pilot.code: page.branch_pledges.count() for page in boards}
    assert numbers == {"SGZ": 3, "LSW": 3, "DQS": 0}


def test_before_its_year_a_branch_pledge_is_unknown(small_town) -> None:
    small_town(date(2025, 9, 15), 1)
    assert not any(page.branch_pledges.exists() for page in BranchPage.objects.all())


def test_news_that_would_break_the_silence_stays_a_draft(small_town, client: Client) -> None:
    small_town(DEFAULT, 1)
    assert client.get("/zh-hans/monthly-report-2025-08/").status_code == 200
    assert client.get("/en/news-flood-drill/").status_code == 200
    assert client.get("/zh-hans/monthly-report-2025-10/").status_code == 404
    assert NewsPage.objects.filter(slug="monthly-report-2025-10", live=False).count() == 2


def test_what_is_public_before_the_first_approval_does_not_tell(
    small_town, sample: Sample, client: Client
) -> None:
    small_town(date(2025, 9, 15), 1)
    terms = [entry["term"] for entry in sample["programme"]["embargo"]["terms"]]
    for language in LANGUAGES:
        for path in (f"/{language}/", f"/{language}/monthly-report-2025-08/"):
            text = client.get(path).content.decode().lower()
            assert [term for term in terms if term in text] == [], path


# The whole


def test_the_whole_town_is_loaded_with_its_pictures(small_town, sample, var_dir, client) -> None:
    small_town(DEFAULT, None, all_villages=True, with_pictures=True)
    counts = sample["meta"]["counts"]
    assert Member.objects.count() == counts["members"]
    assert Consent.objects.count() == counts["members"] * 6
    assert MemberPledgePage.objects.count() == counts["members"] * len(LANGUAGES)
    assert BranchPage.objects.count() == counts["villages"] * len(LANGUAGES)
    assert ProgrammePage.objects.filter(live=True).count() == len(LANGUAGES)
    _check_pictures(sample)
    _check_pledges(sample)
    for language in LANGUAGES:
        board = client.get(f"/{language}/work-plan/shigezhuang/").content.decode()
        assert board.count("/tile.jpg") == 12
    by = user("lead")
    for pilot in Pilot.objects.filter(stage=Stage.QUIET):
        assert not plan([pilot], by=by).stays_back


def _check_pictures(sample: Sample) -> None:
    shown = [row["id"] for row in sample["members"] if row["photo"]["file"]]
    photos = MemberPhoto.objects.all()
    assert sorted(photos.values_list("member__code", flat=True)) == sorted(shown)
    assert len({photo.file_hash for photo in photos}) == len(shown)
    assert all(photo.renditions.count() == 3 for photo in photos)
    assert MemberPledgePage.objects.filter(photo__isnull=False).count() == 2 * len(shown)
    known = [
        entry
        for pledge in sample["pledges"]
        for update in pledge["updates"]
        if day(update["on"]) <= DEFAULT
        for entry in update["evidence"]
    ]
    files = EvidenceFile.objects.all()
    assert Counter(files.values_list("kind", "public", "checked")) == Counter(
        (entry["type"], entry["public"], entry["checked"]) for entry in known
    )
    assert len({file.digest for file in files}) == len(known)
    assert not files.filter(progress_updates__isnull=True).exists()


def _check_pledges(sample: Sample) -> None:
    """Compare with the file what is approved and what is not, in every row and version."""
    for pledge in Pledge.objects.select_related("category", "locale"):
        pledge.full_clean(exclude=["page"])
    for model in (PledgeTask, ProgressUpdate):
        for row in model.objects.all():
            row.full_clean(exclude=["page"])
    # What a member took on as a task is a pledge that the file does not know, in a draft.
    taken = Assignment.objects.filter(pledge_key__isnull=False)
    approved, known = set(), {str(key) for key in taken.values_list("pledge_key", flat=True)}
    for pledge in sample["pledges"]:
        states = [
            step["state"] for step in pledge["workflow"]["history"] if day(step["on"]) <= DEFAULT
        ]
        known |= {str(key_of(pledge["id"]))} if states else set()
        if "approved_held" in states:
            approved.add(str(key_of(pledge["id"])))
    for language in LANGUAGES:
        pages = MemberPledgePage.objects.filter(locale__language_code=language)
        held = HeldApproval.objects.filter(page__in=pages)
        assert {key for row in held for key in keys_in(row.snapshot)} == approved
        drafts = [page.latest_revision.content for page in pages.select_related("latest_revision")]
        assert {key for content in drafts for key in keys_in(content)} == known

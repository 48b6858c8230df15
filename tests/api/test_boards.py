"""Boards and members over our own API: what is public for everyone, drafts for their staff."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import BranchPage, HeldApproval, MemberPledgePage, ProgrammePage
from pledge_pages.people.actions import record_consent, withdraw_consent
from tests.crowd import add_crowd

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
# With a token: who asks, roles, states, what is held and what is drafted.
MOST_QUERIES_OF_STAFF = 20


def codes(answer) -> list[tuple[str, str]]:
    return [(row["code"], row["language"]) for row in answer.json()["results"]]


def consent(town, member, subject: str, level: str) -> None:
    state = "declined" if level == "none" else "granted"
    record_consent(
        member, by=town.lead, scope="public_web", subject=subject, level=level, state=state,
        given_on=date(2025, 3, 24), method="paper",
    )  # fmt: skip


def test_the_list_has_public_boards_only_each_in_every_language(public, half_open_town) -> None:
    answer = public.get("boards/")
    assert answer.status_code == 200
    assert codes(answer) == [("SGZ", "en"), ("SGZ", "zh-hans")]
    row = answer.json()["results"][0]
    assert row["title"] == "SGZ village"
    assert row["programme"]["title"] == "Member pledge system"
    assert row["url"].endswith("/en/work-plan/village-1/")
    assert row["review_state"] == "published"
    assert (row["draft_state"], row["workflow_url"]) == (None, None)
    assert (row["member_count"], row["counts"]["running"], row["counts"]["total"]) == (2, 2, 2)


def test_the_list_can_be_narrowed_to_a_language_and_a_programme(public, half_open_town) -> None:
    assert codes(public.get("boards/?language=en")) == [("SGZ", "en")]
    assert codes(public.get("boards/?programme=PP&language=zh-hans")) == [("SGZ", "zh-hans")]
    assert codes(public.get("boards/?programme=NONE")) == []


def test_the_list_comes_in_pages_that_lead_to_each_other(public, half_open_town) -> None:
    first = public.get("boards/?limit=1").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (2, 1, None)
    second = public.get(first["next"]).json()
    assert second["results"] != first["results"]
    assert second["next"] is None
    assert public.get(second["previous"]).json()["results"] == first["results"]


def test_a_site_chooses_how_long_a_page_of_a_list_may_be(public, settings) -> None:
    settings.PLEDGE_PAGES_API_MAX_LIMIT = 3
    assert public.get("boards/?limit=3").status_code == 200
    answer = public.get("boards/?limit=4")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "limit"


def test_a_board_shows_its_members_with_pledges_secretary_first(public, half_open_town) -> None:
    board = public.get("boards/SGZ/?language=en").json()
    assert (board["title"], board["year"], board["years"]) == ("SGZ village", 2026, [2026])
    assert [row["office"] for row in board["members"]] == ["sec", "mem"]
    secretary = board["members"][0]
    assert secretary["is_secretary"] is True
    assert secretary["office_label"] == "Branch secretary"
    assert secretary["posts"] == ["Flood watch"]
    assert secretary["review_state"] == "published"
    pledge = secretary["pledges"][0]
    assert pledge["text"] == "Sweep the village gate SGZ-M001"
    assert (pledge["category"], pledge["category_label"]) == ("sanitation", "Sanitation")
    assert (pledge["status"], pledge["due"]) == ("claimed_done", "2026-12-31")
    assert board["counts"]["total"] == 2


def test_a_board_answers_in_the_sites_own_language_unless_asked_for_another(
    public, half_open_town
) -> None:
    assert public.get("boards/SGZ/").json()["language"] == "zh-hans"
    assert public.get("boards/SGZ/?language=en").json()["language"] == "en"


def test_what_a_board_says_is_in_its_own_language_whoever_asks(public, half_open_town) -> None:
    for asked in ("en", "zh-CN"):
        board = public.get("boards/SGZ/?language=en", **{"accept-language": asked}).json()
        pledge = board["members"][0]["pledges"][0]
        assert (pledge["kind_label"], pledge["status_label"]) == (
            "Voluntary",
            "Reported done, being checked",
        )


def test_a_year_without_pledges_is_named_with_those_there_are(public, half_open_town) -> None:
    assert public.get("boards/SGZ/?year=2026").json()["year"] == 2026
    answer = public.get("boards/SGZ/?year=2031")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "year"
    assert "2026" in answer.json()["detail"]


def test_a_member_shows_every_pledge_with_its_history(public, half_open_town) -> None:
    member = half_open_town.members["SGZ-M001"]
    page = public.get(f"members/{member.public_id}/?language=en").json()
    assert page["public_id"] == member.public_id
    assert page["name"] == "Shi Changsgz1"
    assert page["board"]["code"] == "SGZ"
    assert page["board"]["title"] == "SGZ village"
    assert page["noindex"] is True
    assert page["pledges"][0]["updates"][0]["text"] == "done once en"


def test_every_link_of_an_answer_leads_somewhere(public, half_open_town) -> None:
    board = public.get(public.get("boards/").json()["results"][0]["api_url"]).json()
    member = public.get(board["members"][0]["api_url"])
    assert member.status_code == 200
    assert public.get(member.json()["board"]["api_url"]).json() == board
    for url in (board["url"], member.json()["url"], board["programme"]["url"]):
        assert public.client.get(url.replace("http://127.0.0.1:8000", "")).status_code == 200


def test_names_are_shown_as_far_as_consent_goes(public, half_open_town) -> None:
    first, second = half_open_town.members["SGZ-M001"], half_open_town.members["SGZ-M002"]
    consent(half_open_town, first, "name", "surname_only")
    withdraw_consent(second, by=half_open_town.lead, subject="name")
    for path in (
        "boards/", "boards/SGZ/?language=en", f"members/{first.public_id}/?language=en",
        f"members/{second.public_id}/?language=en", "boards/SGZ/", f"members/{first.public_id}/",
    ):  # fmt: skip
        text = public.get(path).content.decode()
        for secret in (first.given_name, first.given_name_latin, second.given_name,
                       second.given_name_latin):  # fmt: skip
            assert secret not in text, path
    names = [row["name"] for row in public.get("boards/SGZ/?language=en").json()["members"]]
    assert "Shi" in names[0]
    assert "Shi" not in names[1]


def test_photos_have_size_and_alternative_text_and_go_with_consent(public, half_open_town) -> None:
    board = BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk)
    page = add_crowd(board, 1)[0]

    def photos() -> list:
        rows = public.get("boards/SGZ/").json()["members"]
        member = public.get(f"members/{page.slug}/").json()
        return [row["photo"] for row in rows if row["public_id"] == page.slug] + [member["photo"]]

    tile, large = photos()
    assert (tile["width"], tile["height"]) == (240, 300)
    assert (large["width"], large["height"]) == (720, 900)
    assert "王众0" in tile["alt"]
    assert tile["url"].startswith("http")
    consent(half_open_town, page.member, "photo", "none")
    assert photos() == [None, None]


def test_a_programme_or_board_that_is_not_public_is_not_named_by_what_is(
    public, half_open_town
) -> None:
    page = ProgrammePage.objects.get(locale__language_code="en")
    withdraw(page, by=half_open_town.lead, reason="its name was wrong")
    member = half_open_town.members["SGZ-M001"].public_id
    for path in ("boards/", "boards/SGZ/?language=en", f"members/{member}/?language=en"):
        assert "Member pledge system" not in public.get(path).content.decode(), path


@pytest.mark.parametrize("number", [12, 200])
def test_reading_takes_few_queries_whatever_the_number_of_members(
    public, bearer, half_open_town, number
) -> None:
    board = BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk)
    pages = add_crowd(board, number)
    paths = ("boards/", "boards/SGZ/", f"members/{pages[0].slug}/")
    staff = bearer(half_open_town.editor("SGZ"))
    for reader, most in ((public, MOST_QUERIES), (staff, MOST_QUERIES_OF_STAFF)):
        for path in paths:
            reader.get(path)  # warms what a process keeps: site roots, content types
            with CaptureQueriesContext(
                connection,
            ) as captured:
                answer = reader.get(path)
            assert answer.status_code == 200
            assert len(captured) <= most, f"{path}: {len(captured)}"
    assert len(public.get("boards/SGZ/").json()["members"]) == number + 2


def test_staff_read_their_drafts_and_where_each_page_stands(bearer, quiet_town) -> None:
    editor = bearer(quiet_town.editor("SGZ"))
    board = editor.get("boards/SGZ/?language=en").json()
    assert (board["review_state"], board["draft_state"], board["content"]) == (
        "private", "private", "draft",
    )  # fmt: skip
    assert board["url"] is None
    assert [row["review_state"] for row in board["members"]] == ["private", "private"]
    assert board["members"][0]["pledges"][0]["text"] == "Sweep the village gate SGZ-M001"
    page = MemberPledgePage.objects.get(pk=quiet_town.pages["SGZ-M001", "en"].pk)
    quiet_town.submit(page, quiet_town.editor("SGZ"))
    assert editor.get("boards/SGZ/?language=en").json()["members"][0]["review_state"] == "pending"
    quiet_town.approve(page, quiet_town.moderator("SGZ"))
    held = editor.get("boards/SGZ/?language=en").json()["members"][0]
    assert (held["review_state"], held["draft_state"], held["content"]) == (
        "held", "none", "approved",
    )  # fmt: skip
    assert editor.get(held["workflow_url"]).json()["review_state"] == "held"


def test_staff_read_what_was_approved_not_the_newer_draft(bearer, quiet_town) -> None:
    page = quiet_town.hold(
        MemberPledgePage.objects.get(pk=quiet_town.pages["SGZ-M001", "en"].pk), "SGZ"
    )
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "nobody approved this"
    draft.pledges = [pledge]
    draft.save()
    draft.save_revision(user=quiet_town.editor("SGZ"))
    editor = bearer(quiet_town.editor("SGZ"))
    row = editor.get("boards/SGZ/?language=en").json()["members"][0]
    assert (row["review_state"], row["draft_state"]) == ("held", "private")
    assert row["pledges"][0]["text"] == "Sweep the village gate SGZ-M001"
    member = editor.get(row["api_url"]).json()
    assert member["pledges"][0]["text"] == "Sweep the village gate SGZ-M001"
    assert member["content"] == "approved"


def test_what_was_altered_since_is_not_said_to_be_approved(bearer, quiet_town) -> None:
    page = quiet_town.hold(
        MemberPledgePage.objects.get(pk=quiet_town.pages["SGZ-M001", "en"].pk), "SGZ"
    )
    approvals = HeldApproval.objects.filter(page_id=page.pk)
    words = json.dumps(approvals.get().snapshot).replace("Sweep the village gate", "Altered")
    approvals.update(snapshot=json.loads(words))
    editor = bearer(quiet_town.editor("SGZ"))
    row = editor.get("boards/SGZ/?language=en").json()["members"][0]
    for shown in (row, editor.get(row["api_url"]).json()):
        assert shown["content"] == "draft"
        assert shown["pledges"][0]["text"] == "Sweep the village gate SGZ-M001"


def test_staff_see_what_is_public_of_other_branches_and_no_more(bearer, half_open_town) -> None:
    editor = bearer(half_open_town.editor("SGZ"))
    assert codes(editor.get("boards/?language=en")) == [("SGZ", "en")]
    other = bearer(half_open_town.editor("LSW"))
    answer = other.get("boards/?language=en")
    assert codes(answer) == [("LSW", "en"), ("SGZ", "en")]
    states = [(row["review_state"], row["draft_state"]) for row in answer.json()["results"]]
    assert states == [("held", "none"), ("published", None)]
    assert other.get("boards/SGZ/").json()["members"][0]["workflow_url"] is None
    lead = bearer(half_open_town.lead)
    assert codes(lead.get("boards/?language=en")) == [("LSW", "en"), ("SGZ", "en")]


def test_staff_learn_of_a_newer_draft_of_a_public_page(bearer, public, half_open_town) -> None:
    page = MemberPledgePage.objects.get(pk=half_open_town.pages["SGZ-M001", "en"].pk)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "not yet"
    draft.pledges = [pledge]
    draft.save_revision(user=half_open_town.editor("SGZ"))
    path = f"members/{page.slug}/?language=en"
    shown = bearer(half_open_town.editor("SGZ")).get(path).json()
    assert (shown["review_state"], shown["draft_state"], shown["content"]) == (
        "published", "private", "public",
    )  # fmt: skip
    assert public.get(path).json()["draft_state"] is None
    assert "not yet" not in public.get(path).content.decode()

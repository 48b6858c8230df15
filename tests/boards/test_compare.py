"""Side by side: the year in sum on the board, branches, categories, and members somebody picks."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledge_pages.boards import comparing
from pledge_pages.boards.charts import columns, pieces, share_of
from pledge_pages.boards.views_of import StatusCounts
from pledge_pages.embargo.publication import publication
from pledge_pages.models import BranchPage, Category, MemberPledgePage, Pledge
from pledge_pages.people.actions import withdraw_consent
from tests.crowd import add_crowd
from tests.staging import staged
from tests.worlds import Town, build_town

pytestmark = pytest.mark.django_db

COMPARE = "/en/work-plan/compare/"
CATEGORY = f"{COMPARE}category/sanitation/"
MEMBERS = f"{COMPARE}members/"


def build() -> Town:
    """Build two branches approved by their moderators; only the first one is public."""
    town = build_town(members=2)
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
    town.open("SGZ")
    return town


town = staged(build)


def text_of(client, address: str, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, address
    return response.content.decode()


def rows_of(html: str) -> list[list[str]]:
    """Return the words in each row of every table."""
    rows = re.findall(r"<tr\b.*?</tr>", html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()).split(" ") for row in rows]


# The year in sum --------------------------------------------------------------------------


def test_a_bar_is_as_long_as_its_share_and_small_pieces_have_their_number_in_the_table_only():
    found = pieces(StatusCounts(kept=96, not_kept=4))
    assert [(one.code, one.share, one.named) for one in found] == [
        ("fulfilled", "96%", True), ("not_fulfilled", "4%", False),
    ]  # fmt: skip
    assert pieces(StatusCounts()) == []


def test_a_share_of_almost_nothing_is_not_nothing():
    assert [share_of(1, 300), share_of(0, 300), share_of(0, 0)] == ["<1%", "0%", "–"]


def test_the_highest_month_is_as_high_as_the_chart_and_an_empty_one_has_no_column():
    assert [(one.height, one.y) for one in columns([("a", 0), ("b", 4), ("c", 1)])] == [
        (0, 40), (40, 0), (10, 30),
    ]  # fmt: skip
    assert [one.height for one in columns([("a", 0)])] == [0]


def test_the_board_says_the_year_in_sum_as_a_picture_with_a_text_and_as_a_table(client, town):
    html = text_of(client, "/en/work-plan/village-1/")
    assert 'role="img" aria-labelledby="pp-chart-title" aria-describedby="pp-chart-text"' in html
    assert '<desc id="pp-chart-text">Still open: 2 (100%)</desc>' in html
    rows = rows_of(html)
    assert ["Fulfilled", "0", "0%"] in rows
    assert ["Still", "open", "2", "100%"] in rows
    assert not re.search(r"\sstyle=|<style|<script", html)


def test_each_member_on_the_board_has_the_own_counts(client, town):
    html = text_of(client, "/en/work-plan/village-1/")
    assert html.count("pp-tile-counts") == 2


# Branches and categories ------------------------------------------------------------------


def test_branches_and_categories_stand_side_by_side_by_their_counts(client, town):
    html = text_of(client, COMPARE)
    rows = rows_of(html)
    assert ["SGZ", "village", "2", "2", "0", "0", "0", "0", "2"] in rows
    assert ["Sanitation", "2", "0", "0", "0", "0", "2"] in rows
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)


def test_a_quiet_branch_is_in_no_row_no_number_and_no_list(client, town):
    for address in (COMPARE, CATEGORY, MEMBERS):
        html = text_of(client, address)
        assert "LSW" not in html, address
        assert "village-2" not in html, address
    town.open("LSW")
    assert "LSW village" in text_of(client, COMPARE)
    assert ["All", "branches", "4", "0", "0", "0", "0", "4"] in rows_of(text_of(client, COMPARE))


def test_a_branch_that_is_not_there_or_not_public_is_found_by_no_name(client, town):
    nothing = client.get("/en/work-plan-of-nobody/")
    for slug in ("village-2", "village-9", "x y"):
        answer = client.get(MEMBERS, {"branch": slug})
        assert (answer.status_code, answer.content) == (404, nothing.content), slug
    assert "Of SGZ village" in text_of(client, f"{MEMBERS}?branch=village-1")
    assert "Of SGZ village" in text_of(client, f"{MEMBERS}?branch=")


def test_a_wide_table_says_that_it_goes_on_to_the_side(client, town):
    assert text_of(client, COMPARE).count("The table goes on to the side") == 2


def test_nothing_is_compared_while_the_programme_is_not_public(client, town):
    town.close("SGZ")
    nothing = client.get("/en/work-plan-of-nobody/")
    for address in (COMPARE, CATEGORY, MEMBERS, f"{COMPARE}x/"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nothing.content), address


def test_a_category_of_hidden_pledges_only_is_not_there(client, town):
    quiet = Category.objects.create(code="quiet", name={"en": "Only in the quiet village"})
    page = MemberPledgePage.objects.get(pk=town.pages["LSW-M001", "en"].pk)
    Pledge.objects.filter(page=page).update(category=quiet)
    assert client.get(f"{COMPARE}category/quiet/").status_code == 404
    assert client.get(f"{COMPARE}category/never/").status_code == 404
    assert "Only in the quiet" not in text_of(client, COMPARE)


def test_every_public_pledge_of_a_category_is_listed_by_branch(client, town):
    html = text_of(client, CATEGORY)
    assert "Sweep the village gate SGZ-M001" in html
    assert "Sweep the village gate SGZ-M002" in html
    assert re.search(r'<h2 id="pp-in-1">SGZ village</h2>', html)


def test_long_lists_have_pages(client, town, monkeypatch):
    monkeypatch.setattr(comparing, "PLEDGES", 1)
    first, second = (text_of(client, CATEGORY, p=number) for number in (1, 2))
    assert ("SGZ-M001" in first, "SGZ-M002" in first) == (True, False)
    assert ("SGZ-M001" in second, "SGZ-M002" in second) == (False, True)
    assert text_of(client, CATEGORY, p="nonsense")


def test_a_year_without_pledges_is_said_and_all_years_are_shown(client, town):
    assert "There are no pledges of the year you asked for." in text_of(client, COMPARE, year=2019)
    page = town.pages["SGZ-M001", "en"].pk
    with publication([page]):
        Pledge.objects.filter(page=page).update(year=2025)
    assert 'href="/en/work-plan/compare/?year=2026"' in text_of(client, COMPARE)
    assert ["Sanitation", "1", "0", "0", "0", "0", "1"] in rows_of(
        text_of(client, COMPARE, year=2025)
    )


def test_other_words_below_the_address_are_nothing(client, town):
    for address in (f"{COMPARE}x/", f"{CATEGORY}x/", f"{MEMBERS}x/", f"{COMPARE}category/",
                    f"{COMPARE}category/%00/", f"{COMPARE}%00/", f"{COMPARE}category/{'x' * 999}/"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_the_other_language_is_the_same_comparison(client, town):
    html = text_of(client, CATEGORY, year=2026)
    assert 'href="/zh-hans/work-plan/compare/category/sanitation/?year=2026"' in html


def test_no_board_can_stand_at_the_address_of_the_comparison(town):
    board = BranchPage.objects.get(pk=town.boards["LSW", "en"].pk)
    board.slug = "compare"
    with pytest.raises(ValidationError) as caught:
        board.full_clean()
    assert list(caught.value.error_dict) == ["slug"]


# Members ----------------------------------------------------------------------------------


def test_nobody_stands_beside_anybody_unless_a_visitor_picks_them(client, town):
    assert "pp-picked" not in text_of(client, MEMBERS)


def test_members_whom_a_visitor_picks_stand_in_the_order_of_picking(client, town):
    first, second = (town.members[f"SGZ-M00{n}"] for n in (2, 1))
    response = client.get(MEMBERS, {"member": [first.public_id, second.public_id]})
    html = response.content.decode()
    assert html.index("Changsgz2") < html.index("Changsgz1")
    assert ["Still", "open", "1", "1"] in rows_of(html)
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_a_name_whose_consent_is_withdrawn_is_not_in_the_comparison(client, town):
    member = town.members["SGZ-M001"]
    assert "Changsgz1" in text_of(client, MEMBERS, member=member.public_id)
    withdraw_consent(member, by=town.editor("SGZ"), subject="name")
    for address in (MEMBERS, f"{MEMBERS}?member={member.public_id}", CATEGORY):
        assert "Changsgz1" not in text_of(client, address), address


def test_who_is_not_public_is_answered_like_nobody(client, town):
    hidden = town.members["LSW-M001"].public_id
    answers = [
        text_of(client, MEMBERS, member=word).replace(word, "") for word in (hidden, "2" * 10)
    ]
    assert answers[0] == answers[1]
    assert "has no public page here" in answers[0]


def test_of_more_than_four_only_the_first_are_shown_and_that_is_said(client, town):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    pages = add_crowd(board, 5)
    html = text_of(client, MEMBERS, member=[page.slug for page in pages])
    assert "At most 4 members can stand side by side" in html
    table = html[html.index('id="pp-picked"') : html.index('id="pp-pick"')]
    assert table.count('<th scope="col">') == 4


def test_odd_words_in_the_address_are_no_error(client, town):
    for query in ({"member": ["x" * 5000, "\0", "<b>"]}, {"p": "-1"}):
        html = text_of(client, MEMBERS, **query)
        assert "<b>" not in html.replace("<b>2</b>", "")


# What it costs ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [4, 60])
def test_comparing_takes_few_queries_whatever_the_number_of_members(client, town, number):
    pages = add_crowd(BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk), number)
    picks = "&".join(f"member={page.slug}" for page in pages[:4])
    for address, limit in ((COMPARE, 13), (CATEGORY, 14), (f"{MEMBERS}?{picks}", 16)):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        assert len(captured) <= limit, (address, len(captured))

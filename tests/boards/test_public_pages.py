"""The public pages: what a reader is shown, and what no page may carry."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from pledge_pages.boards.content import Status
from pledge_pages.boards.views_of import StatusCounts
from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.publication import publication
from pledge_pages.models import (
    BranchPage,
    MemberPledgePage,
    Pledge,
    PledgeAmendment,
    PledgeTask,
    ProgrammePage,
    ProgressUpdate,
)
from pledge_pages.photos.actions import add_evidence, check_evidence
from pledge_pages.photos.portraits import draw_evidence
from pledge_pages.templatetags.pledge_pages_tags import bar_segments, by_office
from tests.crowd import add_crowd
from tests.staging import staged
from tests.worlds import build_town


def build():
    town = build_town(codes=("SGZ",))
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


town = staged(build)


def addresses(town, language: str) -> list[str]:
    pages = (
        town.programme_pages[language],
        town.boards["SGZ", language],
        town.pages["SGZ-M001", language],
    )
    return [type(page).objects.get(pk=page.pk).url for page in pages]


def test_a_bar_is_cut_in_proportion_and_leaves_out_what_is_none() -> None:
    segments = bar_segments(StatusCounts(kept=3, not_kept=1))
    assert [(piece.code, piece.x, piece.width) for piece in segments] == [
        ("fulfilled", "0.00%", "75.00%"),
        ("not_fulfilled", "75.00%", "25.00%"),
    ]
    assert bar_segments(StatusCounts()) == []


def test_people_of_one_office_stand_together_in_the_order_they_came() -> None:
    tiles = [SimpleNamespace(office=office) for office in ("A", "B", "A")]
    groups = by_office(tiles)
    assert [(group.office, group.tiles) for group in groups] == [
        ("A", [tiles[0], tiles[2]]),
        ("B", [tiles[1]]),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_need_no_inline_style_or_script(client: Client, town, language: str) -> None:
    for address in addresses(town, language):
        response = client.get(address)
        html = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{language}"' in html
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)


@pytest.mark.django_db
def test_the_secretary_stands_first_on_the_board(client: Client, town) -> None:
    html = client.get(addresses(town, "zh-hans")[1]).content.decode()
    names = re.findall(r'class="pp-name"><a [^>]*>([^<]+)', html)
    assert len(names) == 3
    assert names[0] == "史长SGZ1"
    assert html.count("pp-tile-lead") == 1


@pytest.mark.django_db
def test_every_state_is_told_in_words_and_by_a_shape_that_is_on_the_page(
    client: Client, town
) -> None:
    html = client.get(addresses(town, "en")[1]).content.decode()
    shapes = set(re.findall(r'<use href="#([\w-]+)"', html))
    assert {f"pp-s-{code}" for code, _, _ in StatusCounts().as_rows} <= shapes
    assert shapes <= set(re.findall(r'<symbol id="([\w-]+)"', html))
    for _, label, _ in StatusCounts().as_rows:
        assert str(label) in html


@pytest.mark.django_db
def test_the_language_switch_leads_to_the_same_page_and_year(client: Client, town) -> None:
    here, there = addresses(town, "zh-hans")[1], addresses(town, "en")[1]
    html = client.get(here, {"year": "2026"}).content.decode()
    assert f'href="{there}?year=2026" hreflang="en"' in html


@pytest.mark.django_db
def test_a_missing_page_says_the_same_whatever_was_asked(client: Client) -> None:
    answers = {
        client.get(address, headers={"referer": "http://testserver/secret/"}).content
        for address in ("/zh-hans/secret/", "/en/other/?q=secret", "/zh-hans/a/b/c/")
    }
    assert len(answers) == 1
    assert b"secret" not in answers.pop()


def test_the_error_page_needs_neither_request_nor_context() -> None:
    assert "<h1>" in render_to_string("500.html")


def draw_evidence_file() -> SimpleUploadedFile:
    content, content_type = draw_evidence("gate", "photo")
    return SimpleUploadedFile("IMG_1.jpg", content, content_type)


@pytest.fixture
def full_page(town):
    """A public page with a task, an amendment, and two updates, one with evidence to be seen."""
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M002", "en"].pk)
    key, locale = page.pledges.first().key, page.locale
    shown = add_evidence(
        town.pilots["SGZ"], draw_evidence_file(), by=town.editor("SGZ"), kind="photo",
        title={"en": "The swept gate"},
    )  # fmt: skip
    check_evidence(shown, by=town.moderator("SGZ"), public=True)
    kept_back = add_evidence(
        town.pilots["SGZ"], draw_evidence_file(), by=town.editor("SGZ"), kind="list",
        title={"en": "Names of other people"},
    )  # fmt: skip
    page.tasks = [PledgeTask(pledge_key=key, text="Get a broom", locale=locale)]
    page.updates = [
        ProgressUpdate(
            pledge_key=key, on=date(2026, 5, number), text=f"Swept {number}", evidence=file,
            locale=locale,
        )
        for number, file in ((1, shown), (2, kept_back))
    ]  # fmt: skip
    page.amendments = [
        PledgeAmendment(
            pledge_key=key, on=date(2026, 6, 1), old_text="Sweep daily", new_text="Sweep weekly",
            reason="Too much for one", locale=locale,
        )
    ]  # fmt: skip
    draft = page.save_revision(user=town.editor("SGZ"))
    page.get_workflow().start(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))
    return MemberPledgePage.objects.get(pk=page.pk), draft


HISTORY = ("Get a broom", "Swept 1", "Swept 2", "Sweep daily", "Too much for one", "swept gate")


@pytest.mark.django_db
def test_a_members_page_shows_tasks_progress_evidence_and_amendments(client, full_page) -> None:
    page, _draft = full_page
    response = client.get(page.url)
    html = response.content.decode()
    assert response.status_code == 200
    assert [text for text in HISTORY if text not in html] == []
    assert "Names of other people" not in html
    address = re.search(r'href="(/photos/evidence/[^"]+)"', html)
    assert client.get(address[1]).status_code == 200


@pytest.mark.django_db
def test_a_preview_shows_the_drafts_history_as_the_page_will(client, town, full_page) -> None:
    page, _draft = full_page
    client.force_login(town.editor("SGZ"))
    html = client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()
    assert [text for text in HISTORY if text not in html] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("progress", "after"),
    [("in_progress", "overdue"), ("at_risk", "overdue"), ("claimed_done", "claimed_done")],
)
def test_a_pledge_whose_day_is_over_is_being_checked_on_every_surface(
    client: Client, town, progress: str, after: str
) -> None:
    pledge = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk).pledges.get()
    with publication([pledge.page_id]):
        Pledge.objects.filter(pk=pledge.pk).update(progress=progress)
    _programme, board, member = addresses(town, "en")
    api = f"/api/v1/members/{town.members['SGZ-M001'].public_id}/?language=en"
    for moment, status in (("2026-12-31T12:00+08:00", progress), ("2027-01-01T00:01+08:00", after)):
        with time_machine.travel(moment, tick=False), override("en"):
            words = str(Status(status).label)
            first = client.get(board).content.decode().split("Shi Changsgz1")[1]
            assert f"pp-st-{status}" in first.split("</article>")[0]
            assert f'<span class="pp-status">{words}' in client.get(member).content.decode()
            [shown] = client.get(api).json()["pledges"]
            assert (shown["status"], shown["status_label"]) == (status, words)


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["1990", "2031", "x"])
def test_a_year_of_which_there_is_nothing_is_said_to_be_none(client: Client, town, year) -> None:
    words = "There are no pledges of the year you asked for."
    programme, board, _member = addresses(town, "en")
    for address in (programme, board):
        assert words not in client.get(address).content.decode()
        assert words not in client.get(address, {"year": "2026"}).content.decode()
        answer = client.get(address, {"year": year})
        assert (answer.status_code, words in answer.content.decode()) == (200, True)
        # What is there is shown all the same.
        assert re.search(r"\b3\b", answer.content.decode())


@pytest.mark.django_db
def test_without_a_translation_the_switch_leads_to_the_nearest_page_above(
    client: Client, town
) -> None:
    _programme, board, member = addresses(town, "en")
    zh_member = addresses(town, "zh-hans")[2]
    assert f'href="{member}" hreflang="en"' in client.get(zh_member).content.decode()
    withdraw(
        MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk),
        by=town.lead, reason="not translated well",
    )  # fmt: skip
    body = client.get(f"{zh_member}?x=1").content.decode()
    assert f'href="{board}" hreflang="en"' in body


@pytest.mark.django_db
def test_an_outcome_stands_when_the_day_is_over(client: Client, town) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    with publication([page.pk]):
        Pledge.objects.filter(page=page).update(progress="in_progress", outcome="partly")
    with time_machine.travel("2027-01-01T00:01+08:00", tick=False):
        assert page.pledges.get().status == "partly"


NOINDEX = '<meta name="robots" content="noindex">'


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_search_engines_are_kept_off_members_pages_unless_the_branch_decides_otherwise(
    client: Client, town, language: str
) -> None:
    board, member = (client.get(address) for address in addresses(town, language)[1:])
    assert NOINDEX in member.content.decode()
    assert NOINDEX not in board.content.decode()
    page = town.boards["SGZ", language]
    with publication([page.pk]):
        BranchPage.objects.filter(pk=page.pk).update(members_indexed=True)
    assert NOINDEX not in client.get(addresses(town, language)[2]).content.decode()


@pytest.mark.django_db
def test_the_index_counts_what_each_branch_promised_and_kept(client: Client) -> None:
    town = build_town(members=3)
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
        town.open(code)
    ends = {
        "SGZ-M001": "fulfilled", "SGZ-M002": "fulfilled", "SGZ-M003": "not_fulfilled",
        "LSW-M001": "excused", "LSW-M002": "partly",
    }  # fmt: skip
    pages = {code: town.pages[code, "zh-hans"].pk for code in ends}
    with publication(pages.values()):
        for code, end in ends.items():
            Pledge.objects.filter(page=pages[code]).update(outcome=end)
    with publication([pages["SGZ-M003"]]):
        Pledge.objects.filter(page=pages["SGZ-M003"]).update(year=2025)
    address = ProgrammePage.objects.get(pk=town.programme_pages["zh-hans"].pk).url

    def counted(**query):
        index = client.get(address, query).context["index"]
        cards = [(card.title, card.members, shown(card.counts)) for card in index.branches]
        return cards, shown(index.counts)

    def shown(counts):
        return {code: number for code, _label, number in counts.as_rows if number}

    kept, lsw = {"fulfilled": 2}, {"excused": 1, "partly": 1, "in_progress": 1}
    assert counted() == (
        [("SGZ村", 3, kept | {"not_fulfilled": 1}), ("LSW村", 3, lsw)],
        kept | {"not_fulfilled": 1} | lsw,
    )
    assert counted(year=2026) == ([("SGZ村", 3, kept), ("LSW村", 3, lsw)], kept | lsw)
    last = {"not_fulfilled": 1}
    assert counted(year=2025) == ([("SGZ村", 3, last), ("LSW村", 3, {})], last)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "alt"),
    [
        ("zh-hans", "王众0（无职党员）的照片"),
        ("en", "Photo of Wang Zhong0, Ordinary member"),
    ],
)
def test_a_photo_is_described_in_the_signs_of_its_language(
    client: Client, town, language: str, alt: str
) -> None:
    board = BranchPage.objects.get(pk=town.boards["SGZ", language].pk)
    add_crowd(board, 1)
    assert f'alt="{alt}"' in client.get(board.url).content.decode()

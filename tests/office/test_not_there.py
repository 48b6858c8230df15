"""Addresses of the office that name something which is not there, or not for this: 404, for leads too."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from pledge_pages.models import BranchPage, MemberPledgePage, PrintedSheet


def url(name: str, *args) -> str:
    return reverse(f"pledge_boards:{name}", args=args)


@pytest.fixture
def status(town, sign_in):
    """A function that asks for an address as the lead of the programme, and returns the status."""

    def ask(address: str, *, by=None, method: str = "get", **data) -> int:
        client = sign_in(by or town.lead)
        return getattr(client, method)(address, data).status_code

    return ask


def test_a_list_a_step_or_a_step_of_a_wave_that_does_not_exist(town, status) -> None:
    pilot = town.pilots["SGZ"]
    assert status(url("waiting", "nothing")) == 404
    assert status(url("step", pilot.pk, "dance")) == 404
    # Waves are approved and suspended as a whole, and nothing else.
    assert status(url("wave_step", pilot.wave_id, "agree")) == 404
    assert status(url("wave_step", pilot.wave_id, "suspend")) == 200


def test_a_pledge_that_was_never_approved_is_not_checked(town, status) -> None:
    assert status(url("open_check", town.members["SGZ-M001"].pk, uuid4())) == 404


def test_the_dossier_is_read_and_not_posted_to(town, status) -> None:
    assert status(url("dossier", town.pilots["SGZ"].pk), method="post") == 404


def test_a_page_that_has_no_preview_has_no_preview_of_what_is_held(
    town, status, monkeypatch
) -> None:
    town.hold_branch("SGZ")
    address = url("held_preview", town.boards["SGZ", "en"].pk)
    assert status(address) == 200
    monkeypatch.setattr(BranchPage, "preview_modes", [])
    assert status(address) == 404


def test_an_alias_takes_nothing_from_the_library(town, status) -> None:
    page, other = town.pages["SGZ-M001", "en"], town.pages["SGZ-M002", "en"]
    address = url("library", page.pk)
    assert status(address, by=town.editor("SGZ")) == 200
    MemberPledgePage.objects.filter(pk=page.pk).update(alias_of=other.pk)
    assert status(address, by=town.editor("SGZ")) == 404


def test_a_sheet_that_cannot_be_printed_has_no_picture(town, status) -> None:
    assert status(url("print_preview", town.pilots["SGZ"].pk), kind="nonsense") == 404


def test_a_sheet_is_taken_down_or_printed_anew_and_nothing_else(town, status) -> None:
    sheet = PrintedSheet.objects.create(
        pilot=town.pilots["SGZ"], kind="board", size="a3", orientation="landscape", version="1",
        sheets=1, valid_until=date(2026, 12, 31),
    )  # fmt: skip
    assert status(url("settle_print", sheet.pk), method="post", **{"as": "eaten"}) == 404


def test_no_ordinary_page_is_withdrawn_or_translated_here(town, status) -> None:
    for name in ("withdraw", "translation"):
        assert status(url(name, town.home["en"].pk), by=town.admin) == 404


def test_the_branchs_board_is_taken_along_and_printed_by_its_staff_only(town, status) -> None:
    pilot = town.pilots["SGZ"]
    for name in ("export", "print"):
        assert status(url(name, pilot.pk), by=town.editor("SGZ")) == 200
        for stranger in (town.editor("LSW"), town.verifier("SGZ")):
            assert status(url(name, pilot.pk), by=stranger) == 404

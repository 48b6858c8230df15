"""Print in the admin: shown, downloaded and settled by those who may, and by nobody else."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from pledge_pages.models import Pilot, PrintedSheet
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.posters import printing
from pledge_pages.posters.wish import Wish
from tests.posters.reading import sizes_of, words_of
from tests.village.test_office import signed_in, text_of, url

pytestmark = pytest.mark.django_db

A4 = Wish(size="A4", languages=("zh-hans",))


@pytest.fixture
def staff(town) -> Client:
    """The branch's editor, who reads English."""
    return signed_in(town.editor("SGZ"))


@pytest.fixture
def sheet(town, pilot) -> PrintedSheet:
    return printing.print_sheets(pilot, A4, by=town.editor("SGZ")).row


def refused(town) -> None:
    """Spoil what is printed: a sign that no font has, and the number of a telephone."""
    member = town.members["SGZ-M002"]
    type(member).objects.filter(pk=member.pk).update(given_name="\U0002a6a5 13812345678")


# Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "editor", "moderator", "admin"])
def test_leads_and_the_branchs_staff_print(town, pilot, who) -> None:
    user = {
        "lead": town.lead, "editor": town.editor("SGZ"), "moderator": town.moderator("SGZ"),
        "admin": town.admin,
    }[who]  # fmt: skip
    client = signed_in(user)
    page = client.get(url("print", pilot.pk), {"size": "A4"})
    assert url("print_preview", pilot.pk) in page.content.decode()
    answer = client.post(url("print", pilot.pk), page.context["shown"])
    assert sizes_of(answer.content) == {(210, 297)}, "what was shown is what is sent"
    assert PrintedSheet.objects.get().printed_by == user


def test_for_others_there_is_nothing_to_print(town, pilot, sheet) -> None:
    for user in (town.editor("LSW"), town.moderator("LSW")):
        client = signed_in(user)
        nothing = client.get(url("print", 987_654)).content
        for address in (url("print", pilot.pk), url("print_preview", pilot.pk)):
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, nothing), address
        assert client.post(url("print", pilot.pk), {"size": "A4"}).status_code == 404
        answer = client.post(url("settle_print", sheet.pk), {"as": "taken_down"})
        assert answer.status_code == 404
    sheet.refresh_from_db()
    assert not sheet.settled
    assert PrintedSheet.objects.count() == 1


def test_without_signing_in_one_is_sent_to_do_so(pilot, sheet) -> None:
    for address in (
        url("print", pilot.pk), url("print_preview", pilot.pk), url("settle_print", sheet.pk),
    ):  # fmt: skip
        for answer in (Client().get(address), Client().post(address)):
            assert answer.headers["Location"].startswith("/admin/login/")


# What is shown and sent -----------------------------------------------------------------------


def test_the_pilots_page_leads_to_it(pilot, staff) -> None:
    assert url("print", pilot.pk) in text_of(staff, url("pilot", pilot.pk))


def test_the_first_sheet_is_shown_as_a_picture_of_the_papers_shape(pilot, staff) -> None:
    answer = staff.get(url("print_preview", pilot.pk), {"size": "A1", "orientation": "landscape"})
    assert answer.headers["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width / picture.height == pytest.approx(841 / 594, rel=0.01)
        assert picture.getextrema()[0][0] < 60, "there is ink on it"


def test_nothing_of_it_is_kept_by_a_browser_or_a_proxy(pilot, staff) -> None:
    for answer in (
        staff.get(url("print", pilot.pk)),
        staff.get(url("print_preview", pilot.pk)),
        staff.post(url("print", pilot.pk), {"size": "A4"}),
    ):
        assert "no-store" in answer.headers["Cache-Control"]


def test_the_file_has_what_was_asked_for_and_a_name_that_tells_nothing(pilot, staff) -> None:
    answer = staff.post(
        url("print", pilot.pk),
        {"kind": "forms", "size": "A3", "orientation": "landscape", "language": "zh-hans,en"},
    )
    name = answer.headers["Content-Disposition"]
    assert name == 'attachment; filename="forms-sgz-a3-zh-hans-en.pdf"'
    assert sizes_of(answer.content) == {(420, 297)}
    assert "Sweepthevillagegate" in words_of(answer.content)


def test_what_stands_in_the_way_is_named_and_nothing_is_sent(town, pilot, staff) -> None:
    refused(town)
    page = text_of(staff, url("print", pilot.pk))
    assert "SGZ-M002" in page
    assert "U+2A6A5" in page
    assert "a mobile number" in page
    answer = staff.post(url("print", pilot.pk), {"size": "A4"})
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "U+2A6A5" in answer.content.decode()
    assert not PrintedSheet.objects.exists()


def test_a_pilot_that_does_not_run_says_why_there_is_nothing(town) -> None:
    pilot = Pilot.objects.get(code="LSW")
    client = signed_in(town.editor("LSW"))
    assert "nothing of it may be printed" in text_of(client, url("print", pilot.pk))
    assert client.get(url("print_preview", pilot.pk)).status_code == 404


def test_a_day_that_is_over_is_refused_at_its_field(pilot, staff) -> None:
    answer = staff.get(url("print", pilot.pk), {"valid_until": "2020-01-01"})
    assert answer.context["form"].errors["valid_until"] == ["The end lies in the past."]


def test_what_cannot_be_drawn_is_said_in_plain_words(
    town, pilot, staff, typst_gives_up, caplog
) -> None:
    answer = staff.post(url("print", pilot.pk), {"size": "A4"})
    assert answer.status_code == 200
    assert "The sheets could not be drawn like this." in answer.content.decode()
    assert not PrintedSheet.objects.exists()
    assert staff.get(url("print_preview", pilot.pk)).status_code == 404
    assert "infinite" in caplog.text
    assert "below stands" not in caplog.text


# Reprints -------------------------------------------------------------------------------------


def test_a_wrong_sheet_is_named_with_the_reason_until_it_is_settled(
    town, pilot, sheet, staff
) -> None:
    addresses = (url("print", pilot.pk), url("pilot", pilot.pk))
    home = reverse("wagtailadmin_home")
    for address in addresses:
        assert "agreed to another way" not in text_of(staff, address)
    assert "Printed sheets that are wrong now" not in text_of(staff, home)
    withdraw_consent(town.members["SGZ-M002"], by=town.lead, subject="name", scope="village_print")
    for address in addresses:
        assert "(SGZ-M002): agreed to another way" in text_of(staff, address)
    assert "Printed sheets that are wrong now" in text_of(staff, home)
    answer = staff.post(url("settle_print", sheet.pk), {"as": "reprinted"})
    assert answer.headers["Location"].startswith(url("print", pilot.pk))
    for address in addresses:
        page = text_of(staff, address)
        assert "agreed to another way" not in page
        assert "Printed anew" in page
    assert "Printed sheets that are wrong now" not in text_of(staff, home)
    sheet.refresh_from_db()
    assert (sheet.settled, sheet.settled_by) == ("reprinted", town.editor("SGZ"))
    assert sheet.settled_at <= timezone.now()


def test_other_branches_do_not_read_of_it_on_their_home(town, sheet) -> None:
    withdraw_consent(town.members["SGZ-M002"], by=town.lead, subject="name", scope="village_print")
    home = text_of(signed_in(town.editor("LSW")), reverse("wagtailadmin_home"))
    assert "Printed sheets that are wrong now" not in home

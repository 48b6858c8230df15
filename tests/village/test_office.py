"""Village links in the admin: issued, printed, replaced, revoked, by those who may and nobody else."""

import io
import re
from datetime import timedelta

import pytest
import typst
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from pledge_pages.models import Pilot, VillageLink, VillageVisit
from pledge_pages.village import links
from tests.office.conftest import speak_english
from tests.village.conftest import path_of

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"pledge_boards:{name}", args=args)


@pytest.fixture
def staff(town) -> Client:
    """The branch's editor, who reads English."""
    return signed_in(town.editor("SGZ"))


def signed_in(user) -> Client:
    speak_english(user)
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def own_addresses(link: VillageLink) -> list[str]:
    return [
        url("village_links", link.pilot_id),
        url("village_link", link.pk),
        url("rotate_village_link", link.pk),
        url("revoke_village_link", link.pk),
        url("village_code", link.pk, "svg"),
        url("village_code", link.pk, "png"),
    ]


# Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "editor", "moderator", "admin"])
def test_leads_and_the_branchs_staff_reach_every_screen(town, link, who) -> None:
    user = {
        "lead": town.lead, "editor": town.editor("SGZ"), "moderator": town.moderator("SGZ"),
        "admin": town.admin,
    }[who]  # fmt: skip
    client = signed_in(user)
    assert {client.get(address).status_code for address in own_addresses(link)} == {200}


def test_for_others_there_are_no_such_screens(town, link) -> None:
    for user in (town.editor("LSW"), town.moderator("LSW")):
        client = signed_in(user)
        nothing = client.get(url("village_link", 987_654)).content
        for address in own_addresses(link):
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, nothing), address
            assert client.post(address, {"reason": "x"}).status_code in (404, 405), address
    link.refresh_from_db()
    assert link.is_valid
    assert VillageLink.objects.count() == 1


def test_without_signing_in_one_is_sent_to_do_so(link) -> None:
    for address in own_addresses(link):
        assert Client().get(address).headers["Location"].startswith("/admin/login/")


# What is done ---------------------------------------------------------------------------------


def test_a_link_is_issued_from_the_pilots_page_and_opens_the_board(town, staff) -> None:
    pilot = town.pilots["SGZ"]
    assert url("village_links", pilot.pk) in text_of(staff, url("pilot", pilot.pk))
    answer = staff.post(url("village_links", pilot.pk), {"label": "bridge", "last_day": ""})
    link = VillageLink.objects.get()
    assert answer.headers["Location"] == url("village_link", link.pk)
    assert (link.label, link.expires_at, link.issued_by) == ("bridge", None, town.editor("SGZ"))
    reader = Client()
    assert reader.get(path_of(link), follow=True).status_code == 200
    page = text_of(staff, url("pilot", pilot.pk))
    assert "bridge" in page
    assert "Opens the board" in page


def test_a_link_is_valid_through_its_last_day(town, staff) -> None:
    today = timezone.localdate()
    staff.post(url("village_links", town.pilots["SGZ"].pk), {"last_day": today.isoformat()})
    link = VillageLink.objects.get()
    end = timezone.localtime(link.expires_at)
    assert today.isoformat() in text_of(staff, url("village_links", link.pilot_id))
    assert link.last_day == today
    assert (end.date(), end.hour, end.minute) == (today + timedelta(days=1), 0, 0)


@pytest.mark.parametrize(
    ("day", "words"),
    [("0001-01-01", "in the past"), ("yesterday", "in the past"), ("9999-12-31", "too far ahead")],
)
def test_a_day_that_is_over_or_out_of_reach_is_refused_at_its_field(
    town, staff, day, words
) -> None:
    if day == "yesterday":
        day = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = staff.post(url("village_links", town.pilots["SGZ"].pk), {"last_day": day})
    assert words in answer.context["form"].errors["last_day"][0]
    assert not VillageLink.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_other_question_about_a_day_breaks_on_the_first_or_last_one(town, link, day) -> None:
    lead = signed_in(town.lead)
    print_page = url("print", link.pilot_id)
    for address in (
        *(
            f"{url(name)}?{end}={day}"
            for name in ("trail", "trail_file")
            for end in ("since", "until")
        ),
        f"{print_page}?valid_until={day}",
    ):
        assert lead.get(address).status_code == 200, address


def test_a_link_is_replaced_and_the_old_code_opens_nothing(town, link, staff, reader) -> None:
    old = path_of(link)
    form = text_of(staff, url("rotate_village_link", link.pk))
    assert "opens nothing any more, at once" in form
    answer = staff.post(url("rotate_village_link", link.pk), {"reason": "photographed"})
    fresh = VillageLink.objects.get(rotated_from=link)
    assert answer.headers["Location"] == url("village_link", fresh.pk)
    assert reader.get("/v/").status_code == 404
    assert Client().get(old).status_code == 404
    assert Client().get(path_of(fresh)).status_code == 302


def test_a_link_is_revoked_with_a_reason_only(town, link, staff, reader) -> None:
    address = url("revoke_village_link", link.pk)
    assert staff.post(address, {"reason": ""}).context["form"].errors["reason"]
    assert reader.get("/v/").status_code == 200
    staff.post(address, {"reason": "taken down"})
    assert reader.get("/v/").status_code == 404
    page = text_of(staff, url("village_link", link.pk))
    assert "Revoked: opens nothing" in page
    assert "code.svg" not in page
    assert staff.get(address).status_code == 302


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("agreed", "Opens once the pilot has been started"),
        ("quiet", "Opens the board"),
        ("suspended", "Closed while the pilot is suspended"),
        ("ended", "Closed: the pilot has ended"),
    ],
)
def test_it_says_what_the_link_does_at_each_stage(link, staff, stage, words) -> None:
    Pilot.objects.filter(code="SGZ").update(stage=stage)
    assert words in text_of(staff, url("village_link", link.pk))
    assert words in text_of(staff, url("pilot", link.pilot_id))


# Printing -------------------------------------------------------------------------------------


def test_the_code_comes_as_svg_and_png_under_a_name_that_says_nothing(town, link, staff) -> None:
    svg = staff.get(url("village_code", link.pk, "svg"))
    assert svg.headers["Content-Type"] == "image/svg+xml"
    text = svg.content.decode()
    assert text.startswith("<svg")
    assert "viewBox" in text
    assert not re.search(r'<svg[^>]* (width|height)="', text)
    png = staff.get(url("village_code", link.pk, "png"))
    with Image.open(io.BytesIO(png.content)) as image:
        assert image.format == "PNG"
        assert image.width == image.height > 600
        assert not image.info.get("Comment")
    for answer, kind in ((svg, "svg"), (png, "png")):
        name = f'attachment; filename="code-{link.pk}.{kind}"'
        assert answer.headers["Content-Disposition"] == name
        assert "no-store" in answer.headers["Cache-Control"]
    assert not [word for word in ("SGZ", "承诺", "pledge") if word in text]


def test_the_code_says_the_address_that_is_shown(link, staff) -> None:
    import segno

    from pledge_pages.village import qr

    address = links.address_of(link)
    assert f'value="{address}"' in text_of(staff, url("village_link", link.pk))
    matrix = tuple(tuple(row) for row in segno.make_qr(address, error="q").matrix)
    side = len(matrix) + 2 * qr.BORDER
    png = staff.get(url("village_code", link.pk, "png")).content
    with Image.open(io.BytesIO(png)) as image:
        scale = image.width // side
        drawn = tuple(
            tuple(
                int(
                    image.convert("L").getpixel((int((x + 0.5) * scale), int((y + 0.5) * scale)))
                    < 128
                )
                for x in range(qr.BORDER, side - qr.BORDER)
            )
            for y in range(qr.BORDER, side - qr.BORDER)
        )
    assert drawn == matrix


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_telephone_reads_the_address_in_the_code(link, staff, tmp_path, kind) -> None:
    code = tmp_path / f"code.{kind}"
    code.write_bytes(staff.get(url("village_code", link.pk, kind)).content)
    page = tmp_path / "page.typ"
    page.write_text(f'#set page(width: 60mm, height: 60mm, fill: gray)\n#image("{code.name}")')
    with Image.open(io.BytesIO(typst.compile(page, format="png"))) as seen:
        (read,) = zxingcpp.read_barcodes(seen.convert("L"))
    assert read.text == links.address_of(link)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_link_that_opens_nothing_any_more_has_no_code(town, link, staff, kind) -> None:
    links.revoke(link, by=town.lead, reason="lost")
    assert staff.get(url("village_code", link.pk, kind)).status_code == 404


def test_another_kind_of_file_is_not_found(link, staff) -> None:
    assert staff.get(url("village_code", link.pk, "pdf")).status_code == 404


def test_after_a_change_of_the_secret_key_the_page_says_what_to_do(link, staff, settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    VillageLink.objects.filter(pk=link.pk).update(nonce="of a key that is gone")
    page = text_of(staff, url("village_link", link.pk))
    assert "SECRET_KEY was changed" in page
    assert "Replace the link" in page
    assert staff.get(url("village_code", link.pk, "svg")).status_code == 404


# Counts ---------------------------------------------------------------------------------------


def test_readers_are_shown_by_day_in_numbers_and_bars(link, staff) -> None:
    today = timezone.localdate()
    for back, count in ((0, 4), (1, 8), (40, 99)):
        VillageVisit.objects.create(link=link, day=today - timedelta(days=back), count=count)
    answer = staff.get(url("village_link", link.pk))
    rows = [(row.count, row.width) for row in answer.context["days"]]
    assert rows[:3] == [(4, "50%"), (8, "100%"), (0, "0%")]
    assert '<rect width="50%"' in answer.content.decode()
    listed = staff.get(url("village_links", link.pilot_id)).context["rows"]
    assert [row.visits for row in listed] == [12]


def test_links_that_open_nothing_come_last(town, link, staff) -> None:
    second = links.issue(town.pilots["SGZ"], by=town.lead, label="school")
    links.revoke(second, by=town.lead, reason="lost")
    rows = staff.get(url("village_links", link.pilot_id)).context["rows"]
    assert [row.link for row in rows] == [link, second]


def test_the_trail_tells_leads_of_links(town, link) -> None:
    links.revoke(link, by=town.editor("SGZ"), reason="photographed")
    page = text_of(signed_in(town.lead), url("trail"))
    assert "Village link issued" in page
    assert "Village link revoked" in page
    assert "photographed" in page

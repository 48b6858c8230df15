"""The same import in the admin: looked at first, and taken in as it was looked at."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.users.models import UserProfile

from pledge_pages.models import Member, MemberPhoto
from pledge_pages.office import importing
from tests.photos.pictures import jpeg
from tests.transfer.rosters import HEADER, LI, OUYANG, roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(town) -> str:
    return f"/admin/pledge-boards/pilots/{town.pilots['SGZ'].pk}/import/"


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def editor(town) -> Client:
    UserProfile.objects.update_or_create(
        user=town.editor("SGZ"), defaults={"preferred_language": "en"}
    )
    return client_of(town.editor("SGZ"))


def upload(content: bytes, name: str = "roster.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def look(editor: Client, address: str, content: bytes):
    return editor.post(address, {"file": upload(content)})


def packed_in(answer) -> str:
    return answer.context["form"].initial["file"]


def test_the_branch_leads_to_it(town, editor, address):
    page = f"/admin/pledge-boards/pilots/{town.pilots['SGZ'].pk}/"
    assert address in editor.get(page).content.decode()
    assert address not in client_of(town.moderator("SGZ")).get(page).content.decode()


def test_a_roster_is_looked_at_and_then_taken_in_with_its_photos(town, editor, address):
    answer = look(editor, address, roster((*LI, ""), (*OUYANG, "o.jpg"), header=(*HEADER, "照片")))
    said = unescape(answer.content.decode())
    assert "SGZ-M101" in said
    assert "欧阳春" in said
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Member.objects.filter(code="SGZ-M101").exists()
    sent = {"take_in": "1", "file": packed_in(answer), "photos": [upload(jpeg(), "o.jpg")]}
    answer = editor.post(address, sent, follow=True)
    assert "new: 2" in answer.content.decode()
    assert MemberPhoto.objects.filter(member__code="SGZ-M102").count() == 1


def test_all_that_is_wrong_is_said_at_the_file(town, editor, address):
    said = unescape(
        look(editor, address, roster(("", *LI[1:3], "?", *LI[4:8], "?"))).content.decode()
    )
    assert "Row 2, “职务”" in said
    assert "Row 2, “完成时限”" in said
    assert "Row 2" in unescape(look(editor, address, roster(("", "", *LI[2:]))).content.decode())


def test_a_photo_that_is_refused_keeps_what_was_looked_at(town, editor, address):
    packed = packed_in(look(editor, address, roster(LI)))
    broken = upload(b"\xff\xd8\xff", "SGZ-M101.jpg")
    answer = editor.post(address, {"take_in": "1", "file": packed, "photos": [broken]})
    said = unescape(answer.content.decode())
    assert "Nothing was imported" in said
    assert "Row 2" in said
    assert not Member.objects.filter(code="SGZ-M101").exists()
    editor.post(address, {"take_in": "1", "file": packed_in(answer)})
    assert Member.objects.filter(code="SGZ-M101").exists()


def test_what_somebody_else_looked_at_or_what_was_altered_is_not_taken_in(town, editor, address):
    packed = packed_in(look(editor, address, roster(LI)))
    other = f"/admin/pledge-boards/pilots/{town.pilots['LSW'].pk}/import/"
    for client, where, file in (
        (client_of(town.lead), address, packed),
        (client_of(town.lead), other, packed),
        (editor, address, packed[:-3] + "abc"),
        (editor, address, ""),
    ):
        answer = client.post(where, {"take_in": "1", "file": file})
        assert answer.status_code == 200
    assert not Member.objects.filter(surname="李").exists()


def test_more_people_than_a_page_can_wait_for_are_refused(town, editor, address, monkeypatch):
    monkeypatch.setattr(importing, "MOST_PEOPLE", 1)
    assert "At most 1 people" in look(editor, address, roster(LI, OUYANG)).content.decode()
    monkeypatch.setattr(importing, "MOST_BYTES", 10)
    assert "too large" in look(editor, address, roster(LI)).content.decode()


def test_others_find_no_such_page(town, address):
    for user in (town.editor("LSW"), town.moderator("SGZ"), town.verifier("SGZ")):
        answer = client_of(user).get(address)
        assert answer.status_code in (302, 404)
        assert client_of(user).post(address, {"file": upload(roster(LI))}).status_code in (302, 404)
    assert not Member.objects.filter(code="SGZ-M101").exists()

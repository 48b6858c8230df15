"""No byte that is stored or sent says where a photo was taken, by whom, with what, of whom."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pledge_pages.photos import actions
from pledge_pages.photos.cleaning import clean_picture

from . import camera
from .conftest import CODE

pytestmark = pytest.mark.once

# Picture, tables, start and end; and JFIF, which says that it is a JPEG.
PICTURE = {0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xD9, 0xE0}


@pytest.mark.parametrize("kind", camera.FORMATS)
def test_the_file_that_was_sent_is_full_of_it(kind):
    """Or the tests below would prove nothing."""
    content = camera.photo(kind)
    found = camera.planted_in(content)
    assert b"SECRET" in found
    assert b"http://ns.adobe.com" in found
    assert set(found) & set(camera.PLANTED[3:5]), "no position"
    with Image.open(io.BytesIO(content)) if kind != "heic" else heic(content) as image:
        exif = image.getexif()
        assert exif.get_ifd(0x8825)[2] == (31, 14, 2.5)
        assert b"SECRET maker note" in bytes(exif.get_ifd(0x8769)[0x927C])


def heic(content: bytes) -> Image.Image:
    from pillow_heif import HeifImageFile

    return HeifImageFile(io.BytesIO(content))


@pytest.mark.parametrize("kind", camera.FORMATS)
def test_what_is_made_of_it_is_a_picture_and_nothing_else(kind):
    clean = clean_picture(camera.photo(kind)).content
    assert camera.planted_in(clean) == []
    assert camera.segments(clean) <= PICTURE


@pytest.mark.django_db
@pytest.mark.parametrize("kind", camera.FORMATS)
def test_nothing_of_it_is_stored_or_sent(client, town, settings, tmp_path, kind):
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    upload = io.BytesIO(camera.photo(kind))
    photo = actions.add_photo(town.members["SGZ-M001"], upload, by=town.editor(CODE))
    upload.seek(0)
    evidence = actions.add_evidence(
        town.pilots[CODE], upload, by=town.editor(CODE), kind="photo", title={"en": "Gate"}
    )
    stored = [
        path for path in Path(settings.PLEDGE_PAGES_PRIVATE_ROOT).rglob("*") if path.is_file()
    ]
    assert len(stored) == 5
    client.force_login(town.editor(CODE))
    addresses = [row.url for row in photo.stored_renditions().values()] + [evidence.get_url()]
    answers = [client.get(address) for address in addresses]
    sent = [answer.getvalue() + repr(answer.headers).encode() for answer in answers]
    assert {answer.status_code for answer in answers} == {200}
    for content in (*(path.read_bytes() for path in stored), *sent):
        assert camera.planted_in(content) == []
    for path in stored:
        assert camera.segments(path.read_bytes()) <= PICTURE

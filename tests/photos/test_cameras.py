"""What cameras themselves wrote into a photo is not in what is stored or sent."""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from pledge_pages.photos import actions, sniffing
from pledge_pages.photos.cleaning import clean_picture

from . import camera
from .conftest import CODE
from .test_metadata import PICTURE

pytestmark = pytest.mark.once

FOLDER = Path(__file__).with_name("cameras")
FILES = ("canon.webp", "casio.jpg", "iphone.heic", "nintendo.jpg", "nokia.jpg")
# No camera writes these: what the telephone wrote into its file goes into one of them as it is.
MADE = ("JPEG", "PNG", "WEBP", "AVIF")
GPS = 0x8825
WORDS = re.compile(rb"[\x20-\x7e]{6,}")


def opened(content: bytes) -> Image.Image:
    if sniffing.sniff(content[:256]) == sniffing.HEIF:
        from pillow_heif import HeifImageFile

        return HeifImageFile(io.BytesIO(content))
    return Image.open(io.BytesIO(content))


@cache
def photo(name: str) -> bytes:
    """Return a camera's file, or the telephone's made into another format with all that it says."""
    if name not in MADE:
        return (FOLDER / name).read_bytes()
    output = io.BytesIO()
    with opened(photo("iphone.heic")) as image:
        image.info["exif"] = image.getexif().tobytes()
        image.save(output, name, exif=image.info["exif"], xmp=image.info["xmp"])
    return output.getvalue()


@cache
def said_in(name: str) -> frozenset[bytes]:
    """Return what is written in the EXIF, XMP and other notes of a photo: words, and GPS if there is some."""
    with opened(photo(name)) as image:
        exif = image.getexif()
        position = exif.get_ifd(GPS)
        notes = [
            exif.tobytes(),
            image.info.get("xmp", b""),
            repr(image.info.get("photoshop")).encode(),
        ]
    texts = {word for note in notes for word in WORDS.findall(note)}
    return frozenset(texts | ({b"GPS"} if position else set()))


@pytest.mark.parametrize("name", [*FILES, *MADE])
def test_the_camera_says_something_in_the_file(name):
    """Or the tests below would prove nothing."""
    said = said_in(name)
    maker = {"canon.webp": b"Canon", "casio.jpg": b"CASIO", "nintendo.jpg": b"Nintendo"}
    wanted = {"nokia.jpg": b"2006:07:08"}.get(name) or maker.get(name, b"iPhone XS")
    assert any(wanted in word for word in said)
    assert all(word in photo(name) for word in said if wanted in word)
    if name == "iphone.heic" or name in MADE:
        assert b"GPS" in said


@pytest.mark.parametrize("name", [*FILES, *MADE])
def test_nothing_that_the_camera_said_is_in_what_is_made_of_it(name):
    clean = clean_picture(photo(name)).content
    assert camera.segments(clean) <= PICTURE
    assert [word for word in said_in(name) if word in clean] == []
    with opened(clean) as image:
        assert not image.getexif()
        assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                     "progressive", "progression"}  # fmt: skip
        assert getattr(image, "n_frames", 1) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*FILES, *MADE])
def test_nothing_that_the_camera_said_is_stored_or_sent(client, town, settings, tmp_path, name):
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    upload = io.BytesIO(photo(name))
    kept = actions.add_photo(town.members["SGZ-M001"], upload, by=town.editor(CODE))
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    client.force_login(town.editor(CODE))
    sent = [client.get(row.url) for row in kept.stored_renditions().values()]
    assert stored
    assert {answer.status_code for answer in sent} == {200}
    for content in (*stored, *(answer.getvalue() for answer in sent)):
        assert camera.segments(content) <= PICTURE
        assert [word for word in said_in(name) if word in content] == []

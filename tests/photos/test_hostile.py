"""Hostile files and file names: taken safely, or refused with the reason in the user's language."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import translation
from PIL import Image

from pledge_pages.models import MemberPhoto
from pledge_pages.photos.cleaning import CleanPhoto, clean_photo
from tests.office.test_editing import form_of, url

from . import camera, pictures
from .conftest import CODE

SCRIPT = b"<script>SECRET()</script>"
# What the largest picture that is taken may need, in megabytes; the docs say so, too.
MEMORY = 550


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def clean(content: bytes) -> CleanPhoto:
    return clean_photo(io.BytesIO(content))


def refusal(content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        clean(content)
    return caught.value


def image() -> Image.Image:
    return pictures.picture(400, 500)


# Polyglots ---------------------------------------------------------------------------------


def comment(content: bytes, words: bytes) -> bytes:
    """Return a JPEG with ``words`` in a comment right at its beginning."""
    return content[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + content[2:]


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(content: bytes, kind: bytes, data: bytes) -> bytes:
    """Return a PNG with another part behind its head."""
    return content[:33] + chunk(kind, data) + content[33:]


def polyglots() -> dict[str, bytes]:
    jpeg, png = pictures.saved(image()), pictures.saved(image(), "PNG")
    webp = pictures.saved(image(), "WEBP")
    riff = b"XTRA" + struct.pack("<I", 26) + SCRIPT + b"\x00"
    boxes = struct.pack(">I", 8 + len(SCRIPT)) + b"free" + SCRIPT
    return {
        "a web page in a comment": comment(jpeg, b"--><html>" + SCRIPT),
        "a script in a comment": comment(jpeg, b"*/=SECRET;/*"),
        "a web page after the end": jpeg + SCRIPT,
        "an archive after the end": jpeg + b"PK\x03\x04SECRET" + bytes(30) + b"PK\x05\x06",
        "a document in a comment": comment(jpeg, b"%PDF-1.7 SECRET endobj"),
        "a script in a part of a png": with_chunk(png, b"seCr", SCRIPT),
        "an archive after a png": png + b"PK\x03\x04SECRET",
        "a script in a part of a webp": (
            webp[:4] + struct.pack("<I", len(webp) - 8 + len(riff)) + webp[8:] + riff
        ),
        "a script in a part of an avif": pictures.saved(image(), "AVIF") + boxes,
        "a script in a part of a heic": pictures.heic() + boxes,
    }  # fmt: skip


@pytest.mark.parametrize("what", polyglots())
def test_what_is_hidden_in_a_picture_is_left_behind(what):
    content = polyglots()[what]
    assert b"SECRET" in content
    photo = clean(content)
    assert (photo.width, photo.height) == (400, 500)
    assert camera.planted_in(photo.content) == []
    camera.segments(photo.content)


@pytest.mark.parametrize(
    "front",
    [b"<html>" + SCRIPT, b"PK\x03\x04", b"%PDF-1.7\n", b"GIF89a/*", b"\xef\xbb\xbf <!DOCTYPE html>",
     b"<?xml version='1.0'?><svg/>", b"\x00", b"#!/bin/sh\n"],
)  # fmt: skip
def test_a_picture_behind_something_else_is_that_something_else(front):
    assert refusal(front + pictures.saved(image())).code == "wrong_type"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_extension_says_nothing(kind):
    for name in ("a.svg", "a.html", "a.jpg.exe", "a"):
        file = io.BytesIO(pictures.saved(image(), kind))
        file.name = name
        assert clean_photo(file).content.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "GIF"), ("zh-hans", "GIF 图片")], ids=["en", "zh-hans"]
)
def test_a_moving_gif_is_refused_in_the_user_s_language(language, words):
    content = pictures.saved(image(), "GIF", save_all=True, append_images=[image().rotate(180)])
    with translation.override(language):
        assert words in refusal(content).messages[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind):
    other = Image.new("RGB", (400, 500), "green")
    content = pictures.saved(image(), kind, save_all=True, append_images=[other] * 20)
    with Image.open(io.BytesIO(clean(content).content)) as kept:
        assert getattr(kept, "n_frames", 1) == 1
        assert kept.getpixel((40, 40))[0] > 180


def test_a_palette_with_transparency_becomes_white_there():
    content = pictures.saved(image().quantize(8), "PNG", transparency=b"\x00" * 8)
    with Image.open(io.BytesIO(clean(content).content)) as kept:
        assert min(kept.getpixel((200, 250))) > 250


def test_sixteen_bits_for_each_colour_are_taken():
    row = b"\x00" + struct.pack(">HHH", 60000, 8000, 8000) * 300
    header = struct.pack(">IIBBBBB", 300, 300, 16, 2, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * 300)) + chunk(b"IEND", b"")
    )  # fmt: skip
    with Image.open(io.BytesIO(clean(content).content)) as kept:
        red, green, _blue = kept.getpixel((150, 150))
        assert red > 200 > 80 > green


# Bombs -------------------------------------------------------------------------------------


def claiming(kind: str, width: int, height: int) -> bytes:
    """Return a small picture whose header claims another size."""
    if kind == "png":
        return pictures.png_claiming(width, height)
    if kind == "jpeg":
        content = bytearray(pictures.saved(image()))
        at = content.index(b"\xff\xc0") + 5
        content[at : at + 4] = struct.pack(">HH", height, width)
        return bytes(content)
    if kind == "webp":
        content = bytearray(pictures.saved(image(), "WEBP", exif=b"Exif\x00\x00II*\x00"))
        at = content.index(b"VP8X") + 12
        content[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(
            3, "little"
        )
        return bytes(content)
    content = bytearray(pictures.saved(image(), "AVIF") if kind == "avif" else pictures.heic())
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", width, height)
    return bytes(content)


@pytest.mark.parametrize("kind", camera.FORMATS)
def test_a_hundred_megapixels_are_refused_by_the_header_alone(kind):
    # Some decoders compare what the header claims with the rest, and find the file damaged.
    error = refusal(claiming(kind, 10_000, 10_000))
    assert error.code in ("too_many_pixels", "damaged")
    if kind in ("jpeg", "png"):
        assert error.code == "too_many_pixels"
        assert "at most 40 million" in error.messages[0]


def test_a_webp_may_have_half_as_many_pixels(settings):
    settings.PLEDGE_PAGES_MAX_PHOTO_PIXELS = 2 * 400 * 500 - 2
    assert refusal(pictures.saved(image(), "WEBP")).code == "too_many_pixels"
    assert clean(pictures.saved(image(), "PNG")).width == 400


def squeezed(kind: bytes) -> bytes:
    """Return a PNG with a part of a few kilobytes that unpacks to 200 megabytes."""
    packed = zlib.compress(bytes(200 * 1024 * 1024), 9)
    head = {b"zTXt": b"Comment\x00\x00", b"iCCP": b"profile\x00\x00",
            b"iTXt": b"Title\x00\x01\x00zh\x00\x00"}[kind]  # fmt: skip
    return with_chunk(pictures.saved(image(), "PNG"), kind, head + packed)


BOUNDED = """
import io, resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from django.core.exceptions import ValidationError
from pledge_pages.photos.cleaning import clean_photo
clean_photo(open(sys.argv[2], "rb"))  # what the decoders need at all
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    clean_photo(open(sys.argv[1], "rb"))
    said = "taken"
except ValidationError as error:
    said = error.code
print(said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def megabytes(content: bytes, tmp_path: Path) -> tuple[str, int]:
    """Return what becomes of the picture, and how much memory that took."""
    paths = [tmp_path / "large", tmp_path / "small"]
    paths[0].write_bytes(content)
    paths[1].write_bytes(pictures.saved(image()))
    run = subprocess.run(
        [sys.executable, "-c", BOUNDED, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said, used = run.stdout.split()
    return said, int(used)


@pytest.mark.once
@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
def test_a_squeezed_part_is_not_unpacked(kind, tmp_path):
    said, used = megabytes(squeezed(kind), tmp_path)
    assert said in ("taken", "damaged")
    assert used < 60


@pytest.mark.once
def test_a_real_picture_of_a_hundred_megapixels_is_refused_unread(tmp_path):
    content = pictures.saved(Image.new("L", (10_000, 10_000), 99), quality=10)
    said, used = megabytes(content, tmp_path)
    assert said == "too_many_pixels"
    assert used < 20


LARGEST = {
    "progressive jpeg": ("RGB", (7300, 5400), "JPEG", {"quality": 30, "progressive": True}),
    "cmyk jpeg": ("CMYK", (7300, 5400), "JPEG", {"quality": 30}),
    "16-bit png": ("I;16", (7300, 5400), "PNG", {"compress_level": 1}),
    "webp": ("RGBA", (5000, 3990), "WEBP", {"method": 0}),
    "avif": ("RGB", (7300, 5400), "AVIF", {"speed": 10, "quality": 30}),
    "heic": ("RGB", (7300, 5400), "HEIF", {"quality": 30, "enc_params": {"preset": "ultrafast"}}),
}


@pytest.mark.once
@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_pictures_need_no_more_memory_than_the_docs_say(kind, tmp_path):
    mode, size, file_format, options = LARGEST[kind]
    if file_format == "HEIF":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    content = pictures.saved(Image.new(mode, size), file_format, **options)
    said, used = megabytes(content, tmp_path)
    assert said == "taken"
    assert used < MEMORY


def test_the_docs_say_how_much_memory_an_upload_needs():
    text = Path("docs/how-to/install.md").read_text(encoding="utf-8")
    assert f"{MEMORY} MB" in text


# File names --------------------------------------------------------------------------------

NAMES = {
    "path": b"../../../../etc/passwd.jpg",
    "windows path": b"..\\..\\boot.jpg",
    "absolute": b"/tmp/SECRET.jpg",
    "nul": b"a\x00.php.jpg",
    "right to left": "SECRET\u202egpj.exe".encode(),
    "long": b"SECRET" * 50 + b".jpg",
    "script": b"<img src=x onerror=SECRET>.jpg",
    "name of a person": "史长顺SECRET.jpg".encode(),
    "line break": b"a%0d%0aSet-Cookie: SECRET=1.jpg",
    "dots": b"....jpg",
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", NAMES)
def test_no_file_name_gets_anywhere(client, town, settings, tmp_path, what):
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private" / "files"
    client.force_login(town.editor(CODE))
    page = town.pages["SGZ-M001", "zh-hans"]
    file = io.BytesIO(pictures.saved(image()))
    file.name = "placeholder.jpg"
    body = encode_multipart(BOUNDARY, form_of(client, page) | {"new_photo": file})
    body = body.replace(b'filename="placeholder.jpg"', b'filename="%s"' % NAMES[what])
    answer = client.generic("POST", url("edit", page.pk), body, MULTIPART_CONTENT)
    assert answer.status_code == 302
    photo = MemberPhoto.objects.get()
    stored = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(stored) == 4
    for path in stored:
        assert path.relative_to(tmp_path / "private" / "files").parts[0] in ("photos", "renditions")
        assert path.suffix == ".jpg"
        assert len(path.name) == 36
    kept = str(MemberPhoto.objects.filter(pk=photo.pk).values().get())
    for secret in ("SECRET", "passwd", "史长顺", "boot", "php"):
        assert secret not in kept

"""What comes out of cleaning: pixels and nothing else, or a refusal that says why."""

import io
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageCms

from pledge_pages.photos.cleaning import CleanPhoto, clean_photo

from . import pictures

pytestmark = pytest.mark.once


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


def opened(photo: CleanPhoto) -> Image.Image:
    image = Image.open(io.BytesIO(photo.content))
    image.load()
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert image.size == (photo.width, photo.height)
    return image


def is_red(colour) -> bool:
    return colour[0] > 180 and colour[2] < 80


@cache
def accepted() -> dict[str, bytes]:
    image = pictures.picture(400, 500)
    other = pictures.picture(400, 500).transpose(Image.Transpose.ROTATE_180)
    frames = {"save_all": True, "append_images": [other]}
    return {
        "jpeg": pictures.saved(image, exif=pictures.exif()),
        "jpeg of two pictures": pictures.saved(image, "MPO", **frames),
        "cmyk jpeg": pictures.saved(image.convert("CMYK")),
        "grey jpeg": pictures.saved(image.convert("L")),
        "png": pictures.saved(image, "PNG", exif=pictures.exif()),
        "palette png": pictures.saved(image.quantize(16), "PNG"),
        "png of one bit": pictures.saved(image.convert("1"), "PNG"),
        "png with alpha": pictures.saved(image.convert("RGBA"), "PNG"),
        "grey png with alpha": pictures.saved(image.convert("LA"), "PNG"),
        "animated png": pictures.saved(image, "PNG", **frames),
        "webp": pictures.saved(image, "WEBP", exif=pictures.exif().tobytes()),
        "animated webp": pictures.saved(image, "WEBP", **frames),
        "avif": pictures.saved(image, "AVIF", exif=pictures.exif()),
        "heic": pictures.heic(exif=pictures.exif().tobytes()),
    }


KINDS = [
    "jpeg", "jpeg of two pictures", "cmyk jpeg", "grey jpeg", "png", "palette png",
    "png of one bit", "png with alpha", "grey png with alpha", "animated png", "webp",
    "animated webp", "avif", "heic",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_usual_format_becomes_a_bare_jpeg(kind):
    content = accepted()[kind]
    photo = clean(content)
    image = opened(photo)
    assert (photo.width, photo.height) == (400, 500)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                               "progressive", "progression"}  # fmt: skip
    corner, middle = image.getpixel((40, 40)), image.getpixel((380, 480))
    grey = "grey" in kind or "one bit" in kind
    assert grey or (is_red(corner) and not is_red(middle)), (corner, middle)


def test_nothing_of_the_original_survives():
    dirty = pictures.jpeg() + b"<script>SECRET trailer</script>PK\x03\x04SECRET"
    assert dirty.count(pictures.SECRET) >= 5
    assert pictures.SECRET not in clean(dirty).content
    assert b"<script" not in clean(dirty).content


@pytest.mark.parametrize("orientation", range(2, 9))
def test_sideways_photos_are_turned_upright(orientation):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    lying = pictures.picture(400, 600).transpose(turns[orientation])
    image = opened(clean(pictures.saved(lying, exif=pictures.exif(orientation))))
    assert image.size == (400, 600)
    assert is_red(image.getpixel((40, 40)))
    assert not is_red(image.getpixel((360, 40)))
    assert not is_red(image.getpixel((40, 560)))


def test_a_sideways_heic_is_turned_once():
    from pillow_heif import register_heif_opener

    register_heif_opener()
    lying = pictures.picture(400, 600).transpose(Image.Transpose.ROTATE_90)
    content = pictures.saved(lying, "HEIF", exif=pictures.exif(6).tobytes())
    image = opened(clean(content))
    assert image.size == (400, 600)
    assert is_red(image.getpixel((40, 40)))


def test_damaged_exif_does_not_stop_a_good_photo():
    content = pictures.saved(pictures.picture(400, 500), exif=b"Exif\x00\x00II*\x00\xff\xff\xff")
    assert opened(clean(content)).size == (400, 500)


def test_large_photos_are_scaled_to_2000_pixels():
    photo = clean(pictures.saved(pictures.picture(3000, 4000), quality=60))
    assert (photo.width, photo.height) == (1500, 2000)


def test_colours_of_another_profile_become_srgb():
    wide = Image.new("RGB", (400, 500), (0, 200, 0))
    swapped = _profile_with_swapped_primaries()
    image = opened(clean(pictures.saved(wide, "PNG", icc_profile=swapped)))
    red, green, _blue = image.getpixel((200, 250))
    assert red > green


def test_a_broken_profile_is_ignored():
    content = pictures.saved(pictures.picture(400, 500), "PNG", icc_profile=b"no profile at all")
    assert is_red(opened(clean(content)).getpixel((40, 40)))


def test_transparent_parts_become_white():
    image = Image.new("RGBA", (400, 500), (0, 0, 0, 0))
    assert min(opened(clean(pictures.saved(image, "PNG"))).getpixel((200, 250))) > 250
    keyed = Image.new("RGB", (400, 500), (0, 0, 0))
    content = pictures.saved(keyed, "PNG", transparency=(0, 0, 0))
    assert min(opened(clean(content)).getpixel((200, 250))) > 250


def test_sixteen_bits_are_not_cut_to_white():
    middle = Image.new("I;16", (300, 300), 65535 // 2)
    assert 120 < opened(clean(pictures.saved(middle, "PNG"))).getpixel((150, 150))[0] < 135


def test_the_name_and_the_claimed_type_do_not_matter():
    content = pictures.saved(pictures.picture(400, 500), "WEBP")
    upload = SimpleUploadedFile("holiday.svg", content, content_type="image/svg+xml")
    assert clean_photo(upload).width == 400
    text = SimpleUploadedFile("photo.jpg", b"just words", content_type="image/jpeg")
    with pytest.raises(ValidationError):
        clean_photo(text)


def test_a_file_that_was_read_before_is_read_from_its_beginning():
    file = io.BytesIO(pictures.jpeg())
    file.read()
    assert clean_photo(file).width == 800


SVG = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>"""


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "empty"),
        (b"just words", "wrong_type", "kind"),
        (SVG, "wrong_type", "SVG"),
        (b"  <svg width='1'/>", "wrong_type", "SVG"),
        (b"<!DOCTYPE html><img>", "wrong_type", "web page"),
        (b"GIF89a" + bytes(40), "wrong_type", "GIF"),
        (b"PK\x03\x04" + bytes(40), "wrong_type", "archive"),
        (b"%PDF-1.7 \xff\xd8\xff\xe0", "wrong_type", "PDF"),
        (b"\xff\xd8\xff", "damaged", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged", "damaged"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "damaged", "damaged"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1", "damaged", "damaged"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1", "damaged", "damaged"),
    ],
)
def test_other_files_are_refused_with_the_reason(content, code, words):
    error = refusal(content)
    assert error.code == code
    assert words in error.messages[0]


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "heic"])
def test_half_a_file_is_refused(kind):
    content = accepted()[kind]
    assert refusal(content[: len(content) // 2]).code == "damaged"


@pytest.mark.parametrize(
    "size", [(100, 300), (300, 199), (1, 1), (210, 5000)], ids=["narrow", "low", "dot", "strip"]
)
def test_pictures_that_are_too_small_are_refused(size):
    assert refusal(pictures.saved(Image.new("RGB", size), "PNG")).code == "too_small"


@pytest.mark.parametrize("side", [6400, 13_000, 50_000])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    assert refusal(pictures.png_claiming(side, side)).code == "too_many_pixels"


def test_the_limit_of_pixels_is_a_setting(settings):
    settings.PLEDGE_PAGES_MAX_PHOTO_PIXELS = 400 * 500 - 1
    assert refusal(pictures.saved(pictures.picture(400, 500))).code == "too_many_pixels"


def test_no_more_is_read_than_the_largest_upload(settings):
    settings.PLEDGE_PAGES_MAX_UPLOAD_BYTES = 1000

    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size=-1):
            assert 0 < size <= 1001
            self.read_bytes += size
            return b"\xff" * size

        def seek(self, *args):
            return 0

    file = Endless()
    with pytest.raises(ValidationError) as caught:
        clean_photo(file)
    assert caught.value.code == "too_large"
    assert file.read_bytes <= 1001


DAMAGE = """
import io, random, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from django.core.exceptions import ValidationError
from pledge_pages.photos.cleaning import clean_photo
with open(sys.argv[1], "rb") as file:
    good = file.read()
for seed in range(400):
    dice, content = random.Random(seed), bytearray(good)
    for _change in range(dice.choice([1, 2, 5, 20])):
        content[dice.randrange(min(len(content), dice.choice([64, 600, 10**6])))] = dice.randrange(256)
    if dice.random() < 0.3:
        at = dice.randrange(len(content))
        del content[at : at + dice.randrange(1, 40)]
    try:
        clean_photo(io.BytesIO(bytes(content)))
    except ValidationError:
        pass
"""


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "heic"])
def test_no_damage_stops_the_program(kind, tmp_path):
    path = tmp_path / "good"
    path.write_bytes(accepted()[kind])
    # On its own: a decoder that crashes takes everything with it.
    run = subprocess.run([sys.executable, "-c", DAMAGE, str(path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


MEMORY = """
import io, resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from pledge_pages.photos.cleaning import clean_photo
with open(sys.argv[1], "rb") as file:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clean_photo(file)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(("kind", "most"), [("JPEG", 150), ("PNG", 450)])
def test_the_largest_picture_needs_bounded_memory(kind, most, tmp_path):
    path = tmp_path / "large"
    options = {"quality": 40} if kind == "JPEG" else {"compress_level": 1}
    mode = "RGB" if kind == "JPEG" else "RGBA"
    path.write_bytes(pictures.saved(Image.new(mode, (7300, 5400), "teal"), kind, **options))
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < most


def _profile_with_swapped_primaries() -> bytes:
    """An RGB profile that means red where it says green."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    at = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 136 + 12 * i for i in range(count)}
    red, green = at[b"rXYZ"], at[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = (
        profile[green : green + 8],
        profile[red : red + 8],
    )
    return bytes(profile)

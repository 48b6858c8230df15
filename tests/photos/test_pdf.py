"""What is left of a PDF: its pages as a reader sees them, and nothing else."""

import io
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from pledge_pages.photos import pdf
from pledge_pages.photos.pdf import clean_pdf, without_metadata

from . import pictures

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refusal(content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        clean_pdf(content)
    return caught.value


def everything_in(content: bytes) -> bytes:
    """The file with its streams unpacked."""
    reader = PdfReader(io.BytesIO(content))
    parts = [content]
    for number in range(1, reader.trailer["/Size"]):
        item = reader.get_object(number)
        parts.append(repr(item).encode())
        if hasattr(item, "_data"):
            parts.append(item._data)
    return b"\n".join(parts)


def test_author_script_attachment_and_positions_are_gone():
    dirty = pictures.pdf()
    assert everything_in(dirty).count(pictures.SECRET) > 8
    clean = everything_in(clean_pdf(dirty))
    assert pictures.SECRET not in clean
    for word in (b"JavaScript", b"OpenAction", b"EmbeddedFile", b"Metadata", b"Producer", b"Exif"):
        assert word not in clean


def test_the_pages_still_show_what_they_showed():
    reader = PdfReader(io.BytesIO(clean_pdf(pictures.pdf(pages=3))))
    assert len(reader.pages) == 3
    before = PdfReader(io.BytesIO(pictures.pdf(pages=3))).pages[0].images[0].image
    for page in reader.pages:
        assert page.mediabox.width == 300
        assert page.images[0].image.tobytes() == before.tobytes()
        assert b"/A Do" in page.get_contents().get_data()
        [note] = [reference.get_object() for reference in page["/Annots"]]
        assert note["/AP"]["/N"].get_data().startswith(b"1 0 0 rg")
    assert reader.metadata is None


def test_a_size_given_for_all_pages_at_once_is_kept():
    reader = PdfReader(io.BytesIO(clean_pdf(_with_inherited_size())))
    assert tuple(reader.pages[0].mediabox) == (0, 0, 123, 456)


def test_photos_lose_their_notes_but_not_a_pixel():
    content = pictures.jpeg(300, 300)
    bare = without_metadata(content)
    assert pictures.SECRET not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize(
    "broken", [b"", b"no jpeg", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8\xff"]
)
def test_a_broken_photo_inside_does_no_harm(broken):
    assert isinstance(without_metadata(broken), bytes)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"%PDF-1.7\n" + b"\x00" * 4000, b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF"],
    ids=["head only", "zeros", "no pages"],
)
def test_a_damaged_pdf_is_refused(content):
    error = refusal(content)
    assert error.code in ("damaged", "pages")
    assert "PDF" in error.messages[0]


def test_half_a_pdf_is_refused_or_clean():
    content = pictures.pdf()
    try:
        clean = clean_pdf(content[: len(content) // 2])
    except ValidationError:
        return
    assert pictures.SECRET not in everything_in(clean)


def test_a_locked_pdf_is_refused():
    error = refusal(pictures.pdf(password="open sesame"))
    assert error.code == "locked"
    assert "password" in error.messages[0]


def test_a_book_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 3)
    assert refusal(pictures.pdf(pages=4)).code == "pages"


def test_a_pdf_of_endless_parts_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_OBJECTS", 5)
    assert refusal(pictures.pdf()).code == "damaged"


def _with_inherited_size() -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 123 456]>>",
        b"<</Type/Page/Parent 2 0 R>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body + b"xref\n0 4\n0000000000 65535 f \n" + table
        + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    )  # fmt: skip

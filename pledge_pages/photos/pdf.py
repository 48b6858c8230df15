"""Strips a PDF of what is not on its pages: author, history, scripts, attachments, positions.

What a reader sees on the page stays as it is; names written there are for a person to check.
"""

import io
import logging
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from .cleaning import refuse

# Its warnings quote the file, and private files do not belong in a log.
logging.getLogger("pypdf").setLevel(logging.ERROR)

MAX_PAGES = 100
# More objects than a scanned or typed record of that many pages can have.
MAX_OBJECTS = 100_000

PAGE_KEYS = {
    "/Type",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Contents",
    "/Rotate",
    "/Group",
    "/UserUnit",
    "/Annots",
}
# How a note or form field looks; not who wrote it, when, or what a click on it does.
ANNOTATION_KEYS = {"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F"}
VISIBLE_ANNOTATIONS = {
    "/Widget",
    "/FreeText",
    "/Line",
    "/Square",
    "/Circle",
    "/Polygon",
    "/PolyLine",
    "/Highlight",
    "/Underline",
    "/Squiggly",
    "/StrikeOut",
    "/Stamp",
    "/Ink",
}
HIDDEN_KEYS = ("/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/AF")


def clean_pdf(content: bytes) -> bytes:
    """Return ``content`` with its pages and nothing else that can be left out.

    Gone are the information dictionary, XMP, scripts and actions, attachments, outlines, the
    authors of notes, and EXIF in embedded photos. Raises ValidationError if the file is damaged,
    locked by a password, or has more than 100 pages.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise refuse(_("The PDF is locked. Save it without a password."), "locked")
        if not 0 < len(reader.pages) <= MAX_PAGES:
            raise refuse(_("The PDF needs 1 to %(max)d pages."), "pages", max=MAX_PAGES)
        return _write(reader)
    except ValidationError:
        raise
    except Exception as error:
        # Parsers raise almost anything on hostile input; whatever it was, the file is refused.
        raise refuse(_("The PDF cannot be read: the file is damaged."), "damaged") from error


def _write(reader: PdfReader) -> bytes:
    for page in reader.pages:
        # A box or resource may be inherited from above the page, which is not copied.
        for key in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
            inherited = _inherited(page, key)
            if inherited is not None:
                page[NameObject(key)] = inherited
        _trim_page(page)
    for item in _objects(reader):
        _trim(item)
    # Only the pages are copied, so what hangs on the document (scripts, XMP, files) stays behind.
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _inherited(page: DictionaryObject, key: str) -> PdfObject | None:
    node: DictionaryObject | None = page
    for _level in range(50):
        if node is None or key in node:
            break
        parent = node.get("/Parent")
        node = parent.get_object() if parent is not None else None
    return node.raw_get(key) if node is not None and key in node else None


def _trim_page(page: DictionaryObject) -> None:
    for key in set(page) - PAGE_KEYS - {"/Parent"}:
        del page[key]
    if "/Annots" not in page:
        return
    kept = ArrayObject()
    for reference in page["/Annots"].get_object():
        annotation = reference.get_object()
        if annotation.get("/Subtype") in VISIBLE_ANNOTATIONS and "/AP" in annotation:
            kept.append(
                DictionaryObject(
                    {
                        NameObject(key): annotation.raw_get(key)
                        for key in annotation
                        if key in ANNOTATION_KEYS
                    }
                )
            )
    page[NameObject("/Annots")] = kept


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary that can be reached from the pages, each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[PdfObject] = list(reader.pages)
    count = 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        count += 1
        if count > MAX_OBJECTS:
            raise PdfReadError("too many objects")
        if isinstance(item, DictionaryObject):
            yield item
            waiting.extend(item.raw_get(key) for key in item if key != "/Parent")
        elif isinstance(item, ArrayObject):
            waiting.extend(item)


def _trim(item: DictionaryObject) -> None:
    # Other dictionaries may be tables of resources, whose keys are names of things in use.
    if isinstance(item, StreamObject) or "/Type" in item:
        for key in HIDDEN_KEYS:
            if key in item:
                del item[key]
    if isinstance(item, StreamObject) and item.get("/Subtype") == "/Image":
        filters = item.get("/Filter")
        names = list(filters) if isinstance(filters, ArrayObject) else [filters]
        if names == ["/DCTDecode"]:
            # Public pypdf calls would decode and encode the picture; the bytes are wanted.
            item._data = without_metadata(item._data)


def without_metadata(jpeg: bytes) -> bytes:
    """Return a JPEG without its EXIF, XMP, IPTC and comment segments; the pixels are untouched."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xDA:
            break
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        # Application segments but JFIF (0), colour profile (2) and Adobe's transform (14).
        application = 0xE0 <= marker <= 0xEF and marker not in (0xE0, 0xE2, 0xEE)
        if not application and marker != 0xFE:
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])

"""Reads a PDF back: its words, its fonts, its pictures, its codes."""

import io
import re
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from pledge_pages.posters import drawing

MILLIMETRES_PER_POINT = 25.4 / 72


def words_of(pdf: bytes) -> str:
    """Return all the text of a PDF without spaces and line ends."""
    return "".join(page_words(pdf))


def page_words(pdf: bytes) -> list[str]:
    """Return the text of each page without spaces, line ends and places to break a word at."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in pages]


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    """Return width and height of the pages in millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return {
        (round(float(box.width) * MILLIMETRES_PER_POINT, 1), round(float(box.height) * MILLIMETRES_PER_POINT, 1))
        for box in boxes
    }  # fmt: skip


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Return the name of each font, and whether it is embedded in the file."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for reference in page["/Resources"].get("/Font", {}).values():
            font = reference.get_object()
            inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[font["/BaseFont"]] = any(f"/FontFile{kind}" in inner for kind in ("", "2", "3"))
    return found


def pictures_of(pdf: bytes) -> list[Image.Image]:
    """Return the pictures in a PDF, decoded."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [image.image for page in pages for image in page.images]


def code_on(sheet) -> list[str]:
    """Return what the codes on the first sheet say, read from its picture."""
    with Image.open(io.BytesIO(drawing.picture(sheet))) as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


@dataclass(frozen=True)
class Box:
    """One sign on a page, and the rectangle that it fills, in points from the lower left."""

    sign: str
    left: float
    bottom: float
    right: float
    top: float

    def within(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Return whether it lies inside of these, but for a hair."""
        return (
            self.left >= left - 1
            and self.bottom >= bottom - 1
            and self.right <= right + 1
            and self.top <= top + 1
        )

    def covers(self, other: "Box") -> bool:
        """Return whether it covers so much of another one that neither can be read.

        Letters that share a form, as in a ligature, have the same rectangle.
        """
        if (self.left, self.bottom, self.right) == (other.left, other.bottom, other.right):
            return False
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        if wide <= 0 or high <= 0:
            return False
        areas = ((box.right - box.left) * (box.top - box.bottom) for box in (self, other))
        return wide * high > 0.3 * min(areas)


def boxes_of(pdf: bytes) -> list[list[Box]]:
    """Return every sign on each page that can be seen, also what is cut off."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_boxes_on(page) for page in document]


def _boxes_on(page: pypdfium2.PdfPage) -> list[Box]:
    text = page.get_textpage()
    signs = text.get_text_range()
    boxes = [Box(sign, *text.get_charbox(number)) for number, sign in enumerate(signs)]
    return [box for box in boxes if box.sign.isprintable() and not box.sign.isspace()]


def codes_on_sheets(pdf: bytes) -> list[list[str]]:
    """Return what the codes on each sheet say, read from a picture of it."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=3).to_pil().convert("L") for page in document]
    return [[found.text for found in zxingcpp.read_barcodes(picture)] for picture in pictures]


# Signs are compared with their neighbours in strips as high as that, in points.
BAND = 4


def overprinted(boxes: list[Box]) -> list[str]:
    """Return the signs that lie on each other."""
    lines: dict[int, list[Box]] = {}
    for box in boxes:
        for line in range(int(box.bottom // BAND), int(box.top // BAND) + 1):
            lines.setdefault(line, []).append(box)
    return [
        f"{box.sign} on {other.sign} at {box.left:.0f}, {box.bottom:.0f}"
        for line in lines.values()
        for box, other in pairwise(sorted(line, key=lambda box: box.left))
        if box.covers(other)
    ]


def beyond_the_paper(pdf: bytes) -> list[str]:
    """Return the signs that do not lie on their page with all they are."""
    sizes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [
        f"{box.sign} at {box.left:.0f}, {box.bottom:.0f}"
        for size, boxes in zip(sizes, boxes_of(pdf), strict=True)
        for box in boxes
        if not box.within(0, 0, float(size.width), float(size.height))
    ]

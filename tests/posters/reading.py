"""Reads a PDF back: its words, its fonts, its pictures, its codes."""

import io
import re

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from pledge_pages.posters import drawing

MILLIMETRES_PER_POINT = 25.4 / 72


def words_of(pdf: bytes) -> str:
    """Return all the text of a PDF without spaces and line ends."""
    return "".join(page_words(pdf))


def page_words(pdf: bytes) -> list[str]:
    """Return the text of each page without spaces and line ends."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in pages]


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


def beyond_the_paper(pdf: bytes) -> list[str]:
    """Return the texts that begin outside of their page."""
    outside: list[str] = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)

        def look(text, cm, tm, font, size, width=width, height=height):
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            if text.strip() and not (0 <= x <= width and 0 <= y <= height):
                outside.append(f"{text.strip()} at {x:.0f}, {y:.0f}")

        page.extract_text(visitor_text=look)
    return outside

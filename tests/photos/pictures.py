"""Builds the files that people send: real ones, broken ones and hostile ones."""

import io
import struct
import zlib

from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

SECRET = b"SECRET"
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def picture(width: int = 800, height: int = 1000, mode: str = "RGB") -> Image.Image:
    """A picture whose upper left quarter is red and whose rest is blue."""
    image = Image.new("RGB", (width, height), (20, 30, 200))
    ImageDraw.Draw(image).rectangle([0, 0, width // 2, height // 2], fill=(220, 20, 20))
    return image.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a camera's name, a position and an orientation."""
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[MAKE] = "SECRET camera"
    data[GPS] = {1: "N", 2: (31.0, 14.0, 2.0), 3: "E", 4: (121.0, 28.0, 9.0), 29: "SECRET place"}
    return data


def saved(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    """The bytes of ``image`` in the format ``kind``."""
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def jpeg(width: int = 800, height: int = 1000) -> bytes:
    """A photo as a telephone writes it, full of what must not survive."""
    return saved(picture(width, height), exif=exif(), comment=b"SECRET comment", quality=80)


def heic(**options) -> bytes:
    """A photo in the format of newer telephones."""
    from pillow_heif import from_pillow

    output = io.BytesIO()
    from_pillow(picture(400, 500)).save(output, quality=80, **options)
    return output.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


def _names(**values: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in values.items()}
    )


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A scan as a telephone makes it: a photo with EXIF, an author, XMP, a script, a file."""
    writer = PdfWriter()
    metadata = DecodedStreamObject()
    metadata.set_data(b"<x:xmpmeta>SECRET xmp</x:xmpmeta>")
    metadata.update(_names(Type="Metadata", Subtype="XML"))
    photo = StreamObject()
    photo._data = jpeg(300, 300)
    photo.update(
        _names(Type="XObject", Subtype="Image", ColorSpace="DeviceRGB", Filter="DCTDecode")
    )
    for key, value in (("/Width", 300), ("/Height", 300), ("/BitsPerComponent", 8)):
        photo[NameObject(key)] = NumberObject(value)
    photo[NameObject("/Metadata")] = writer._add_object(metadata)
    reference = writer._add_object(photo)
    for _page in range(pages):
        page = writer.add_blank_page(300, 300)
        content = DecodedStreamObject()
        content.set_data(b"q 200 0 0 200 50 50 cm /A Do Q")
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/A"): reference})}
        )
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(_note(writer))])
    writer.add_metadata({"/Author": "SECRET author", "/Title": "SECRET title"})
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('SECRET script')"),
        }
    )
    writer.root_object[NameObject("/Metadata")] = writer._add_object(metadata)
    writer.add_attachment("SECRET.txt", b"SECRET attachment")
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _note(writer: PdfWriter) -> DictionaryObject:
    """A stamp that somebody put on the page, with their name."""
    look = DecodedStreamObject()
    look.set_data(b"1 0 0 rg 0 0 40 40 re f")
    look.update(_names(Type="XObject", Subtype="Form"))
    look[NameObject("/BBox")] = ArrayObject([FloatObject(value) for value in (0, 0, 40, 40)])
    note = _names(Type="Annot", Subtype="Stamp")
    note[NameObject("/Rect")] = ArrayObject([FloatObject(value) for value in (10, 10, 50, 50)])
    note[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(look)})
    note[NameObject("/T")] = TextStringObject("SECRET reviewer")
    return note

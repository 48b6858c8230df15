"""Writes pictures as cameras and picture editors do: with everything that must not survive."""

import io
import struct

from PIL import Image, PngImagePlugin

from . import pictures

# What is planted, and looked for in every byte that is stored or sent.
PLANTED = (
    b"SECRET", "SECRET".encode("utf-16-le"), "SECRET".encode("utf-16-be"),
    # 31° 14' 2.5" N as EXIF writes it, in both byte orders.
    struct.pack("<6I", 31, 1, 14, 1, 25, 10), struct.pack(">6I", 31, 1, 14, 1, 25, 10),
    b"http://ns.adobe.com", b"W5M0MpCehiHzreSzNTczkc9d", b"8BIM", b"Photoshop", b"Exif", b"xpacket",
    b"GPSLatitude", b"Nikon", b"ftypheic", b"<script", b"%PDF", b"PK\x03\x04",
)  # fmt: skip
XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:exif="http://ns.adobe.com/exif/1.0/">'
    b"<exif:GPSLatitude>31,14.04N</exif:GPSLatitude><dc:creator>SECRET person</dc:creator>"
    b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
FORMATS = ("jpeg", "png", "webp", "avif", "heic")


def tiff(order: str = "<") -> bytes:
    """EXIF as a camera writes it: owner, GPS, maker note, user comment, a thumbnail of its own."""
    thumbnail = pictures.saved(pictures.picture(160, 120), comment=b"SECRET thumbnail")
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    blocks: list[bytes] = []
    at = 8 + 3 * (2 + 8 * 12 + 4) + 14  # four directories of eight entries at most

    def kept(data: bytes) -> int:
        nonlocal at
        here = at
        blocks.append(data + b"\x00" * (len(data) % 2))
        at += len(blocks[-1])
        return here

    def text(tag: int, value: bytes, kind: int = 2) -> tuple:
        return tag, kind, len(value), kept(value)

    def directory(entries: list[tuple], following: int = 0) -> bytes:
        rows = b"".join(struct.pack(f"{order}HHII", *entry) for entry in sorted(entries))
        return struct.pack(f"{order}H", len(entries)) + rows + struct.pack(f"{order}I", following)

    gps = directory([
        (1, 2, 2, int.from_bytes(b"N\x00\x00\x00", "little" if order == "<" else "big")),
        (2, 5, 3, kept(struct.pack(f"{order}6I", 31, 1, 14, 1, 25, 10))),
        text(0x1D, b"SECRET date\x00"),
    ])  # fmt: skip
    camera = directory([
        text(0x927C, b"Nikon\x00\x02\x10\x00\x00SECRET maker note", 7),
        text(0x9286, b"UNICODE\x00" + "SECRET comment".encode("utf-16-le"), 7),
        text(0xA430, b"SECRET owner\x00"), text(0xA431, b"SECRET serial number\x00"),
    ])  # fmt: skip
    small = directory([(0x0201, 4, 1, kept(thumbnail)), (0x0202, 4, 1, len(thumbnail))])
    first = [
        text(0x010F, b"Nikon SECRET\x00"), text(0x013B, b"SECRET artist\x00"),
        text(0x9C9F, "SECRET subject".encode("utf-16-le"), 1),
    ]  # fmt: skip
    length = 2 + 12 * (len(first) + 2) + 4
    places = [8 + length, 8 + length + len(gps), 8 + length + len(gps) + len(camera)]
    first += [(0x8825, 4, 1, places[0]), (0x8769, 4, 1, places[1])]
    head = mark + struct.pack(f"{order}I", 8) + directory(first, places[2]) + gps + camera + small
    return head.ljust(8 + 3 * (2 + 8 * 12 + 4) + 14, b"\x00") + b"".join(blocks)


def iptc() -> bytes:
    """A segment as Photoshop writes it: name and place of who is shown."""
    rows = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value
        for number, value in (
            (80, b"SECRET author"),
            (90, b"SECRET city"),
            (120, b"SECRET caption"),
        )
    )
    body = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(rows)) + rows
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def photo(kind: str, image: Image.Image | None = None) -> bytes:
    """Return a picture in one of FORMATS with every kind of metadata that the format can hold."""
    image = image or pictures.picture(400, 500)
    exif = b"Exif\x00\x00" + tiff("<" if kind in ("jpeg", "webp") else ">")
    if kind == "jpeg":
        content = pictures.saved(image, exif=exif, xmp=XMP, comment=b"SECRET comment", quality=80)
        return content[:2] + iptc() + content[2:] + b"SECRET after the end"
    if kind == "png":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "SECRET author")
        words.add_text("Comment", "SECRET squeezed", zip=True)
        words.add_itxt("XML:com.adobe.xmp", XMP.decode())
        words.add_itxt("Title", "SECRET title", "zh", "题目", zip=True)
        return pictures.saved(image, "PNG", exif=exif, pnginfo=words) + b"SECRET after the end"
    if kind == "heic":
        from pillow_heif import from_pillow

        output = io.BytesIO()
        heif = from_pillow(image)
        heif.info["thumbnails"] = [128]
        heif.save(output, quality=80, exif=exif, xmp=XMP)
        return output.getvalue()
    return pictures.saved(image, kind.upper(), exif=exif, xmp=XMP)


def planted_in(content: bytes) -> list[bytes]:
    """Return what is found of what was planted."""
    return [needle for needle in PLANTED if needle in content]


def segments(jpeg: bytes) -> set[int]:
    """Return the markers of a JPEG's segments; AssertionError if there is more than a picture."""
    assert jpeg.startswith(b"\xff\xd8")
    markers, at = set(), 2
    while at < len(jpeg):
        assert jpeg[at] == 0xFF, f"not a segment at {at}"
        marker = jpeg[at + 1]
        markers.add(marker)
        if marker == 0xD9:
            assert at + 2 == len(jpeg), "something after the end"
            return markers
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:
            while jpeg[at] != 0xFF or jpeg[at + 1] == 0 or 0xD0 <= jpeg[at + 1] <= 0xD7:
                at += 1
    raise AssertionError("no end")

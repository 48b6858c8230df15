"""Says what a file is by its first bytes, never by its name or by what the browser claims."""

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIF = "image/heif"
AVIF = "image/avif"
PDF = "application/pdf"

PICTURES = (JPEG, PNG, WEBP, HEIF, AVIF)

HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}

_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"%PDF-", PDF),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"PK\x03\x04", "application/zip"),
)


def sniff(head: bytes) -> str:
    """Return the content type of a file that begins with ``head`` (64 bytes or more).

    An empty string if it is nothing known.
    """
    for signature, content_type in _SIGNATURES:
        if head.startswith(signature):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _sniff_container(head)
    return _sniff_text(head)


def _sniff_container(head: bytes) -> str:
    # The major brand, then the compatible ones: cameras differ in which they put first.
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    if any(brand in AVIF_BRANDS for brand in brands):
        return AVIF
    return HEIF if any(brand in HEIF_BRANDS for brand in brands) else ""


def _sniff_text(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!--")) and b"<svg" in text):
        return "image/svg+xml"
    if text.startswith((b"<!doctype html", b"<html", b"<script")):
        return "text/html"
    return ""

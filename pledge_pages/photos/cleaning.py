"""Turns an uploaded picture into one that carries pixels and nothing else.

The file is decoded and drawn anew, so no position, camera, name, thumbnail, comment or hidden
payload of the original survives. Its name and its claimed type are not looked at.
"""

import io
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps

from .. import conf
from . import sniffing

# Longest side of what is kept and shortest side of what is accepted, in pixels.
MAX_SIDE = 2000
MIN_SIDE = 200
QUALITY = 88
# A colour profile larger than this is not one a camera writes.
MAX_PROFILE_BYTES = 4 * 1024 * 1024

TYPE_NAMES = {
    "image/gif": gettext_lazy("a GIF picture"),
    "image/tiff": gettext_lazy("a TIFF picture"),
    "image/bmp": gettext_lazy("a BMP picture"),
    "image/svg+xml": gettext_lazy("an SVG drawing"),
    "text/html": gettext_lazy("a web page"),
    "application/zip": gettext_lazy("an archive or office document"),
    sniffing.PDF: gettext_lazy("a PDF document"),
}

_FORMATS = {
    sniffing.JPEG: "JPEG",
    sniffing.PNG: "PNG",
    sniffing.WEBP: "WEBP",
    sniffing.AVIF: "AVIF",
}

# Decoding WebP takes twice the memory that the others take for as many pixels.
_SHARE_OF_PIXELS = {sniffing.WEBP: 0.5}

# What EXIF's orientation tag asks for.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class CleanPhoto:
    """A JPEG made from pixels alone: its bytes, and its width and height in pixels."""

    content: bytes
    width: int
    height: int


def photo_limits() -> str:
    """Return in words what a photo has to be like to be taken."""
    return _(
        "JPEG, PNG, WebP, HEIC or AVIF; at most %(size)s and %(pixels)d million pixels (WebP half "
        "as many), the shorter side %(side)d pixels or more."
    ) % {
        "size": filesizeformat(conf.get("MAX_UPLOAD_BYTES")),
        "pixels": conf.get("MAX_PHOTO_PIXELS") // 1_000_000,
        "side": MIN_SIDE,
    }


def refuse(message: str, code: str, **params) -> ValidationError:
    """Return the error that says what is wrong with an upload."""
    return ValidationError(message, code=code, params=params)


def read_upload(file: BinaryIO) -> bytes:
    """Return the content of ``file``, from its beginning.

    Raises ValidationError if it is empty or larger than MAX_UPLOAD_BYTES; no more is read.
    """
    limit = conf.get("MAX_UPLOAD_BYTES")
    if hasattr(file, "seek"):
        file.seek(0)
    content = file.read(limit + 1)
    if not content:
        raise refuse(_("The file is empty."), "empty")
    if len(content) > limit:
        raise refuse(
            _("The file is too large: at most %(limit)s."), "too_large", limit=filesizeformat(limit)
        )
    return content


def clean_photo(file: BinaryIO) -> CleanPhoto:
    """Return the picture in ``file`` as a clean upright sRGB JPEG of at most 2000 px a side.

    Takes JPEG, PNG, WebP, HEIC/HEIF and AVIF, of an animation the first frame; transparent parts
    become white. Raises ValidationError for everything else, and for what is damaged, empty,
    smaller than 200 px, or above MAX_UPLOAD_BYTES or MAX_PHOTO_PIXELS (half of that for WebP).
    Needs about 14 bytes of memory for each pixel of MAX_PHOTO_PIXELS, whatever is in the file.
    """
    return clean_picture(read_upload(file))


def clean_picture(content: bytes) -> CleanPhoto:
    """Do as :func:`clean_photo` with bytes already read."""
    content_type = sniffing.sniff(content[:256])
    if content_type not in sniffing.PICTURES:
        raise wrong_type(content_type, _("Give a photo as JPEG, PNG, WebP, HEIC or AVIF."))
    most = int(conf.get("MAX_PHOTO_PIXELS") * _SHARE_OF_PIXELS.get(content_type, 1))
    try:
        with _open(content, content_type) as image:
            _check_size(*image.size, most)
            return encode(_upright_rgb(image))
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(most) from None
    except Exception as error:
        # Decoders raise almost anything on hostile input; whatever it was, the file is refused.
        raise refuse(
            _("The picture cannot be read: the file is damaged or incomplete."), "damaged"
        ) from error


def encode(image: Image.Image, quality: int = QUALITY) -> CleanPhoto:
    """Return the pixels of the RGB picture ``image`` as a JPEG without any metadata."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    output = io.BytesIO()
    bare.save(output, "JPEG", quality=quality, optimize=True, progressive=True)
    return CleanPhoto(output.getvalue(), *bare.size)


def _open(content: bytes, content_type: str) -> Image.Image:
    # Only the decoder of the sniffed type may look at the file; so far it reads the header only.
    if content_type == sniffing.HEIF:
        # Not pi-heif: its 1.4 takes the whole process down with some damaged files.
        from pillow_heif import HeifImageFile

        return HeifImageFile(io.BytesIO(content))
    return Image.open(io.BytesIO(content), formats=[_FORMATS[content_type]])


def _check_size(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise _too_many_pixels(most)
    scale = min(1, MAX_SIDE / max(width, height, 1))
    if min(width, height) * scale < MIN_SIDE:
        raise refuse(
            _(
                "The picture is too small or too narrow: %(width)d × %(height)d pixels. "
                "Each side needs %(min)d pixels or more, also when the longer one is scaled "
                "to %(max)d."
            ),
            "too_small",
            width=width,
            height=height,
            min=MIN_SIDE,
            max=MAX_SIDE,
        )


def _upright_rgb(image: Image.Image) -> Image.Image:
    orientation = _orientation(image)
    profile = image.info.get("icc_profile")
    if image.format in ("JPEG", "MPO"):
        # Decodes at a half, a quarter or an eighth where that is still large enough.
        image.draft(None, (MAX_SIDE, MAX_SIDE))
    image.load()
    # Scale before any conversion: that keeps the largest picture in memory once, not thrice.
    image = _scaled(_plain_mode(image))
    image = _to_srgb(image, profile)
    turn = _TURNS.get(orientation)
    return image.transpose(turn) if turn is not None else image


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(0x0112, 1)
    except Exception:
        # Damaged EXIF says nothing about the pixels.
        return 1


def _plain_mode(image: Image.Image) -> Image.Image:
    """Return ``image`` in a mode that can be scaled: RGB, RGBA, CMYK, L or LA."""
    if image.mode.startswith("I"):
        # 16 bits a pixel: convert() would cut at 255 and not scale.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in ("RGB", "RGBA", "CMYK", "L", "LA"):
        has_colour_key = image.mode in ("RGB", "L") and "transparency" in image.info
        return image.convert("RGBA") if has_colour_key else image
    transparent = image.mode in ("PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _scaled(image: Image.Image) -> Image.Image:
    if max(image.size) <= MAX_SIDE:
        return image
    return ImageOps.contain(image, (MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    image = _on_white(image)
    if profile and len(profile) <= MAX_PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A broken profile, or one for other channels: the plain conversion has to do.
            pass
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "LA":
        image = image.convert("RGBA")
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _too_many_pixels(most: int) -> ValidationError:
    return refuse(
        _("The picture has too many pixels: at most %(limit)d million."),
        "too_many_pixels",
        limit=most // 1_000_000,
    )


def wrong_type(content_type: str, wanted: str) -> ValidationError:
    """Return the error for a file of another type; ``wanted`` says what to give instead."""
    if content_type in TYPE_NAMES:
        found = _("The file is %(type)s.") % {"type": TYPE_NAMES[content_type]}
    else:
        found = _("Files of this kind are not taken here.")
    return refuse(f"{found} {wanted}", "wrong_type")

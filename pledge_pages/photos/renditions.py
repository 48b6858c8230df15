"""The sizes every member photo is kept in, made once when the photo comes in."""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps

from .cleaning import CleanPhoto, encode

# Name in the address and in the database -> width and height in pixels, both 4:5.
TILE = "tile"
TILE_DOUBLE = "tile2x"
LARGE = "large"
SPECS = {TILE: (240, 300), TILE_DOUBLE: (480, 600), LARGE: (720, 900)}

QUALITY = 84
# Faces are above the middle of a portrait.
CENTRE = (0.5, 0.35)


def make_renditions(photo: CleanPhoto) -> Iterator[tuple[str, CleanPhoto]]:
    """Yield (spec, picture) for each of SPECS, cropped to 4:5 and never enlarged."""
    with Image.open(io.BytesIO(photo.content), formats=["JPEG"]) as image:
        image.load()
        for spec, (width, height) in SPECS.items():
            scale = min(1, image.width / width, image.height / height)
            size = (round(width * scale), round(height * scale))
            fitted = ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=CENTRE)
            yield spec, encode(fitted, QUALITY)

"""A drawing board with smooth shapes: drawn three times as large, then scaled down."""

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from PIL import Image, ImageDraw

SCALE = 3
OPAQUE = 255

Point = tuple[float, float]
Colour = tuple[int, int, int]


def rgb(code: str) -> Colour:
    """Return the colour ``#rrggbb``."""
    return (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16))


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return ``first`` with ``share`` (0 to 1) of ``second`` in it."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))


def darker(colour: Colour, share: float) -> Colour:
    """Return ``colour`` with a share of a warm near-black."""
    return mix(colour, (38, 26, 30), share)


def lighter(colour: Colour, share: float) -> Colour:
    """Return ``colour`` with a share of white."""
    return mix(colour, (255, 255, 255), share)


def spline(points: list[Point], closed: bool = False, steps: int = 12) -> list[Point]:
    """Return points on a smooth curve through ``points`` (Catmull-Rom)."""
    if closed:
        path = [points[-1], *points, points[0], points[1]]
    else:
        path = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for at in range(1, len(path) - 2):
        corners = path[at - 1 : at + 3]
        curve.extend(_between(corners, step / steps) for step in range(steps))
    return curve if closed else [*curve, points[-1]]


def _between(corners: list[Point], t: float) -> Point:
    weights = (
        (-(t**3) + 2 * t**2 - t) / 2,
        (3 * t**3 - 5 * t**2 + 2) / 2,
        (-3 * t**3 + 4 * t**2 + t) / 2,
        (t**3 - t**2) / 2,
    )
    return (
        sum(w * x for w, (x, _y) in zip(weights, corners, strict=True)),
        sum(w * y for w, (_x, y) in zip(weights, corners, strict=True)),
    )


def mirrored(right: list[Point]) -> list[Point]:
    """Return a closed outline, symmetric about x = 0, from its right half (top to bottom)."""
    left = [(-x, y) for x, y in reversed(right) if abs(x) > 0.01]
    return right + left


def tapered(points: list[Point], width: float, ends: float = 0.15) -> list[Point]:
    """Return the outline of a brush stroke along ``points``, thin at its ends."""
    path = spline(points)
    upper: list[Point] = []
    lower: list[Point] = []
    for at, (x, y) in enumerate(path):
        before, after = path[max(at - 1, 0)], path[min(at + 1, len(path) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1
        share = math.sin(math.pi * at / (len(path) - 1))
        half = width / 2 * (ends + (1 - ends) * share)
        upper.append((x - dy / length * half, y + dx / length * half))
        lower.append((x + dy / length * half, y - dx / length * half))
    return upper + lower[::-1]


class Canvas:
    """A picture in its own units. :meth:`at` moves and scales them; colours may be see-through."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self._take(Image.new("RGB", (width * SCALE, height * SCALE), colour))
        self.origin: Point = (0, 0)  # in pixels
        self.unit: float = SCALE  # pixels to a unit

    def _take(self, image: Image.Image) -> None:
        self.image = image
        # One for solid colours, as it is quicker, and one that lets what is below shine through.
        self.pens = {True: ImageDraw.Draw(image), False: ImageDraw.Draw(image, "RGBA")}

    @contextmanager
    def at(self, x: float, y: float, zoom: float = 1) -> Iterator[None]:
        """Make (x, y) the origin inside the block, and a unit ``zoom`` times as long."""
        old = self.origin, self.unit
        [self.origin] = self._pixels([(x, y)])
        self.unit *= zoom
        yield
        self.origin, self.unit = old

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        x0, y0 = self.origin
        return [(x * self.unit + x0, y * self.unit + y0) for x, y in points]

    def shape(self, points: list[Point], colour: Colour, alpha: int = OPAQUE) -> None:
        """Fill the polygon through ``points``."""
        self.pens[alpha == OPAQUE].polygon(self._pixels(points), fill=(*colour, alpha))

    def blob(self, points: list[Point], colour: Colour, alpha: int = OPAQUE) -> None:
        """Fill the smooth closed curve through ``points``."""
        self.shape(spline(points, closed=True), colour, alpha)

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: int = OPAQUE
    ) -> None:
        """Fill an ellipse around (x, y)."""
        box = self._pixels([(x - rx, y - ry), (x + rx, y + ry)])
        self.pens[alpha == OPAQUE].ellipse(box, fill=(*colour, alpha))

    def ring(self, points: list[Point], width: float, colour: Colour) -> None:
        """Draw the closed smooth line through ``points``."""
        path = self._pixels(spline(points, closed=True))
        width = round(width * self.unit)
        self.pens[True].line([*path, path[0], path[1]], fill=colour, width=width, joint="curve")

    def stroke(
        self,
        points: list[Point],
        width: float,
        colour: Colour,
        alpha: int = OPAQUE,
        ends: float = 0.15,
    ) -> None:
        """Draw a brush stroke along the smooth line through ``points``."""
        self.shape(tapered(points, width, ends), colour, alpha)

    def line(self, points: list[Point], width: float, colour: Colour, alpha: int = OPAQUE) -> None:
        """Draw straight lines of even width."""
        width = max(1, round(width * self.unit))
        for first, second in pairwise(self._pixels(points)):
            self.pens[alpha == OPAQUE].line([first, second], fill=(*colour, alpha), width=width)

    @contextmanager
    def inside(self, outline: list[Point]) -> Iterator[None]:
        """Let nothing of what is drawn in the block go beyond the polygon ``outline``."""
        path = self._pixels(outline)
        left = max(0, math.floor(min(x for x, _y in path)))
        top = max(0, math.floor(min(y for _x, y in path)))
        right = min(self.image.width, math.ceil(max(x for x, _y in path)) + 1)
        bottom = min(self.image.height, math.ceil(max(y for _x, y in path)) + 1)
        whole, origin = self.image, self.origin
        self._take(whole.crop((left, top, right, bottom)))
        self.origin = (origin[0] - left, origin[1] - top)
        yield
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in path], fill=255)
        whole.paste(self.image, (left, top), mask)
        self._take(whole)
        self.origin = origin

    def fade(self, top: Colour, bottom: Colour, bands: int = 200) -> None:
        """Fill the whole picture with a gradient from ``top`` to ``bottom``."""
        width, height = self.image.size
        for band in range(bands):
            box = (0, height * band // bands, width, height * (band + 1) // bands)
            self.image.paste(mix(top, bottom, band / (bands - 1)), box)

    def mirror(self) -> None:
        """Swap left and right."""
        self._take(self.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))

    def jpeg(self, quality: int = 90) -> bytes:
        """Return the picture at its own size as a JPEG."""
        output = io.BytesIO()
        self.image.reduce(SCALE).save(output, "JPEG", quality=quality)
        return output.getvalue()

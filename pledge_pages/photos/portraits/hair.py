"""Hair: what is behind the head, and what is on it."""

import math
from collections.abc import Callable

from .canvas import Canvas, Colour, Point, darker, lighter, mix, spline
from .hats import draw_cap, draw_straw_hat
from .traits import Traits

Drawing = Callable[[Canvas, Traits], None]


def draw_back_hair(canvas: Canvas, traits: Traits) -> None:
    """Draw the hair that hangs behind neck and shoulders."""
    back = darker(traits.hair, 0.22)
    w, n = traits.width, traits.length
    if traits.style in ("bob_fringe", "bob_side", "waves"):
        low = {"bob_fringe": 214, "bob_side": 196, "waves": 270}[traits.style] * n
        side = [(0, -292 * n), (0.8 * w, -262 * n), (1.2 * w, -130 * n), (1.27 * w, 40), (1.26 * w, low - 40),
                (1.04 * w, low), (0.5 * w, low - 12)]  # fmt: skip
        canvas.blob([*side, *[(-x, y) for x, y in reversed(side) if x]], back)
    elif traits.style == "long":
        side = [
            (0, -290 * n),
            (0.8 * w, -258 * n),
            (1.17 * w, -120 * n),
            (1.22 * w, 80),
            (1.28 * w, 240),
            (1.2 * w, 330),
            (0.6 * w, 330),
        ]
        canvas.blob([*side, *[(-x, y) for x, y in reversed(side) if x]], back)
    elif traits.style == "bun":
        canvas.oval(10, -292 * n, 74, 66, traits.hair)
        canvas.stroke(
            [(-44, -296 * n), (8, -336 * n), (60, -300 * n)], 9, lighter(traits.hair, 0.16), 150
        )
    elif traits.style == "tied_back":
        tail = [
            (0.7 * w, 60),
            (1.16 * w, 150),
            (1.3 * w, 290),
            (1.08 * w, 430),
            (0.9 * w, 300),
            (0.6 * w, 180),
        ]
        canvas.blob(tail, back)
    elif traits.style == "perm":
        _curls(canvas, traits, back, 1.19, range(-20, 201, 20), 50)


def draw_front_hair(canvas: Canvas, traits: Traits) -> None:
    """Draw the hair on the head, or the hat over it."""
    STYLES[traits.style](canvas, traits)


def _cap_shape(
    traits: Traits, hairline: list[Point], *, lift: float = 44, wide: float = 12, low: float = 14
) -> list[Point]:
    """Return the outline of hair from sideburn over the skull to sideburn.

    ``hairline`` goes from the right temple to the left one; ``lift`` is how high the hair stands
    above the skull, ``wide`` how far beside it, ``low`` where the sideburns end.
    """
    w, n = traits.width, traits.length
    outer = [
        (-w - wide * 0.3, low),
        (-w - wide, -70 * n),
        (-0.97 * w - wide, -150 * n),
        (-0.66 * w, -228 * n - lift * 0.6),
        (0, -232 * n - lift),
        (0.66 * w, -228 * n - lift * 0.6),
        (0.97 * w + wide, -150 * n),
        (w + wide, -70 * n),
        (w + wide * 0.3, low),
    ]
    inner = [
        (w - 16, low + 4),
        (0.88 * w, -52 * n),
        *hairline,
        (-0.88 * w, -52 * n),
        (-w + 16, low + 4),
    ]
    return spline(outer) + spline(inner)


def _strands(
    canvas: Canvas,
    traits: Traits,
    shape: list[Point],
    paths: list[list[Point]],
    width: float = 5,
) -> None:
    """Fill ``shape`` with hair, and draw strands along ``paths`` in it."""
    canvas.shape(shape, traits.hair)
    tint = lighter(traits.hair, 0.2) if sum(traits.hair) < 450 else darker(traits.hair, 0.16)
    with canvas.inside(shape):
        for path in paths:
            canvas.stroke(path, width, tint, 105, 0.05)


def _side_part(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    side = 1 if traits.tone % 2 else -1
    line = [
        (0.80 * w, -118 * n),
        (0.42 * w, -150 * n),
        (-0.1 * w, -160 * n),
        (-0.56 * w, -178 * n),
        (-0.78 * w, -120 * n),
    ]
    line = line if side > 0 else [(-x, y) for x, y in reversed(line)]
    shape = _cap_shape(traits, line, lift=52)
    part = -0.52 * w * side
    _strands(canvas, traits, shape, [
        [(part, -196 * n), (part + side * 70, -250 * n), (part + side * 160, -236 * n), (part + side * 215, -170 * n)],
        [(part + side * 10, -186 * n), (part + side * 90, -222 * n), (part + side * 170, -200 * n), (part + side * 206, -150 * n)],
    ])  # fmt: skip
    canvas.stroke(
        [(part, -178 * n), (part - side * 4, -236 * n), (part + side * 10, -268 * n)],
        5,
        darker(traits.hair, 0.5),
        160,
    )


def _crew(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    line = [
        (0.82 * w, -128 * n),
        (0.60 * w, -168 * n),
        (0, -176 * n),
        (-0.60 * w, -168 * n),
        (-0.82 * w, -128 * n),
    ]
    canvas.shape(
        _cap_shape(traits, line, lift=30, wide=5, low=-6), mix(traits.hair, traits.skin, 0.24)
    )
    top = [(-0.8 * w, -150 * n), (-0.7 * w, -232 * n), (0, -266 * n), (0.7 * w, -232 * n), (0.8 * w, -150 * n),
           (0.58 * w, -172 * n), (0, -180 * n), (-0.58 * w, -172 * n)]  # fmt: skip
    canvas.blob(top, traits.hair)


def _receding(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    line = [(0.84 * w, -108 * n), (0.70 * w, -206 * n), (0.34 * w, -212 * n), (0, -188 * n),
            (-0.34 * w, -212 * n), (-0.70 * w, -206 * n), (-0.84 * w, -108 * n)]  # fmt: skip
    shape = _cap_shape(traits, line, lift=30, wide=7)
    _strands(canvas, traits, shape, [
        [(-0.3 * w, -218 * n), (-0.1 * w, -244 * n), (0.2 * w, -246 * n)],
        [(-0.05 * w, -202 * n), (0.2 * w, -232 * n), (0.5 * w, -234 * n)],
    ], 4)  # fmt: skip


def _combed_back(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    line = [
        (0.84 * w, -120 * n),
        (0.66 * w, -180 * n),
        (0.2 * w, -192 * n),
        (-0.2 * w, -192 * n),
        (-0.66 * w, -180 * n),
        (-0.84 * w, -120 * n),
    ]
    shape = _cap_shape(traits, line, lift=62, wide=10)
    _strands(canvas, traits, shape, [
        [(x * w, -196 * n), (x * w * 1.05, -240 * n), (x * w * 0.9, -276 * n)]
        for x in (-0.55, -0.36, -0.16, 0.06, 0.28, 0.5)
    ])  # fmt: skip


def _bald_sides(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    for side in (-1, 1):
        patch = [(0.90 * w, 20), (0.86 * w, -60 * n), (0.82 * w, -128 * n), (0.90 * w, -168 * n), (1.05 * w, -110 * n),
                 (1.07 * w, -30 * n), (1.0 * w, 30)]  # fmt: skip
        canvas.blob([(side * x, y) for x, y in patch], traits.hair)
    canvas.oval(-0.3 * w, -190 * n, 0.34 * w, 26, lighter(traits.skin, 0.6), 80)


def _bald(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    canvas.oval(-0.3 * w, -186 * n, 0.36 * w, 28, lighter(traits.skin, 0.6), 90)


def _fringe(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    line = [
        (0.86 * w, -66 * n),
        (0.55 * w, -84 * n),
        (0.1 * w, -88 * n),
        (-0.4 * w, -84 * n),
        (-0.86 * w, -66 * n),
    ]
    _side_falls(canvas, traits, 150)
    shape = _cap_shape(traits, line, lift=60, wide=26, low=20)
    _strands(canvas, traits, shape, [
        [(x * w * 0.7, -270 * n), (x * w, -190 * n), (x * w * 1.02, -96 * n)]
        for x in (-0.66, -0.4, -0.14, 0.14, 0.4, 0.66)
    ])  # fmt: skip


def _side_falls(canvas: Canvas, traits: Traits, low: float, wide: float = 1.27) -> None:
    """Draw hair that falls beside the cheeks down to ``low``."""
    w, n = traits.width, traits.length
    for side in (-1, 1):
        fall = [(0.80 * w, -140 * n), (1.12 * w, -130 * n), (wide * w, 20), ((wide - 0.02) * w, low * 0.7 * n), (1.12 * w, (low + 30) * n),
                (0.98 * w, low * 0.7 * n), (0.93 * w, 40), (0.90 * w, -60 * n)]  # fmt: skip
        canvas.blob([(side * x, y) for x, y in fall], traits.hair)


def _swept(
    canvas: Canvas, traits: Traits, *, falls: float = 0, wide: float = 22, lift: float = 56
) -> None:
    """Draw hair parted on one side and swept across the forehead."""
    w, n = traits.width, traits.length
    side = 1 if traits.tone % 2 else -1
    if falls:
        _side_falls(canvas, traits, falls)
    line = [
        (0.90 * w, -40 * n),
        (0.62 * w, -104 * n),
        (0.1 * w, -150 * n),
        (-0.42 * w, -196 * n),
        (-0.74 * w, -130 * n),
    ]
    line = line if side > 0 else [(-x, y) for x, y in reversed(line)]
    shape = _cap_shape(traits, line, lift=lift, wide=wide, low=16)
    part = -0.42 * w * side
    _strands(canvas, traits, shape, [
        [(part, -204 * n), (part + side * 80, -232 * n), (part + side * 170, -190 * n), (part + side * 220, -90 * n)],
        [(part, -212 * n), (part + side * 90, -262 * n), (part + side * 190, -226 * n), (part + side * 244, -120 * n)],
        [(part, -212 * n), (part - side * 50, -216 * n), (part - side * 92, -160 * n)],
    ])  # fmt: skip


def _bob_side(canvas: Canvas, traits: Traits) -> None:
    _swept(canvas, traits, falls=132)


def _waves(canvas: Canvas, traits: Traits) -> None:
    _swept(canvas, traits, falls=196)
    w = traits.width
    for side in (-1, 1):
        for row, y in enumerate((70, 120, 170, 220)):
            canvas.oval(side * (1.14 * w + (10 if row % 2 else -4)), y, 30, 40, traits.hair)


def _pixie(canvas: Canvas, traits: Traits) -> None:
    _swept(canvas, traits, wide=16, lift=54)
    w, n = traits.width, traits.length
    for side in (-1, 1):
        tip = [
            (0.84 * w, -110 * n),
            (1.08 * w, -90 * n),
            (1.1 * w, 0),
            (1.0 * w, 52),
            (0.90 * w, 10),
            (0.86 * w, -50 * n),
        ]
        canvas.blob([(side * x, y) for x, y in tip], traits.hair)


def _pulled_back(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    line = [
        (0.86 * w, -96 * n),
        (0.5 * w, -166 * n),
        (0, -196 * n),
        (-0.5 * w, -166 * n),
        (-0.86 * w, -96 * n),
    ]
    shape = _cap_shape(traits, line, lift=34, wide=8, low=0)
    _strands(canvas, traits, shape, [
        [(x * w, (-172 + 60 * abs(x)) * n), (x * w * 0.86, -226 * n), (x * w * 0.3, -262 * n)]
        for x in (-0.8, -0.5, -0.2, 0.2, 0.5, 0.8)
    ])  # fmt: skip


def _tied_back(canvas: Canvas, traits: Traits) -> None:
    _swept(canvas, traits, wide=8, lift=38)


def _long(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    for side in (-1, 1):
        fall = [(0.80 * w, -140 * n), (1.12 * w, -130 * n), (1.22 * w, 20), (1.29 * w, 190), (1.22 * w, 330), (1.04 * w, 350),
                (0.92 * w, 300), (0.97 * w, 180), (0.93 * w, 40), (0.90 * w, -60 * n)]  # fmt: skip
        canvas.blob([(side * x, y) for x, y in fall], traits.hair)
    line = [
        (0.90 * w, -30 * n),
        (0.62 * w, -120 * n),
        (0.06 * w, -206 * n),
        (-0.06 * w, -206 * n),
        (-0.62 * w, -120 * n),
        (-0.90 * w, -30 * n),
    ]
    shape = _cap_shape(traits, line, lift=54, wide=20, low=24)
    _strands(canvas, traits, shape, [
        [(side * 6, -262 * n), (side * 0.6 * w, -210 * n), (side * 0.98 * w, -100 * n), (side * 1.08 * w, 60)]
        for side in (-1, 1)
    ])  # fmt: skip


def _curls(
    canvas: Canvas, traits: Traits, colour: Colour, reach: float, angles, size: float
) -> None:
    w, n = traits.width, traits.length
    dice = traits.dice("curls")
    for angle in angles:
        t = math.radians(angle)
        x, y = math.cos(t) * w * reach, -62 * n - math.sin(t) * 196 * n * reach
        r = size * dice.uniform(0.85, 1.12)
        canvas.oval(x, y, r, r, colour)


def _perm(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    line = [
        (0.84 * w, -112 * n),
        (0.5 * w, -150 * n),
        (0, -158 * n),
        (-0.5 * w, -150 * n),
        (-0.84 * w, -112 * n),
    ]
    canvas.shape(_cap_shape(traits, line, lift=44, wide=18), traits.hair)
    _curls(canvas, traits, traits.hair, 1.06, range(-6, 187, 16), 44)
    _curls(canvas, traits, traits.hair, 0.82, range(28, 156, 21), 38)
    tint = lighter(traits.hair, 0.22) if sum(traits.hair) < 450 else darker(traits.hair, 0.14)
    dice = traits.dice("shine")
    for angle in range(0, 181, 15):
        t = math.radians(angle + dice.uniform(-5, 5))
        reach = dice.uniform(0.86, 1.16)
        x, y = math.cos(t) * w * reach, -62 * n - math.sin(t) * 196 * n * reach
        canvas.stroke([(x - 16, y + 6), (x - 2, y - 12), (x + 15, y + 2)], 5, tint, 120)


STYLES: dict[str, Drawing] = {
    "side_part": _side_part,
    "crew": _crew,
    "receding": _receding,
    "combed_back": _combed_back,
    "bald_sides": _bald_sides,
    "bald": _bald,
    "cap": draw_cap,
    "straw_hat": draw_straw_hat,
    "bob_fringe": _fringe,
    "bob_side": _bob_side,
    "bun": _pulled_back,
    "tied_back": _tied_back,
    "perm": _perm,
    "pixie": _pixie,
    "long": _long,
    "waves": _waves,
}

"""What the person wears, from the shoulders down."""

from .canvas import Canvas, Colour, Point, darker, lighter, mirrored, mix, rgb, spline
from .traits import Traits

# The right half of the shoulders, from the neck down; units from the middle of the face.
SHOULDER: list[Point] = [
    (74, 268), (108, 290), (180, 318), (262, 346), (322, 392), (356, 470), (372, 560), (380, 670),
]  # fmt: skip


def body_outline(traits: Traits) -> list[Point]:
    """Return the outline of the shoulders and chest."""
    breadth = 0.9 + (traits.tone % 100) / 500 - (0.06 if traits.longer_hair else 0)
    right = spline([(74 + (x - 74) * breadth, y) for x, y in SHOULDER])
    return [(-x, y) for x, y in reversed(right)] + right


def draw_body(canvas: Canvas, traits: Traits) -> None:
    """Draw the clothes of ``traits``."""
    outline = body_outline(traits)
    canvas.shape(outline, traits.cloth)
    with canvas.inside(outline):
        {
            "shirt": _shirt,
            "jacket": _jacket,
            "knit": _knit,
            "vest": _vest,
            "cardigan": _cardigan,
            "polo": _polo,
            "padded": _padded,
            "plaid": _plaid,
            "zip": _zip,
        }[traits.clothes](canvas, traits)
        # Where the arms begin.
        for side in (-1, 1):
            canvas.stroke(
                [(side * 246, 520), (side * 236, 600), (side * 240, 680)],
                9, darker(traits.cloth, 0.3), 120,
            )  # fmt: skip


def _open_neck(canvas: Canvas, traits: Traits, depth: float, width: float = 72) -> None:
    """Show skin in a V from the neck to ``depth``."""
    canvas.shape([(-width, 250), (width, 250), (0, depth)], traits.skin)
    canvas.shape([(-width, 250), (width, 250), (26, 300), (-34, 318)], darker(traits.skin, 0.16))


def _collar(canvas: Canvas, colour: Colour, depth: float, spread: float = 128) -> None:
    """Draw the two wings of a shirt collar that meet at ``depth``."""
    for side in (-1, 1):
        wing = [
            (side * 76, 246), (side * 92, 262), (side * spread, 318), (side * 78, depth + 34),
            (side * 2, depth),
        ]  # fmt: skip
        canvas.shape([(x, y + 7) for x, y in wing], darker(colour, 0.25), 90)
        canvas.shape(wing, colour)
        canvas.line([wing[2], wing[3], wing[4]], 2.2, darker(colour, 0.22))


def _buttons(canvas: Canvas, colour: Colour, top: float, step: float = 74, x: float = 0) -> None:
    for y in range(round(top), 680, round(step)):
        canvas.oval(x, y, 7, 7, darker(colour, 0.25))
        canvas.oval(x - 1, y - 1.5, 6, 6, lighter(colour, 0.25))


def _shirt(canvas: Canvas, traits: Traits) -> None:
    _open_neck(canvas, traits, 356)
    canvas.line([(0, 350), (0, 690)], 3, darker(traits.cloth, 0.25))
    canvas.line([(17, 366), (17, 690)], 2, darker(traits.cloth, 0.18))
    _collar(canvas, lighter(traits.cloth, 0.1), 352)
    _buttons(canvas, lighter(traits.cloth, 0.5), 408, x=8)


def _jacket(canvas: Canvas, traits: Traits) -> None:
    canvas.shape([(-86, 240), (86, 240), (62, 680), (-62, 680)], traits.shirt)
    _open_neck(canvas, traits, 330, 66)
    canvas.line([(0, 330), (0, 690)], 2, darker(traits.shirt, 0.2))
    _buttons(canvas, traits.shirt, 390, 80)
    _collar(canvas, lighter(traits.shirt, 0.3), 326, 112)
    for side in (-1, 1):
        front = [
            (side * 92, 258),
            (side * 150, 300),
            (side * 172, 680),
            (side * 10, 680),
            (side * 34, 520),
        ]
        canvas.shape(front, traits.cloth)
        lapel = [
            (side * 88, 258), (side * 142, 300), (side * 158, 384), (side * 116, 398),
            (side * 128, 424), (side * 30, 560),
        ]  # fmt: skip
        canvas.shape(lapel, lighter(traits.cloth, 0.09))
        canvas.line(lapel[1:], 2.4, darker(traits.cloth, 0.35))
    canvas.oval(22, 610, 9, 9, darker(traits.cloth, 0.4))


def _knit(canvas: Canvas, traits: Traits) -> None:
    for y in range(300, 700, 22):
        canvas.stroke(
            [(-360, y + 26), (0, y + 50), (360, y + 26)], 4, darker(traits.cloth, 0.2), 70
        )
    band = lighter(traits.cloth, 0.12)
    canvas.blob(mirrored([(0, 352), (66, 326), (100, 262), (76, 232), (0, 244)]), band)
    for x in range(-80, 90, 14):
        canvas.line([(x * 0.86, 250), (x, 352 - abs(x) * 0.5)], 2, darker(traits.cloth, 0.15), 110)
    canvas.blob(mirrored([(0, 318), (50, 296), (72, 250), (60, 220), (0, 224)]), traits.skin)
    canvas.blob(
        mirrored([(0, 292), (44, 278), (66, 246), (60, 220), (0, 220)]), darker(traits.skin, 0.16)
    )


def _vest(canvas: Canvas, traits: Traits) -> None:
    shirt = traits.shirt
    canvas.shape([(-400, 240), (400, 240), (400, 700), (-400, 700)], shirt)
    _open_neck(canvas, traits, 348)
    _collar(canvas, lighter(shirt, 0.35), 344)
    for side in (-1, 1):
        front = [
            (side * 102, 288), (side * 196, 322), (side * 214, 420), (side * 236, 520),
            (side * 240, 690), (side * 6, 690), (side * 10, 470),
        ]  # fmt: skip
        canvas.shape(front, traits.cloth)
        canvas.line([front[0], front[6], front[5]], 3, darker(traits.cloth, 0.35))
        band = lighter(mix(traits.cloth, rgb("#d9d6a8"), 0.6), 0.25)
        canvas.shape(
            [(side * 12, 556), (side * 238, 548), (side * 239, 584), (side * 10, 592)], band
        )
    canvas.line([(0, 470), (0, 690)], 3, darker(shirt, 0.25))


def _cardigan(canvas: Canvas, traits: Traits) -> None:
    canvas.shape([(-96, 240), (96, 240), (0, 560)], traits.shirt)
    _open_neck(canvas, traits, 342)
    _collar(canvas, lighter(traits.shirt, 0.25), 338, 116)
    for side in (-1, 1):
        canvas.shape(
            [
                (side * 96, 262),
                (side * 120, 262),
                (side * 26, 540),
                (side * 26, 700),
                (0, 700),
                (0, 536),
            ],
            darker(traits.cloth, 0.14),
        )
    canvas.line([(0, 536), (0, 700)], 2.5, darker(traits.cloth, 0.4))
    _buttons(canvas, lighter(traits.cloth, 0.55), 572, 62, x=12)


def _polo(canvas: Canvas, traits: Traits) -> None:
    _open_neck(canvas, traits, 372, 66)
    canvas.shape([(-20, 368), (20, 368), (20, 476), (-20, 476)], darker(traits.cloth, 0.1))
    _collar(canvas, darker(traits.cloth, 0.16), 368, 124)
    for side in (-1, 1):
        canvas.line(
            [(side * 100, 282), (side * 122, 318), (side * 76, 398)], 4, lighter(traits.shirt, 0.2)
        )
    _buttons(canvas, traits.shirt, 404, 44)


def _padded(canvas: Canvas, traits: Traits) -> None:
    for y in range(330, 720, 66):
        canvas.stroke(
            [(-390, y + 20), (0, y + 52), (390, y + 20)], 9, darker(traits.cloth, 0.28), 150, 0.6
        )
        canvas.stroke(
            [(-390, y + 44), (0, y + 76), (390, y + 44)], 18, lighter(traits.cloth, 0.2), 80, 0.6
        )
    canvas.blob(
        mirrored([(0, 372), (88, 346), (124, 262), (98, 226), (0, 240)]), lighter(traits.cloth, 0.1)
    )
    canvas.shape([(-62, 240), (62, 240), (0, 330)], traits.shirt)
    canvas.shape([(-58, 236), (58, 236), (0, 300)], darker(traits.skin, 0.16))
    canvas.line([(0, 330), (0, 700)], 5, darker(traits.cloth, 0.42))


def _plaid(canvas: Canvas, traits: Traits) -> None:
    for x in range(-380, 400, 76):
        canvas.line([(x, 230), (x, 700)], 22, lighter(traits.cloth, 0.35), 90)
        canvas.line([(x + 32, 230), (x + 32, 700)], 4, lighter(traits.shirt, 0.2), 140)
    for y in range(290, 700, 76):
        canvas.line([(-400, y), (400, y)], 22, darker(traits.cloth, 0.3), 90)
        canvas.line([(-400, y + 32), (400, y + 32)], 4, lighter(traits.shirt, 0.2), 140)
    _open_neck(canvas, traits, 352)
    canvas.line([(0, 350), (0, 690)], 3, darker(traits.cloth, 0.4))
    _collar(canvas, mix(traits.cloth, traits.shirt, 0.2), 348)
    _buttons(canvas, traits.shirt, 410, x=9)


def _zip(canvas: Canvas, traits: Traits) -> None:
    canvas.shape([(-86, 236), (86, 236), (0, 400)], traits.shirt)
    canvas.shape([(-62, 236), (62, 236), (0, 312)], darker(traits.skin, 0.12))
    yoke = lighter(traits.cloth, 0.1)
    canvas.shape([(-400, 240), (400, 240), (400, 420), (0, 446), (-400, 420)], yoke, 120)
    for side in (-1, 1):
        stand = [
            (side * 78, 232),
            (side * 118, 276),
            (side * 112, 330),
            (side * 4, 430),
            (side * 2, 384),
        ]
        canvas.shape(stand, darker(traits.cloth, 0.16))
        canvas.line([stand[0], stand[4]], 3, lighter(traits.cloth, 0.25))
    canvas.line([(0, 384), (0, 700)], 6, rgb("#c9c6bf"))
    canvas.line([(0, 384), (0, 700)], 2, darker(traits.cloth, 0.4))
    canvas.oval(0, 414, 6, 11, rgb("#dedbd3"))

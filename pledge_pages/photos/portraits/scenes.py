"""Draws evidence: photos of work done in a village, and pages of records without any words."""

import io
import math
import random

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from .canvas import Canvas, Colour, darker, lighter, mix, rgb

WIDTH, HEIGHT = 1200, 900
# A5 in points, one 72nd of an inch.
PAGE_WIDTH, PAGE_HEIGHT = 420, 595

SKIES = [
    ("#cfe3ee", "#f3efe4"),
    ("#dfe6ee", "#f4ece0"),
    ("#bfdcea", "#e9f1ea"),
    ("#efdcc4", "#f7efe2"),
]
GREENS = ["#8fae7a", "#7f9f6e", "#a3b97e", "#6f946f", "#9db58a"]
RULED = ("list", "signin", "register", "count", "rota", "sheet")


def draw_evidence(seed: str, kind: str) -> tuple[bytes, str]:
    """Return a made-up evidence file of ``kind`` (see EvidenceFile.Kind) and its content type.

    A photo is a JPEG of 1200 x 900 pixels, anything else a PDF of one page.
    """
    dice = random.Random(f"evidence/{kind}/{seed}")  # noqa: S311 - a drawing, not a secret
    if kind == "photo":
        return _scene(dice), "image/jpeg"
    return _paper(dice, kind), "application/pdf"


def _scene(dice: random.Random) -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, (255, 255, 255))
    top, bottom = dice.choice(SKIES)
    canvas.fade(rgb(top), rgb(bottom))
    green = rgb(dice.choice(GREENS))
    _hills(canvas, dice, green, rgb(top))
    dice.choice([_road, _fields, _dyke, _yard])(canvas, dice, green)
    if dice.random() < 0.5:
        canvas.mirror()
    return canvas.jpeg(86)


def _hills(canvas: Canvas, dice: random.Random, green: Colour, sky: Colour) -> None:
    for row in range(3):
        phase = dice.uniform(0, 9)
        base, height = 440 + row * 50, 170 - row * 40
        path = [
            (x, base - height * (0.5 + 0.5 * math.sin(x / 230 + phase)))
            for x in range(-20, WIDTH + 40, 20)
        ]
        ground = [(WIDTH + 20, HEIGHT), (-20, HEIGHT)]
        canvas.shape(path + ground, mix(green, sky, 0.66 - row * 0.22))


def _tree(canvas: Canvas, dice: random.Random, x: float, y: float, size: float) -> None:
    trunk, leaf = rgb("#7d634b"), darker(rgb(dice.choice(GREENS)), 0.16)
    canvas.shape(
        [
            (x - 9 * size, y),
            (x + 9 * size, y),
            (x + 5 * size, y - 120 * size),
            (x - 5 * size, y - 120 * size),
        ],
        trunk,
    )
    for dx, dy, r in ((-42, -140, 50), (44, -146, 48), (0, -190, 62), (2, -130, 54)):
        canvas.oval(x + dx * size, y + dy * size, r * size, r * size * 0.92, leaf)
    canvas.oval(x - 20 * size, y - 205 * size, 34 * size, 28 * size, lighter(leaf, 0.2), 150)


def _house(canvas: Canvas, dice: random.Random, x: float, y: float, size: float) -> None:
    wall, roof = (
        rgb(dice.choice(["#f3eee3", "#efe4d3", "#e9ebe6"])),
        rgb(dice.choice(["#6f767c", "#8a6a5c", "#5f6c72"])),
    )
    wide, high = 190 * size, 120 * size
    canvas.shape([(x, y), (x + wide, y), (x + wide, y - high), (x, y - high)], wall)
    canvas.shape(
        [
            (x - 18 * size, y - high),
            (x + wide + 18 * size, y - high),
            (x + wide - 26 * size, y - high - 66 * size),
            (x + 26 * size, y - high - 66 * size),
        ],
        roof,
    )
    canvas.shape(
        [
            (x + 76 * size, y),
            (x + 118 * size, y),
            (x + 118 * size, y - 80 * size),
            (x + 76 * size, y - 80 * size),
        ],
        rgb("#9a6a4f"),
    )
    for dx in (20, 138):
        left, top = x + dx * size, y - 86 * size
        canvas.shape(
            [
                (left, top),
                (left + 34 * size, top),
                (left + 34 * size, top + 36 * size),
                (left, top + 36 * size),
            ],
            rgb("#a9c3cc"),
        )
        canvas.line([(left + 17 * size, top), (left + 17 * size, top + 36 * size)], 3 * size, wall)


def _road(canvas: Canvas, dice: random.Random, green: Colour) -> None:
    """A swept village road with trees, houses and lamps."""
    canvas.shape([(0, 540), (WIDTH, 540), (WIDTH, HEIGHT), (0, HEIGHT)], green)
    middle = dice.uniform(480, 720)
    canvas.shape(
        [(middle - 26, 540), (middle + 26, 540), (middle + 430, HEIGHT), (middle - 430, HEIGHT)],
        rgb("#cfc8bd"),
    )
    for row in range(6):
        y = 560 + row * row * 13
        half = 2 + row * 1.6
        canvas.shape(
            [
                (middle - half, y),
                (middle + half, y),
                (middle + half * 1.4, y + 14 + row * 7),
                (middle - half * 1.4, y + 14 + row * 7),
            ],
            rgb("#f4f1ea"),
        )
    _house(canvas, dice, middle - 470, 590, 1.1)
    _house(canvas, dice, middle + 210, 580, 0.9)
    for side in (-1, 1):
        for row, size in enumerate((0.6, 0.95, 1.5)):
            _tree(canvas, dice, middle + side * (150 + row * 190), 580 + row * 90, size)


def _fields(canvas: Canvas, dice: random.Random, green: Colour) -> None:
    """Rows of a field, with a shed."""
    crop = mix(green, rgb(dice.choice(["#d8c07a", "#9fbf7a", "#c8b06a"])), 0.5)
    canvas.shape([(0, 520), (WIDTH, 520), (WIDTH, HEIGHT), (0, HEIGHT)], crop)
    away = dice.uniform(380, 820)
    for row in range(-14, 15):
        x = away + row * 150
        canvas.shape(
            [
                (away + row * 18 - 3, 520),
                (away + row * 18 + 3, 520),
                (x + 34, HEIGHT),
                (x - 34, HEIGHT),
            ],
            darker(crop, 0.2),
            150,
        )
    _house(canvas, dice, dice.choice([90, 860]), 540, 0.8)
    for _bale in range(4):
        x, y = dice.uniform(60, 1140), dice.uniform(610, 780)
        canvas.oval(x, y + 34, 62, 14, darker(crop, 0.45), 110)
        canvas.oval(x, y, 56, 44, rgb("#d9bd7d"))
        canvas.oval(x, y, 30, 24, rgb("#c6a766"))


def _dyke(canvas: Canvas, dice: random.Random, green: Colour) -> None:
    """A river with a dyke, sandbags and a gauge."""
    water = rgb(dice.choice(["#a7c8d2", "#b5cdc6", "#9fbccb"]))
    canvas.shape([(0, 520), (WIDTH, 500), (WIDTH, HEIGHT), (0, HEIGHT)], water)
    for _ripple in range(26):
        x, y = dice.uniform(0, WIDTH), dice.uniform(545, 850)
        canvas.stroke([(x, y), (x + 60, y - 6), (x + 130, y)], 6, lighter(water, 0.5), 150)
    canvas.shape([(0, 590), (520, 700), (760, HEIGHT), (0, HEIGHT)], green)
    canvas.shape([(0, 590), (520, 700), (560, 738), (0, 640)], lighter(green, 0.22))
    for row in range(3):
        for bag in range(7 - row):
            x, y = 70 + bag * 74 + row * 36, 760 + bag * 15 - row * 38
            canvas.blob(
                [
                    (x, y - 18),
                    (x + 36, y - 22),
                    (x + 68, y - 14),
                    (x + 70, y + 12),
                    (x + 34, y + 20),
                    (x + 2, y + 14),
                ],
                mix(rgb("#cdb78f"), rgb("#a98f66"), dice.random() * 0.5),
            )
    x = dice.uniform(820, 1080)
    canvas.shape([(x, 420), (x + 30, 420), (x + 30, 760), (x, 760)], rgb("#f5f3ee"))
    for mark in range(8):
        y = 430 + mark * 42
        canvas.shape([(x, y), (x + 18, y), (x + 18, y + 14), (x, y + 14)], rgb("#b4534a"))
    for _tree_on_dyke in range(dice.randrange(3)):
        _tree(canvas, dice, dice.uniform(40, 300), 660, dice.uniform(0.7, 1.1))


def _yard(canvas: Canvas, dice: random.Random, green: Colour) -> None:
    """A courtyard with sorted bins, a broom and a notice board."""
    canvas.shape([(0, 500), (WIDTH, 500), (WIDTH, HEIGHT), (0, HEIGHT)], rgb("#d8d0c3"))
    for column in range(0, WIDTH, 120):
        canvas.line([(column, 620), (column * 1.6 - 360, HEIGHT)], 2, rgb("#c6bdae"))
    canvas.shape([(0, 250), (WIDTH, 250), (WIDTH, 620), (0, 620)], rgb("#f1ece2"))
    canvas.shape([(0, 220), (WIDTH, 220), (WIDTH, 262), (0, 262)], rgb("#7b8288"))
    board = dice.uniform(90, 240)
    canvas.shape(
        [(board, 320), (board + 400, 320), (board + 400, 540), (board, 540)], rgb("#8a6a52")
    )
    canvas.shape(
        [(board + 14, 334), (board + 386, 334), (board + 386, 526), (board + 14, 526)],
        rgb("#dfe7e0"),
    )
    for column in range(4):
        left = board + 36 + column * 86
        canvas.shape([(left, 360), (left + 66, 360), (left + 66, 500), (left, 500)], rgb("#fbf8f1"))
        for row in range(6):
            canvas.line(
                [(left + 9, 378 + row * 20), (left + dice.uniform(34, 56), 378 + row * 20)],
                5,
                rgb("#b9b3a8"),
            )
    for place, colour in enumerate(dice.sample(["#5f8a63", "#5b7f9e", "#b05a4c", "#7d7a74"], 3)):
        x, tone = 720 + place * 130, rgb(colour)
        canvas.oval(x + 48, 706, 66, 14, rgb("#a39a8b"), 140)
        canvas.shape([(x, 560), (x + 96, 560), (x + 86, 704), (x + 10, 704)], tone)
        canvas.shape(
            [(x - 8, 540), (x + 104, 540), (x + 104, 564), (x - 8, 564)], darker(tone, 0.22)
        )
        canvas.oval(x + 48, 636, 22, 22, lighter(tone, 0.5), 200)
    canvas.line([(610, 380), (650, 660)], 9, rgb("#a9824f"))
    canvas.shape([(636, 650), (668, 644), (706, 740), (630, 752)], rgb("#d5b36c"))
    _tree(canvas, dice, 1130, 640, 1.4)


# Paper: drawn with PDF's own lines, in ink-coloured waves instead of writing.


def _paper(dice: random.Random, kind: str) -> bytes:
    lines = ["0.985 0.975 0.945 rg", f"0 0 {PAGE_WIDTH} {PAGE_HEIGHT} re f", "1 J 1 j"]
    lines += _wave(dice, 120, 548, dice.uniform(140, 190), 2.4)
    if kind in RULED:
        lines += _table(dice)
    elif kind == "msg":
        lines += _bubbles(dice)
    else:
        lines += _notes(dice, rows=5 if kind == "slip" else 15)
    if kind in ("slip", "minutes", "oral", "log"):
        lines += ["0.70 0.30 0.27 RG 1.6 w", *_circle(330, 84, 30), *_circle(330, 84, 26)]
    content = DecodedStreamObject()
    content.set_data("\n".join(lines).encode())
    writer = PdfWriter()
    page = writer.add_blank_page(PAGE_WIDTH, PAGE_HEIGHT)
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    writer.metadata = None
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _wave(dice: random.Random, x: float, y: float, length: float, width: float) -> list[str]:
    """Return a line that looks like hand-writing from afar."""
    path, end = [f"{x:.1f} {y:.1f} m"], x + length
    while x < end:
        step = dice.uniform(4, 8)
        up, down = y + dice.uniform(2, 6), y - dice.uniform(1, 5)
        path.append(
            f"{x + step * 0.3:.1f} {up:.1f} {x + step * 0.6:.1f} {down:.1f} {x + step:.1f} {y:.1f} c"
        )
        x += step + (dice.uniform(5, 9) if dice.random() < 0.16 else 0)
        if dice.random() < 0.16:
            path.append(f"{x:.1f} {y:.1f} m")
    return [f"0.20 0.24 0.36 RG {width} w", *path, "S"]


def _table(dice: random.Random) -> list[str]:
    columns = [40, 78, 190, 268, 330, 380]
    lines = ["0.62 0.60 0.56 RG 0.7 w"]
    for row in range(15):
        lines.append(f"40 {510 - row * 28} m 380 {510 - row * 28} l S")
    lines += [f"{x} 510 m {x} {510 - 14 * 28} l S" for x in columns]
    for row in range(1, dice.randint(9, 14)):
        y = 510 - row * 28 - 18
        lines += _wave(dice, 48, y, 18, 1.3) + _wave(dice, 88, y, dice.uniform(40, 90), 1.3)
        lines += _wave(dice, 200, y, dice.uniform(24, 56), 1.3)
        if dice.random() < 0.8:
            lines += ["0.24 0.45 0.30 RG 1.8 w", f"286 {y + 4} m 292 {y - 2} l 304 {y + 10} l S"]
        lines += _wave(dice, 338, y, dice.uniform(20, 34), 1.3)
    return lines


def _notes(dice: random.Random, rows: int) -> list[str]:
    lines = []
    for row in range(rows):
        y = 500 - row * 27
        lines += ["0.80 0.82 0.86 RG 0.6 w", f"44 {y - 8} m 376 {y - 8} l S"]
        lines += _wave(dice, 52, y, dice.uniform(150, 312), 1.4)
    return lines


def _bubbles(dice: random.Random) -> list[str]:
    lines, y = [], 500.0
    for _message in range(7):
        wide, mine = dice.uniform(120, 230), dice.random() < 0.5
        x = 372 - wide if mine else 48
        lines += [
            "0.80 0.90 0.78 rg" if mine else "0.91 0.91 0.93 rg",
            f"{x:.1f} {y - 24:.1f} {wide:.1f} 36 re f",
        ]
        lines += _wave(dice, x + 12, y - 8, wide - 28, 1.3)
        y -= 56
    return lines


def _circle(x: float, y: float, r: float) -> list[str]:
    k = r * 0.5523
    return [
        f"{x + r} {y} m",
        f"{x + r} {y + k:.2f} {x + k:.2f} {y + r} {x} {y + r} c",
        f"{x - k:.2f} {y + r} {x - r} {y + k:.2f} {x - r} {y} c",
        f"{x - r} {y - k:.2f} {x - k:.2f} {y - r} {x} {y - r} c",
        f"{x + k:.2f} {y - r} {x + r} {y - k:.2f} {x + r} {y} c S",
    ]

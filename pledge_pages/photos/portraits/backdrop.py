"""What is behind the person: paper, sky, fields, a whitewashed wall."""

import math

from .canvas import Canvas, Colour, lighter, mix, rgb
from .traits import Traits

PAPER = [
    ("#f3ece0", "#e6dac6"),
    ("#eef0ea", "#d9e0d6"),
    ("#f1e9e6", "#e2d3cd"),
    ("#eceff3", "#d5dde5"),
]
SKY = [
    ("#dcebf2", "#f6efe2"),
    ("#cfe3ea", "#eaf1ea"),
    ("#f3dfc6", "#f8efe0"),
    ("#d7e2ee", "#f0e9e4"),
]
GREENS = ["#b9cfa6", "#a7c29a", "#c6cf9c", "#9fbf9f", "#cdd6a8", "#aec7b4"]
GOLDS = ["#e4cf94", "#dcc07c", "#e9d8a6", "#d8c48a"]


def draw_backdrop(canvas: Canvas, traits: Traits) -> None:
    """Fill the picture with the backdrop of ``traits``."""
    {
        "plain": _plain,
        "hills": _hills,
        "terraces": _terraces,
        "sun": _sun,
        "wall": _wall,
        "bamboo": _bamboo,
        "river": _river,
    }[traits.backdrop](canvas, traits)


def _pair(pairs: list[tuple[str, str]], tone: int) -> tuple[Colour, Colour]:
    top, bottom = pairs[tone % len(pairs)]
    return rgb(top), rgb(bottom)


def _ridge(canvas: Canvas, base: float, height: float, phase: float, colour: Colour) -> None:
    path = [
        (x, base - height * (0.5 + 0.5 * math.sin(x / 210 + phase) * math.cos(x / 370 + phase)))
        for x in range(-20, 1000, 20)
    ]
    canvas.shape([*path, (1000, 1220), (-20, 1220)], colour)


def _plain(canvas: Canvas, traits: Traits) -> None:
    top, bottom = _pair(PAPER, traits.tone)
    canvas.fade(top, bottom)
    canvas.oval(480, 640, 430, 500, lighter(top, 0.55), 150)


def _hills(canvas: Canvas, traits: Traits) -> None:
    top, bottom = _pair(SKY, traits.tone)
    canvas.fade(top, bottom)
    green = rgb(GREENS[traits.tone % len(GREENS)])
    phase = traits.tone % 17
    _ridge(canvas, 700, 210, phase, mix(green, top, 0.62))
    _ridge(canvas, 800, 190, phase + 2.1, mix(green, top, 0.34))
    _ridge(canvas, 930, 150, phase + 4.4, green)


def _terraces(canvas: Canvas, traits: Traits) -> None:
    top, bottom = _pair(SKY, traits.tone + 1)
    canvas.fade(top, bottom)
    dice = traits.dice("terraces")
    lean = dice.uniform(-0.16, 0.16)
    for row in range(9):
        y = 560 + row * 78 + row * row * 3
        palette = GOLDS if (row + traits.tone) % 3 == 0 else GREENS
        colour = mix(rgb(dice.choice(palette)), bottom, max(0.0, 0.5 - row * 0.07))
        path = [
            (x, y + lean * (x - 480) + 16 * math.sin(x / 160 + row * 1.3))
            for x in range(-20, 1000, 20)
        ]
        canvas.shape([*path, (1000, 1220), (-20, 1220)], colour)


def _sun(canvas: Canvas, traits: Traits) -> None:
    top, bottom = _pair(SKY, traits.tone + 2)
    canvas.fade(top, bottom)
    side = 1 if traits.tone % 2 else -1
    canvas.oval(
        480 + side * 210,
        330,
        190,
        190,
        rgb(["#f3c99a", "#f2d79b", "#efb9a0"][traits.tone % 3]),
        190,
    )
    _ridge(
        canvas, 900, 120, traits.tone % 11, mix(rgb(GREENS[traits.tone % len(GREENS)]), bottom, 0.3)
    )


def _wall(canvas: Canvas, traits: Traits) -> None:
    canvas.fade(rgb("#f4f1ea"), rgb("#e7e1d5"))
    grey = rgb(["#8d949a", "#9a8f86", "#7f8c88"][traits.tone % 3])
    canvas.shape([(0, 0), (960, 0), (960, 110), (0, 110)], grey)
    for x in range(-30, 1000, 66):
        canvas.oval(x + 33, 112, 30, 26, mix(grey, (255, 255, 255), 0.22))
        canvas.oval(x + 33, 108, 17, 14, mix(grey, (30, 30, 30), 0.12))
    canvas.shape([(0, 0), (960, 0), (960, 62), (0, 62)], mix(grey, (30, 30, 30), 0.14))
    base = rgb(["#c9d2c4", "#d6c7b4", "#bfcad2"][traits.tone % 3])
    canvas.shape([(0, 880), (960, 880), (960, 1200), (0, 1200)], base)
    canvas.shape([(0, 880), (960, 880), (960, 892), (0, 892)], mix(base, (60, 60, 60), 0.18))


def _bamboo(canvas: Canvas, traits: Traits) -> None:
    top, bottom = _pair([("#e6efe2", "#f4f1e4"), ("#e9efe9", "#dce8df")], traits.tone)
    canvas.fade(top, bottom)
    dice = traits.dice("bamboo")
    green = rgb(GREENS[traits.tone % len(GREENS)])
    for x in (
        dice.uniform(40, 150),
        dice.uniform(190, 260),
        dice.uniform(720, 790),
        dice.uniform(830, 930),
    ):
        width, lean = dice.uniform(13, 24), dice.uniform(-30, 30)
        colour = mix(green, top, dice.uniform(0.1, 0.5))
        canvas.shape([(x, 1200), (x + width, 1200), (x + width + lean, 0), (x + lean, 0)], colour)
        for y in range(dice.randrange(60, 200), 1200, 190):
            shift = lean * (1 - y / 1200)
            canvas.shape(
                [
                    (x + shift - 2, y),
                    (x + shift + width + 2, y),
                    (x + shift + width + 2, y + 7),
                    (x + shift - 2, y + 7),
                ],
                mix(colour, (60, 80, 60), 0.25),
            )
        for _leaf in range(5):
            y, side = dice.uniform(60, 760), dice.choice((-1, 1))
            tip = (x + side * dice.uniform(90, 150), y + dice.uniform(30, 90))
            canvas.stroke(
                [(x + width / 2, y), ((x + tip[0]) / 2, y + 6), tip],
                26,
                mix(colour, green, 0.5),
                210,
                0.05,
            )


def _river(canvas: Canvas, traits: Traits) -> None:
    top, bottom = _pair(SKY, traits.tone + 3)
    canvas.fade(top, bottom)
    green = rgb(GREENS[traits.tone % len(GREENS)])
    _ridge(canvas, 690, 170, traits.tone % 13, mix(green, top, 0.5))
    water = mix(rgb("#a9cbd3"), bottom, 0.25)
    canvas.shape([(0, 720), (960, 690), (960, 1200), (0, 1200)], water)
    dice = traits.dice("river")
    for _ripple in range(14):
        x, y = dice.uniform(0, 900), dice.uniform(750, 1150)
        canvas.stroke([(x, y), (x + 60, y - 5), (x + 130, y)], 5, lighter(water, 0.6), 170)
    canvas.shape([(0, 1010), (300, 1040), (960, 1000), (960, 1200), (0, 1200)], green)

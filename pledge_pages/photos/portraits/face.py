"""The face: its outline, eyes, brows, nose and mouth, and what the years have drawn into it."""

import math

from .canvas import Canvas, Point, darker, lighter, mirrored, mix, rgb, spline
from .traits import Traits

LIP = (176, 82, 74)
BLUSH = (222, 118, 96)


def face_outline(traits: Traits) -> list[Point]:
    """Return the outline of the face around (0, 0)."""
    w, n = traits.width, traits.length
    right = [
        (0, -232 * n),
        (0.58 * w, -208 * n),
        (0.93 * w, -112 * n),
        (w, -6 * n),
        (0.965 * w, 78 * n),
        (traits.jaw * w, 152 * n),
        (traits.chin * w, 205 * n),
        (0, 222 * n),
    ]
    return spline(mirrored(right), closed=True)


def chin(traits: Traits) -> float:
    """Return how far the chin lies below the middle of the face."""
    return 222 * traits.length


def draw_neck(canvas: Canvas, traits: Traits) -> None:
    """Draw the neck, with the shadow of the head on it."""
    half = traits.width * (0.44 if traits.longer_hair else 0.55)
    low = chin(traits)
    canvas.shape(
        [
            (-half, 90),
            (half, 90),
            (half + 2, low + 40),
            (half + 34, 330),
            (-half - 34, 330),
            (-half - 2, low + 40),
        ],
        traits.skin,
    )
    shadow = [
        (-half, 100),
        (half, 100),
        (half, low + 6),
        (half * 0.4, low + 42),
        (-half * 0.5, low + 46),
        (-half, low + 20),
    ]
    canvas.shape(shadow, darker(mix(traits.skin, traits.shade, 0.3), 0.05))


def draw_ears(canvas: Canvas, traits: Traits) -> None:
    """Draw both ears; longer hair may cover them later."""
    for side in (-1, 1):
        x = side * (traits.width - 2)
        ear = [
            (x - side * 8, -34), (x + side * 20, -42), (x + side * 31, -8), (x + side * 20, 36),
            (x + side * 2, 54), (x - side * 10, 40),
        ]  # fmt: skip
        canvas.blob(ear, mix(traits.skin, traits.shade, 0.16))
        canvas.stroke(
            [(x + side * 4, -20), (x + side * 18, -16), (x + side * 17, 8), (x + side * 7, 24)],
            5, traits.shade, 130,
        )  # fmt: skip
        if traits.earrings:
            canvas.oval(x + side * 8, 58, 6, 6, rgb("#e8d9a8"))


def draw_face(canvas: Canvas, traits: Traits) -> None:
    """Draw the face with everything on it."""
    outline = face_outline(traits)
    canvas.shape(outline, traits.skin)
    with canvas.inside(outline):
        _shade_side(canvas, traits)
        _blush(canvas, traits)
        if traits.beard:
            _beard(canvas, traits)
    _age_lines(canvas, traits)
    for side in (-1, 1):
        _brow(canvas, traits, side)
        _eye(canvas, traits, side)
    _nose(canvas, traits)
    _mouth(canvas, traits)


def _shade_side(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    light = [
        (-0.2 * w, -260 * n), (0.74 * w, -210 * n), (0.86 * w, -60 * n), (0.80 * w, 60 * n),
        (0.56 * w, 150 * n), (0.1 * w, 215 * n), (-w, 260 * n), (-1.2 * w, -260 * n),
    ]  # fmt: skip
    canvas.shape([(-300, -300), (300, -300), (300, 300), (-300, 300)], traits.shade, 46)
    canvas.blob(light, traits.skin)
    canvas.oval(-0.28 * w, -150 * n, 0.42 * w, 58, lighter(traits.skin, 0.4), 46)


def _blush(canvas: Canvas, traits: Traits) -> None:
    strength = 26 + traits.tone % 22
    for side in (-1, 1):
        x = side * traits.width * 0.56
        for size in (1.0, 0.72, 0.45):
            canvas.oval(x, 66, 50 * size, 32 * size, BLUSH, strength // 2)


def _age_lines(canvas: Canvas, traits: Traits) -> None:
    if traits.lines < 0.38:
        return
    strength = round(40 + 105 * (traits.lines - 0.38))
    gap = traits.width * traits.eye_gap
    for side in (-1, 1):
        canvas.stroke(
            [(side * 40, 62), (side * 58, 92), (side * 66, 124)],
            5,
            traits.shade,
            strength + 30,
            0.05,
        )
        canvas.stroke(
            [(side * (gap - 24), 24), (side * gap, 32), (side * (gap + 22), 24)],
            4, traits.shade, strength,
        )  # fmt: skip
        if traits.lines > 0.55:
            for dy in (-10, 0, 11):
                x = side * (gap + 40)
                canvas.stroke(
                    [(x, dy - 2), (x + side * 10, dy * 1.5 - 2), (x + side * 19, dy * 2.3 - 2)],
                    3,
                    traits.shade,
                    strength,
                    0.1,
                )
    if traits.lines > 0.6:
        for row in range(1 + (traits.tone % 2) + (traits.lines > 0.8)):
            y = (-96 - row * 24) * traits.length
            canvas.stroke(
                [(-66, y + 3), (-20, y - 3), (24, y - 3), (66, y + 3)],
                4,
                traits.shade,
                strength,
                0.05,
            )


def _brow(canvas: Canvas, traits: Traits, side: int) -> None:
    gap, arch = traits.width * traits.eye_gap, traits.brow_arch
    colour = mix(traits.hair, rgb("#4a3f3a"), 0.25)
    if sum(traits.hair) > 420:
        colour = mix(traits.hair, rgb("#6a625c"), 0.45)
    if sum(colour) < 180:
        colour = mix(colour, traits.skin, 0.12)
    y = -47 * traits.length
    path = [
        (side * (gap - 36), y + 1), (side * (gap - 10), y - arch * 0.65), (side * (gap + 14), y - arch * 0.8),
        (side * (gap + 42), y + 8),
    ]  # fmt: skip
    canvas.stroke(path, traits.brow, colour, 235, 0.3 if traits.longer_hair else 0.42)


def _eye(canvas: Canvas, traits: Traits, side: int) -> None:
    gap = traits.width * traits.eye_gap
    dark = rgb("#2b211e")
    with canvas.at(side * gap, -2):
        if traits.eye == "smiling":
            canvas.stroke([(-28, 5), (-12, -9), (8, -10), (28, 5)], 9, dark, 255, 0.3)
            canvas.stroke([(-18, 15), (0, 19), (18, 15)], 3.5, traits.shade, 90)
            return
        tall = {"almond": 11.5, "round": 13, "hooded": 9.5}[traits.eye] * traits.eye_open
        lift = 3 * side  # the outer corner a little higher than the inner one
        upper = [(-29, 2 + lift * 0.6), (-14, -tall + 1), (6, -tall), (29, 2 - lift * 0.6)]
        lower = [(29, 2 - lift * 0.6), (12, tall * 0.72), (-10, tall * 0.74), (-29, 2 + lift * 0.6)]
        white = spline(upper) + spline(lower)
        canvas.shape(white, mix(rgb("#fdfaf5"), traits.skin, 0.1))
        with canvas.inside(white):
            iris = mix(rgb("#3f2a20"), rgb("#5a3d2a"), (traits.tone % 10) / 10)
            canvas.oval(0, -1, 13.5, 13.5, iris)
            canvas.oval(0, -1, 7, 7, rgb("#1c1513"))
            canvas.stroke(
                [(-26, -tall + 5), (0, -tall + 4), (26, -tall + 6)], 7, traits.shade, 70, 0.6
            )
        canvas.oval(-4.5, -5.5, 3.4, 3.4, (255, 255, 255))
        width = 8.5 if traits.longer_hair else 7
        outer = [(x, y) for x, y in upper]
        canvas.stroke(outer, width, dark, 245, 0.35)
        if traits.longer_hair:
            canvas.stroke([(side * 22, -3), (side * 30, -1), (side * 37, -7)], 5, dark, 230, 0.2)
        if traits.eye == "hooded":
            fold = [(-30, -tall - 1), (-8, -tall - 9), (14, -tall - 8), (34, -tall + 5)]
            canvas.stroke([(x * side, y) for x, y in fold], 5, traits.shade, 150)
        elif traits.tone % 3:
            canvas.stroke(
                [(-22, -tall - 6), (0, -tall - 11), (24, -tall - 5)], 3.2, traits.shade, 130
            )


def _nose(canvas: Canvas, traits: Traits) -> None:
    size = traits.nose
    canvas.stroke([(12, -18), (15 * size, 20), (21 * size, 48)], 7, traits.shade, 46, 0.1)
    canvas.oval(-2, 50, 15 * size, 12 * size, lighter(traits.skin, 0.35), 60)
    canvas.stroke(
        [(-25 * size, 56), (-15 * size, 67), (0, 71), (15 * size, 67), (25 * size, 56)],
        6, traits.shade, 190, 0.2,
    )  # fmt: skip


def _mouth(canvas: Canvas, traits: Traits) -> None:
    half, smile = traits.mouth_width, traits.smile
    y = 122 * traits.length
    tint = mix(LIP, traits.skin, 0.42 if not traits.longer_hair else 0.2)
    line = mix(darker(tint, 0.45), traits.shade, 0.2)
    corners = [(-half, y - smile * 0.55), (-half * 0.45, y + smile * 0.3), (0, y + smile * 0.5),
               (half * 0.45, y + smile * 0.3), (half, y - smile * 0.55)]  # fmt: skip
    if traits.mouth == "open":
        _open_smile(canvas, corners, half, smile, y, tint)
        return
    if traits.mouth == "lips" or traits.longer_hair:
        upper = [
            (half * 0.42, y - 4),
            (half * 0.16, y - 11),
            (0, y - 8),
            (-half * 0.16, y - 11),
            (-half * 0.42, y - 4),
        ]
        canvas.shape(
            spline(corners[:])
            + spline([(half * 0.92, y - smile * 0.5), *upper, (-half * 0.92, y - smile * 0.5)]),
            tint,
            225,
        )
        lower = [(half * 0.7, y + smile * 0.2), (half * 0.3, y + smile * 0.5 + 13), (0, y + smile * 0.5 + 16),
                 (-half * 0.3, y + smile * 0.5 + 13), (-half * 0.7, y + smile * 0.2)]  # fmt: skip
        canvas.shape(spline(corners[1:4]) + spline(lower), lighter(tint, 0.12), 225)
    else:
        canvas.stroke(
            [(-half * 0.34, y + 25), (0, y + 29), (half * 0.34, y + 25)], 6, traits.shade, 90
        )
    canvas.stroke(corners, 6.5, line, 240, 0.25)


def _open_smile(canvas: Canvas, corners, half: float, smile: float, y: float, tint) -> None:
    depth = y + 20 + smile * 0.8
    lower = [
        (half, y - smile * 0.55),
        (half * 0.55, depth - 6),
        (0, depth + 4),
        (-half * 0.55, depth - 6),
        (-half, y - smile * 0.55),
    ]
    mouth = spline(corners) + spline(lower)
    canvas.shape(
        spline([(x * 1.04, y2 + (9 if 0 < i < 4 else 0)) for i, (x, y2) in enumerate(lower)])
        + spline(corners[::-1]),
        tint,
    )
    canvas.shape(mouth, rgb("#7c3836"))
    with canvas.inside(mouth):
        canvas.shape(
            [
                (-half, y - 40),
                (half, y - 40),
                (half, y + 6),
                (half * 0.5, y + smile * 0.5 + 9),
                (0, y + smile * 0.5 + 11),
                (-half * 0.5, y + smile * 0.5 + 9),
                (-half, y + 6),
            ],
            rgb("#fbf8f2"),
        )
        canvas.oval(0, depth + 8, half * 0.5, 15, rgb("#c9706a"))
    canvas.stroke(corners, 5, darker(tint, 0.4), 220, 0.3)


def _beard(canvas: Canvas, traits: Traits) -> None:
    n = traits.length
    colour = traits.hair
    if traits.beard == "stubble":
        jaw = [
            (-230, 70 * n),
            (-96, 84),
            (-70, 100),
            (0, 92),
            (70, 100),
            (96, 84),
            (230, 70 * n),
            (200, 300),
            (-200, 300),
        ]
        canvas.blob(jaw, mix(colour, traits.shade, 0.5), 26)
        canvas.blob(
            [(-54, 104), (0, 96), (54, 104), (58, 140), (0, 150), (-58, 140)], traits.skin, 120
        )
        return
    y = 122 * n
    for side in (-1, 1):
        canvas.stroke(
            [(side * 1, y - 25), (side * 30, y - 24), (side * 58, y - 8)], 17, colour, 215, 0.35
        )
    if traits.beard == "goatee":
        canvas.blob(
            [(-30, y + 50), (0, y + 42), (30, y + 50), (24, y + 90), (0, y + 112), (-24, y + 90)],
            colour,
            215,
        )


def draw_glasses(canvas: Canvas, traits: Traits) -> None:
    """Draw the glasses, if the person wears any."""
    if not traits.glasses:
        return
    gap = traits.width * traits.eye_gap
    frame = rgb(["#3a3231", "#5b4632", "#4a5560", "#6e4a44"][traits.tone % 4])
    rx = min(54, gap - 11)
    for side in (-1, 1):
        x = side * gap
        if traits.glasses == "round":
            lens = [
                (x + rx * math.cos(turn / 8 * math.tau), 1 + 48 * math.sin(turn / 8 * math.tau))
                for turn in range(8)
            ]
        elif traits.glasses == "square":
            lens = [(x - rx + 8, -36), (x, -39), (x + rx - 8, -36), (x + rx, -18), (x + rx - 6, 26),
                    (x + rx - 20, 38), (x, 40), (x - rx + 20, 38), (x - rx + 6, 26), (x - rx, -18)]  # fmt: skip
        else:
            lens = [
                (x - rx, -14),
                (x, -20),
                (x + rx, -14),
                (x + rx - 8, 20),
                (x, 38),
                (x - rx + 8, 20),
            ]
        canvas.blob(lens, (255, 255, 255), 34)
        canvas.ring(lens, 5, frame)
        canvas.stroke(
            [(side * (gap + rx - 2), -8), (side * (traits.width + 2), -14)], 6, frame, 255, 0.9
        )
    bridge = gap - rx
    canvas.stroke([(-bridge, -8), (0, -17), (bridge, -8)], 6, frame, 255, 0.9)

"""Hats, with the hair that shows below them."""

from .canvas import Canvas, darker, lighter, rgb, spline
from .traits import Traits


def draw_cap(canvas: Canvas, traits: Traits) -> None:
    """Draw a cloth cap with a short peak."""
    w, n = traits.width, traits.length
    _sideburns(canvas, traits)
    colour = rgb(["#4a5a52", "#3f4f63", "#6b5d4c", "#565b60"][traits.tone % 4])
    right = [(0, -318), (0.8 * w, -286), (1.1 * w, -190), (1.06 * w, -118)]
    left = [(-x, y) for x, y in reversed(right)]
    rim = [right[-1], (0.5 * w, -140), (-0.5 * w, -140), left[0]]
    crown = spline([*left, *right[1:]]) + spline(rim)
    canvas.shape([(x, y * n) for x, y in crown], colour)
    for side in (-1, 1):
        seam = [(0.52, -300), (0.62, -220), (0.6, -150)]
        canvas.stroke([(side * x * w, y * n) for x, y in seam], 4, darker(colour, 0.3), 140)
    peak = [(-0.98, -124), (-0.5, -156), (0, -164), (0.5, -156), (0.98, -124)]
    edge = [
        (0.98, -124),
        (0.86, -92),
        (0.4, -100),
        (0, -104),
        (-0.4, -100),
        (-0.86, -92),
        (-0.98, -124),
    ]
    outline = [(x * w, y * n) for x, y in spline(peak) + spline(edge)]
    canvas.shape([(x, y + 12) for x, y in outline], traits.shade, 70)
    canvas.shape(outline, darker(colour, 0.28))
    canvas.oval(0, -316 * n, 9, 7, darker(colour, 0.2))


def draw_straw_hat(canvas: Canvas, traits: Traits) -> None:
    """Draw a wide straw hat with a band."""
    w, n = traits.width, traits.length
    _sideburns(canvas, traits)
    straw = rgb(["#e2c88f", "#d8bc80", "#e8d3a2"][traits.tone % 3])
    canvas.oval(0, -112 * n, 1.0 * w, 30, traits.shade, 90)
    canvas.oval(0, -150 * n, 1.92 * w, 66, darker(straw, 0.12))
    canvas.oval(0, -158 * n, 1.92 * w, 62, straw)
    for size in (1.7, 1.45, 1.2):
        canvas.stroke(
            [(-size * w, -150 * n), (0, -158 * n + 54 * size / 1.9), (size * w, -150 * n)],
            3,
            darker(straw, 0.24),
            130,
            0.4,
        )
    crown = [
        (-0.92 * w, -164 * n),
        (-0.86 * w, -250 * n),
        (-0.5 * w, -318 * n),
        (0, -330 * n),
        (0.5 * w, -318 * n),
        (0.86 * w, -250 * n),
        (0.92 * w, -164 * n),
        (0, -140 * n),
    ]
    canvas.blob(crown, lighter(straw, 0.1))
    canvas.shape(
        spline([(-0.93 * w, -168 * n), (0, -142 * n), (0.93 * w, -168 * n)])
        + spline([(0.91 * w, -202 * n), (0, -178 * n), (-0.91 * w, -202 * n)]),
        rgb(["#7a5a48", "#56686a", "#8a4f45"][traits.tone % 3]),
    )


def _sideburns(canvas: Canvas, traits: Traits) -> None:
    w, n = traits.width, traits.length
    for side in (-1, 1):
        patch = [
            (0.92 * w, 12),
            (0.87 * w, -70 * n),
            (0.86 * w, -150 * n),
            (1.04 * w, -150 * n),
            (1.05 * w, -40 * n),
            (1.0 * w, 16),
        ]
        canvas.blob([(side * x, y) for x, y in patch], traits.hair)

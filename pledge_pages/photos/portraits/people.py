"""Puts a portrait together, from the backdrop forwards."""

from .backdrop import draw_backdrop
from .canvas import Canvas
from .clothes import draw_body
from .face import draw_ears, draw_face, draw_glasses, draw_neck
from .hair import draw_back_hair, draw_front_hair
from .traits import traits_for

WIDTH, HEIGHT = 960, 1200
# Where the middle of the face is, and how much larger than its units the person is drawn.
HEAD = (480, 545)
ZOOM = 1.24


def draw_portrait(seed: str) -> bytes:
    """Return the portrait that belongs to ``seed``: a JPEG of 960 x 1200 pixels."""
    traits = traits_for(seed)
    canvas = Canvas(WIDTH, HEIGHT, (255, 255, 255))
    draw_backdrop(canvas, traits)
    with canvas.at(*HEAD, ZOOM):
        draw_back_hair(canvas, traits)
        draw_neck(canvas, traits)
        draw_body(canvas, traits)
        draw_ears(canvas, traits)
        draw_face(canvas, traits)
        draw_glasses(canvas, traits)
        draw_front_hair(canvas, traits)
    return canvas.jpeg()

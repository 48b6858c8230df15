"""Draws people and evidence for demonstrations, so that no real face or file is needed.

The same seed always gives the same picture. Nothing but the seed goes in: no name, sex or age.
"""

from .people import draw_portrait
from .scenes import draw_evidence

__all__ = ["draw_evidence", "draw_portrait"]

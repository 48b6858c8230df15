"""Importing this module fills the list of deeds."""

from tests.chance.deeds import people, programs, reviewing, steering, tree, village, writing
from tests.chance.deeds.row import DEEDS

__all__ = ["DEEDS", "people", "programs", "reviewing", "steering", "tree", "village", "writing"]

"""The tests of the rules stand on the same two branches as those of points."""

from tests.appraisal.conftest import _in_english, town  # noqa: F401

"""What the tests of spreadsheets share: a quiet village with all it holds."""

from tests.village.conftest import _built, town  # noqa: F401

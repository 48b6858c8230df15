"""What the tests of spreadsheets share: a quiet village with all it holds."""

from tests.village.conftest import town  # noqa: F401

"""The page on the sample data leaves out no field."""

import re

from home.demo.sample import LANGUAGES, Sample
from tests.house.source import ROOT

PAGE = ROOT / "docs/reference/sample-data.md"


def fields(value, path: str = "") -> set[str]:
    """Return the path of every value below ``value``, the two languages of a text as one."""
    if isinstance(value, list):
        return {found for entry in value for found in fields(entry, path)}
    if not isinstance(value, dict):
        return {path}
    found = set()
    for name, entry in value.items():
        stem = "text" if name in LANGUAGES.values() else re.sub("_(zh|en)$", "", name)
        found |= fields(entry, f"{path}.{stem}" if path else stem)
    return found


def test_the_page_says_where_each_field_of_the_file_went(sample: Sample) -> None:
    named = set(re.findall(r"`([a-z_.*]+)`", PAGE.read_text(encoding="utf-8")))
    whole = tuple(name.removesuffix("*") for name in named if name.endswith(".*"))
    forgotten = [
        path for path in fields(sample.data) if path not in named and not path.startswith(whole)
    ]
    assert sorted(forgotten) == []


def test_the_page_names_no_field_that_is_not_in_the_file(sample: Sample) -> None:
    known = fields(sample.data)
    table = re.findall(r"^\| (`[a-z_]+\..*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for row in table for name in re.findall(r"`([a-z_.]+)`", row)}
    assert named - known == set()

"""Reads the sample town's file. Everything in it is invented."""

import json
import uuid
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("sample_town.json")

# Content language -> how the file's keys end.
LANGUAGES = {"zh-hans": "zh", "en": "en"}

Record = Mapping[str, Any]


class Sample:
    """The file's content, with its lists by village and member."""

    def __init__(self, data: Record) -> None:
        self.data = data

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    @property
    def on(self) -> date:
        """The day on which the file was closed: what happens later it does not know."""
        return day(self.data["meta"]["as_of"])

    @cached_property
    def villages(self) -> dict[str, Record]:
        """Villages by code, in the file's order."""
        return {village["id"]: village for village in self.data["villages"]}

    @cached_property
    def liaison(self) -> dict[str, Record]:
        """Liaison officers by village."""
        return {officer["village"]: officer for officer in self.data["liaison"]}

    def members_of(self, village: str) -> list[Record]:
        """Return the members of ``village``, in the file's order."""
        return [member for member in self.data["members"] if member["village"] == village]

    @cached_property
    def pledges_by_member(self) -> dict[str, list[Record]]:
        """Pledges by member, in the file's order."""
        found: dict[str, list[Record]] = {member["id"]: [] for member in self.data["members"]}
        for pledge in self.data["pledges"]:
            found[pledge["member"]].append(pledge)
        return found

    def branch_pledges_of(self, village: str) -> list[Record]:
        """Return what the branch of ``village`` promises as a whole."""
        return [pledge for pledge in self.data["branch_pledges"] if pledge["village"] == village]


def read_sample() -> Sample:
    """Return the sample town."""
    return Sample(json.loads(FILE.read_text(encoding="utf-8")))


def day(text: str) -> date:
    """Return the date that the file writes as ``text``."""
    return date.fromisoformat(text)


def day_or_none(text: str | None) -> date | None:
    """Return the date that the file writes as ``text``, or None where it has none."""
    return day(text) if text else None


def text_of(record: Record, name: str, language: str) -> str:
    """Return the text ``name`` of ``record`` in ``language``, or an empty string."""
    suffix = LANGUAGES[language]
    return record.get(f"{name}_{suffix}" if name else suffix) or ""


def labels_of(record: Record, name: str = "") -> dict[str, str]:
    """Return the text ``name`` of ``record`` in every language, as a LabelsField keeps it."""
    return {language: text_of(record, name, language) for language in LANGUAGES}


def key_of(identifier: str) -> uuid.UUID:
    """Return the permanent key of what the file calls ``identifier``: always the same."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sample-town:{identifier}")

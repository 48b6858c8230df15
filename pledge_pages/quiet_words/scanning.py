"""Looks through all that is public already for what must not be."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from .reading import live_objects
from .refusing import issues_standing
from .watching import Issue, Watch

# So many rows are in memory at a time.
CHUNK = 100


@dataclass(frozen=True)
class Standing:
    """One place that is public and must not be, and on what it stands."""

    model: str
    pk: int
    issue: Issue

    def as_dict(self) -> dict[str, str | int | None]:
        """Return it as plain data; the offset counts from 0, and is None for a chosen record."""
        issue = self.issue
        return {
            "model": self.model,
            "id": self.pk,
            "kind": issue.kind,
            "field": issue.path,
            "offset": issue.start if issue.start >= 0 else None,
            "quote": issue.quote,
            "suggestion": issue.suggestion,
        }


def rows_to_scan() -> int:
    """Return how many pages, snippets, pictures and documents there are to look at."""
    return sum(rows.count() for _model, rows in live_objects())


def scan() -> Iterator[tuple[models.Model, list[Standing]]]:
    """Yield each public row with what stands on it that must not; what leads let pass is left out."""
    watch = Watch()
    for _model, rows in live_objects():
        for row in rows.iterator(chunk_size=CHUNK):
            name = type(row)._meta.label_lower
            yield row, [Standing(name, row.pk, issue) for issue in issues_standing(row, watch)]

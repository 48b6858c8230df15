"""What may be said of a villagers' survey: nothing of few answers, no counts of few. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Survey:
    """How many villagers said what of a member."""

    satisfied: int
    neutral: int
    dissatisfied: int

    @property
    def answers(self) -> int:
        """How many answered."""
        return self.satisfied + self.neutral + self.dissatisfied

    @property
    def percent(self) -> int | None:
        """How many of a hundred were satisfied, halves rounded up; None if nobody answered."""
        if not self.answers:
            return None
        return (200 * self.satisfied + self.answers) // (2 * self.answers)

    def said(self, *, least: int, least_counted: int) -> dict[str, int]:
        """Return what may be shown of it.

        Of fewer than ``least`` answers nothing; the percentage alone while fewer than
        ``least_counted`` were not satisfied, who could be guessed; otherwise all of it.
        """
        if self.percent is None or self.answers < least:
            return {}
        if self.dissatisfied < least_counted:
            return {"percent": self.percent}
        return {
            "percent": self.percent,
            "satisfied": self.satisfied,
            "neutral": self.neutral,
            "dissatisfied": self.dissatisfied,
        }

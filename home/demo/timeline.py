"""The demo's calendar: on which day it may stand, and when each wave took which step."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from .sample import Sample, day, day_or_none

EARLIEST, LATEST = date(2025, 4, 1), date(2027, 12, 31)
DEFAULT = date(2026, 3, 5)

# Days that the file does not give: (wave, verb).
UNDATED = {
    (1, "propose"): date(2025, 3, 14),
    (2, "propose"): date(2025, 3, 14),
    (3, "propose"): date(2025, 3, 14),
    (1, "agree"): date(2025, 3, 19),
    (2, "agree"): date(2026, 2, 2),
    (2, "review"): date(2026, 3, 13),
}

REASONS = {
    "propose": "列入全镇计划。 / Part of the town's plan.",
    "agree": "支部党员大会同意试行。 / The branch's members agreed to the trial.",
    "start": "开始试行,只做不说。 / The trial begins: do it, do not announce it.",
    "review": "已评议,问题已改。 / Reviewed; what was wrong has been mended.",
    "concur": "同意公开。 / I agree that it goes public.",
    "approve": "准备好的内容同时公开。 / What was prepared goes public in one step.",
}


class BadDate(ValueError):
    """A day on which the demo cannot stand; the message says why."""


@dataclass(frozen=True)
class Step:
    """One step that all pilots of a wave took on one day."""

    on: date
    wave: int
    verb: str
    reason: str

    @property
    def at(self) -> datetime:
        """The moment that goes into the record."""
        return moment(self.on, ORDER[self.verb])


# The hour of each step, so that steps of one day stand in their order.
ORDER = {"propose": 9, "agree": 10, "start": 11, "review": 14, "concur": 15, "approve": 16}


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """Return that hour of the day ``on`` where the site is."""
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def parse_day(text: str | None) -> date:
    """Return the day that ``text`` names (the default day if None); BadDate if it names none."""
    if text is None:
        return DEFAULT
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadDate(
            f"“{text}” is no date. Write it as year-month-day, as in {DEFAULT}."
        ) from None
    if not EARLIEST <= found <= LATEST:
        raise BadDate(f"The sample town lives from {EARLIEST} to {LATEST}; {found} lies outside.")
    return found


def steps_until(sample: Sample, on: date) -> list[Step]:
    """Return what the waves did up to the day ``on``, oldest first, without their proposal."""
    steps = []
    for wave in sample["programme"]["waves"]:
        dates = _dates(sample, wave)
        for verb, when in dates.items():
            if verb != "propose" and when is not None and when <= on:
                steps.append(Step(when, wave["wave"], verb, _reason(wave, verb)))
    return sorted(steps, key=lambda step: (step.on, step.wave, ORDER[step.verb]))


def proposed_on(wave: int) -> date:
    """Return the day on which the pilots of that wave were proposed."""
    return UNDATED[wave, "propose"]


def _dates(sample: Sample, wave: dict) -> dict[str, date | None]:
    number = wave["wave"]
    dates = {verb: UNDATED.get((number, verb)) for verb in ORDER}
    if (number, "agree") not in UNDATED:
        # A wave whose villages have not agreed goes no further.
        return dates
    if number == 1:
        dates["start"] = day(sample["programme"]["embargo"]["active_from"])
        dates["review"] = day(max(review["reviewed_on"] for review in sample["reviews"]))
    else:
        dates["start"] = _first_draft(sample, wave["villages"])
    dates["concur"] = day_or_none(wave.get("approved_on"))
    dates["approve"] = day_or_none(wave["public_from"])
    return dates


def _first_draft(sample: Sample, villages: list[str]) -> date:
    return min(
        day(pledge["workflow"]["history"][0]["on"])
        for pledge in sample["pledges"]
        if pledge["village"] in villages
    )


def _reason(wave: dict, verb: str) -> str:
    if verb == "approve" and wave.get("approval_basis_zh"):
        return f"{wave['approval_basis_zh']} / {wave['approval_basis_en']}"
    return REASONS[verb]

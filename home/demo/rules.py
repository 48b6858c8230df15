"""The rules of the sample town: versions of the rule book, clauses, grades, templates, and points."""

from collections.abc import Iterator
from datetime import date

from pledge_pages.appraisal.ledger_history import PastEntry, import_points
from pledge_pages.people.models import Member
from pledge_pages.pilots.models import Programme
from pledge_pages.rulebook.history import PastVersion, import_versions
from pledge_pages.rulebook.models import Category, PledgeTemplate, RuleBook

from .sample import Record, Sample, day, key_of, labels_of

# What the file says in words only.
TRIGGERS = {
    "A0": "base", "X1": "counter", "P1": "fulfilled", "P2": "partly", "P3": "excused",
    "P4": "not_fulfilled",
}  # fmt: skip
# From which version on.
QUARTER_CAP = ("0.3", 20)
SPARED = ("1.0", ["vet", "flow"])
K1_OFF = "0.3"
# The first version's clauses stand in its summary alone. The second changed one of them, and
# nothing is said of the other until the third.
IN_SUMMARY = (
    {"code": "P4", "points": -10, "zh": "承诺没完成,每条", "en": "Not fulfilled, each",
     "versions": ("0.1",)},
    {"code": "B1", "points": -40, "zh": "违建", "en": "Unauthorised building",
     "versions": ("0.1", "0.2")},
)  # fmt: skip
# Threshold, share (part, whole), satisfaction, as the grades' own texts say them.
GRADES = {
    "excellent": (92, (1, 3), 85),
    "qualified": (80, (None, None), None),
    "basic": (60, (None, None), None),
    "unqualified": (None, (None, None), None),
}
# The base was changed while the year ran; the file has what it came to.
RECALCULATED_ON = date(2025, 6, 10)


def make_books(sample: Sample, programme: Programme, on: date, *, by) -> dict[str, RuleBook]:
    """Make the versions that were in force by the day ``on``, and return them by version."""
    versions = [book for book in sample["rule_book"] if day(book["effective"]) <= on]
    return import_versions(programme, [past_version(sample, book) for book in versions], by=by)


def past_version(sample: Sample, book: Record) -> PastVersion:
    """Return one version of the file with its clauses and grades."""
    version = book["version"]
    return PastVersion(
        version,
        day(book["effective"]),
        {
            "on_trial": book["status"] == "pilot_draft",
            "base": book["base"],
            "quarter_cap": QUARTER_CAP[1] if version >= QUARTER_CAP[0] else None,
            "spared": SPARED[1] if version >= SPARED[0] else [],
            "summary": labels_of(book, "summary"),
            "change_reason": labels_of(book, "change_reason"),
        },
        list(clauses_of(sample, version)),
        [grade(record) for record in sample["grades"]],
    )


def clauses_of(sample: Sample, version: str) -> Iterator[Record]:
    """Yield the clauses of ``version``, in the file's order."""
    older = {row["code"]: row for row in IN_SUMMARY if version in row["versions"]}
    for rank, rule in enumerate(sample["points_rules"], start=1):
        code = rule["code"]
        if code in older:
            rule = {**older[code], "cap": None}
        elif rule["from_version"] > version and code != "A0":
            continue
        yield {
            "code": code,
            "points": None if code in ("A0", "X1") else rule["points"],
            "cap": abs(rule["cap"]) if rule["cap"] else None,
            "text": labels_of(rule),
            "trigger": TRIGGERS.get(code, "hand"),
            "in_force": code != "K1" or version < K1_OFF,
            "rank": 10 * rank,
        }


def grade(record: Record) -> Record:
    """Return one grade with the numbers of its text."""
    threshold, (part, whole), satisfaction = GRADES[record["code"]]
    return {
        "code": record["code"],
        "name": labels_of(record),
        "text": labels_of(record, "rule"),
        "threshold": threshold,
        "share_part": part,
        "share_whole": whole,
        "min_satisfaction": satisfaction,
    }


def make_templates(sample: Sample, categories: dict[str, Category]) -> None:
    """Make the pledge library; another programme may have made it already."""
    there = set(PledgeTemplate.objects.values_list("code", flat=True))
    PledgeTemplate.objects.bulk_create(
        PledgeTemplate(
            code=record["id"],
            category=categories[record["category"]],
            text=labels_of(record, "text"),
            measure=labels_of(record, "measure"),
            first_task=labels_of(record, "first_task"),
        )
        for record in sample["pledge_library"]
        if record["id"] not in there
    )


def make_points(
    sample: Sample,
    programme: Programme,
    on: date,
    *,
    members: dict[str, Member],
    books: dict[str, RuleBook],
    by,
) -> None:
    """Make the entries that were known on the day ``on`` in the ledgers of ``members``."""
    entries = [
        entry
        for ledger in sample["ledgers"]
        if ledger["member"] in members
        for entry in past_entries(sample, ledger, members[ledger["member"]], books)
        if entry.on <= on
    ]
    if entries:
        import_points(programme, entries, by=by, books=books)


def past_entries(
    sample: Sample, ledger: Record, member: Member, books: dict[str, RuleBook]
) -> Iterator[PastEntry]:
    """Yield the entries of one ledger of the file."""
    rules = {appeal["id"]: appeal["rule"] for appeal in sample["appeals"]}
    names: dict[str, str] = {}
    for number, record in enumerate(ledger["entries"]):
        name = f"{ledger['member']}/{ledger['cycle']}/{number}"
        if record["code"] == "A0" and record["rule_version"] == "0.1":
            yield from _recalculated(ledger, record, member, books["0.1"], name)
            continue
        names[record["code"]] = name
        ref = record["ref"] or ""
        about_pledge = ref.startswith(f"{ledger['member']}-P")
        yield PastEntry(
            name,
            member,
            ledger["cycle"],
            record["rule_version"],
            record["code"],
            record["points"],
            day(record["on"]),
            reason=labels_of(record),
            ref="" if about_pledge else ref,
            pledge_key=key_of(ref) if about_pledge else None,
            outcome=TRIGGERS[record["code"]] if about_pledge else "",
            takes_back=names[rules[ref]] if record["code"] == "X1" else "",
        )


def _recalculated(
    ledger: Record, record: Record, member: Member, book: RuleBook, name: str
) -> Iterator[PastEntry]:
    """Yield the base as it was entered, taken back and entered anew; the file has the last alone."""
    reason = labels_of(record)
    year, first, again = ledger["cycle"], day(record["on"]), RECALCULATED_ON
    yield PastEntry(name, member, year, "0.1", "A0", book.base, first)
    yield PastEntry(
        f"{name}/back", member, year, "0.2", "X1", -book.base, again, reason, takes_back=name
    )
    yield PastEntry(f"{name}/again", member, year, "0.2", "A0", record["points"], again, reason)

"""What the database has recorded, written down outside of it: in the private storage.

Each mark is a small file whose name says it all, so that a newer one can be written before the
older ones go: there is always one. It works alike on a disk and in object storage. On a disk it
says its own number as well, so that marks that were put back along with a database are known.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

FOLDER = "marks"
EXPLANATION = "What the database has recorded stands in the name of this file. Do not restore it.\n"

# Newest line of each table of the audit trail: steps of pilots, lines about pages, other lines.
Record = tuple[int, int, int]

_storage: list[Callable[[], Storage]] = []


@dataclass(frozen=True)
class Marks:
    """The marks of one database: what each of them says, by the name of its file."""

    records: dict[str, Record] = field(default_factory=dict)
    # Whether one of them is itself a copy.
    copied: bool = False

    def ahead_of(self, known: Record) -> Record:
        """Return how many numbers of each kind the newest marks are ahead of what is ``known``."""
        newest = [max(kind) for kind in zip(known, *self.records.values(), strict=True)]
        steps, page_lines, other_lines = (
            there - here for there, here in zip(newest, known, strict=True)
        )
        return steps, page_lines, other_lines


def keep_in(storage: Callable[[], Storage]) -> None:
    """Say where marks are kept; called once, when the app is ready."""
    _storage[:] = [storage]


def listed() -> list[str]:
    """Return the names of all marks.

    Raises whatever the storage raises if it does not answer.
    """
    try:
        _folders, names = _storage[0]().listdir(FOLDER)
    except FileNotFoundError:
        return []
    return names


def read(key: str, names: Iterable[str]) -> Marks:
    """Return what those of the marks ``names`` say that are of the database known as ``key``."""
    storage = _storage[0]()
    pattern = re.compile(rf"{re.escape(key)}-(\d+)-(\d+)-(\d+)(?!\d)")
    found = ((name, pattern.match(name)) for name in names)
    records = {name: (int(m[1]), int(m[2]), int(m[3])) for name, m in found if m}
    return Marks(records, any(_is_copy(storage, name) for name in records))


def write(key: str, record: Record) -> None:
    """Leave a mark of ``record``, and take away those that say less."""
    storage, before = _storage[0](), read(key, listed()).records
    if not any(_covers(old, record) for old in before.values()):
        name = "-".join([key, *(str(number) for number in record)])
        path = _path(storage, storage.save(f"{FOLDER}/{name}", ContentFile(EXPLANATION)))
        if path is not None:
            path.write_text(f"{EXPLANATION}{path.stat().st_ino}\n", encoding="ascii")
    _take_away(name for name, old in before.items() if old != record and _covers(record, old))


def _covers(newer: Record, older: Record) -> bool:
    return all(a >= b for a, b in zip(newer, older, strict=True))


def wipe(key: str) -> None:
    """Take every mark of the database known as ``key`` away."""
    _take_away(read(key, listed()).records)


def _take_away(names: Iterable[str]) -> None:
    for name in names:
        _storage[0]().delete(f"{FOLDER}/{name}")


def _path(storage: Storage, name: str) -> Path | None:
    """Return where a file lies on this machine's disk, or None if it does not."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return None
    return path if path.is_file() else None


def _is_copy(storage: Storage, name: str) -> bool:
    path = _path(storage, f"{FOLDER}/{name}")
    if path is None:
        return False
    try:
        own = path.read_text(encoding="ascii").removeprefix(EXPLANATION).strip()
        return own.isdecimal() and int(own) != path.stat().st_ino
    except FileNotFoundError:  # a newer one has taken its place meanwhile
        return False

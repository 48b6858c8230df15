"""Runs the embargo matrix and writes docs/reference/embargo-matrix.md: ``python -m tests.embargo.document``.

On SQLite, and on PostgreSQL where its programs are installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "embargo-matrix.md"
TESTS = ("tests/embargo/test_ways.py", "tests/embargo/test_surfaces.py")
NOT_TRIED = "–"

INTRODUCTION = """# The embargo matrix

Every way to make a gated page public or to change what it shows, tried at every stage of its pilot; and
every surface on which something of it could be seen, looked at by everyone it is not meant for. The rows
stand in `tests/embargo/ways/` and `tests/embargo/*surfaces.py`. `tests/embargo/catalogue/` names, for each
URL, API operation, action, command, hook, signal and publishing function of the installed software, the
rows that cover it or the reason why it needs none; `test_catalogue.py` fails when there is a new one.

`python -m tests.embargo.document` runs the matrix and writes this page.
"""

WAYS_SAY = """## Ways

*refused*: an error that says why. *nothing*: it was saved as a draft, held, or had no effect; nothing is
public by it. *–*: not tried, for there it means nothing, or is the same as at another stage. Where two
people tried, *nothing* stands if either was not refused.

Four stages (proposed, agreed, reviewed, ended) are tried on SQLite only, and there without the editor of
rows that a superuser tries as well. It is a matter of time: the gate asks only whether a stage is the
approved one, and two stages that are not stand for the others.
"""

SURFACES_SAY = """## Surfaces

*hidden*: that reader finds nothing of the branch there, before it was ever public and after a suspension.
The last two columns say what the same look finds when it should: once the branch is public, for everyone;
and at any time, for a superuser.
"""


def main() -> int:
    """Run the matrix on each database, write the page, and return 1 if anything failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    runs = {"SQLite": [sys.executable]}
    if (
        subprocess.run([ROOT / ".ci/find-postgres"], capture_output=True, check=False).returncode
        == 0
    ):
        runs["PostgreSQL"] = [str(ROOT / ".ci/with-postgres"), sys.executable]
    results = {name: run(command) for name, command in runs.items()}
    PAGE.write_text(page(results), encoding="utf-8")
    return int(any(cell["outcome"] != "passed" for cells in results.values() for cell in cells))


def run(command: list[str]) -> list[dict[str, str]]:
    """Run the matrix once and return its cells."""
    with tempfile.NamedTemporaryFile(suffix=".json") as kept:
        subprocess.run(
            [*command, "-m", "pytest", "-q", "--no-header", "--tb=short", "-n",
             os.environ.get("WORKERS", "2"), "-p", "tests.embargo.report", *TESTS],
            cwd=ROOT, env=os.environ | {"PLEDGE_PAGES_EMBARGO_REPORT": kept.name}, check=False,
        )  # fmt: skip
        return json.loads(Path(kept.name).read_text(encoding="utf-8"))


def page(results: dict[str, list[dict[str, str]]]) -> str:
    """Return the page as Markdown."""
    lines = [
        f"- {name}, {date.today():%d %B %Y}: {len(cells):,} tries, "
        f"{sum(cell['outcome'] != 'passed' for cell in cells)} failed."
        for name, cells in results.items()
    ]
    cells = [cell for found in results.values() for cell in found]
    parts = [INTRODUCTION, "The last run:\n\n" + "\n".join(lines) + "\n", WAYS_SAY, *ways(cells),
             SURFACES_SAY, *surfaces(cells)]  # fmt: skip
    return "\n".join(parts)


def ways(cells: list[dict[str, str]]) -> Iterable[str]:
    """Yield a table of ways for each module: a row for each way, a column for each stage."""
    from tests.embargo.scene import COLUMNS
    from tests.embargo.ways import WAYS

    ends = defaultdict(set)
    for cell in cells:
        if "stage" in cell:
            ends[cell["row"], cell["stage"]].add(
                cell["ended"] if cell["outcome"] == "passed" else "**PUBLIC**"
            )
    for module, rows in groupby(WAYS, key=lambda way: way.run.__module__):
        yield f"### {title_of(module)}\n"
        yield table(
            ("Way", "By", *COLUMNS),
            [
                (way.name, ", ".join(way.actors), *(worst(ends[way.name, c]) for c in COLUMNS))
                for way in rows
            ],
        )


def worst(ends: set[str]) -> str:
    """Return the one word that says most of how a way ended."""
    for word in ("**PUBLIC**", "nothing", "refused"):
        if word in ends:
            return word
    return NOT_TRIED


def surfaces(cells: list[dict[str, str]]) -> Iterable[str]:
    """Yield a table of surfaces for each module: a row for each, a column for each reader."""
    from tests.embargo import view
    from tests.embargo.test_surfaces import SURFACES

    seen = defaultdict(set)
    for cell in cells:
        if "reader" in cell:
            seen[cell["row"], cell["reader"]].add(
                "hidden" if cell["outcome"] == "passed" else "**SEEN**"
            )
    readers = dict.fromkeys((view.ANYONE, *view.TOKENS, *view.STAFF))
    for module, rows in groupby(SURFACES, key=lambda surface: surface.look.__module__):
        yield f"### {title_of(module)}\n"
        yield table(
            ("Surface", *readers, "once public", "superuser"),
            [
                (
                    row.name,
                    *(("/".join(sorted(seen[row.name, r])) or NOT_TRIED) for r in readers),
                    ", ".join(row.open_shows) or NOT_TRIED,
                    ", ".join(row.staff_sees) or NOT_TRIED,
                )
                for row in rows
            ],
        )


def title_of(module: str) -> str:
    """Return the first line of a module's docstring as a heading."""
    doc = sys.modules[module].__doc__ or module
    words = doc.splitlines()[0].rstrip(".").rsplit(": ", maxsplit=1)[-1]
    return words[:1].upper() + words[1:]


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *[(escaped(row[0]), *row[1:]) for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def escaped(name: str) -> str:
    """Return a row's name as Markdown that shows every character of it."""
    return "".join(f"\\{sign}" if sign in "*_[]<>`" else sign for sign in name)


def listed() -> list[str]:
    """Return the names of the rows that the page lists, in order."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    names = [line.removeprefix("| ").split(" | ")[0] for line in rows]
    return [unescaped(name) for name in names if name not in ("Way", "Surface", "---")]


def unescaped(name: str) -> str:
    """Undo :func:`escaped`."""
    return name.replace("\\", "")


if __name__ == "__main__":
    sys.exit(main())

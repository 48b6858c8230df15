"""A pytest plugin that notes which tests meet which guard, in the folder PLEDGE_PAGES_SCOUT.

What a few tests of a guard are is looked up in ``met.json`` before whole files of them are run.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.embargo.mutation import refusals

MET = Path(__file__).with_name("met.json")
# How many of the tests that meet a guard are noted.
MOST = 10
ALIKE = 2
SAY_NOTHING = {"pledge", "page", "refusal", "test", "and", "the", "that", "for", "check", "view"}
# What tests of refusals are called.
REFUSALS = re.compile(
    r"refus|only_|nobody|cannot|not_|_no_|nothing|never|other|own|twice|hidden|404|without|until"
)
FOLDER = os.environ.get("PLEDGE_PAGES_SCOUT", "")
_noted: set[tuple[str, str]] = set()


def met_by() -> dict[str, list[str]]:
    """Return the tests that met each guard when it was last looked, those that meet few others first."""
    return json.loads(MET.read_text(encoding="utf-8")) if MET.exists() else {}


def note(target: str) -> None:
    """Write down that the running test met the guard ``target``."""
    test, _blank, phase = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")
    if phase == "(call)" and (target, test) not in _noted:
        _noted.add((target, test))
        with (Path(FOLDER) / f"{os.getpid()}.txt").open("a", encoding="utf-8") as file:
            file.write(json.dumps([target, test]) + "\n")


def write_who_met_them(folder: Path, targets: list[str]) -> None:
    """Write what was noted in ``folder`` into met.json: for each guard that was met a few tests."""
    met: dict[str, set[str]] = {target: set() for target in targets}
    for path in folder.glob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            target, test = json.loads(line)
            met[target].add(test)
    meets = Counter(test for tests in met.values() for test in tests)
    chosen = {target: likeliest(target, tests, meets) for target, tests in met.items() if tests}
    MET.write_text(json.dumps(chosen, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def likeliest(target: str, tests: Iterable[str], meets: Mapping[str, int]) -> list[str]:
    """Return those of ``tests`` that are likely to notice when the guard ``target`` is off.

    First those that are called like it, then those about a refusal, then those that meet few others.
    Of a test with many parameters two are taken.
    """
    called = words_of(target)

    def rank(test: str) -> tuple[int, bool, int, str]:
        return -len(called & words_of(test)), not REFUSALS.search(test), meets[test], test

    taken: Counter[str] = Counter()
    chosen = []
    for test in sorted(tests, key=rank):
        function = test.partition("[")[0]
        taken[function] += 1
        if taken[function] <= ALIKE:
            chosen.append(test)
    return chosen[:MOST]


def words_of(name: str) -> set[str]:
    """Return the words in the name of a guard or a test, those that say nothing left out."""
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return {word.rstrip("s") for word in re.findall("[a-z]{3,}", name)} - SAY_NOTHING


def note_who_meets_them() -> None:
    """Let every guard note the running test first thing. Before anything of the plugin's is imported."""
    from tests.embargo.mutation.guards import GUARDS

    listed = {guard.target for guard in GUARDS}
    modules = {target.partition(":")[0] for target in listed}

    def add_notes(module: str, tree: ast.Module) -> None:
        for name, block in list(refusals.in_tree(module.removeprefix(refusals.PREFIX), tree)):
            block.insert(len(block) - 1, _noting(f"refusal:{name}"))
        for name, function in _functions(tree, ()):
            if f"{module}:{name}" in listed:
                # After its docstring, which has to stay the first.
                function.body.insert(bool(ast.get_docstring(function)), _noting(f"{module}:{name}"))

    refusals.compiling(lambda name: name in modules or name.startswith(refusals.PREFIX), add_notes)


def _noting(target: str) -> ast.stmt:
    return ast.parse(f"__import__({__name__!r}, fromlist=['x']).note({target!r})").body[0]


def _functions(
    node: ast.AST, path: tuple[str, ...]
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, (*path, child.name))
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield ".".join((*path, child.name)), child


if FOLDER:
    note_who_meets_them()

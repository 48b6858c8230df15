"""Every place where the plugin refuses: an ``if`` that ends in raising one of REFUSING.

They are read from the source, so that none can be forgotten, and switched off in it: the ``raise`` does
nothing. Which tests meet which refusal is noted in ``refusals.json`` by
``python -m tests.embargo.mutation --scout``.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = ROOT / "pledge_pages"
PREFIX = "pledge_pages."
MET = Path(__file__).with_name("refusals.json")
# What says "not you", "not this", "not public" or "nothing there".
REFUSING = {
    "PermissionDenied", "Http404", "NotAllowed", "StageError",
    "EmbargoError", "ReviewError", "ReleaseError", "BusyError", "OutcomeError",
    "QuietWordsError", "PersonalDataError", "Refusal", "not_found",
}  # fmt: skip
# How many of the tests that meet a refusal are noted.
MOST = 3


def module_of(path: Path) -> str:
    """Return the name of a file of the plugin's below ``pledge_pages``."""
    parts = path.relative_to(PLUGIN).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def refusals() -> list[str]:
    """Return every refusal of the plugin's, as "room.module:function#1"."""
    return [
        name
        for path in sorted(PLUGIN.rglob("*.py"))
        if "migrations" not in path.parts
        for name, _block in in_tree(module_of(path), ast.parse(path.read_text(encoding="utf-8")))
    ]


def in_tree(module: str, tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield the refusals of one module, each with the block that ends in its ``raise``."""
    counts: dict[str, int] = {}
    for where, block in _blocks(tree, ()):
        if block and isinstance(block[-1], ast.Raise) and _is_refusing(block[-1].exc):
            counts[where] = counts.get(where, 0) + 1
            yield f"{module}:{where}#{counts[where]}", block


def _blocks(node: ast.AST, path: tuple[str, ...]) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield both branches of every ``if`` in a function, with the function's name."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        path = (*path, node.name)
    if isinstance(node, ast.If) and path:
        yield ".".join(path), node.body
        yield ".".join(path), node.orelse
    for child in ast.iter_child_nodes(node):
        yield from _blocks(child, path)


def _is_refusing(raised: ast.expr | None) -> bool:
    made = raised.func if isinstance(raised, ast.Call) else raised
    name = made.id if isinstance(made, ast.Name) else getattr(made, "attr", "")
    return name in REFUSING


def switch_off(target: str) -> None:
    """Let one refusal do nothing, whether its module is imported yet or not."""
    module = PREFIX + target.partition(":")[0]
    assert target in refusals(), f"{target} is not there any more"

    def without(name: str, block: list[ast.stmt]) -> None:
        if name == target:
            block[-1] = ast.Pass()

    _change(module, without)
    if module in sys.modules:
        _put_in_place(sys.modules[module])


def _put_in_place(module: ModuleType) -> None:
    """Give each function of a module that is there already the code that its loader makes now."""
    assert module.__spec__
    loader = module.__spec__.loader
    assert isinstance(loader, SourceFileLoader)
    changed = loader.get_code(module.__name__)
    assert changed
    made = dict(_functions_in(changed))
    # Whoever decorated or imported them holds the same functions.
    for function in [it for it in gc.get_objects() if isinstance(it, FunctionType)]:
        code = function.__code__
        if function.__module__ == module.__name__ and code.co_filename == module.__file__:
            key = (code.co_qualname, code.co_firstlineno)
            function.__code__ = made.get(key, code)


def _functions_in(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the code of all functions and classes in ``code``, by name and line."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield (inner.co_qualname, inner.co_firstlineno), inner
            yield from _functions_in(inner)


def note_who_meets_them(folder: str) -> None:
    """Let every refusal write the running test into a file in ``folder`` before it raises."""

    def noting(name: str, block: list[ast.stmt]) -> None:
        call = f"__import__('{__name__}', fromlist=['x']).note({folder!r}, {name!r})"
        block.insert(len(block) - 1, ast.parse(call).body[0])

    _change("", noting)


def note(folder: str, name: str) -> None:
    """Write down that the running test met the refusal ``name``."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    if test.endswith("(call)"):
        with (Path(folder) / f"{os.getpid()}.txt").open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, test.rpartition(" ")[0]]) + "\n")


def write_who_met_them(folder: Path) -> None:
    """Write what was noted in ``folder`` into refusals.json: for each refusal a few tests."""
    met: dict[str, set[str]] = {name: set() for name in refusals()}
    for path in folder.glob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, test = json.loads(line)
            met[name.removeprefix(PREFIX)].add(test)
    # A test that meets few is about those few.
    meets = Counter(test for tests in met.values() for test in tests)
    chosen = {
        name: sorted(tests, key=lambda t: (meets[t], t))[:MOST] for name, tests in met.items()
    }
    MET.write_text(json.dumps(chosen, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def met_by() -> dict[str, list[str]]:
    """Return the tests that met each refusal when it was last looked."""
    return json.loads(MET.read_text(encoding="utf-8")) if MET.exists() else {}


def _change(module: str, change) -> None:
    """Let ``change`` have every refusal of ``module`` (all of the plugin's if "") as it is compiled."""
    stock = SourceFileLoader.get_code

    def get_code(loader, fullname):
        ours = fullname == module if module else fullname.startswith(PREFIX)
        if not ours or ".migrations" in fullname:
            return stock(loader, fullname)
        source = loader.get_filename(fullname)
        tree = ast.parse(loader.get_data(source))
        for name, block in list(in_tree(fullname.removeprefix(PREFIX), tree)):
            change(name, block)
        return compile(ast.fix_missing_locations(tree), source, "exec", dont_inherit=True)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]

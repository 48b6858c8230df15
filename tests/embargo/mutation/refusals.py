"""Every place where the plugin refuses: an ``if`` that ends in raising one of REFUSING.

They are read from the source, so that none can be forgotten, and switched off in it: the ``raise`` does
nothing.
"""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = ROOT / "pledge_pages"
PREFIX = "pledge_pages."
# What says "not you", "not this", "not public" or "nothing there".
REFUSING = {
    "PermissionDenied", "Http404", "NotAllowed", "StageError",
    "EmbargoError", "ReviewError", "ReleaseError", "BusyError", "OutcomeError",
    "QuietWordsError", "PersonalDataError", "Refusal", "not_found",
}  # fmt: skip


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
    # Whoever decorated or imported them holds the same functions. Not isinstance: it asks lazy objects.
    for function in [it for it in gc.get_objects() if type(it) is FunctionType]:
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


def _change(module: str, change: Callable[[str, list[ast.stmt]], None]) -> None:
    """Let ``change`` have every refusal of ``module`` as it is compiled."""

    def each(fullname: str, tree: ast.Module) -> None:
        for name, block in list(in_tree(fullname.removeprefix(PREFIX), tree)):
            change(name, block)

    compiling(module.__eq__, each)


def compiling(concerns: Callable[[str], bool], change: Callable[[str, ast.Module], None]) -> None:
    """Let ``change`` have the tree of each module that ``concerns`` it before it is compiled."""
    stock = SourceFileLoader.get_code

    def get_code(loader, fullname):
        if not concerns(fullname) or ".migrations" in fullname:
            return stock(loader, fullname)
        source = loader.get_filename(fullname)
        tree = ast.parse(loader.get_data(source))
        change(fullname, tree)
        return compile(ast.fix_missing_locations(tree), source, "exec", dont_inherit=True)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]

"""The files that the rules of the house are about."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def files() -> list[Path]:
    """Return every file that is, or is about to be, in the repository.

    In a copy without git, all files but those that set-up and builds make.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
        return sorted(path for path in paths if path.is_file())
    made = {"var", "dist", "build", "__pycache__"}
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not made.intersection(path.relative_to(ROOT).parts)
        and not any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts)
    )


def modules() -> Iterator[Path]:
    """Yield the Python modules of the project proper: no tests, no migrations."""
    for path in files():
        place = path.relative_to(ROOT)
        if path.suffix == ".py" and place.parts[0] != "tests" and "migrations" not in place.parts:
            yield path


def name_of(path: Path) -> str:
    """Return the path of a file inside the project, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield (name, lines) of every function in ``path``; its docstring is not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if ast.get_docstring(node) is not None:
            docstring = node.body[0]
            lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
        yield f"{name_of(path)}:{node.name}", lines

"""Compile every message catalogue below the working folder, without the gettext programs."""

import os
from collections.abc import Iterator
from pathlib import Path

import polib

SKIPPED = {"node_modules", "var", "build", "dist"}


def catalogues(root: Path) -> Iterator[Path]:
    """Yield every .po file of a ``locale`` folder below ``root``."""
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = sorted(
            name for name in subfolders if name not in SKIPPED and not name.startswith(".")
        )
        here = Path(folder)
        if here.name == "LC_MESSAGES":
            yield from (here / name for name in sorted(files) if name.endswith(".po"))


def compile_all(root: Path) -> list[Path]:
    """Bring each .mo below ``root`` up to date with its .po; return the .mo files."""
    compiled = []
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns <= source.stat().st_mtime_ns:
            polib.pofile(str(source)).save_as_mofile(str(target))
        compiled.append(target)
    return compiled


if __name__ == "__main__":
    compile_all(Path.cwd())

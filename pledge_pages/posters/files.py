"""Writes what was printed to disk: whole or not at all, and for its owner's eyes only."""

import os
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from .errors import PrintError

FILE_MODE = 0o600


def write(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write ``content`` to ``path``, readable by its owner only.

    Raises PrintError if there is a file already and ``force`` is not set, or it cannot be written.
    """
    check(path, force=force)
    try:
        # mkstemp makes it readable by its owner only.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".print-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if force:
                Path(name).replace(path)
            else:
                _link(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        raise PrintError(_exists(path)) from None
    except OSError as error:
        raise PrintError(f"{path}: {error.strerror}") from error


def _link(name: str, path: Path) -> None:
    """Give the file its name; FileExistsError if that is taken, even just now."""
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as that of a memory stick
        if path.exists():
            raise FileExistsError(path) from None
        Path(name).replace(path)


def check(path: Path, *, force: bool = False) -> None:
    """Raise PrintError if ``path`` cannot be written: before anything is drawn."""
    if path.is_dir():
        raise PrintError(_("%(path)s is a folder. Name a file in it.") % {"path": path})
    if not path.parent.is_dir():
        raise PrintError(_("There is no folder %(path)s.") % {"path": path.parent})
    if path.exists() and not force:
        raise PrintError(_exists(path))


def _exists(path: Path) -> str:
    return _("%(path)s is there already. Say --force to write over it.") % {"path": path}

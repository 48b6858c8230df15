"""Finds the photos of a roster: by the name of the file that a row gives, or by number or name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..people.models import Member
from .roster import Person

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif")
MOST_FILES = 5000

Opened = AbstractContextManager[BinaryIO]


class Photos:
    """Files by their names. What a row calls is looked up here, and never used as a path."""

    def __init__(self, files: Mapping[str, Callable[[], Opened]], *, given: bool = True) -> None:
        self.given = given
        self._files = {name.casefold(): opens for name, opens in files.items()}
        self._stems: dict[str, list[str]] = {}
        for name in self._files:
            path = PurePosixPath(name)
            if path.suffix in ENDINGS:
                self._stems.setdefault(path.stem, []).append(name)

    def find(self, person: Person, member: Member) -> Opened | None:
        """Return the photo of ``person``, to be opened, or None if there is none.

        Raises ValidationError if a row names a file that is not there, or several could be meant.
        """
        if not self.given:
            return None
        if person.photo:
            opens = self._files.get(person.photo.casefold())
            if opens is None:
                raise ValidationError(
                    _("There is no file “%(file)s” among the photos.")
                    % {"file": person.photo[:100]}
                )
            return opens()
        for stem in (member.code, person.code, member.staff_name):
            names = self._stems.get(stem.casefold(), []) if stem else []
            if len(names) > 1:
                raise ValidationError(
                    _("Several photos could be meant: %(files)s.") % {"files": ", ".join(names[:5])}
                )
            if names:
                return self._files[names[0]]()
        return None


# No folder was given: what rows say of photos is not looked at.
NO_PHOTOS = Photos({}, given=False)


def photos_in(folder: Path) -> Photos:
    """Return the photos that lie in ``folder`` itself: no folders in it, and no links.

    Raises ValidationError if it is none, or holds too many.
    """
    files: dict[str, Callable[[], Opened]] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    files[entry.name] = _opener(Path(entry.path))
                if len(files) > MOST_FILES:
                    raise ValidationError(
                        _("%(path)s: more than %(most)d files.")
                        % {"path": folder, "most": MOST_FILES}
                    )
    except OSError as error:
        raise ValidationError(
            _("%(path)s: no folder that can be read (--photos).") % {"path": folder}
        ) from error
    return Photos(files)


def _opener(path: Path) -> Callable[[], Opened]:
    return lambda: path.open("rb")

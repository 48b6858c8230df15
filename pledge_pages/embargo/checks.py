"""System checks: is the lock there, does anyone hold a key that should not exist."""

import sys

from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError

from . import restored, triggers


def check_triggers(app_configs=None, databases=None, **kwargs) -> list[CheckMessage]:
    """Report missing or altered triggers. Runs with ``check --database`` and at ``migrate``."""
    if triggers.database() not in (databases or ()):
        return []
    try:
        missing = triggers.missing()
    except DatabaseError as error:
        return [Error(f"The embargo triggers could not be read: {error}", id="pledge_pages.E001")]
    except NotImplementedError as error:
        return [Error(str(error), id="pledge_pages.E002")]
    if not missing or missing == ["(tables)"]:
        return []
    return [
        _level()(
            f"Embargo triggers are missing or altered: {', '.join(missing)}.",
            hint="Run `manage.py migrate`; it installs them. Gated pages answer 404 until then.",
            id="pledge_pages.E003",
        )
    ]


def _level() -> type[Error] | type[Warning]:
    # An error would stop the very command that installs them, which checks before it migrates.
    return Warning if sys.argv[1:2] == ["migrate"] else Error


def _is_ready(databases) -> bool:
    """Return whether the database is asked for, and one that :func:`check_triggers` can read."""
    if triggers.database() not in (databases or ()):
        return False
    try:
        return triggers.missing() != ["(tables)"]
    except (DatabaseError, NotImplementedError):
        return False


def check_trail(app_configs=None, databases=None, **kwargs) -> list[CheckMessage]:
    """Report missing or altered triggers of the audit trail."""
    missing = triggers.missing_trail() if _is_ready(databases) else []
    if not missing:
        return []
    return [
        _level()(
            f"Triggers of the audit trail are missing or altered: {', '.join(missing)}.",
            hint="Run `manage.py migrate`; it installs them. Until then lines can be changed.",
            id="pledge_pages.E004",
        )
    ]


def check_restored(app_configs=None, databases=None, **kwargs) -> list[CheckMessage]:
    """Report a database that was put back from a copy and waits for a lead."""
    if not _is_ready(databases) or restored.find() is None:
        return []
    return [
        _level()(
            "The database was put back from a copy. Gated pages answer 404.",
            hint="Close what was closed since (`manage.py pilot --all suspend`), then "
            "`manage.py confirm_restore`. See docs/how-to/back-up-and-restore.md.",
            id="pledge_pages.E005",
        )
    ]


def check_private_storage(app_configs=None, **kwargs) -> list[Warning]:
    """Warn if private files would lie where the web server serves uploads from."""
    from pathlib import Path

    from django.conf import settings

    from .. import conf

    root = conf.get("PRIVATE_ROOT")
    if root and settings.MEDIA_ROOT:
        media, private = Path(settings.MEDIA_ROOT).resolve(), Path(root).resolve()
        if media == private or media in private.parents:
            return [
                Warning(
                    "PLEDGE_PAGES_PRIVATE_ROOT lies inside MEDIA_ROOT, which is served to everyone.",
                    hint="Choose a folder outside of MEDIA_ROOT.",
                    id="pledge_pages.W001",
                )
            ]
    return []

"""System checks: is the lock there, does anyone hold a key that should not exist."""

import sys

from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError

from . import triggers


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
    # An error would stop the very command that installs them, which checks before it migrates.
    level = Warning if sys.argv[1:2] == ["migrate"] else Error
    return [
        level(
            f"Embargo triggers are missing or altered: {', '.join(missing)}.",
            hint="Run `manage.py migrate`; it installs them. Gated pages answer 404 until then.",
            id="pledge_pages.E003",
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

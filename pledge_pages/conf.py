"""Every ``PLEDGE_PAGES_*`` setting with its default. The plugin works with none of them set."""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # Folder of member photos and evidence files. It must lie outside MEDIA_ROOT.
    # None: a folder ``pledge_pages_private`` beside MEDIA_ROOT (or in the working folder).
    "PRIVATE_ROOT": None,
    # Alias in STORAGES to use instead of a folder (for S3 and the like).
    "PRIVATE_STORAGE": None,
    # Largest upload of a photo or evidence file, in bytes.
    "MAX_UPLOAD_BYTES": 12 * 1024 * 1024,
    # Largest picture, in pixels (width x height).
    "MAX_PHOTO_PIXELS": 40_000_000,
    # Rows on one page of an API list, at most.
    "API_MAX_LIMIT": 100,
    # Proxies in front of the site that each add to X-Forwarded-For; guesses at village links and
    # reports are counted by the address behind them. 0: the address the connection comes from.
    "TRUSTED_PROXIES": 0,
    # Fonts for print beside the packaged one: files or folders, for signs that it lacks.
    "FONT_PATHS": (),
    # How many months after its year a pledge may fall due.
    "DUE_GRACE_MONTHS": 2,
    # Days within which a villager's report has to leave a state; after that it is overdue.
    "REPORT_DAYS": {"received": 3, "accepted": 7, "asked_member": 7, "answered": 14},
    # Days after its end for which the original text and the contact of a report are kept.
    "REPORT_RETENTION_DAYS": 180,
    # Days that a member has to say something, from the day they were told what a check found;
    # until then, or until they did, an outcome other than "fulfilled" is not final.
    "REPLY_WINDOW_DAYS": 7,
    # Days that a member has to appeal, from the day they were told; ten working days. Nothing but
    # "fulfilled" is posted before.
    "APPEAL_DAYS": 14,
    # Days after which a check that goes on, or a pledge that is due and has none, counts as late.
    "CHECK_DAYS": 14,
    # Targets of a pilot's checklist that differ from the usual ones, by the code of the row.
    "READINESS_TARGETS": {},
    # Answers to the villagers' survey below which nothing of it is shown; villagers not satisfied
    # below which it is shown as a percentage alone.
    "SURVEY_LEAST_ANSWERS": 10,
    "SURVEY_LEAST_COUNTED": 5,
    # Days between two mails to the same person about what is overdue or was not reported on.
    "NUDGE_DAYS": 14,
}


def get(name: str) -> Any:
    """Return the setting ``PLEDGE_PAGES_<name>``, or its default.

    Raises KeyError for a name that is not in :data:`DEFAULTS`.
    """
    return getattr(settings, f"PLEDGE_PAGES_{name}", DEFAULTS[name])

"""The stages of a pilot and the verbs that lead from one to the next. Plain Python."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

StrOrPromise = str | Promise


class Stage(models.TextChoices):
    """Where a pilot stands. Only ``approved`` lets anything be public."""

    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    QUIET = "quiet", _("Quiet")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


RUNNING = (Stage.QUIET, Stage.REVIEWED, Stage.APPROVED)


@dataclass(frozen=True)
class Verb:
    """One step: its name, where it may start, and where it leads (None: the stage stays)."""

    name: str
    label: StrOrPromise
    origins: tuple[Stage, ...]
    target: Stage | None


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("propose", _("Propose"), (Stage.ENDED,), Stage.PROPOSED),
        Verb("concur", _("Concur"), (Stage.PROPOSED, Stage.QUIET, Stage.REVIEWED), None),
        Verb("agree", _("Agree"), (Stage.PROPOSED,), Stage.AGREED),
        Verb("start", _("Start quietly"), (Stage.AGREED,), Stage.QUIET),
        Verb("review", _("Review"), (Stage.QUIET,), Stage.REVIEWED),
        Verb("approve", _("Approve"), (Stage.REVIEWED,), Stage.APPROVED),
        Verb("suspend", _("Suspend"), RUNNING, Stage.SUSPENDED),
        Verb("resume", _("Resume"), (Stage.SUSPENDED,), Stage.REVIEWED),
        Verb(
            "end",
            _("End"),
            (Stage.PROPOSED, Stage.AGREED, Stage.QUIET, Stage.REVIEWED, Stage.SUSPENDED),
            Stage.ENDED,
        ),
    )
}


def verbs_from(stage: str) -> list[Verb]:
    """Return the verbs that may follow ``stage``, in their usual order."""
    return [verb for verb in VERBS.values() if stage in verb.origins]

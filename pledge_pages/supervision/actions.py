"""What staff do with reports. Each step checks who, locks the report, and leaves a line in the trail.

The lines hold codes: which branch, which report, what was done. Nobody's name and no text is in
them, nor when something came in from the public: a line tells the second.
"""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..labels import Labels
from . import access, searching
from .errors import ReportError
from .models import Report, ReportContact
from .stages import STEPS
from .wording import checked


@in_one_transaction
def accept(report: Report, *, by: User, version: int | None = None) -> Report:
    """Take up a report. Raises PermissionDenied, or ReportError if it cannot follow."""
    report = _begin(report, "accept", by, version)
    return _end(report, "accept", by)


@in_one_transaction
def reject(report: Report, *, by: User, text: Labels, version: int | None = None) -> Report:
    """Do not take up a report; ``text`` is told to whoever has the receipt."""
    report = _begin(report, "reject", by, version)
    report.rejection = checked("text", text, report.pilot)
    return _end(report, "reject", by)


@in_one_transaction
def redact(report: Report, *, by: User, text: Labels, version: int | None = None) -> Report:
    """Write what the branch, and later the public, may read of a report, by language."""
    report = _begin(report, "redact", by, version)
    report.public_text = checked("text", text, report.pilot)
    return _end(report, "redact", by)


@in_one_transaction
def ask(report: Report, *, by: User, version: int | None = None) -> Report:
    """Note that the member was asked about a report, by its public text."""
    report = _begin(report, "ask", by, version)
    _check_text(report)
    return _end(report, "ask", by)


@in_one_transaction
def answer(report: Report, *, by: User, text: Labels, version: int | None = None) -> Report:
    """Answer a report, or answer it anew. Whoever has the receipt reads it from now on."""
    report = _begin(report, "answer", by, version)
    _check_text(report)
    report.answer = checked("text", text, report.pilot)
    report.answered_by, report.answered_on = by, timezone.localdate()
    return _end(report, "answer", by)


@in_one_transaction
def publish(report: Report, *, by: User, version: int | None = None) -> Report:
    """Let question and answer be read wherever the page they are about is.

    Someone other than who wrote the answer decides. Both texts are looked through once more: a
    member may have come to the branch since.
    """
    report = _begin(report, "publish", by, version)
    for field in (report.public_text, report.answer):
        checked("text", field, report.pilot)
    report.published_by, report.published_on = by, timezone.localdate()
    report = _end(report, "publish", by)
    searching.follow(report)
    return report


@in_one_transaction
def withdraw(report: Report, *, by: User, version: int | None = None) -> Report:
    """Take question and answer out of public view, at once."""
    report = _begin(report, "withdraw", by, version)
    report.published_by = report.published_on = None
    report = _end(report, "withdraw", by)
    searching.follow(report)
    return report


@in_one_transaction
def close(report: Report, *, by: User, version: int | None = None) -> Report:
    """End a report that was answered; the time begins after which its original is erased."""
    report = _begin(report, "close", by, version)
    return _end(report, "close", by)


@in_one_transaction
def erase(report: Report, *, by: User, version: int | None = None) -> Report:
    """Erase the original text and the contact of a report that has ended."""
    report = _begin(report, "erase", by, version)
    forget(report)
    return _end(report, "erase", by)


def forget(report: Report) -> None:
    """Take what was said, and how to reach whoever said it, out of the database."""
    ReportContact.objects.filter(report=report).delete()
    report.text = ""
    report.erased_on = timezone.localdate()


def _begin(report: Report, name: str, by: User, version: int | None) -> Report:
    """Return ``report`` locked, if ``by`` may take this step with it now.

    ``version`` is the one that ``by`` decided on; None for whichever it is.
    """
    locked = Report.objects.select_for_update(of=("self",)).select_related(
        "pilot__programme", "member"
    )
    report = locked.get(pk=report.pk)
    step = STEPS[name]
    if not access.may_take(name, report, by):
        raise PermissionDenied(_("You may not take this step with this report."))
    if version is not None and version != report.version:
        raise ReportError(
            _("Somebody else changed this report meanwhile. Look at it again."), code="changed"
        )
    if report.state not in step.origins:
        raise ReportError(
            _("The report is at “%(state)s”; “%(step)s” cannot follow.")
            % {"state": report.get_state_display(), "step": step.label},
            code="wrong_state",
        )
    if not access.fits(name, report, by):
        raise ReportError(_why_not(name, report, by), code="not_now")
    return report


def _why_not(name: str, report: Report, by: User) -> str:
    """Return why a step that may follow does not make sense with the report as it is."""
    if name == "withdraw":
        return _("It is not published.")
    if name == "erase":
        return _("It was erased already.")
    if report.is_published:
        return _("Question and answer are public. Withdraw the publication first.")
    if report.answered_by_id == by.pk:
        return _("You wrote the answer: someone else has to publish it.")
    return _("It needs a public text and an answer.")


def _end(report: Report, name: str, by: User) -> Report:
    """Save ``report`` in the state that the step leads to, and log it."""
    target = STEPS[name].target
    if target is not None and target != report.state:
        report.state, report.state_since = target, timezone.localdate()
    report.version += 1
    report.save()
    log(
        instance=report,
        action=f"pledge_pages.{name}_report",
        user=by,
        data={"report_state": report.state},
    )
    return report


def _check_text(report: Report) -> None:
    """Raise ReportError unless the branch can read what the report says."""
    if not report.public_text:
        raise ReportError(_("The supervision committee has to write the public text first."))

"""From the opening of a check to a final decision: each step with a line in the audit trail.

Two checkers confirm what a check finds, at least one of them from outside the branch and neither
of them the member. Whatever is not "fulfilled" is told to the member first, who has days to reply.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..boards.content import OUTCOMES, Status
from ..contention import in_one_transaction
from ..labels import Labels, content_languages
from ..people.accounts import has_account
from ..people.models import Member
from ..people.naming import today
from ..photos.models import EvidenceFile
from ..pilots.actions import check_reason
from ..pilots.models import Pilot
from ..quiet_words.lint import advice
from ..quiet_words.personal_data import personal_data
from . import access, days
from .models import RUNNING, CheckerStatement, DecisionEvidence, OutcomeDecision, State
from .pledges import approved_pledge

MOST_FILES = 20

# What is done once a decision stands, and once it does not stand any more.
Follows = Callable[[OutcomeDecision, User], None]
_final: list[Follows] = []
_fallen: list[Follows] = []


def after_final(follows: Follows) -> None:
    """Let ``follows(decision, by)`` be done with every final decision, in its transaction.

    They register when Django starts. What was taken over from before is no such decision.
    """
    if follows not in _final:
        _final.append(follows)


def after_fall(follows: Follows) -> None:
    """Let ``follows(decision, by)`` be done with every final decision that stands no more.

    A later one took its place, or an appeal was upheld; ``decision.state`` says which.
    """
    if follows not in _fallen:
        _fallen.append(follows)


def fell(decision: OutcomeDecision, by: User) -> None:
    """Let be done what follows when ``decision``, which was final, stands no more."""
    for follows in _fallen:
        follows(decision, by)


def lock(decision: OutcomeDecision) -> OutcomeDecision:
    """Return ``decision`` afresh, locked after its pilot, as approvals lock: none overtakes another."""
    Pilot.objects.select_for_update(of=("self",)).get(pk=decision.pilot_id)
    rows = OutcomeDecision.objects.select_for_update(of=("self",))
    return rows.select_related("pilot__programme", "member").get(pk=decision.pk)


def require(decision: OutcomeDecision, *states: str) -> None:
    """Raise ValidationError unless ``decision`` is in one of ``states``."""
    if decision.state not in states:
        raise ValidationError(
            _("This cannot be done now: “%(state)s”.") % {"state": decision.get_state_display()},
            code="wrong_state",
        )


def write_down(decision: OutcomeDecision, action: str, by: User, **data: object) -> None:
    """Write a line about ``decision`` into the audit trail. Codes only, never a name."""
    said = {"outcome": decision.outcome, "member": decision.member.code, **data}
    log(instance=decision, action=f"pledge_pages.{action}", user=by, data=said)


def check_words(field: str, texts: Labels) -> dict[str, str]:
    """Return ``texts`` trimmed; ValidationError naming ``field`` if they hold people's numbers."""
    trimmed = {code: text.strip() for code, text in texts.items() if text and text.strip()}
    for text in trimmed.values():
        for finding in personal_data(text):
            if finding.blocking:
                raise ValidationError({field: f"“{finding.quote}”: {advice(finding.kind)}"})
    return trimmed


def check_day(field: str, on: date | None, *, not_before: date | None = None) -> date:
    """Return the day ``on``, today if None; ValidationError if it lies ahead or too far back."""
    on = on or today()
    if on > today():
        raise ValidationError({field: _("The day lies in the future.")})
    if not_before is not None and on < not_before:
        raise ValidationError(
            {field: _("The day lies before %(day)s.") % {"day": not_before.isoformat()}}
        )
    return on


@in_one_transaction
def open_check(
    member: Member,
    key: UUID,
    *,
    by: User,
    outcome: str,
    method: Mapping[str, str],
    reason: Mapping[str, str] | None = None,
    evidence: Iterable[EvidenceFile] = (),
    checked_on: date | None = None,
) -> OutcomeDecision:
    """Open the check of an approved pledge, with what it found; two checkers have to confirm it.

    ``method`` and ``reason`` have a text for each language the pledge is approved in; a reason is
    needed for everything but "fulfilled". A check of a pledge that has an outcome already is a
    correction. Raises PermissionDenied, or ValidationError naming the field.
    """
    access.check_seen(by, member)
    access.check_not_own(by, member)
    Pilot.objects.select_for_update(of=("self",)).get(pk=member.pilot_id)
    pledge = approved_pledge(member, key)
    if pledge is None:
        raise ValidationError(_("No approved page of the member has this pledge."))
    decision = OutcomeDecision(
        pilot=member.pilot,
        member=member,
        pledge_key=key,
        year=pledge.year,
        outcome=outcome,
        method=in_each("method", method, pledge.languages),
        reason={},
        checked_on=check_day("checked_on", checked_on, not_before=date(pledge.year, 1, 1)),
        opened_by=by,
    )
    if outcome in OUTCOMES and outcome != Status.FULFILLED:
        decision.reason = in_each("reason", reason or {}, pledge.languages)
    decision.full_clean(validate_constraints=False)
    _refuse_second(decision)
    decision.save()
    _attach(decision, list(evidence))
    write_down(decision, "open_check", by)
    return decision


def in_each(field: str, texts: Labels, languages: Iterable[str]) -> dict[str, str]:
    """Return ``texts``; ValidationError naming ``field`` and the language that lacks one."""
    trimmed = check_words(field, texts)
    names = dict(content_languages())
    for code in languages:
        if code not in trimmed:
            raise ValidationError(
                {field: _("Write it in every language of the page: %(language)s is missing.")
                 % {"language": names.get(code, code)}}
            )  # fmt: skip
    return trimmed


def _refuse_second(decision: OutcomeDecision) -> None:
    same = OutcomeDecision.objects.filter(member=decision.member_id, pledge_key=decision.pledge_key)
    if same.filter(state__in=[*RUNNING, State.FROZEN]).exists():
        raise ValidationError(
            _("A check of this pledge, or an appeal, is going on already."), code="running"
        )


def _attach(decision: OutcomeDecision, files: list[EvidenceFile]) -> None:
    if len(files) > MOST_FILES:
        raise ValidationError(
            {"evidence": _("At most %(max)d files.") % {"max": MOST_FILES}}, code="many"
        )
    for file in files:
        if file.pilot_id != decision.pilot_id:
            raise ValidationError({"evidence": _("The file belongs to another branch.")})
        DecisionEvidence.objects.get_or_create(decision=decision, file=file)


@in_one_transaction
def make_statement(
    decision: OutcomeDecision, *, by: User, agrees: bool, text: str
) -> CheckerStatement:
    """Let ``by`` say, as a checker, whether what the check found is so.

    With two who agree, one of them from outside the branch, it is confirmed; with one who does
    not, it is disputed and has to be given up. Raises PermissionDenied or ValidationError.
    """
    decision = lock(decision)
    if not access.may_check(by, decision.member):
        raise PermissionDenied(
            _("Checkers are verifiers and staff of the branch, and never the member.")
        )
    if decision.statements.filter(checker=by).exists():
        raise ValidationError(_("You have made your statement already."), code="twice")
    require(decision, State.CHECKING)
    text = check_words("text", {"": text}).get("", "")
    if not text:
        raise ValidationError({"text": _("Say what you saw.")})
    statement = CheckerStatement(
        decision=decision,
        checker=by,
        outside=access.is_outside(by, decision.pilot),
        agrees=agrees,
        text=text,
    )
    statement.full_clean(validate_constraints=False)
    statement.save()
    decision.state = _state_after(decision)
    decision.save(update_fields=["state"])
    write_down(decision, "state_check", by, agrees=agrees)
    return statement


def _state_after(decision: OutcomeDecision) -> str:
    """Return where ``decision`` stands by the statements there are."""
    said = list(decision.statements.all())
    if not all(statement.agrees for statement in said):
        return State.DISPUTED
    two = len({statement.checker_id for statement in said}) >= 2
    return State.CONFIRMED if two and any(row.outside for row in said) else State.CHECKING


@in_one_transaction
def drop(decision: OutcomeDecision, *, by: User, reason: str) -> OutcomeDecision:
    """Give up a check that is not final, with a reason; another one may be opened then.

    Raises PermissionDenied, StageError without a reason, or ValidationError.
    """
    reason = check_reason(reason)
    decision = lock(decision)
    access.check_seen(by, decision.member)
    access.check_not_own(by, decision.member)
    require(decision, *RUNNING)
    decision.state = State.DROPPED
    decision.save(update_fields=["state"])
    write_down(decision, "drop_check", by, reason=reason)
    return decision


@in_one_transaction
def tell_member(
    decision: OutcomeDecision, *, by: User, how: str, on: date | None = None
) -> OutcomeDecision:
    """Record that the member was told what was found, how and on what day: the days run from it.

    Raises PermissionDenied or ValidationError naming the field.
    """
    decision = lock(decision)
    access.check_seen(by, decision.member)
    access.check_not_own(by, decision.member)
    require(decision, State.CONFIRMED, State.FINAL)
    if decision.told_on is not None:
        raise ValidationError(_("The member was told already."), code="twice")
    if how == OutcomeDecision.Told.ACCOUNT and not has_account(decision.member):
        raise ValidationError({"how": _("The member has no account. Tell them another way.")})
    if how not in OutcomeDecision.Told.values:
        raise ValidationError({"how": _("Say how the member was told.")})
    first = decision.checked_on
    decision.told_on = check_day("on", on, not_before=first)
    decision.told_how, decision.told_by = how, by
    if decision.state == State.CONFIRMED:
        decision.state = State.TOLD
    decision.save(update_fields=["told_on", "told_how", "told_by", "state"])
    write_down(decision, "tell_outcome", by, how=how)
    return decision


@in_one_transaction
def record_reply(
    decision: OutcomeDecision,
    *,
    by: User,
    text: Mapping[str, str],
    on: date | None = None,
    scan: EvidenceFile | None = None,
) -> OutcomeDecision:
    """Record the member's own account; it stands beside the outcome, in public too.

    The member's account enters it, or staff for the member, with the scan of the paper if there
    is one; the scan stays private. Raises PermissionDenied or ValidationError naming the field.
    """
    decision = lock(decision)
    access.check_speaks_for(by, decision.member)
    require(decision, State.CONFIRMED, State.TOLD, State.FINAL, State.FROZEN)
    if decision.replied_on is not None:
        raise ValidationError(_("The member has given an account already."), code="twice")
    said = check_words("text", text)
    if not said:
        raise ValidationError({"text": _("Write down what the member says.")})
    if scan is not None and (scan.pilot_id != decision.pilot_id or scan.public):
        raise ValidationError({"scan": _("Choose a file of the branch that is not public.")})
    decision.reply, decision.reply_by, decision.reply_scan = said, by, scan
    decision.replied_on = check_day("on", on, not_before=decision.checked_on)
    decision.put_at = None
    fields = ["reply", "reply_by", "reply_scan", "replied_on", "put_at"]
    decision.clean_fields(exclude=[f.name for f in decision._meta.fields if f.name not in fields])
    decision.save(update_fields=fields)
    write_down(decision, "record_reply", by, on_paper=by.pk != decision.member.user_id)
    return decision


@in_one_transaction
def finalise(decision: OutcomeDecision, *, by: User) -> OutcomeDecision:
    """Let ``decision`` stand: a kept pledge once confirmed, all others once the member was heard.

    It takes the place of the one that stood before. Raises PermissionDenied or ValidationError.
    """
    decision = lock(decision)
    access.check_seen(by, decision.member)
    access.check_not_own(by, decision.member)
    require(decision, *([State.CONFIRMED] if decision.is_positive else []), State.TOLD)
    if not decision.is_positive and not days.was_heard(decision):
        raise ValidationError(
            _("The member may reply until %(day)s; it is not final before.")
            % {"day": days.reply_until(decision)},
            code="window",
        )
    before = standing_beside(decision)
    if before is not None:
        if before.state == State.FROZEN:
            raise ValidationError(
                _("An appeal against the earlier outcome is open. Have it decided first."),
                code="frozen",
            )
        before.state, before.put_at = State.SUPERSEDED, None
        before.save(update_fields=["state", "put_at"])
        decision.supersedes = before
    decision.state, decision.final_at, decision.final_by = State.FINAL, timezone.now(), by
    decision.save(update_fields=["state", "final_at", "final_by", "supersedes"])
    write_down(decision, "finalise_outcome", by, corrects=before.pk if before else None)
    if before is not None:
        fell(before, by)
    for follows in _final:
        follows(decision, by)
    return decision


def standing_beside(decision: OutcomeDecision) -> OutcomeDecision | None:
    """Return another final decision about the same pledge, or None."""
    return (
        OutcomeDecision.objects.select_related("member", "pilot__programme")
        .filter(member=decision.member_id, pledge_key=decision.pledge_key)
        .filter(state__in=[State.FINAL, State.FROZEN], final_at__isnull=False)
        .exclude(pk=decision.pk)
        .first()
    )

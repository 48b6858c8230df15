"""Says in true words where a gated page stands, for its staff."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState

from ..embargo.approval import in_force
from ..embargo.gate import gate_of
from ..embargo.models import EarlierApproval, GatedPage, HeldApproval
from ..labels import label_in

# State -> shape, so that it is not told by colour or words alone.
SHAPES = {"private": "○", "pending": "◔", "held": "◐", "published": "●", "withdrawn": "✕"}


@dataclass(frozen=True)
class Standing:
    """Where a page stands: its state with a shape, and sentences that explain it."""

    state: str
    label: str
    shape: str
    sentences: list[str]
    gate: GatedPage
    approval: HeldApproval | None

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)


def standing_of(page: Page) -> Standing | None:
    """Return where ``page`` (a specific gated page) stands, or None if it has no gate."""
    gate = gate_of(page)
    if gate is None:
        return None
    public = Page.objects.get(pk=page.pk).specific
    approval = public.standing_approval
    state = public.review_state
    sentences = [_main_sentence(state, gate, approval)]
    sentences += _date_sentences(public, approval)
    sentences += _draft_sentences(public, state)
    return Standing(
        state, state_label(state), SHAPES[state], [s for s in sentences if s], gate, approval
    )


def state_label(state: str) -> str:
    """Return the name of a page state, capitalised."""
    return {
        "private": _("Draft"),
        "pending": _("In review"),
        "held": _("Held"),
        "published": _("Public"),
        "withdrawn": _("Withdrawn"),
    }[state]


def _main_sentence(state: str, gate: GatedPage, approval: HeldApproval | None) -> str:
    if state == "held" and approval:
        return held_sentence(gate, approval)
    if state == "published":
        return _("What everyone sees changes only when a moderator approves a newer draft.")
    if state == "withdrawn":
        return _("Its approval was withdrawn. Nobody outside sees it.")
    return _("Nobody approved it yet. Nobody outside sees it.")


def held_sentence(gate: GatedPage, approval: HeldApproval) -> str:
    """Return why approved content is held, by whom and when it was approved."""
    values = {
        "user": approval.approved_by.get_username(),
        "when": short(approval.approved_at),
        "pilot": pilot_name(gate),
    }
    if gate.is_open:
        return (
            _(
                "Approved by %(user)s on %(when)s and held: what stands above it is not public, "
                "or its date has not come. Nobody outside sees it."
            )
            % values
        )
    if gate.pilot is None:
        return (
            _(
                "Approved by %(user)s on %(when)s. Held until the first pilot is approved. "
                "Nobody outside sees it."
            )
            % values
        )
    return (
        _(
            "Approved by %(user)s on %(when)s. Held until the pilot is approved (%(pilot)s). "
            "Nobody outside sees it."
        )
        % values
    )


def _date_sentences(page: Page, approval: HeldApproval | None) -> list[str]:
    """Return what there is to say of the dates of what was approved."""
    if approval is None:
        return []
    if not approval.is_intact:
        return [_("What was approved was altered since, and cannot go public. Approve it anew.")]
    earlier = EarlierApproval.objects.filter(page_id=page.pk).first()
    said, counts = [], in_force(approval, earlier)
    if approval.waits:
        follows = _(
            "The newest approved version follows on %(date)s; until then the one before it counts."
        )
        alone = _("It is to go live on %(date)s, or later, once nothing else holds it back.")
        said.append((follows if earlier else alone) % {"date": short(approval.go_live_at)})
    if counts.is_intact and counts.expire_at:
        over = _("Its expiry date, %(date)s, has passed: submit a version with another one.")
        ahead = _("It expires on %(date)s.")
        said.append((over if counts.is_over else ahead) % {"date": short(counts.expire_at)})
    return said


def _draft_sentences(page: Page, state: str) -> list[str]:
    """Return what there is to say of a draft that is newer than what was approved."""
    review = page.current_workflow_state
    if review is not None and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        task = review.current_task_state
        return [
            _("Returned by %(user)s: %(reason)s")
            % {
                "user": task.finished_by.get_username() if task.finished_by else "–",
                "reason": task.comment,
            }
        ]
    if review is not None:
        who = review.requested_by.get_username() if review.requested_by else "–"
        # A page that was returned goes on in the same review: this is its newest submission.
        task = review.current_task_state
        return [
            _("This version was submitted by %(user)s on %(when)s and is in review.")
            % {"user": who, "when": short(task.started_at if task else review.created_at)}
        ]
    if state in ("held", "published") and page.draft_state == "private":
        return [_("There is a newer draft; nobody approved it yet.")]
    return []


def pilot_name(gate: GatedPage) -> str:
    """Return name and stage of the pilot (or the name of the programme) a page belongs to."""
    if gate.pilot is None:
        return gate.programme.shown_name()
    return f"{label_in(gate.pilot.name)}: {gate.pilot.get_stage_display()}"


def short(moment) -> str:
    """Return a date and time, in the reader's time zone, in an order that nobody mistakes."""
    return date_format(localtime(moment), "Y-m-d H:i")

"""The steps with a check in the admin: of each who may take it, its form, and the action behind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..appraisal import access, appeals, days, on_page, outcomes
from ..appraisal.models import RUNNING, OutcomeDecision, State
from ..appraisal.pledges import approved_pledge
from ..labels import content_languages
from ..photos.actions import add_evidence
from ..photos.models import EvidenceFile
from ..photos.storage import files_removed_on_error
from ..pilots import roles
from ..pilots.models import Pilot
from .check_forms import (
    AppealForm,
    PageForm,
    ReplyForm,
    StatementForm,
    TellForm,
    VerdictForm,
    placed,
)
from .check_rows import check_url
from .reason import ReasonForm
from .sight import User


@dataclass(frozen=True)
class CheckStep:
    """One step: what it is called, when it may be taken by whom, and what it does."""

    verb: str
    label: Promise
    note: Promise
    done: Promise
    form: type[forms.Form]
    may: Callable[[OutcomeDecision, User], bool]
    act: Callable[..., Any]


def _in(*states: str) -> Callable[[OutcomeDecision], bool]:
    return lambda decision: decision.state in states


def _others(decision: OutcomeDecision, user: User) -> bool:
    """Whether ``user`` takes part in the checks of the branch and is not the member."""
    return decision.member.user_id != user.pk and access.may_see(user, decision.pilot)


def _may_state(decision: OutcomeDecision, user: User) -> bool:
    return (
        decision.state == State.CHECKING
        and access.may_check(user, decision.member)
        and not decision.statements.filter(checker=user).exists()
    )


def _may_tell(decision: OutcomeDecision, user: User) -> bool:
    if decision.told_on is not None or not _others(decision, user):
        return False
    waits = decision.state == State.CONFIRMED and not decision.is_positive
    return waits or decision.state == State.FINAL


def _speaks(decision: OutcomeDecision, user: User) -> bool:
    return roles.sees_drafts(user, decision.pilot) or decision.member.user_id == user.pk


def _may_reply(decision: OutcomeDecision, user: User) -> bool:
    states = (State.TOLD, State.FINAL, State.FROZEN)
    return decision.state in states and decision.replied_on is None and _speaks(decision, user)


def _may_finalise(decision: OutcomeDecision, user: User) -> bool:
    if not _others(decision, user):
        return False
    if decision.is_positive:
        return decision.state in (State.CONFIRMED, State.TOLD)
    return decision.state == State.TOLD and days.was_heard(decision)


def _may_put(decision: OutcomeDecision, user: User) -> bool:
    return (
        _others(decision, user)
        and access.may_write(user, decision.pilot)
        and days.may_be_posted(decision)
        and decision.put_at is None
    )


def _may_take_off(decision: OutcomeDecision, user: User) -> bool:
    if decision.state not in (State.FROZEN, State.OVERTURNED) or decision.final_at is None:
        return False
    if not (_others(decision, user) and access.may_write(user, decision.pilot)):
        return False
    pledge = approved_pledge(decision.member, decision.pledge_key)
    return bool(pledge and pledge.outcome) and outcomes.standing_beside(decision) is None


def _may_appeal(decision: OutcomeDecision, user: User) -> bool:
    return (
        decision.state in (State.TOLD, State.FINAL)
        and _speaks(decision, user)
        and days.may_still_appeal(decision)
        and not decision.appeals.exists()
    )


def _may_judge(decision: OutcomeDecision, user: User) -> bool:
    return decision.state == State.FROZEN and access.may_judge(user, decision)


def _may_drop(decision: OutcomeDecision, user: User) -> bool:
    return decision.state in RUNNING and _others(decision, user)


def with_scan(
    act: Callable[..., Any],
    title: Promise,
    branch: Callable[[Any], Pilot] = lambda about: about.pilot,
) -> Callable[..., Any]:
    """Let ``act`` have the scan that was uploaded as a private file of the branch."""

    def run(about: Any, *, by: User, scan, **values):
        with files_removed_on_error(), transaction.atomic():
            file: EvidenceFile | None = None
            if scan:
                titles = {}
                for code, _name in content_languages():
                    with override(code):
                        titles[code] = str(title)
                file = add_evidence(branch(about), scan, by=by, kind="document", title=titles)
            return act(about, by=by, scan=file, **values)

    return run


def _judge(decision: OutcomeDecision, **values):
    return appeals.decide_appeal(decision.appeals.get(), **values)


STEPS = [
    CheckStep(
        "statement", gettext_lazy("Make a statement"),
        gettext_lazy(
            "Two checkers have to confirm what was found, at least one of them from outside the "
            "branch. A statement is never changed."
        ),
        gettext_lazy("Your statement is kept."),
        StatementForm, _may_state, outcomes.make_statement,
    ),
    CheckStep(
        "tell", gettext_lazy("The member was told"),
        gettext_lazy("From this day the member has days to reply and to appeal."),
        gettext_lazy("Noted. The days for a reply and an appeal run."),
        TellForm, _may_tell, outcomes.tell_member,
    ),
    CheckStep(
        "reply", gettext_lazy("The member's own account"),
        gettext_lazy("What the member says to it. It stands beside the outcome in public."),
        gettext_lazy("The member's account is kept."),
        ReplyForm, _may_reply,
        with_scan(outcomes.record_reply, gettext_lazy("Account of a member, on paper")),
    ),
    CheckStep(
        "finalise", gettext_lazy("Make it final"),
        gettext_lazy("It takes the place of an earlier decision about the same pledge."),
        gettext_lazy("The outcome is final."),
        forms.Form, _may_finalise, outcomes.finalise,
    ),
    CheckStep(
        "put", gettext_lazy("Put it on the page"),
        gettext_lazy(
            "A new version of the member's page in each language is written and submitted. Another "
            "person approves it."
        ),
        gettext_lazy("The pages are submitted for moderation."),
        PageForm, _may_put, on_page.put_on_page,
    ),
    CheckStep(
        "take-off", gettext_lazy("Take it off the page"),
        gettext_lazy(
            "A new version without the outcome is written and submitted in each language. Another "
            "person approves it."
        ),
        gettext_lazy("The pages are submitted for moderation."),
        PageForm, _may_take_off, on_page.take_off_page,
    ),
    CheckStep(
        "appeal", gettext_lazy("Appeal"),
        gettext_lazy(
            "An appeal freezes the outcome: it is not posted, and taken off the page, until the "
            "appeal is decided."
        ),
        gettext_lazy("The appeal is kept, and the outcome is frozen."),
        AppealForm, _may_appeal,
        with_scan(appeals.raise_appeal, gettext_lazy("Appeal of a member, on paper")),
    ),
    CheckStep(
        "decide", gettext_lazy("Decide the appeal"),
        gettext_lazy(
            "Dismissed: the outcome stands again. Upheld: it is set aside, and the pledge may be "
            "checked anew."
        ),
        gettext_lazy("The appeal is decided."),
        VerdictForm, _may_judge, _judge,
    ),
    CheckStep(
        "drop", gettext_lazy("Give up this check"),
        gettext_lazy("Nothing is decided. Another check of the pledge may be opened."),
        gettext_lazy("The check is given up."),
        ReasonForm, _may_drop, outcomes.drop,
    ),
]  # fmt: skip
BY_VERB = {step.verb: step for step in STEPS}


def steps_for(decision: OutcomeDecision, user: User) -> list[dict]:
    """Return the steps that ``user`` may take with ``decision`` now, with their addresses."""
    return [
        {
            "label": step.label,
            "url": reverse("pledge_boards:check_step", args=[decision.pk, step.verb]),
            "grave": step.verb == "drop",
        }
        for step in STEPS
        if step.may(decision, user)
    ]


class StepView(WagtailAdminTemplateMixin, FormView):
    """Takes one step with a check."""

    template_name = "pledge_pages/office/check_step.html"
    header_icon = "glasses"

    @cached_property
    def step(self) -> CheckStep:
        """The step in the address, or Http404."""
        if self.kwargs["verb"] not in BY_VERB:
            raise Http404
        return BY_VERB[self.kwargs["verb"]]

    @cached_property
    def decision(self) -> OutcomeDecision:
        """The decision in the address; Http404 unless the reader may see it."""
        found = access.decisions_seen_by(self.request.user)
        return get_object_or_404(
            found.select_related("member", "pilot__programme"), pk=self.kwargs["pk"]
        )

    def dispatch(self, request, *args, **kwargs):
        if not self.step.may(self.decision, request.user):
            messages.error(request, _("This step cannot be taken now, or not by you."))
            return redirect(check_url(self.decision))
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return self.step.form

    def get_page_title(self):
        return self.step.label

    def get_page_subtitle(self):
        return _("Check %(number)d") % {"number": self.decision.pk}

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:checks"), "label": _("Checks")},
            {"url": check_url(self.decision), "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(step=self.step, decision=self.decision, back_url=check_url(self.decision))
        return context

    def form_valid(self, form):
        try:
            self.step.act(self.decision, by=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, placed(error, form))
            return self.form_invalid(form)
        messages.success(self.request, self.step.done)
        return redirect(check_url(self.decision))

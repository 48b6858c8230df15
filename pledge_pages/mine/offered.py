"""Tasks and posts that the member was asked to take on: read, accepted, declined with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..labels import label_in
from ..people.models import Member
from ..tasks import actions
from ..tasks.models import MAX_DECLINE, Assignment, State
from .forms import text_field
from .frame import account_of, address, own_page, shown
from .own import hindrance, pages_of
from .writing import act, writing

ROWS = 20
MOST = 50
SHAPES = {State.ACCEPTED: "●", State.DECLINED: "✕", State.OFFERED: "○"}


@dataclass(frozen=True)
class Offered:
    """One task as the member reads it."""

    task: Assignment

    @property
    def what(self) -> str:
        """What is asked: the task, or the post if there is no task."""
        return label_in(self.task.text) or str(self.task.post or "")

    @property
    def document(self) -> str:
        """The title of the responsibility document, if it comes from one."""
        return label_in(self.task.document)

    @property
    def measure(self) -> str:
        """How anyone can check it."""
        return label_in(self.task.measure)

    @property
    def first_task(self) -> str:
        """What is to be done first."""
        return label_in(self.task.first_task)

    @property
    def shape(self) -> str:
        """The shape of its state, so that it is not told by words alone."""
        return SHAPES[State(self.task.state)]


class AcceptForm(forms.Form):
    """Asks nothing: sending it is the answer."""


class DeclineForm(forms.Form):
    """Asks why."""

    reason = text_field(gettext_lazy("Why you decline"), MAX_DECLINE)


@dataclass(frozen=True)
class Answer:
    """One of the two answers: its words, its form, and the action behind it."""

    heading: Promise
    note: Promise
    done: Promise
    form: type[forms.Form]
    act: Callable[..., Any]


ANSWERS = {
    "accept": Answer(
        gettext_lazy("Accept the task"),
        gettext_lazy(
            "What you accept becomes a pledge in a draft of your page. Your branch submits it, and "
            "somebody else approves it."
        ),
        gettext_lazy("Accepted."),
        AcceptForm,
        actions.accept,
    ),
    "decline": Answer(
        gettext_lazy("Decline the task"),
        gettext_lazy("Your branch reads the reason. Nothing of it is published."),
        gettext_lazy("Declined. Your branch reads your reason."),
        DeclineForm,
        actions.decline,
    ),
}


def asked_of(member: Member) -> QuerySet[Assignment]:
    """Return what ``member`` was asked to take on and the branch has not withdrawn."""
    found = Assignment.objects.filter(member=member).exclude(state=State.WITHDRAWN)
    return found.select_related("post", "category")


def waiting_for(member: Member) -> int:
    """Return how many tasks wait for the member's answer."""
    return asked_of(member).filter(state=State.OFFERED).count()


@own_page
def tasks(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Show the tasks that wait for an answer, and those that had one."""
    waiting = asked_of(member).filter(state=State.OFFERED)[:MOST]
    pages = Paginator(asked_of(member).exclude(state=State.OFFERED), ROWS)
    page = pages.get_page(request.GET.get("p"))
    context = {
        "waiting": [Offered(task) for task in waiting],
        "answered": [Offered(task) for task in page.object_list],
        "page_of": page,
    }
    return shown(request, member, "tasks.html", context, section="tasks")


@writing
def answer(request: HttpRequest, member: Member, pk: int, verb: str) -> HttpResponseBase:
    """Take in the member's answer to one task."""
    task = asked_of(member).filter(pk=pk, state=State.OFFERED).first()
    if task is None or verb not in ANSWERS:
        raise Http404
    said = ANSWERS[verb]
    form = said.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        do = partial(said.act, task, by=account_of(request), **form.cleaned_data)
        if act(form, do):
            messages.success(request, str(said.done))
            return redirect(address("tasks"))
    context = {
        "row": Offered(task), "verb": verb, "answer": said, "form": form,
        "hindrance": _hindrance(task, member) if verb == "accept" else "",
    }  # fmt: skip
    return shown(request, member, "task.html", context, section="tasks")


def _hindrance(task: Assignment, member: Member) -> str:
    """Return why the task cannot be accepted now, or ''."""
    if not task.text:
        return ""
    pages = [page for code, page in pages_of(member).items() if task.text.get(code)]
    if not pages:
        return _("You have no page in the language of this task yet. Ask your branch.")
    return next((why for page in pages if (why := hindrance(page))), "")

"""The audit trail in the admin: every line that a lead may read, by branch, action, person and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.users.utils import get_deleted_user_display_name

from ..appraisal.models import Appeal, OutcomeDecision
from ..boards.content import Status
from ..embargo import trail
from ..people.models import Consent, Scope
from ..pilots import roles
from ..pilots.models import Pilot, Transition
from ..pilots.stages import VERBS
from ..supervision.stages import State as ReportState
from .log import LOG_ACTIONS
from .sight import leads_any, page_name, specific_pages

ROWS = 50
# Lines fetched at a time.
CHUNK = 500

STEP, PAGE, OTHER = "step", "page", "other"
# When, kind, primary key: what tells a line from all others.
Key = tuple[datetime, str, int]


@dataclass(frozen=True)
class Line:
    """One line of the trail, ready to be shown."""

    when: datetime
    action: str
    programme: str
    pilot: str
    about: str
    details: str
    who: str
    page_id: int | None = None


def action_choices() -> list[tuple[str, Any]]:
    """Return every action that a line may tell of: steps of pilots, then those on pages and files."""
    steps = [(f"{STEP}.{verb.name}", verb.label) for verb in VERBS.values()]
    others = [(name, said) for name, (_label, said) in LOG_ACTIONS.items()]
    return [("", _("All actions")), (_("Steps of pilots"), steps), (_("Pages and files"), others)]


class TrailForm(forms.Form):
    """Asks which lines to show; nothing asked means all."""

    pilot = forms.ModelChoiceField(
        Pilot.objects.none(), required=False, label=gettext_lazy("Pilot"), to_field_name="code"
    )
    action = forms.ChoiceField(choices=action_choices, required=False, label=gettext_lazy("Action"))
    user = forms.ModelChoiceField(
        get_user_model().objects.none(), required=False, label=gettext_lazy("By")
    )
    since = forms.DateField(
        required=False, label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        required=False, label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args, lines: TrailOf, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot"].queryset = Pilot.objects.filter(programme__in=lines.programmes)
        self.fields["user"].queryset = lines.users()


class TrailOf:
    """The lines of the trail that ``reader`` may read: those of the programmes they lead."""

    def __init__(self, reader):
        self.programmes = roles.led_programmes(reader)
        self.steps = Transition.objects.filter(pilot__programme__in=self.programmes).order_by()
        self.pages, self.others = trail.page_lines(), trail.other_lines()
        if not reader.is_superuser:
            led = trail.of_programmes(self.programmes.values_list("code", flat=True))
            self.pages = self.pages.filter(led)
            # A database is put back for everyone in it.
            self.others = self.others.filter(led | Q(action=f"{trail.ACTIONS}confirm_restore"))

    def users(self) -> QuerySet:
        """Return everyone who stands in these lines."""
        people = get_user_model().objects
        return people.filter(
            Q(pk__in=self.steps.values("by"))
            | Q(pk__in=self.pages.values("user"))
            | Q(pk__in=self.others.values("user"))
        ).order_by(get_user_model().USERNAME_FIELD)

    def narrow(self, wanted: dict[str, Any]) -> None:
        """Leave out what the form does not ask for."""
        pilot, action, user = wanted.get("pilot"), wanted.get("action"), wanted.get("user")
        if pilot:
            self._narrow(Q(pilot=pilot), Q(data__pilot=pilot.code))
        if user:
            self._narrow(Q(by=user), Q(user=user))
        if action:
            kind, _dot, verb = action.rpartition(".")
            self._narrow(
                Q(verb=verb) if kind == STEP else Q(pk__in=[]),
                Q(pk__in=[]) if kind == STEP else Q(action=f"{trail.ACTIONS}{action}"),
            )
        since: date | None = wanted.get("since")
        until: date | None = wanted.get("until")
        if since:
            self._narrow(Q(at__date__gte=since), Q(timestamp__date__gte=since))
        if until:
            self._narrow(Q(at__date__lte=until), Q(timestamp__date__lte=until))

    def _narrow(self, steps: Q, entries: Q) -> None:
        self.steps = self.steps.filter(steps)
        self.pages, self.others = self.pages.filter(entries), self.others.filter(entries)

    def keys(self) -> QuerySet:
        """Return the keys of these lines, newest first, in one query."""
        parts = [
            rows.annotate(when=F(moment), kind=Value(kind)).values_list("when", "kind", "pk")
            for rows, moment, kind in (
                (self.steps, "at", STEP),
                (self.pages, "timestamp", PAGE),
                (self.others, "timestamp", OTHER),
            )
        ]
        return parts[0].union(*parts[1:], all=True).order_by("-when", "kind", "-pk")

    def lines(self, keys: Iterable[Key]) -> Iterator[Line]:
        """Return the lines with these keys, in their order, a few hundred at a time."""
        rest = iter(keys)
        while chunk := list(islice(rest, CHUNK)):
            yield from self._lines(chunk)

    def _lines(self, chunk: list[Key]) -> list[Line]:
        wanted: dict[str, list[int]] = {STEP: [], PAGE: [], OTHER: []}
        for _when, kind, pk in chunk:
            wanted[kind].append(pk)
        steps = self.steps.select_related("pilot__programme", "by").in_bulk(wanted[STEP])
        pages = self.pages.select_related("user").in_bulk(wanted[PAGE])
        others = self.others.select_related("user").in_bulk(wanted[OTHER])
        found = {
            **{(STEP, pk): step_line(row) for pk, row in steps.items()},
            **{(PAGE, pk): entry_line(row) for pk, row in pages.items()},
            **{(OTHER, pk): entry_line(row) for pk, row in others.items()},
        }
        return [found[kind, pk] for _when, kind, pk in chunk]


def step_line(step: Transition) -> Line:
    """Return the line of a pilot's step."""
    stages = [step.get_from_stage_display(), step.get_to_stage_display()]
    return Line(
        when=step.at,
        action=str(VERBS[step.verb].label) if step.verb in VERBS else step.verb,
        programme=step.pilot.programme.code,
        pilot=step.pilot.code,
        about=" → ".join(stages if step.from_stage != step.to_stage else stages[1:]),
        details=step.reason,
        who=step.by.get_username(),
    )


def entry_line(entry: PageLogEntry | ModelLogEntry) -> Line:
    """Return the line of an action on a page, a member, a file or the database."""
    _label, said = LOG_ACTIONS.get(entry.action.removeprefix(trail.ACTIONS), ("", entry.action))
    if entry.user_id is None:
        who = _("system")
    elif entry.user is None:
        who = get_deleted_user_display_name(entry.user_id)
    else:
        who = entry.user.get_username()
    return Line(
        when=entry.timestamp,
        action=str(said),
        programme=entry.data.get("programme", ""),
        pilot=entry.data.get("pilot", ""),
        about=about_of(entry),
        details=details_of(entry.data),
        who=str(who),
        page_id=entry.page_id if isinstance(entry, PageLogEntry) else None,
    )


def about_of(entry: PageLogEntry | ModelLogEntry) -> str:
    """Return what a line is about: its code, or its kind and number, said in the reader's language."""
    if isinstance(entry, ModelLogEntry) and entry.content_type_id:
        kind = ContentType.objects.get_for_id(entry.content_type_id)
        model = kind.model_class()
        if model is not None and entry.label == f"{kind.model} {entry.object_id}":
            return f"{model._meta.verbose_name} {entry.object_id}"
    return entry.label


# What the data of a line may hold, and the words for its values.
WORDS = {
    "reason": {},
    "version": {},
    "clause": {},
    "points": {},
    "scope": {**dict(Scope.choices), "all": gettext_lazy("Everywhere")},
    "subject": dict(Consent.Subject.choices),
    "level": dict(Consent.Level.choices),
    "state": dict(Consent.State.choices),
    "report_state": dict(ReportState.choices),
    "member": {},
    "template": {},
    "outcome": dict(Status.choices),
    "agrees": {True: gettext_lazy("agrees"), False: gettext_lazy("does not agree")},
    "how": dict(OutcomeDecision.Told.choices),
    "verdict": dict(Appeal.Verdict.choices),
    "public": {True: gettext_lazy("may be public"), False: gettext_lazy("stays private")},
}


def details_of(data: dict) -> str:
    """Return what the data of a line says, in words."""
    said = [
        str(words.get(data[key], data[key]))
        for key, words in WORDS.items()
        if data.get(key) not in (None, "")
    ]
    if "without_day" in data:
        said.append(
            _("%(count)d, of them %(without_day)d without a day, %(without_method)d without a way")
            % data
        )
    return "; ".join(said)


class TrailView(WagtailAdminTemplateMixin, TemplateView):
    """Shows the trail, page by page."""

    template_name = "pledge_pages/office/trail.html"
    page_title = gettext_lazy("Audit trail")
    header_icon = "history"

    def dispatch(self, request, *args, **kwargs):
        if not leads_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def asked(self) -> tuple[TrailForm, TrailOf]:
        """The form as it was sent, and the lines that it asks for."""
        lines = TrailOf(self.request.user)
        form = TrailForm(self.request.GET, lines=lines)
        form.is_valid()
        lines.narrow(form.cleaned_data)
        return form, lines

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        from .trail_file import LIMIT

        context = super().get_context_data(**kwargs)
        form, lines = self.asked
        page = WagtailPaginator(lines.keys(), ROWS).get_page(self.request.GET.get("p"))
        rows = list(lines.lines(page.object_list))
        names = names_of(row.page_id for row in rows if row.page_id)
        query = self.request.GET.copy()
        query.pop("p", None)
        context.update(
            form=form,
            page_of_lines=page,
            rows=[{"line": row, "name": names.get(row.page_id, row.about)} for row in rows],
            query=query.urlencode(),
            file_limit=LIMIT,
        )
        return context


def names_of(page_ids: Iterable[int]) -> dict[int, str]:
    """Return what the pages that are still there are called now; a line itself holds no name."""
    return {pk: page_name(page) for pk, page in specific_pages(set(page_ids)).items()}

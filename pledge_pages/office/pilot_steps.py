"""Takes a step with a pilot, or with all pilots of a wave at once, after showing what it does."""

import hashlib

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from ..contention import BusyError
from ..embargo import release
from ..embargo.models import GatedPage
from ..pilots import actions, roles
from ..pilots.models import Pilot, Wave
from ..pilots.stages import VERBS, Stage
from .dry_run import Notes
from .pilot_page import AboutOnePilot, note_on
from .reason import ReasonForm
from .sight import page_name, with_people

# What to say after each step.
AFTER = {
    "propose": gettext_lazy("Next: agree to it."),
    "concur": gettext_lazy("Your concurrence is recorded. A lead can approve the pilot now."),
    "agree": gettext_lazy("Next: start it quietly."),
    "start": gettext_lazy("Pages that moderators approve are held now. Next: review it."),
    "review": gettext_lazy("Next: someone else concurs, then a lead approves it."),
    "resume": gettext_lazy(
        "It is not public again yet: someone else has to concur, then a lead approves it."
    ),
    "end": gettext_lazy("Nothing of it is public."),
}

# Rows shown of each list of a dry run; their number is told in full.
ROWS = 50


class StepForm(ReasonForm):
    """Asks why, and carries what was seen, so that nothing else is released."""

    kept = gettext_lazy("Kept with the date and your name. It is not public.")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def fingerprint(dry_run: release.DryRun) -> str:
    """Return a short text that changes when a dry run would release something else."""
    parts = [
        f"{item.page.pk}:{item.approval.digest if item.approval else ''}"
        for item in dry_run.goes_live
    ]
    text = "|".join([*(pilot.code for pilot in dry_run.pilots), *parts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def rows(items: list[release.Item], in_review: set[int]) -> list[dict]:
    """Return the first rows of a list of a dry run, for the template.

    ``in_review`` are ids of pages of which a newer version is in review.
    """
    shown = items[:ROWS]
    with_people([item.page for item in shown])
    return [
        {
            "name": page_name(item.page),
            "language": item.page.locale.get_display_name(),
            "reason": item.reason,
            "approval": item.approval,
            "in_review": item.page.pk in in_review,
            "preview_url": reverse("pledge_boards:held_preview", args=[item.page.pk])
            if item.approval
            else "",
        }
        for item in shown
    ]


def lists_of(dry_run: release.DryRun, notes: Notes) -> list[dict]:
    """Return the three lists of a dry run with their headings and full numbers."""
    return [
        {
            "key": key,
            "heading": heading,
            "rows": rows(items, notes.in_review if key == "goes_live" else set()),
            "total": len(items),
        }
        for key, heading, items in (
            ("goes_live", _("Goes public"), dry_run.goes_live),
            ("stays_back", _("Approved, but cannot go public now"), dry_run.stays_back),
            ("stays_draft", _("Stays a draft"), dry_run.stays_draft),
        )
    ]


def what_vanishes(pilots: list[Pilot]) -> tuple[list[Page], int]:
    """Return the first live pages of ``pilots`` that a suspension hides, and how many they are.

    The programme's page is among them if no other pilot of the programme is approved.
    """
    gates = GatedPage.objects.filter(pilot__in=pilots)
    for programme_id in {pilot.programme_id for pilot in pilots}:
        others = Pilot.objects.filter(programme_id=programme_id, stage=Stage.APPROVED)
        if not others.exclude(pk__in=[pilot.pk for pilot in pilots]).exists():
            gates |= GatedPage.objects.filter(pilot__isnull=True, programme_id=programme_id)
    live = Page.objects.filter(gate__in=gates, live=True).order_by("path")
    return with_people(live.specific()[:ROWS]), live.count()


class StepForm(WagtailAdminTemplateMixin, FormView):
    """Asks for a reason and takes one step with :meth:`pilots`."""

    template_name = "pledge_pages/office/step.html"
    form_class = StepForm
    header_icon = "circle-check"

    @property
    def verb(self) -> str:
        """The step in the address; Http404 if there is none of that name."""
        verb = self.kwargs["verb"]
        if verb not in VERBS:
            raise Http404
        return verb

    @cached_property
    def pilots(self) -> list[Pilot]:
        """The pilots that the step is taken with."""
        raise NotImplementedError

    @property
    def back_url(self) -> str:
        """Where one returns to afterwards."""
        raise NotImplementedError

    def get_page_title(self):
        return VERBS[self.verb].label

    def get_page_subtitle(self):
        return ", ".join(str(pilot) for pilot in self.pilots)

    @cached_property
    def dry_run(self) -> release.DryRun | None:
        """What an approval would do, if this is one."""
        if self.verb != "approve":
            return None
        return release.plan(self.pilots, by=self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(
            pilots=self.pilots,
            verb=VERBS[self.verb],
            back_url=self.back_url,
            action_url=self.request.get_full_path(),
            possible=bool(self.pilots),
            stage_change=self.stage_change(),
        )
        if self.dry_run is not None:
            notes = Notes(self.dry_run)
            context.update(
                dry_run=self.dry_run,
                notes=notes,
                lists=lists_of(self.dry_run, notes),
                fingerprint=fingerprint(self.dry_run),
                possible=self.dry_run.possible,
            )
        if self.verb == "suspend":
            pages, total = what_vanishes(self.pilots)
            names = [{"name": page_name(p), "language": p.locale.get_display_name()} for p in pages]
            context.update(vanishing=names, vanishing_total=total)
        return context

    def stage_change(self) -> tuple[str, str] | None:
        """Return the names of the stages from and to which one pilot would be moved."""
        target = VERBS[self.verb].target
        if target is None or len(self.pilots) != 1:
            return None
        return self.pilots[0].get_stage_display(), Stage(target).label

    def form_valid(self, form):
        try:
            self.check_seen(form)
            self.take(form.cleaned_data["reason"])
        except ValidationError as error:
            for message in error.messages:
                messages.error(self.request, message)
            return self.form_again(form)
        except BusyError as error:
            messages.error(self.request, str(error))
            return self.form_again(form)
        except PermissionDenied as error:
            messages.error(self.request, str(error))
            return redirect(self.back_url)
        return redirect(self.back_url)

    def form_again(self, form):
        """Show the form once more with the reason kept and the dry run made anew."""
        self.__dict__.pop("dry_run", None)
        self.__dict__.pop("pilots", None)
        return self.render_to_response(self.get_context_data(form=form))

    def check_seen(self, form) -> None:
        """Raise ValidationError if the dry run that was shown is no longer what would happen."""
        if self.dry_run is None or form.cleaned_data["seen"] == fingerprint(self.dry_run):
            return
        if self.dry_run.possible:
            raise ValidationError(
                _("What would go public has changed meanwhile. Look at the list again.")
            )

    def take(self, reason: str) -> None:
        """Take the step with all the pilots, in one transaction, and say what was done."""
        user = self.request.user
        if self.verb == "approve":
            done = release.approve_pilots(self.pilots, by=user, reason=reason)
            messages.success(self.request, approved_message(done))
        elif self.verb == "suspend":
            gone = release.suspend_pilots(self.pilots, by=user, reason=reason)
            messages.success(self.request, suspended_message(self.pilots, len(gone)))
        else:
            for pilot in self.pilots:
                actions.take_step(pilot, self.verb, by=user, reason=reason)
                pilot.refresh_from_db()
                messages.success(self.request, step_message(pilot, self.verb, user))


def step_message(pilot: Pilot, verb: str, user: User) -> str:
    """Return what a step did with ``pilot``, and what has to happen next."""
    if verb == "concur" and pilot.stage != Stage.REVIEWED:
        what_next = _("Your concurrence is kept. The approval needs one given after the review.")
    elif verb == "concur" and roles.is_lead(user, pilot.programme):
        what_next = _("Your concurrence counts if another lead approves the pilot, not you.")
    else:
        what_next = str(AFTER[verb])
    return f"{actions.describe(pilot)}. {what_next}"


def approved_message(done: release.DryRun) -> str:
    """Return what an approval did, in numbers."""
    codes = ", ".join(pilot.code for pilot in done.pilots)
    went = ngettext(
        "%(pilots)s approved: %(count)d page is public now.",
        "%(pilots)s approved: %(count)d pages are public now.",
        len(done.goes_live),
    ) % {"pilots": codes, "count": len(done.goes_live)}
    if not done.stays_back and not done.stays_draft:
        return went
    return (
        went
        + " "
        + _("Held back: %(back)d. Drafts: %(drafts)d.")
        % {
            "back": len(done.stays_back),
            "drafts": len(done.stays_draft),
        }
    )


def suspended_message(pilots: list[Pilot], count: int) -> str:
    """Return what a suspension did, in numbers."""
    return ngettext(
        "%(pilots)s suspended: %(count)d page is hidden now. What was approved stays held.",
        "%(pilots)s suspended: %(count)d pages are hidden now. What was approved stays held.",
        count,
    ) % {"pilots": ", ".join(pilot.code for pilot in pilots), "count": count}


class PilotStepView(AboutOnePilot, StepForm):
    """One step with one pilot."""

    @cached_property
    def pilots(self) -> list[Pilot]:
        return [self.pilot]

    @property
    def back_url(self) -> str:
        return reverse("pledge_boards:pilot", args=[self.pilot.pk])

    def dispatch(self, request, *args, **kwargs):
        if not actions.may_take(self.verb, self.pilot, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["note"] = note_on(self.pilot, self.verb, self.request.user)
        others = reviewed_in(self.pilot.wave) if self.pilot.wave_id else Pilot.objects.none()
        if self.verb == "approve" and others.exclude(pk=self.pilot.pk).exists():
            context["whole_wave"] = self.pilot.wave
            context["whole_wave_url"] = reverse(
                "pledge_boards:wave_step", args=[self.pilot.wave_id, "approve"]
            )
        return context


def reviewed_in(wave: Wave) -> QuerySet[Pilot]:
    """Return the pilots of ``wave`` that stand ready to be approved."""
    return wave.pilots.filter(stage=Stage.REVIEWED).select_related("programme", "wave")


class WaveStepView(StepForm):
    """Approves all reviewed pilots of a wave, or suspends all its running ones, in one step."""

    def dispatch(self, request, *args, **kwargs):
        if self.verb not in ("approve", "suspend"):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def wave(self) -> Wave:
        """The wave in the address; Http404 if the reader does not lead its programme."""
        led = Wave.objects.filter(programme__in=roles.led_programmes(self.request.user))
        return get_object_or_404(led.select_related("programme"), pk=self.kwargs["pk"])

    @cached_property
    def pilots(self) -> list[Pilot]:
        origins = VERBS[self.verb].origins
        return list(
            self.wave.pilots.filter(stage__in=origins)
            .select_related("programme", "wave")
            .order_by("code")
        )

    @property
    def back_url(self) -> str:
        return reverse("pledge_boards:wave", args=[self.wave.pk])

    def get_page_subtitle(self):
        return str(self.wave)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:pilots"), "label": _("Pilots")},
            {"url": self.back_url, "label": str(self.wave)},
        ]

"""Year-end reviews in the admin: of the reader's branches, one with its members, one member, steps."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..appraisal import access, reviews
from ..appraisal.review_grades import survey_of
from ..appraisal.review_hearing import reply_until
from ..appraisal.review_models import Appraisal, BranchReview, MemberReview
from ..pilots import roles
from ..pilots.models import Pilot
from .asking import AskingView
from .lists import OnlyFor
from .review_forms import OpenReviewForm, this_year
from .review_rows import (
    SHAPES,
    entry_rows,
    entry_url,
    grade_names,
    missing_of,
    next_of,
    review_url,
    votes_of,
)
from .review_steps import ENTRY_STEPS, REVIEW_STEPS, ReviewStep, what_was_left
from .sight import programmes_seen_by

ROWS = 30


class ReviewsView(OnlyFor, WagtailAdminTemplateMixin, TemplateView):
    """The branches that the reader may see, with their reviews."""

    template_name = "pledge_pages/office/reviews.html"
    page_title = gettext_lazy("Reviews")
    header_icon = "calendar-check"

    def is_for(self, user):
        return programmes_seen_by(user).exists()

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pilots = roles.pilots_seen_by(self.request.user).order_by("code")
        page = WagtailPaginator(pilots, ROWS).get_page(self.request.GET.get("p"))
        found: dict[int, list[BranchReview]] = {}
        for review in BranchReview.objects.filter(pilot__in=list(page.object_list)):
            found.setdefault(review.pilot_id, []).append(review)
        rows = [
            {
                "pilot": pilot,
                "reviews": [(one, SHAPES[one.state]) for one in found.get(pilot.pk, [])],
            }
            for pilot in page.object_list
        ]
        context.update(page_of_pilots=page, rows=rows)
        return context


class OpenReviewView(AskingView):
    """Opens the review of one branch for one year."""

    form_class = OpenReviewForm
    page_title = gettext_lazy("Open a review")
    header_icon = "calendar-check"
    introduction = gettext_lazy(
        "Every active member of the branch gets a place in it. It goes by the rules that are in "
        "force on the day of the meeting."
    )
    done = gettext_lazy("The review is open. Enter the figures of each member.")

    @cached_property
    def pilot(self) -> Pilot:
        """The branch in the address; Http404 unless the reader takes part in its reviews."""
        pilots = roles.pilots_seen_by(self.request.user).select_related("programme")
        return get_object_or_404(pilots, pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return str(self.pilot)

    def crumbs(self):
        return [(reverse("pledge_boards:reviews"), _("Reviews"))]

    def get_initial(self):
        present = self.pilot.members.filter(active=True).count()
        return {"year": this_year(), "present": present}

    def act(self, data):
        year = data.pop("year")
        return review_url(reviews.open_review(self.pilot, year, by=self.request.user, **data))


class AboutReview(WagtailAdminTemplateMixin):
    """Views about one review; Http404 unless the reader may see it."""

    header_icon = "calendar-check"

    @cached_property
    def review(self) -> BranchReview:
        """The review in the address."""
        found = reviews.reviews_seen_by(self.request.user).select_related(
            "pilot__programme", "rulebook", "opened_by", "graded_by", "closed_by"
        )
        return get_object_or_404(
            found.prefetch_related("rulebook__grades"), pk=self.kwargs["review"]
        )

    @cached_property
    def entry(self) -> MemberReview:
        """The member's place in the review, by the address."""
        found = self.review.entries.select_related(
            "member__office", "told_by", "reply_by", "reply_scan"
        )
        entry = get_object_or_404(found, pk=self.kwargs["entry"])
        entry.review = self.review
        entry.member.pilot = self.review.pilot
        return entry

    def get_breadcrumbs_items(self):
        above = [(reverse("pledge_boards:reviews"), _("Reviews"))]
        if "entry" in self.kwargs:
            above.append((review_url(self.review), self.review.code))
        items = [{"url": url, "label": label} for url, label in above]
        return [*self.breadcrumbs_items, *items, {"url": "", "label": self.get_page_title()}]


class ReviewView(AboutReview, TemplateView):
    """One review: where it stands, and its members with what is missing."""

    template_name = "pledge_pages/office/review.html"

    def get_page_title(self):
        return _("Review of %(year)d") % {"year": self.review.year}

    def get_page_subtitle(self):
        return str(self.review.pilot)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        entries = self.review.entries.select_related("member__office")
        page = WagtailPaginator(entries, ROWS).get_page(self.request.GET.get("p"))
        user, review = self.request.user, self.review
        context.update(
            review=review,
            shape=SHAPES[review.state],
            page_of_members=page,
            rows=entry_rows(page.object_list, review),
            steps=[
                {
                    "label": step.label,
                    "url": reverse("pledge_boards:review_step", args=[review.pk, step.verb]),
                }
                for step in REVIEW_STEPS
                if step.may(review, user)
            ],
        )
        return context


class EntryView(AboutReview, TemplateView):
    """One member in a review: figures, grade, told and heard, and what stands since it was closed."""

    template_name = "pledge_pages/office/review_entry.html"

    def get_page_title(self):
        return self.entry.member.staff_name

    def get_page_subtitle(self):
        return self.review.code

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        entry, review, user = self.entry, self.review, self.request.user
        names = grade_names(review)
        sees_sanctions = access.may_grade(user, review.pilot)
        context.update(
            entry=entry,
            review=review,
            next=next_of(entry, review),
            missing=[] if review.is_closed else missing_of(entry, review),
            own=names.get(entry.self_grade, ""),
            grade=names.get(entry.grade, ""),
            suggested=names.get(entry.suggested, ""),
            peer=votes_of(entry.peer, names),
            ballot=votes_of(entry.ballot, names),
            survey=survey_of(entry),
            reply_until=reply_until(entry.told_on),
            appraisals=[(one, names.get(one.grade, "")) for one in appraisals_of(entry)],
            sees_sanctions=sees_sanctions,
            sanctions=entry.sanctions.select_related("by") if sees_sanctions else [],
            steps=[
                {
                    "label": step.label,
                    "url": reverse(
                        "pledge_boards:review_entry_step", args=[review.pk, entry.pk, step.verb]
                    ),
                }
                for step in ENTRY_STEPS
                if step.may(entry, user)
            ],
        )
        return context


def appraisals_of(entry: MemberReview) -> list[Appraisal]:
    """Return what stood of a member since the review was closed, what stands now first."""
    found = entry.review.appraisals.filter(member=entry.member_id)
    return list(found.select_related("made_by").order_by("-edition"))


class ReviewStepView(AboutReview, AskingView):
    """Takes one step with a review."""

    steps = REVIEW_STEPS

    @cached_property
    def step(self) -> ReviewStep:
        """The step in the address, or Http404."""
        found = {step.verb: step for step in self.steps}.get(self.kwargs["verb"])
        if found is None:
            raise Http404
        return found

    @property
    def about(self) -> Any:
        """What the step is taken with."""
        return self.review

    @property
    def back(self) -> str:
        """Where the step leads back to."""
        return review_url(self.review)

    def dispatch(self, request, *args, **kwargs):
        if not self.step.may(self.about, request.user):
            messages.error(request, _("This step cannot be taken now, or not by you."))
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self):
        if self.step.verb == "grades":
            return ["pledge_pages/office/review_grades.html"]
        return super().get_template_names()

    @property
    def page_title(self):
        return self.step.label

    @property
    def introduction(self):
        return self.step.note

    def get_page_subtitle(self):
        return self.about.code

    def crumbs(self):
        return [(reverse("pledge_boards:reviews"), _("Reviews")), (self.back, self.about.code)]

    def get_breadcrumbs_items(self):
        return AskingView.get_breadcrumbs_items(self)

    def get_form_class(self):
        return self.step.form

    def get_form_kwargs(self):
        given = self.step.given(self.about)
        return {**super().get_form_kwargs(), "about": self.about, **given}

    def form_valid(self, form):
        try:
            found = self.step.act(self.about, by=self.request.user, **form.values())
        except ValidationError as error:
            form.place(error)
            return self.form_invalid(form)
        except PermissionDenied as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.step.done)
        if left := what_was_left(found):
            messages.warning(self.request, left)
        return redirect(self.back)


class EntryStepView(ReviewStepView):
    """Takes one step with a member in a review."""

    steps = ENTRY_STEPS

    @property
    def about(self):
        return self.entry

    @property
    def back(self):
        return entry_url(self.entry)


def views() -> list:
    """Return the addresses of these views below the office's."""
    one, member = "reviews/<int:review>/", "reviews/<int:review>/members/<int:entry>/"
    return [
        path("reviews/", ReviewsView.as_view(), name="reviews"),
        path("reviews/open/<int:pk>/", OpenReviewView.as_view(), name="open_review"),
        path(one, ReviewView.as_view(), name="review"),
        path(f"{one}<slug:verb>/", ReviewStepView.as_view(), name="review_step"),
        path(member, EntryView.as_view(), name="review_entry"),
        path(f"{member}<slug:verb>/", EntryStepView.as_view(), name="review_entry_step"),
    ]

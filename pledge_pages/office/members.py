"""The people of the branches in the admin: only of those that the reader has a role in."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from ..boards.as_typed import take_as_typed
from ..people.actions import withdraw_consent
from ..people.models import Consent, Member, Scope
from ..people.naming import name_level, photo_allowed, photo_is_wanted
from ..photos import serving
from ..photos.models import ConsentPaper
from ..photos.papers import record_consent_on_paper
from ..pilots import roles
from ..tasks.access import has_approved_page
from . import member_accounts
from .check_forms import scan_field
from .tables import yes_or_no
from .visibility import OwnIndexView, OwnInspectView, RoleViewSet


class MemberFilterSet(WagtailFilterSet):
    """Filters members by branch, offering those that the reader may see."""

    pilot = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Branch"),
        queryset=lambda request: roles.pilots_seen_by(request.user),
    )

    class Meta:
        model = Member
        fields = ["pilot", "office", "active"]


class MemberListView(OwnIndexView):
    """Members with what may be shown of them on the public website today."""

    search_fields = ["code", "surname", "given_name", "surname_latin", "given_name_latin"]
    is_searchable = True
    default_ordering = ("pilot__code", "office__rank", "code")

    def get_base_queryset(self):
        members = super().get_base_queryset()
        return members.select_related("pilot", "office").prefetch_related("consents")

    def get_edit_url(self, instance):
        # The title leads to the person's page, where consent is; editing is in the row's menu.
        return None

    @cached_property
    def columns(self):
        return [
            self._get_title_column("__str__"),
            Column("pilot", label=_("Branch"), accessor="pilot", sort_key="pilot__code"),
            Column("office", label=_("Office"), accessor="office"),
            Column("name", label=_("Name on the website"), accessor=shown_level),
            Column("photo", label=_("Photo on the website"), accessor=shown_photo),
            Column("active", label=_("Active"), accessor=lambda member: yes_or_no(member.active)),
        ]


def shown_level(member: Member) -> str:
    """Return how much of the member's name may be public today."""
    return Consent.Level(name_level(member, Scope.PUBLIC_WEB)).label


# What approved pages say of a person, or whether there is to be one of theirs.
SHOWN = (
    "surname", "given_name", "surname_latin", "given_name_latin", "office", "posts", "active",
)  # fmt: skip


def shown_photo(member: Member) -> str:
    """Return whether the member's photo may be public today."""
    return yes_or_no(photo_allowed(member, Scope.PUBLIC_WEB))


class MemberForm(WagtailAdminModelForm):
    """A person's own facts. The branch is chosen once: pages and gate depend on it.

    Approved pages show name, office and posts as they are now, so only leads change them then.
    """

    class Meta:
        model = Member
        fields = [
            "pilot", "code", "surname", "given_name", "surname_latin", "given_name_latin",
            "office", "posts", "active",
        ]  # fmt: skip
        widgets = {"posts": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(Member)
        self.fields["pilot"].queryset = policy.pilots(self.for_user, "change")
        if self.instance.pk:
            self.fields["pilot"].disabled = True
        if self.instance.pk and not self._may_correct():
            for name in SHOWN:
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "A page of this member was approved: a lead of the programme corrects it."
                )

    def _may_correct(self) -> bool:
        lead = roles.is_lead(self.for_user, self.instance.pilot.programme)
        return lead or not has_approved_page([self.instance])

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        same = Member.objects.filter(code__iexact=code).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("There is a member with this code already."))
        return code


class MemberInspectView(OwnInspectView):
    """A person's page: facts, and what they allowed to be shown where."""

    template_name = "pledge_pages/office/member.html"

    def get_page_title(self):
        return _("Member")

    def get_fields_context(self):
        return []

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        consents = list(
            self.object.consents.select_related("paper").order_by("scope", "subject", "-id")
        )
        current = [consent for consent in consents if consent.current]
        context.update(
            member=self.object,
            current=current,
            earlier=[consent for consent in consents if not consent.current][:50],
            record_url=reverse("pledge_members:record_consent", args=[self.object.pk]),
            withdraw_url=reverse("pledge_members:withdraw_consent", args=[self.object.pk]),
            granted=any(c.state == Consent.State.GRANTED for c in current),
            pages=self.object.pages.select_related("locale"),
            **member_accounts.account_context(self.object, self.request.user),
        )
        return context


class ConsentForm(forms.ModelForm):
    """What a member allowed, as it was put down."""

    class Meta:
        model = Consent
        fields = [
            "scope", "subject", "level", "state", "given_on", "expires_on", "method", "witness",
            "form_version",
        ]  # fmt: skip

    scan = scan_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        take_as_typed(self)
        self.fields["scan"].help_text = _(
            "A photo or PDF of a consent on paper. Only the branch's staff and leads can open it. It is "
            "deleted at once when the consent is withdrawn, and by the regular clean-up when it is "
            "over or replaced."
        )
        self.fields["state"].initial = Consent.State.GRANTED
        states = [(value, label) for value, label in Consent.State.choices if value != "withdrawn"]
        self.fields["state"].choices = states
        # What members do by their own accounts, nobody does for them.
        methods = self.fields["method"].choices
        self.fields["method"].choices = [pair for pair in methods if pair[0] != "online"]

    def _post_clean(self) -> None:
        """Leave the checks of the record to the action that makes it."""


class WithdrawConsentForm(forms.Form):
    """Which consent a member takes back."""

    subject = forms.ChoiceField(
        label=gettext_lazy("Of what"),
        choices=Consent.Subject.choices,
        help_text=gettext_lazy(
            "Once the photo is allowed nowhere any more, its files are deleted for good. If it is "
            "allowed again later, it has to be added again."
        ),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Where"),
        choices=[("", gettext_lazy("Everywhere")), *Scope.choices],
        required=False,
    )


class ConsentView(WagtailAdminTemplateMixin, FormView):
    """A form about the consent of one member whose records the reader may see."""

    template_name = "pledge_pages/office/consent.html"
    header_icon = "user"

    @cached_property
    def member(self) -> Member:
        """The member in the address; Http404 if the reader may not see them."""
        policy = policy_registry.get_by_type(Member)
        return get_object_or_404(policy.rows(self.request.user, "view"), pk=self.kwargs["pk"])

    @property
    def back_url(self) -> str:
        """The member's page."""
        return reverse("pledge_members:inspect", args=[self.member.pk])

    def get_page_subtitle(self):
        return str(self.member)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_members:index"), "label": _("Members")},
            {"url": self.back_url, "label": str(self.member)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(back_url=self.back_url, media=context["form"].media)
        return context


class RecordConsentView(ConsentView):
    """Records what a member allowed."""

    form_class = ConsentForm
    page_title = gettext_lazy("Record consent")

    def form_valid(self, form):
        try:
            consent = record_consent_on_paper(
                self.member, by=self.request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Recorded: %(subject)s, %(scope)s: %(level)s (%(state)s).")
            % {
                "subject": consent.get_subject_display(),
                "scope": consent.get_scope_display(),
                "level": consent.get_level_display(),
                "state": consent.get_state_display(),
            },
        )
        return redirect(self.back_url)


class WithdrawConsentView(ConsentView):
    """Withdraws a member's consent, at once."""

    form_class = WithdrawConsentForm
    page_title = gettext_lazy("Withdraw consent")

    def form_valid(self, form):
        count = withdraw_consent(
            self.member,
            by=self.request.user,
            subject=form.cleaned_data["subject"],
            scope=form.cleaned_data["scope"] or None,
        )
        if count:
            said = _("Withdrawn. It is not shown any more from now on.")
            if form.cleaned_data["subject"] == "photo" and not photo_is_wanted(self.member):
                said += " " + _("The files of the photo are deleted.")
            messages.success(self.request, said)
        else:
            messages.warning(self.request, _("There was no such consent to withdraw."))
        return redirect(self.back_url)


@require_safe
def consent_paper(request, pk: int):
    """Send the scan of a consent on paper; Http404 unless the reader may see the member's records."""
    members = policy_registry.get_by_type(Member).rows(request.user, "view")
    papers = ConsentPaper.objects.filter(consent__member__in=members)
    paper = get_object_or_404(papers, pk=pk)
    return serving.send(request, paper, cache=serving.STAFF_CACHE)


class MemberViewSet(RoleViewSet):
    """List, form and page of each member."""

    model = Member
    name = "pledge_members"
    url_prefix = "pledge-boards/members"
    icon = "group"
    index_view_class = MemberListView
    inspect_view_class = MemberInspectView
    inspect_view_enabled = True
    filterset_class = MemberFilterSet

    def get_form_class(self, for_update=False):
        return MemberForm

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("consent/<int:pk>/", RecordConsentView.as_view(), name="record_consent"),
            path("consent/paper/<int:pk>/", consent_paper, name="consent_paper"),
            path("withdraw/<int:pk>/", WithdrawConsentView.as_view(), name="withdraw_consent"),
            *member_accounts.views(),
        ]

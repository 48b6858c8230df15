"""Accounts of members in the admin: given, with a link that is shown once, and closed."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.permissions import policy_registry

from ..labels import content_languages
from ..mine import invitations
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Pilot, Role
from .asking import AskingView
from .reason import ReasonForm
from .sight import User, pilots_with_role


class InviteForm(forms.Form):
    """Asks where the link is to be sent, if anywhere."""

    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        required=False,
        help_text=gettext_lazy(
            "For the account only; it is shown nowhere. Leave it empty to hand over the link "
            "yourself: it is shown once."
        ),
    )


class AccountForm:
    """A form about the account of one member, for those who may give and close it."""

    header_icon = "user"

    @cached_property
    def member(self) -> Member:
        """The member in the address; Http404 unless the reader may do this with the account."""
        policy = policy_registry.get_by_type(Member)
        members = policy.rows(self.request.user, "view").select_related("pilot__programme", "user")
        member = get_object_or_404(members, pk=self.kwargs["pk"])
        if not self.may(member):
            raise Http404
        return member

    def may(self, member: Member) -> bool:
        """Return whether the reader gives accounts in the branch."""
        return invitations.may_invite(self.request.user, member.pilot)

    def get_page_subtitle(self):
        return str(self.member)

    def crumbs(self) -> list[tuple[str, str]]:
        """Return what stands above: the members, and the member."""
        return [
            (reverse("pledge_members:index"), _("Members")),
            (reverse("pledge_members:inspect", args=[self.member.pk]), str(self.member)),
        ]


class InviteView(AccountForm, AskingView):
    """Gives a member an account, or a new way into the one they have."""

    form_class = InviteForm
    page_title = gettext_lazy("Give an account")
    introduction = gettext_lazy(
        "The member can read what is kept of them, report, reply, appeal and change their consent. "
        "It opens nothing in this admin. A password that was set before works no more. Until a "
        "moderator or lead other than you has confirmed that the member has it, it only reads."
    )

    def form_valid(self, form):
        self.invitation: invitations.Invitation | None = None
        answer = super().form_valid(form)
        if self.invitation is None:
            return answer
        return self.link_shown(self.invitation, mailed=bool(form.cleaned_data["email"]))

    def act(self, data: dict) -> str:
        """Make the account."""
        self.invitation = invitations.invite_member(
            self.member, by=self.request.user, email=data["email"]
        )
        return self.crumbs()[-1][0]

    def link_shown(self, invitation: invitations.Invitation, *, mailed: bool):
        """Show the link, or to whom it was sent; it is shown nowhere else and kept nowhere."""
        # In the site's first language: that of the reader here need not be the member's.
        language = content_languages()[0][0]
        context = self.get_context_data()
        context.update(
            invitation=invitation,
            mailed=mailed,
            link="" if mailed else invitation.link(language),
        )
        answer = render(self.request, "pledge_pages/office/account_link.html", context)
        answer.headers["Cache-Control"] = "no-store"
        return answer


class ConfirmAccountForm(ReasonForm):
    """Asks how one knows."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("How you know: when and how you asked the member")


class CloseAccountForm(ReasonForm):
    """Asks why an account is closed."""


class CloseAccountView(AccountForm, AskingView):
    """Closes the account of a member at once."""

    form_class = CloseAccountForm
    page_title = gettext_lazy("Close the account")
    introduction = gettext_lazy(
        "It signs in no more, and is signed out everywhere. What the member wrote with it stays. "
        "It can be opened again with a new link."
    )
    done = gettext_lazy("The account is closed.")

    def act(self, data: dict) -> str:
        """Close it."""
        invitations.revoke_account(self.member, by=self.request.user, **data)
        return self.crumbs()[-1][0]


class ConfirmAccountView(AccountForm, AskingView):
    """Confirms that the member has the account in hand."""

    form_class = ConfirmAccountForm
    page_title = gettext_lazy("Confirm the account")
    introduction = gettext_lazy(
        "Ask the member themselves whether they sign in with it. Who gave the link could have opened "
        "it: until somebody else confirms it, the account reads, and does nothing in the member's name."
    )
    done = gettext_lazy("Confirmed. What the account does from now on is the member's.")

    def may(self, member: Member) -> bool:
        """Return whether the reader confirms accounts of the branch, and did not give this one."""
        return invitations.may_confirm(self.request.user, member)

    def act(self, data: dict) -> str:
        """Confirm it."""
        invitations.confirm_account(self.member, by=self.request.user, **data)
        return self.crumbs()[-1][0]


def account_context(member: Member, user: User) -> dict:
    """Return what a member's page says of their account, and where it is given and closed."""
    account = member.user
    context = {"account": account, "may_invite": invitations.may_invite(user, member.pilot)}
    if account is None:
        return context
    opened = account.is_active and account.has_usable_password()
    waits = opened and not member.account_is_confirmed
    context["confirm_waits"] = waits
    context["may_confirm"] = waits and invitations.may_confirm(user, member)
    context["account_state"] = (
        ("◑", _("reads only: nobody else has confirmed it yet"))
        if waits
        else ("●", _("in use"))
        if opened
        else ("◔", _("waits for a password"))
        if account.is_active
        else ("✕", _("closed"))
    )
    return context


def accounts_waiting_for(user: User) -> QuerySet[Member]:
    """Return the members whose opened account waits for ``user`` to confirm it, oldest first."""
    led = Pilot.objects.filter(programme__in=roles.led_programmes(user))
    moderated = pilots_with_role(user, Role.Kind.MODERATOR)
    given = Member.objects.filter(
        Q(pilot__in=moderated) | Q(pilot__in=led),
        account_given_at__isnull=False, account_confirmed_at=None, user__is_active=True,
    )  # fmt: skip
    waiting = given.exclude(
        Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        | Q(account_given_by=user.pk)
        | Q(user=user.pk)
    )
    return waiting.select_related("pilot", "account_given_by").order_by("account_given_at", "pk")


def account_rows(members: Iterable[Member], _user: User) -> list[dict]:
    """Return what lists of what waits show of each account: whose it is, and who gave the link."""
    return [
        {
            "name": member.staff_name,
            "language": member.pilot.code,
            "url": reverse("pledge_members:confirm_account", args=[member.pk]),
            "who": member.account_given_by or "–",
            "when": member.account_given_at,
            "note": _("ask the member whether the account is theirs"),
        }
        for member in members
    ]


def views() -> list:
    """Return the addresses of these views below those of members."""
    return [
        path("account/<int:pk>/", InviteView.as_view(), name="invite"),
        path("account/<int:pk>/confirm/", ConfirmAccountView.as_view(), name="confirm_account"),
        path("account/<int:pk>/close/", CloseAccountView.as_view(), name="close_account"),
    ]

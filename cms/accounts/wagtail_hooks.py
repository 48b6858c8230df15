"""The way to the second factor from one's account in the admin."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks


@hooks.register("register_account_menu_item")
def second_factor(request: HttpRequest) -> dict[str, str]:
    """Return the entry under "More actions"."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("Sign in with a code from your phone as well as your password."),
    }

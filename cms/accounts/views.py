"""The pages in which django-allauth's own do not fit this site."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from . import second_factor


class LogInView(LoginView):
    """The one page on which one signs in, for the admin and for restricted pages."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send on whoever may enter the admin; all others can sign in, as somebody else too."""
        if request.method == "GET" and request.user.has_perm("wagtailadmin.access_admin"):
            return HttpResponseRedirect(self.get_authenticated_redirect_url())
        return super().dispatch(request, *args, **kwargs)


class ActivateView(ActivateTOTPView):
    """Setting up an authenticator app shows it as well."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app, and count this session as one that has shown it."""
        response = super().form_valid(form)
        second_factor.remember(self.request, self.request.user)
        return response

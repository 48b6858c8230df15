"""The few pages of django-allauth that this site uses; all its others are not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import reauthenticate
from allauth.decorators import rate_limit
from allauth.mfa.base.views import authenticate, index
from allauth.mfa.base.views import reauthenticate as code_again
from allauth.mfa.recovery_codes.views import (
    download_recovery_codes,
    generate_recovery_codes,
    view_recovery_codes,
)
from allauth.mfa.totp.views import deactivate_totp
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.localization import get_localized_response
from wagtail.admin.views.account import PasswordResetView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .views import ActivateView, LogInView

View = Callable[..., HttpResponseBase]


def in_own_language(view: View) -> View:
    """Return ``view``, answering in the language the user has chosen for the admin."""

    @wraps(view)
    def localized(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return get_localized_response(view, request, *args, **kwargs)

    return localized


# Instead of Wagtail's own.
admin_urlpatterns = [
    path("admin/login/", LogInView.as_view(), name="account_login"),
    path("admin/password_reset/", rate_limit(action="reset_password")(PasswordResetView.as_view())),
]

urlpatterns = [
    path("password/", reauthenticate, name="account_reauthenticate"),
    path("second-factor/", index, name="mfa_index"),
    path("second-factor/code/", authenticate, name="mfa_authenticate"),
    path("second-factor/code-again/", code_again, name="mfa_reauthenticate"),
    path("second-factor/set-up/", ActivateView.as_view(), name="mfa_activate_totp"),
    path("second-factor/remove/", deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/",
        generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/recovery-codes/file/",
        download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

admin_urlpatterns = decorate_urlpatterns(admin_urlpatterns, never_cache)
urlpatterns = decorate_urlpatterns(urlpatterns, in_own_language)
urlpatterns = decorate_urlpatterns(urlpatterns, never_cache)

"""Which content security policy an answer carries."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ADMIN = "/admin/"
# Pages of the site's own below it, which need no exceptions.
OWN = {"account_login"}


class PolicyMiddleware(CSPMiddleware):
    """Gives Wagtail's admin a policy of its own, and everything else the strict one."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the directives for this answer."""
        parts = super().get_policy_parts(request, response, report_only)
        match = request.resolver_match
        own = match is not None and match.url_name in OWN
        if request.path_info.startswith(ADMIN) and not own and not report_only:
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        if getattr(request, "is_dummy", False):
            # A preview, which the editor shows in a frame.
            parts.replace = {**(parts.replace or {}), "frame-ancestors": [SELF]}
        return parts

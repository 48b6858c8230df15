"""What search engines are told: where the site map is, and nothing about what is hidden."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Answer with the same words for everyone.

    A list of what not to visit would be a list of what there is to find.
    """
    site_map = request.build_absolute_uri(reverse("sitemap"))
    text = f"User-agent: *\nDisallow: /admin/\nDisallow: /account/\n\nSitemap: {site_map}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")

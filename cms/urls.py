"""Addresses of the demo site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic.base import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as documents_urls

from .accounts import urls as accounts_urls
from .api import api_router
from .health import health
from .robots import robots
from .sitemaps import LanguagesSitemap

urlpatterns = [
    *accounts_urls.admin_urlpatterns,
    path("admin/", include(admin_urls)),
    path("account/", include(accounts_urls.urlpatterns)),
    path("api/v2/", api_router.urls),
    path("documents/", include(documents_urls)),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": LanguagesSitemap}}, name="sitemap"),
    path("-/health/", health, name="health"),
]

if settings.API_V3:
    from wagtail.api.v3.urls import api as preview_api

    urlpatterns.append(path("api/v3-preview/", preview_api.urls))

if settings.SERVE_MEDIA:
    # Documents have their own view, which asks who may see them.
    urlpatterns.append(
        re_path(
            r"^media/(?P<path>(?!documents/).+)$", serve, {"document_root": settings.MEDIA_ROOT}
        )
    )

urlpatterns.append(path("", include("pledge_pages.urls")))
urlpatterns += i18n_patterns(
    path("search/", include("search.urls")),
    # Wagtail's second way to sign in, for restricted pages, knows no second factor.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)

"""The sitemap: public pages in every language, where Wagtail's own knows the site's root only."""

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page
from wagtail.query import PageQuerySet


class LanguagesSitemap(Sitemap):
    """Live, public pages below the site's root page and its translations."""

    def items(self) -> PageQuerySet:
        root = self.get_wagtail_site().root_page
        below = Q()
        for path in root.get_translations(inclusive=True).values_list("path", flat=True):
            below |= Q(path__startswith=path)
        pages = Page.objects.filter(below).live().public().order_by("path")
        return pages.defer_streamfields().specific()

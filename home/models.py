"""Ordinary pages of the demo site. The embargo does not gate them; the quiet words do."""

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from pledge_pages.boards.routing import AboveProgrammes
from pledge_pages.embargo.announcement import Announcement

LATEST = 10


class HomePage(AboveProgrammes, Page):
    """The front page: an introduction, the pages below it, and the latest news."""

    introduction = RichTextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    api_fields = [APIField("introduction")]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def latest_news(self) -> list[Page]:
        """Return the newest live, public news and announcements below this page, newest first."""
        newest: list[Page] = []
        for model in (NewsPage, AnnouncementPage):
            rows = model.objects.child_of(self).live().public()
            newest += rows.order_by("-published_on", "-pk")[:LATEST]
        return sorted(newest, key=lambda page: (page.published_on, page.pk), reverse=True)[:LATEST]

    def sections(self) -> QuerySet[Page]:
        """Return the live, public pages below this one that go into menus, news left out."""
        pages = self.get_children().live().public().in_menu()
        return pages.not_type(NewsPage, AnnouncementPage).specific()

    def get_context(self, request, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "news": self.latest_news(), "sections": self.sections()}


class News(models.Model):
    """What every piece of news has: a date, an introduction and a text."""

    published_on = models.DateField(_("date"), default=timezone.localdate)
    introduction = models.CharField(_("introduction"), max_length=255, blank=True)
    body = RichTextField(_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("published_on"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.FilterField("published_on"),
    ]
    api_fields = [APIField("published_on"), APIField("introduction"), APIField("body")]

    class Meta:
        abstract = True


class NewsPage(News, Page):  # noqa: DJ008 - Page has one
    """A piece of news, such as a monthly work brief."""

    template = "home/news_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news page")
        verbose_name_plural = _("news pages")


class AnnouncementPage(Announcement, News, Page):  # noqa: DJ008
    """The news that a pilot has opened: public with it, and gone with it."""

    is_creatable = False
    template = "home/news_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

"""The ordinary pages of the demo site: its home page in each language, and news."""

import calendar
import re
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Locale, Page, Site

from home.models import HomePage, NewsPage

from .sample import LANGUAGES, Record, Sample, key_of, text_of
from .timeline import moment

INTRODUCTION = {
    "zh-hans": "这是一个示例网站，人物、事件和数字都是虚构的。",
    "en": "This is a sample site. All people, events and figures are invented.",
}
# News that the file does not date.
UNDATED = {"news-flood-drill": date(2025, 7, 20)}
LOCAL_HOSTS = ("localhost", "127.0.0.1")


def make_homes(sample: Sample, *, by) -> dict[str, HomePage]:
    """Return the site's home page by language, made where it is missing.

    The page of the default language is the site's own root page; it is filled in unless somebody
    has worked on it.
    """
    languages = list(LANGUAGES)
    locales = {
        language: Locale.objects.get_or_create(language_code=language)[0] for language in languages
    }
    root = Site.objects.get(is_default_site=True).root_page.specific
    homes = {languages[0]: root}
    if root.latest_revision is None:
        _fill(root, sample, languages[0], by)
    for language in languages[1:]:
        home = HomePage.objects.filter(
            translation_key=root.translation_key, locale=locales[language]
        ).first()
        if home is None:
            home = HomePage(
                slug=f"{root.slug}-{language}",
                title=text_of(sample["town"], "name", language),
                locale=locales[language],
                translation_key=root.translation_key,
                live=False,
            )
            Page.objects.get(pk=root.get_parent().pk).add_child(instance=home)
            _fill(home, sample, language, by)
        homes[language] = home
    return homes


def _fill(home: HomePage, sample: Sample, language: str, by) -> None:
    home.title = text_of(sample["town"], "name", language)
    home.introduction = f"<p>{INTRODUCTION[language]}</p>"
    home.save()
    home.save_revision(user=by).publish(user=by)


def make_news(sample: Sample, on: date, locales: dict[str, Locale], *, by) -> None:
    """Make the file's other pages up to the day ``on``; what may not be public stays a draft."""
    root = Site.objects.get(is_default_site=True).root_page
    for record in sample["other_pages"]:
        published_on = date_of(record)
        if published_on > on:
            continue
        for language, locale in locales.items():
            parent = HomePage.objects.get(translation_key=root.translation_key, locale=locale)
            page = NewsPage(
                title=text_of(record, "title", language),
                slug=record["slug"],
                published_on=published_on,
                body=f"<p>{text_of(record, 'body', language)}</p>",
                locale=locale,
                translation_key=key_of(f"news/{record['slug']}"),
                live=False,
                owner=by,
            )
            parent.add_child(instance=page)
            revision = page.save_revision(user=by)
            if record["embargo_ok"]:
                revision.publish(user=by)
                at = moment(published_on, 12)
                Page.objects.filter(pk=page.pk).update(first_published_at=at, last_published_at=at)


def date_of(record: Record) -> date:
    """Return the day of a news page: the last of the month in its address, or one we chose."""
    found = re.search(r"(\d{4})-(\d{2})$", record["slug"])
    if not found:
        return UNDATED[record["slug"]]
    year, month = map(int, found.groups())
    return date(year, month, calendar.monthrange(year, month)[1])


def follow_address() -> None:
    """Let the site's own address be the one that it is served at, as long as that is local."""
    address = urlsplit(settings.BASE_URL)
    site = Site.objects.filter(is_default_site=True).first()
    port = address.port or (443 if address.scheme == "https" else 80)
    if site is None or site.hostname not in LOCAL_HOSTS or address.hostname not in LOCAL_HOSTS:
        return
    if (site.hostname, site.port) != (address.hostname, port):
        site.hostname, site.port = address.hostname, port
        site.save()

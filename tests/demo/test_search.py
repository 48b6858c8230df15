"""Every text that people wrote on the public pages of the sample town is found."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Locale, Page, Site

from home.demo.sample import LANGUAGES
from pledge_pages.models import BranchPage, EvidenceFile, MemberPledgePage
from search.bigrams import fold
from search.finding import LONGEST_QUESTION, pages_found

pytestmark = pytest.mark.django_db

CATALOGUE = Path(settings.BASE_DIR, "pledge_pages/locale/zh_Hans/LC_MESSAGES/django.po")
# Where the pages count and measure, or say when.
NUMBERS = {"time", "svg", "script", "style"}
# The history of a pledge repeats what stands above it.
LEFT_OUT = {"pp-history"}
VOID = {"img", "br", "use", "rect", "path", "circle", "meta", "link", "hr", "input"}


class Texts(HTMLParser):
    """Collects the texts of a page's main part, without numbers and dates."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, set[str]]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        if tag not in VOID:
            self.open.append((tag, set((dict(attrs).get("class") or "").split())))

    def handle_startendtag(self, tag, attrs) -> None:
        pass

    def handle_endtag(self, tag) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data) -> None:
        tags = {tag for tag, _classes in self.open}
        classes: set[str] = set().union(*(classes for _tag, classes in self.open))
        text = " ".join(data.split())
        if text and "pp" in classes and not (tags & NUMBERS or classes & LEFT_OUT):
            self.found.append(text)


def labels(language: str) -> re.Pattern:
    """Return what matches the interface's own texts, with a group for each word put into them."""
    entries = polib.pofile(str(CATALOGUE))
    texts = {
        " ".join(piece.split())
        for entry in entries
        for text in (
            (entry.msgid, entry.msgid_plural)
            if language == "en"
            else (entry.msgstr, *entry.msgstr_plural.values())
        )
        for piece in re.split(r"<[^>]+>", text)
        if fold(re.sub(r"%\(\w+\)[sd]", "", piece))
    }
    patterns = [re.sub(r"%\\\(\w+\\\)[sd]", "(.+)", re.escape(text)) for text in texts]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)))


def written(html: str, own: re.Pattern) -> set[str]:
    """Return what people wrote in a page: all its texts without the interface's own."""
    page = Texts()
    page.feed(html)
    texts: set[str] = set()
    for text in page.found:
        match = own.fullmatch(text)
        texts.update([text] if match is None else filter(None, match.groups()))
    return {text for text in texts if len(fold(text)) > 1 and not re.fullmatch(r"[\d%.]+", text)}


def test_whatever_people_wrote_on_a_public_page_is_found_by_any_part_of_it(
    small_town, client: Client
) -> None:
    small_town(date(2026, 9, 1), 2, with_pictures=True)
    site, known = Site.objects.get(is_default_site=True), set()
    for language in LANGUAGES:
        own, locale = labels(language), Locale.objects.get(language_code=language)
        for model in (BranchPage, MemberPledgePage):
            for page in model.objects.live().filter(locale=locale):
                texts = written(client.get(page.url).content.decode(), own)
                assert len(texts) > 3
                for text in texts:
                    assert missed(text, page, site, locale) == [], (page.url, text)
                known |= texts
    shown = EvidenceFile.objects.filter(public=True, checked=True)
    assert {title for file in shown for title in file.title.values()} & known


def missed(text: str, page: Page, site: Site, locale: Locale) -> list[str]:
    """Return the parts of ``text`` that find no page; two characters of a part found are found."""
    folded, step = fold(text), LONGEST_QUESTION
    parts = [folded[start : start + step] for start in range(0, len(folded), step // 2)]
    return [
        part for part in parts if len(part) > 1 and not pages_found(part, site, locale).exists()
    ]

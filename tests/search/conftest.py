from html import escape

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page, Site

from home.models import HomePage


@pytest.fixture
def chinese_home(db):
    """The front page of the site, in Chinese."""
    locale, _ = Locale.objects.get_or_create(language_code="zh-hans")
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title="首页", slug="front", locale=locale)
    )
    Site.objects.filter(is_default_site=True).delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home


@pytest.fixture
def english_home(chinese_home):
    """The same front page in English."""
    locale, _ = Locale.objects.get_or_create(language_code="en")
    home = chinese_home.copy_for_translation(locale)
    home.title = "Front page"
    home.live = True
    home.save()
    return home


def add_page(parent, title, text="", **values):
    """A live page below ``parent`` whose body is ``text``."""
    page = HomePage(
        title=title, introduction=f"<p>{escape(text)}</p>", locale=parent.locale, **values
    )
    parent.refresh_from_db()
    return parent.add_child(instance=page)


def search_address(language="zh-hans"):
    with translation.override(language):
        return reverse("search")


@pytest.fixture
def ask(client):
    """Ask the search page a question; the answer's HTML is in ``.text``."""

    def ask(query, language="zh-hans", **more):
        response = client.get(search_address(language), {"q": query, **more})
        assert response.status_code == 200
        return response

    return ask

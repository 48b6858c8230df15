"""The demo site's frame in a real browser: the policy breaks nothing, and it fits a telephone."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def complaints(browser_page) -> list[str]:
    """What the browser has to complain about: errors, and what the policy has kept out."""
    found: list[str] = []
    browser_page.on(
        "console", lambda message: found.append(message.text) if message.type == "error" else None
    )
    browser_page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_the_front_page_is_shown_without_complaint(live_server, browser_page, complaints) -> None:
    browser_page.goto(f"{live_server.url}/")
    assert browser_page.url == f"{live_server.url}/zh-hans/"
    assert browser_page.locator("h1").inner_text() == "首页"
    assert complaints == []


def test_wagtails_bar_works_on_a_public_page_under_the_policy(
    live_server, browser_page, complaints
) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    browser_page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
    )
    browser_page.goto(f"{live_server.url}/zh-hans/")
    browser_page.locator("wagtail-userbar button").first.click()
    browser_page.locator("wagtail-userbar a[href*='/admin/']").first.wait_for(state="visible")
    assert complaints == []


def test_the_front_page_fits_a_telephone(live_server, browser_page) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(f"{live_server.url}/zh-hans/")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 360

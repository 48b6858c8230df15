"""The calendar at a date's field never writes a date that nobody typed."""

import pytest
from django.urls import reverse

from tests.quiet_words.test_in_the_browser import settle, sign_in
from tests.worlds import build_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_what_was_typed_stays_and_the_error_says_how_to_write_it(live_server, browser_page) -> None:
    town = build_town(codes=("SGZ",), members=1)
    browser_page.route("**/editing-sessions/**", lambda route: route.abort())
    sign_in(browser_page, live_server, town.editor("SGZ"))
    address = reverse("wagtailadmin_pages:edit", args=[town.pages["SGZ-M001", "zh-hans"].pk])
    browser_page.goto(f"{live_server.url}{address}")
    settle(browser_page)
    typed = {"pledges-0-due": "2026-02-31", "updates-0-on": "tomorrow"}
    for name, text in typed.items():
        field = browser_page.locator(f"[name='{name}']")
        field.fill(text)
        field.press("Tab")
        assert field.input_value() == text
    assert browser_page.locator("[name='pledges-0-due']").get_attribute("placeholder")
    browser_page.locator("[name='pledges-0-measure']").click()
    browser_page.wait_for_timeout(300)
    assert {name: browser_page.locator(f"[name='{name}']").input_value() for name in typed} == typed
    # Not by the button: Wagtail's dialogue about the aborted requests may lie over it.
    browser_page.evaluate("HTMLFormElement.prototype.submit.call(document.forms['page-edit-form'])")
    said = browser_page.locator(".error-message", has_text="YYYY-MM-DD")
    said.first.wait_for()
    assert said.count() == 2

"""Chromium shows every page under the policy without a complaint, and signs in with two factors."""

import io

import pytest
from PIL import Image

from tests.hardening.codes import code_for
from tests.hardening.conftest import LOG_IN, SET_UP
from tests.hardening.town import public_pages, public_town
from tests.worlds import PASSWORD, build_site, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

# Its status is itself a complaint.
MISSING = "no-such-page"


@pytest.fixture
def complaints(browser_page) -> list[str]:
    """What the browser has to complain about: errors, and what the policy has kept out."""
    found: list[str] = []
    browser_page.on(
        "console",
        lambda message: (
            found.append(f"{browser_page.url}: {message.text}")
            if message.type in {"error", "warning"} and MISSING not in browser_page.url
            else None
        ),
    )
    browser_page.on("pageerror", lambda error: found.append(str(error)))
    return found


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(content, "PNG")
    return content.getvalue()


def test_every_kind_of_public_page_is_shown_whole(live_server, browser_page, complaints) -> None:
    for kind, address in public_pages(public_town()).items():
        browser_page.goto(f"{live_server.url}{address}")
        assert browser_page.locator("h1").count() == 1, kind
        shown = browser_page.evaluate(
            "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
        )
        assert shown, kind
        styled = browser_page.evaluate(
            "[...document.styleSheets].reduce((n, sheet) => n + sheet.cssRules.length, 0)"
        )
        assert styled > 50, kind
    assert complaints == []


def test_a_lead_sets_up_a_second_factor_and_signs_in_with_it(
    live_server, browser_page, complaints, settings
) -> None:
    settings.SECOND_FACTOR_COMPULSORY = True
    public_town()
    page, server = browser_page, live_server.url
    page.set_viewport_size({"width": 360, "height": 740})

    def sign_in() -> None:
        page.goto(f"{server}{LOG_IN}")
        page.fill("input[name=username]", "lead")
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")

    def fits() -> bool:
        return page.evaluate("document.documentElement.scrollWidth") <= 360

    sign_in()
    page.wait_for_url(f"**{SET_UP}**")
    assert page.locator("img.account-qr").evaluate("image => image.naturalWidth") > 0
    assert fits()
    secret = page.locator("code.account-key").inner_text()
    page.fill("input[name=code]", code_for(secret))
    page.click("ol.account-steps button")
    page.wait_for_url("**/recovery-codes/")
    code = page.locator(".account-codes code").first.inner_text()
    assert fits()
    page.click("a.account-button")
    page.wait_for_url("**/admin/")
    page.context.clear_cookies()
    sign_in()
    page.wait_for_url("**/second-factor/code/")
    assert fits()
    page.fill("input[name=code]", code)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    assert complaints == []


def test_wagtails_uploads_and_previews_work_under_the_policy(
    live_server, browser_page, complaints
) -> None:
    home = build_site()["en"]
    make_user("boss", is_superuser=True)
    page, server = browser_page, live_server.url
    page.goto(f"{server}{LOG_IN}")
    page.fill("input[name=username]", "boss")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")

    page.goto(f"{server}/admin/images/multiple/add/")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": png()}
    page.set_input_files("#fileupload", picture)
    # The picture as it was chosen, and the form that came back when it had arrived.
    page.locator("#upload-list .thumb :is(canvas, img)").wait_for()
    page.locator("#upload-list input[name$=title]").wait_for()

    page.goto(f"{server}/admin/pages/{home.pk}/edit/")
    page.click("[data-side-panel-toggle=preview]")
    frame = page.frame_locator("[data-side-panel=preview] iframe").first
    frame.get_by_role("heading", name="Qingshan").wait_for()
    assert complaints == []

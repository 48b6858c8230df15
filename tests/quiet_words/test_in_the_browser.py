"""An editor reads in the browser what must not be public, and where; a lead lets it pass."""

import pytest
from wagtail.models import PageLogEntry

from home.models import NewsPage
from pledge_pages.models import QuietTerm
from pledge_pages.quiet_words.refusing import OVERRIDE
from tests.quiet_words.conftest import TERM
from tests.worlds import PASSWORD, build_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def sign_in(page, live_server, user) -> None:
    page.goto(f"{live_server.url}/admin/login/")
    page.get_by_label("用户名").fill(user.username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url("**/admin/")
    settle(page)


def settle(page) -> None:
    """Wait until nothing is asked for: the server's threads share one connection to SQLite."""
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_editor_is_told_and_a_lead_lets_it_pass(live_server, browser_page, width: int) -> None:
    town = build_town(codes=("SGZ",), members=1)
    QuietTerm.objects.create(programme=town.programme, text=TERM, suggestion="年度工作安排")
    home = town.home["zh-hans"]
    news = home.add_child(
        instance=NewsPage(
            title="工作简报", slug="brief", live=False, locale=home.locale,
            body=f"<p>村务公开目录第三项:黨 員 承 諾 制 经费。</p><p>{TERM}</p>",
        )
    )  # fmt: skip
    news.save_revision(user=town.admin)
    # Asked for again and again, beside everything else.
    browser_page.route("**/editing-sessions/**", lambda route: route.abort())
    browser_page.set_viewport_size({"width": width, "height": 800})
    sign_in(browser_page, live_server, town.admin)
    browser_page.goto(f"{live_server.url}/admin/pages/{news.pk}/edit/")
    settle(browser_page)
    said = browser_page.locator(".messages")
    assert said.locator("li li").count() == 2
    assert "黨 員 承 諾 制" in said.inner_text()
    assert "年度工作安排" in said.inner_text()
    said.get_by_role("link").first.click()
    settle(browser_page)
    browser_page.get_by_label("理由").fill("法律规定应当公布")
    browser_page.get_by_role("button", name="放行这个版本").click()
    browser_page.wait_for_url("**/edit/")
    settle(browser_page)
    assert PageLogEntry.objects.filter(action=OVERRIDE, page_id=news.pk).exists()
    assert browser_page.locator(".messages li li").count() == 0
    wide = browser_page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0

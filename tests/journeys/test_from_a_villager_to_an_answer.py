"""A villager's report: from a telephone in the village to the published answer on the public page."""

import pytest
from django.contrib.auth.models import Group

from pledge_pages.models import Report
from pledge_pages.village import links
from tests.village.conftest import build_village, path_of
from tests.worlds import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

SAID = "村口三天没扫,史长SGZ1说好周三扫的。我家电话13812345678"
ASKED = "村口三天没扫。"
ANSWER = "周四补扫了,以后雨天顺延一天。"


@pytest.fixture
def village():
    town = build_village()
    user = make_user("supervisor_sgz")
    user.groups.add(Group.objects.get(name="SGZ supervisors"))
    return town


def test_from_the_telephone_to_the_public_page(live_server, browser, village) -> None:
    site, member = live_server.url, village.members["SGZ-M001"]
    telephone = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    page = telephone.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    # The form that is sent empty comes back.
    expected = "422 (Unprocessable Entity)"
    code = report_it(page, site, path_of(links.issue(village.pilots["SGZ"], by=village.lead)))
    assert [cookie["name"] for cookie in telephone.cookies()] == ["village"]
    report = Report.objects.get()
    assert (report.text, report.member, report.channel) == (SAID, member, "qr")

    own = f"/admin/pledge-boards/supervision/{report.pk}/"
    committee = desk(browser, site, "supervisor_sgz")
    committee.goto(f"{site}/admin/")
    committee.locator("a[href*='state=received']").first.click()
    committee.locator(f"a[href='{own}']").first.click()
    assert "13812345678" in committee.locator("main").inner_text()
    committee.locator(f"form[action='{own}accept/'] button").click()
    committee.locator(f"a[href='{own}redact/']").click()
    committee.fill("[name=text_zh_hans]", SAID)
    committee.locator("main form[method=post] button[type=submit]").click()
    refused = committee.locator("[role=alert]").inner_text()
    assert "13812345678" in refused
    committee.fill("[name=text_zh_hans]", ASKED)
    committee.locator("main form[method=post] button[type=submit]").click()
    assert committee.url == f"{site}{own}"

    editor = desk(browser, site, "editor_sgz")
    editor.goto(f"{site}{own}")
    seen = editor.locator("main").inner_text()
    assert ASKED in seen
    assert "13812345678" not in seen
    editor.locator(f"a[href='{own}answer/']").click()
    editor.fill("[name=text_zh_hans]", ANSWER)
    editor.locator("main form[method=post] button[type=submit]").click()
    assert editor.locator(f"form[action='{own}publish/']").count() == 0

    page.goto(f"{site}/v/supervision/receipt/")
    page.fill("#id_code", code)
    page.locator("main form button").click()
    assert ANSWER in page.locator("main").inner_text()

    moderator = desk(browser, site, "moderator_sgz")
    moderator.goto(f"{site}{own}")
    moderator.locator(f"form[action='{own}publish/'] button").click()
    page.goto(f"{site}/v/{member.public_id}/")
    assert ANSWER in page.locator(".pp-question").inner_text()

    address = f"{site}/zh-hans/work-plan/village-1/{member.public_id}/"
    stranger = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    assert stranger.goto(address).status == 404
    village.open("SGZ")
    stranger.goto(address)
    public = stranger.locator(".pp-question").inner_text()
    assert ASKED in public
    assert ANSWER in public
    assert "13812345678" not in stranger.content()
    assert [text for text in complaints if expected not in text] == []
    for context in browser.contexts:
        context.close()


def report_it(page, site: str, scanned: str) -> str:
    """Scan the code, write about the first member's pledge, and return the receipt code."""
    page.goto(f"{site}{scanned}")
    page.locator("h3 a").first.click()
    page.locator(".pp-say a").first.click()
    assert page.url.startswith(f"{site}/v/supervision/")
    page.locator("main form button").click()
    assert page.locator("[role=alert]").count() == 1
    page.fill("[name=text]", SAID)
    page.locator("main form button").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    return page.locator(".pp-code").inner_text()


def desk(browser, site: str, name: str):
    """Return a page in which somebody of the branch is signed in."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{site}/admin/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page

"""A member with a telephone: invited, in with a password of their own, progress reported and approved."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from PIL import Image

from pledge_pages.models import Member, MemberPledgePage
from tests.journeys.test_from_draft_to_board import Person
from tests.village.conftest import build_village
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

SAID = "村口打扫完,垃圾已清运。"
MOST = 360


@pytest.fixture
def village():
    return build_village()


def test_from_the_invitation_to_the_approval(live_server, browser, village, tmp_path) -> None:
    site, member = live_server.url, village.members["SGZ-M001"]
    editor, moderator = (Person(browser, site, f"{who}_sgz") for who in ("editor", "moderator"))
    link = invite(editor, member)
    telephone = browser.new_context(
        viewport={"width": MOST, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    page = telephone.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    own = sign_in(page, f"{site}{urlsplit(link).path}", member)
    assert page.locator("main .pp-note").count() == 1
    assert page.locator("a.pp-button").count() == 0
    confirm(moderator, member)
    report(page, own, tmp_path)

    draft = MemberPledgePage.objects.get(pk=village.pages[member.code, "zh-hans"].pk)
    assert draft.latest_revision.user.member == member
    edit = f"/admin/pages/{draft.pk}/edit/"
    editor.page.goto(edit)
    texts = editor.page.locator("textarea[name^='updates-']")
    assert SAID in [texts.nth(number).input_value() for number in range(texts.count())]
    editor.act_and_leave("action-submit")
    page.goto(f"{own}seen/")
    assert SAID not in page.locator("main").inner_text()
    page.goto(own)
    assert page.locator("a.pp-button").count() == 0

    moderator.page.goto(edit)
    moderator.act_and_leave("approve")
    page.goto(f"{own}seen/")
    assert SAID in page.locator("main").inner_text()
    assert page.locator("main img").first.evaluate("image => image.naturalWidth") > 0
    assert complaints == []
    telephone.close()
    editor.close()
    moderator.close()


def invite(editor: Person, member: Member) -> str:
    """Give ``member`` an account in the admin; return the link that is shown once."""
    editor.page.goto(f"/admin/pledge-boards/members/inspect/{member.pk}/")
    editor.page.click(f"a[href$='/account/{member.pk}/']")
    editor.page.click("main form[method=post] button[type=submit]")
    return editor.page.input_value("#account-link")


def confirm(moderator: Person, member: Member) -> None:
    """Say in the admin that the member has the account, as somebody who did not give the link."""
    moderator.page.goto(f"/admin/pledge-boards/members/inspect/{member.pk}/")
    moderator.page.click(f"a[href$='/account/{member.pk}/confirm/']")
    moderator.page.fill("[name=reason]", "asked at the door")
    moderator.page.click("main form[method=post] button[type=submit]")


def sign_in(page, link: str, member: Member) -> str:
    """Open the link, choose a password, sign in with it; return where the member's pages begin."""
    page.goto(link)
    assert page.url.endswith("/set-password/")
    for name in ("new_password1", "new_password2"):
        page.fill(f"[name={name}]", PASSWORD)
    page.locator("main form button").click()
    page.fill("[name=username]", member.code)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").click()
    assert page.url.endswith("/zh-hans/mine/")
    return page.url


def report(page, own: str, folder, about: str = "") -> None:
    """Report progress on the pledge ``about``, from the first page, with a photo, on a narrow screen."""
    Image.new("RGB", (640, 480), "teal").save(folder / "seen.jpg")
    page.goto(own)
    page.locator("article", has_text=about).locator("a.pp-button").first.click()
    page.fill("[name=text_zh-hans]", SAID)
    page.fill("[name=percent]", "60")
    page.fill("[name=on]", date.today().isoformat())
    page.set_input_files("[name=file]", folder / "seen.jpg")
    assert page.evaluate("document.documentElement.scrollWidth") <= MOST
    page.locator("main .pp-form form button").click()
    assert page.url == own
    assert "60%" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= MOST

"""A member with a telephone: invited, in with a password of their own, progress reported and approved."""

from datetime import date

import pytest

from pledge_pages.models import Member, MemberPledgePage
from tests.journeys.test_from_a_villager_to_an_answer import desk
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
    editor = desk(browser, site, "editor_sgz")
    editor.goto(f"{site}/admin/pledge-boards/members/inspect/{member.pk}/")
    editor.locator(f"a[href$='/account/{member.pk}/']").click()
    editor.locator("main form[method=post] button[type=submit]").click()
    link = editor.locator("#account-link").input_value()
    assert Member.objects.get(pk=member.pk).user.is_active

    telephone = browser.new_context(
        viewport={"width": MOST, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    page = telephone.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    own = sign_in(page, f"{site}{link[link.index('/zh-hans/') :]}", member)
    report(page, own, tmp_path)

    draft = MemberPledgePage.objects.get(pk=village.pages[member.code, "zh-hans"].pk)
    assert draft.latest_revision.user.member == member
    edit = f"{site}/admin/pages/{draft.pk}/edit/"
    editor.goto(edit)
    assert SAID in editor.locator("textarea[name^='updates-']").last.input_value()
    editor.evaluate("document.querySelector('[name=action-submit]').click()")
    editor.wait_for_url(lambda url: url != edit)
    page.goto(f"{own}seen/")
    assert SAID not in page.locator("main").inner_text()
    page.goto(own)
    assert page.locator("a.pp-button").count() == 0

    moderate(desk(browser, site, "moderator_sgz"), edit)
    page.goto(f"{own}seen/")
    assert SAID in page.locator("main").inner_text()
    assert "Shi" not in complaints
    assert complaints == []
    for context in browser.contexts:
        context.close()


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


def report(page, own: str, folder) -> None:
    """Report progress from the first page, with a photo, on a narrow screen."""
    from PIL import Image

    Image.new("RGB", (640, 480), "teal").save(folder / "seen.jpg")
    page.locator("a.pp-button").first.click()
    page.fill("[name=text_zh-hans]", SAID)
    page.fill("[name=percent]", "60")
    page.fill("[name=on]", date.today().isoformat())
    page.set_input_files("[name=file]", folder / "seen.jpg")
    assert page.evaluate("document.documentElement.scrollWidth") <= MOST
    page.locator("main .pp-form form button").click()
    assert page.url == own
    assert "60%" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= MOST


def moderate(moderator, edit: str) -> None:
    """Approve what is under review."""
    moderator.goto(edit)
    moderator.evaluate("document.querySelector('[data-workflow-action-name=approve]').click()")
    form = moderator.locator(".modal-dialog form, form.comment-form, [role=dialog] form").last
    if form.count():
        form.locator("[type=submit]").click()
    moderator.wait_for_url(lambda url: url != edit)

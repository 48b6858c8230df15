"""A task: assigned to several from a template, accepted on a telephone, reported on, and approved twice."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from pledge_pages.models import Assignment, EvidenceFile, MemberPledgePage
from tests.journeys.test_from_an_invitation_to_the_board import (
    MOST,
    SAID,
    confirm,
    invite,
    report,
    sign_in,
)
from tests.journeys.test_from_draft_to_board import Person
from tests.tasks.conftest import make_template
from tests.village.conftest import build_village

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

TASK = "每月检查4次"


@pytest.fixture
def village():
    town = build_village()
    make_template()
    return town


def test_from_the_template_to_the_progress(live_server, browser, village, tmp_path) -> None:
    site, member = live_server.url, village.members["SGZ-M001"]
    editor, moderator = (Person(browser, site, f"{who}_sgz") for who in ("editor", "moderator"))
    assign(editor, village)
    telephone = browser.new_context(
        viewport={"width": MOST, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    page = telephone.new_page()
    own = sign_in(page, f"{site}{urlsplit(invite(editor, member)).path}", member)
    confirm(moderator, member)
    accept(page, own)
    assert {row.member.code: row.state for row in Assignment.objects.select_related("member")} == {
        "SGZ-M001": "accepted", "SGZ-M002": "offered",
    }  # fmt: skip

    edit = f"/admin/pages/{village.pages[member.code, 'zh-hans'].pk}/edit/"
    moderated(editor, moderator, edit, TASK)
    seen = page.goto(f"{own}seen/").text()
    assert TASK in seen
    assert SAID not in seen

    page.goto(own)
    report(page, own, tmp_path, about=TASK)
    file = EvidenceFile.objects.latest("pk")
    assert not file.may_be_shown  # private, and nobody has checked it
    moderated(editor, moderator, edit, SAID)
    page.goto(f"{own}seen/")
    assert SAID in page.locator("main").inner_text()
    approved = MemberPledgePage.objects.get(pk=village.pages[member.code, "zh-hans"].pk)
    (task,) = Assignment.objects.filter(state="accepted")
    rows = {row["key"]: row for row in approved.standing_approval.snapshot["pledges"]}
    pledge = rows[str(task.pledge_key)]
    assert (pledge["text"], pledge["percent"], pledge["kind"]) == (TASK, 60, "responsibility")
    telephone.close()
    editor.close()
    moderator.close()


def assign(editor: Person, village) -> None:
    """Ask both members of the branch to sign the document, with its numbers."""
    page = editor.page
    page.goto(f"/admin/pledge-boards/assignments/new/{village.pilots['SGZ'].pk}/")
    page.select_option("select[name=template]", label=page.locator(
        "select[name=template] option", has_text="RD-1"
    ).inner_text())  # fmt: skip
    page.get_by_role("button", name="Take this template").click()
    for code in ("SGZ-M001", "SGZ-M002"):
        page.check(f"[name=members][value='{village.members[code].pk}']")
    page.fill("[name=number_checks]", "4")
    page.fill("[name=number_days]", "3")
    page.fill("[name=year]", str(date.today().year))
    page.fill("[name=due]", f"{date.today().year}-12-31")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/assignments/?branch=SGZ")
    assert "2 members are asked" in page.content()


def accept(page, own: str) -> None:
    """Read what is asked on a narrow screen, and accept it."""
    page.goto(f"{own}tasks/")
    assert TASK in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= MOST
    page.locator("a.pp-button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= MOST
    page.locator("main .pp-form form button").click()
    assert page.url == f"{own}tasks/"


def moderated(editor: Person, moderator: Person, edit: str, words: str) -> None:
    """Have the draft, which says ``words``, submitted by the branch and approved by somebody else."""
    editor.page.goto(edit)
    texts = editor.page.locator("textarea[name^='pledges-'], textarea[name^='updates-']")
    assert words in [texts.nth(number).input_value() for number in range(texts.count())]
    editor.act_and_leave("action-submit")
    moderator.page.goto(edit)
    moderator.act_and_leave("approve")

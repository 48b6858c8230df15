"""A browser lives the whole story on a real server, from a draft to the public board and back."""

from __future__ import annotations

import io
import json
import re
import urllib.error
import urllib.request

import pytest

from pledge_pages.models import Consent, Member, MemberPledgePage, Office, Pilot
from pledge_pages.people.models import Scope
from pledge_pages.photos.actions import add_photo
from pledge_pages.photos.portraits import draw_portrait
from tests.worlds import PASSWORD, Town, build_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLEDGE = "每周三清扫村口到桥头的路"
MENDED = "每周三、周六清扫村口到桥头的路"


@pytest.fixture
def town() -> Town:
    town = build_town(codes=("SGZ",), members=1)
    portrait = io.BytesIO(draw_portrait("secretary"))
    photo = add_photo(town.members["SGZ-M001"], portrait, by=town.editor("SGZ"))
    for page in town.pages.values():
        page.photo = photo
        page.save()
    town.hold_branch("SGZ")
    town.to_stage("SGZ", "quiet")
    return town


@pytest.fixture
def newcomer(town: Town) -> Member:
    """A member who has no page yet, and allowed everything."""
    member = Member.objects.create(
        code="SGZ-M900",
        pilot=town.pilots["SGZ"],
        surname="骆",
        given_name="小桥",
        surname_latin="Luo",
        given_name_latin="Xiaoqiao",
        office=Office.objects.get(code="mem"),
    )
    for scope in Scope.values:
        for subject in Consent.Subject.values:
            Consent.objects.create(
                member=member, scope=scope, subject=subject, level="full", state="granted"
            )
    return member


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser, server: str, name: str | None = None) -> None:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=server
        )
        context.set_default_timeout(60_000)
        self.page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        if name:
            self.page.goto("/admin/login/")
            self.page.fill("input[name=username]", name)
            self.page.fill("input[name=password]", PASSWORD)
            self.page.click("button[type=submit]")
            self.page.wait_for_url("**/admin/")

    def act(self, name: str) -> None:
        """Choose one of the editor's actions, opening their menu if need be."""
        menu = self.page.locator("nav.footer__container")
        button = menu.locator(f"[name='{name}'], [data-workflow-action-name='{name}']").first
        if not button.is_visible():
            menu.get_by_role("button", name="More actions").click()
        button.click()

    def act_and_leave(self, name: str) -> None:
        """Choose an action that ends in the list of pages, and wait for it."""
        with self.page.expect_navigation(url=re.compile(r"/admin/pages/\d+/$")):
            self.act(name)

    def save(self) -> None:
        """Save the draft in the editor."""
        self.page.click("nav.footer__container .action-save")
        self.page.wait_for_url("**/edit/**")

    def close(self) -> None:
        assert self.errors == []
        self.page.context.close()


def answer(address: str) -> tuple[int, bytes]:
    """Return status and body of an anonymous request."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def listed(server: str) -> str:
    """Return all that Wagtail's API lists of members' pages."""
    pages = f"{server}/api/v2/pages/?type=pledge_pages.MemberPledgePage&fields=*"
    status, body = answer(pages)
    assert status == 200
    return json.dumps(json.loads(body), ensure_ascii=False)


def look_at_pictures(person: Person) -> None:
    """See that there are pictures on the page, and that each of them came."""
    assert person.page.locator("main img").count() > 0
    assert person.page.evaluate(
        "Array.from(document.images).every(image => image.complete && image.naturalWidth > 0)"
    )


def draft(editor: Person, board_pk: int, member: Member, photo: bytes) -> None:
    page = editor.page
    page.goto(f"/admin/pages/add/pledge_pages/memberpledgepage/{board_pk}/")
    page.select_option("select[name=member]", str(member.pk))
    page.set_input_files(
        "input[name=new_photo]",
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo},
    )
    page.click("#id_pledges-ADD")
    page.fill("[name='pledges-0-year']", "2026")
    page.select_option("[name='pledges-0-category']", index=1)
    page.fill("[name='pledges-0-text']", PLEDGE)
    page.fill("[name='pledges-0-measure']", "每月不少于8次")
    page.fill("[name='pledges-0-due']", "2026-12-31")
    calendar = page.locator(".xdsoft_datetimepicker:visible").first
    calendar.wait_for()  # it opens a while after the field was entered
    page.keyboard.press("Tab")
    calendar.wait_for(state="hidden")
    editor.save()


def step(person: Person, pilot: Pilot, verb: str, reason: str) -> None:
    """Take one step with the pilot on its page, reading what is asked first."""
    page = person.page
    page.goto(f"/admin/pledge-boards/pilots/{pilot.pk}/")
    page.click(f"a[href$='/{verb}/']")
    page.fill("textarea[name=reason]", reason)
    with page.expect_navigation(url=re.compile(rf"/pilots/{pilot.pk}/$")):
        page.click("main form button[type=submit]")


def test_a_pledge_goes_from_a_private_draft_to_the_public_board_and_vanishes_with_its_pilot(
    browser, live_server, town, newcomer
):
    server = live_server.url
    pilot = town.pilots["SGZ"]
    editor = Person(browser, server, "editor_sgz")
    draft(editor, town.boards["SGZ", "zh-hans"].pk, newcomer, draw_portrait("newcomer"))
    member_page = MemberPledgePage.objects.get(member=newcomer)
    assert member_page.photo is not None
    path = f"/zh-hans/work-plan/village-1/{member_page.slug}/"
    portrait = next(iter(member_page.photo.stored_renditions().values())).url
    nothing = answer(f"{server}/zh-hans/work-plan/village-1/nobody-here/")

    editor.page.goto(f"/admin/pages/{member_page.pk}/view_draft/")
    assert PLEDGE in editor.page.content()
    assert "骆小桥" in editor.page.content()
    editor.page.goto(f"/admin/pages/{member_page.pk}/edit/")
    editor.act_and_leave("action-submit")

    moderator = Person(browser, server, "moderator_sgz")
    moderator.page.goto("/admin/")
    assert newcomer.code in moderator.page.content()
    moderator.page.goto(f"/admin/pages/{member_page.pk}/edit/")
    moderator.act("reject")
    moderator.page.fill("[name=comment]", "写清每周几次")
    with moderator.page.expect_navigation():
        moderator.page.click(".modal button[type=submit]")

    editor.page.goto(f"/admin/pages/{member_page.pk}/edit/")
    assert "写清每周几次" in editor.page.content()
    editor.page.fill("[name='pledges-0-text']", MENDED)
    editor.act_and_leave("action-submit")

    moderator.page.goto(f"/admin/pages/{member_page.pk}/edit/")
    moderator.act_and_leave("approve")
    member_page = MemberPledgePage.objects.get(pk=member_page.pk)
    assert member_page.review_state == "held"

    assert answer(server + path) == nothing
    assert answer(server + portrait)[0] == 404
    assert MENDED not in listed(server)
    assert answer(f"{server}/api/v1/members/{newcomer.public_id}/")[0] == 404

    lead = Person(browser, server, "lead")
    step(lead, pilot, "review", "评议完成")
    step(moderator, pilot, "concur", "同意公开")
    lead.page.goto(f"/admin/pledge-boards/pilots/{pilot.pk}/approve/")
    assert newcomer.code in lead.page.content()  # the dry run names what goes live
    assert answer(server + path) == nothing
    step(lead, pilot, "approve", "试点通过")
    assert Pilot.objects.get(pk=pilot.pk).stage == "approved"

    visitor = Person(browser, server)
    visitor.page.goto("/zh-hans/work-plan/village-1/")
    assert "骆小桥" in visitor.page.content()
    visitor.page.click("text=骆小桥")
    visitor.page.wait_for_url(f"**{path}")
    assert MENDED in visitor.page.content()
    look_at_pictures(visitor)
    assert answer(server + portrait)[0] == 200
    assert MENDED in listed(server)
    visitor.page.goto("/en/work-plan/village-1/")
    visitor.page.click("text=Shi Changsgz1")
    english = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    visitor.page.wait_for_url(f"**{english.url}")
    assert "Sweep the village gate SGZ-M001" in visitor.page.content()
    look_at_pictures(visitor)

    step(lead, pilot, "suspend", "有问题，先停")
    assert answer(server + path) == nothing
    assert answer(server + portrait)[0] == 404
    assert MENDED not in listed(server)
    assert answer(f"{server}/en/work-plan/village-1/")[0] == 404
    assert answer(server + english.url)[0] == 404
    assert answer(f"{server}/api/v1/members/{newcomer.public_id}/")[0] == 404
    for person in (editor, moderator, lead, visitor):
        person.close()

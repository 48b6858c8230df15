"""The announcement of a pilot: written, approved and held in silence; out with it, gone with it."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from home.models import AnnouncementPage, NewsPage
from pledge_pages.embargo.announcement import announce
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.embargo.release import plan
from pledge_pages.models import BranchPage, GatedPage, HeldApproval, Pilot, Programme
from pledge_pages.quiet_words.refusing import QuietWordsError
from tests.staging import staged
from tests.worlds import PASSWORD, Town, build_town

pytestmark = pytest.mark.django_db
TITLE = "Pledges are public in SGZ"


def build():
    town = build_town(members=1)
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
    return town


town = staged(build)


def begin(town: Town, title: str = TITLE) -> AnnouncementPage:
    page = AnnouncementPage(title=title, slug="notice-1", body="<p>Come and see.</p>")
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    return announce(Pilot.objects.get(code="SGZ"), page, below=home, by=town.lead)


def held(town: Town) -> AnnouncementPage:
    page = begin(town)
    town.hold(page, "SGZ")
    return AnnouncementPage.objects.get(pk=page.pk)


def signed_in(name: str) -> Client:
    client = Client()
    assert client.login(username=name, password=PASSWORD)
    return client


def status() -> int:
    return Client().get("/zh-hans/notice-1/").status_code


def front() -> str:
    return Client().get("/zh-hans/").content.decode()


def test_it_is_held_goes_public_with_its_pilot_and_vanishes_with_it(town):
    page = held(town)
    assert status() == 404
    assert TITLE not in front()
    town.open("SGZ")
    assert status() == 200
    assert TITLE in front()
    town.close("SGZ")
    assert status() == 404
    assert TITLE not in front()
    town.open("SGZ")
    assert status() == 200
    assert HeldApproval.objects.get(page_id=page.pk).released_at is not None


def test_it_may_say_what_no_other_page_may_say_yet(town):
    said = "史各庄试行党员承诺制"
    page = begin(town, said)
    town.hold(page, "SGZ")
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    with pytest.raises(QuietWordsError):
        home.add_child(instance=NewsPage(title=said, slug="brief"))
    dry_run = plan([town.to_stage("SGZ", "reviewed")], by=town.lead)
    assert page.pk in {item.page.pk for item in dry_run.goes_live}
    town.open("SGZ")
    assert status() == 200
    assert said in front()


def test_of_another_programme_that_is_quiet_it_says_nothing(town):
    Programme.objects.create(
        code="X", public_name={"zh-hans": "积分超市", "en": "x shop"}, neutral_name={"zh-hans": "x"}
    )
    page = begin(town, "史各庄有了积分超市")
    town.hold(page, "SGZ")
    dry_run = plan([town.to_stage("SGZ", "reviewed")], by=town.lead)
    assert page.pk in {item.page.pk for item in dry_run.stays_back}
    assert page.pk not in {item.page.pk for item in dry_run.goes_live}


def test_another_pilot_does_not_bring_it_out(town):
    held(town)
    Pilot.objects.filter(code="LSW").update(wave=Pilot.objects.get(code="SGZ").wave)
    town.open("LSW")
    assert status() == 404


def test_while_it_is_a_draft_the_pilot_opens_without_it(town):
    page = begin(town)
    town.open("SGZ")
    assert status() == 404
    town.hold(page, "SGZ")
    assert status() == 200


def test_the_dry_run_shows_it(town):
    page = held(town)
    dry_run = plan([Pilot.objects.get(code="SGZ")], by=town.lead)
    assert page.pk in {item.page.pk for item in dry_run.goes_live}


def test_the_lead_previews_it_from_the_dry_run(town):
    held(town)
    pilot = town.to_stage("SGZ", "reviewed")
    client = signed_in("lead")
    shown = client.get(reverse("pledge_boards:step", args=[pilot.pk, "approve"])).content.decode()
    (address,) = re.findall(rf'href="([^"]+)">[^<]*{TITLE}', shown)
    preview = client.get(address)
    assert preview.status_code == 200
    assert "<p>Come and see.</p>" in preview.content.decode()
    assert status() == 404


def test_it_alone_does_not_open_a_pilot_whose_board_is_not_approved():
    town = build_town(members=1)
    held(town)
    dry_run = plan([town.to_stage("SGZ", "reviewed")], by=town.lead)
    assert any("SGZ" in refusal for refusal in dry_run.refusals)


@pytest.mark.parametrize("who", ["admin", "lead", "moderator_sgz", "editor_sgz"])
def test_nobody_publishes_it_by_hand(town, who):
    page = begin(town)
    with pytest.raises(PermissionDenied):
        page.save_revision(user=town.admin).publish(user=town.users.get(who) or town.admin)
    client = signed_in(who)
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {"action-publish": "1"})
    assert not Page.objects.get(pk=page.pk).live


def test_another_branch_and_the_sites_own_editors_do_not_see_it(town):
    page = begin(town)
    client = signed_in("editor_lsw")
    for name in ("edit", "view_draft", "history"):
        answer = client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
        assert answer.status_code in (302, 403, 404)
        assert TITLE not in answer.content.decode()
    assert TITLE not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_its_own_editors_write_it_and_another_approves_it(town):
    page = begin(town)
    client = signed_in("editor_sgz")
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert town.lead == AnnouncementPage.objects.get(pk=page.pk).latest_revision.user
    town.submit(page, town.editor("SGZ"))
    with pytest.raises(EmbargoError):
        town.approve(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))
    assert HeldApproval.objects.filter(page_id=page.pk, withdrawn_at=None).exists()


def test_it_keeps_its_pilot_and_its_place(town):
    page = begin(town)
    with pytest.raises(Exception, match="pledge_pages"):
        GatedPage.objects.filter(pk=page.pk).update(pilot=Pilot.objects.get(code="LSW"))


def test_it_keeps_its_place_when_others_come_before_it(town):
    held(town)
    other = Page.objects.get(pk=town.home["en"].pk).specific
    news = other.add_child(instance=Page(title="Archive", slug="archive"))
    news.move(Page.objects.get(pk=town.home["zh-hans"].pk), pos="first-child")
    town.open("SGZ")
    assert status() == 200


@pytest.mark.parametrize("who", ["editor_sgz", "moderator_sgz", "lead"])
def test_only_a_lead_has_one_made(town, who):
    by = town.users.get(who) or town.lead
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    page = AnnouncementPage(title=TITLE, slug="notice-1")
    pilot = Pilot.objects.get(code="SGZ")
    if who == "lead":
        assert announce(pilot, page, below=home, by=by).pk
        return
    with pytest.raises(EmbargoError):
        announce(pilot, page, below=home, by=by)
    assert not AnnouncementPage.objects.exists()


def test_a_script_that_forgets_the_pilot_is_refused(town):
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    with pytest.raises(EmbargoError):
        home.add_child(instance=AnnouncementPage(title=TITLE, slug="notice-1"))


def test_a_lead_has_it_made_in_both_languages_in_the_admin(town):
    client = signed_in("lead")
    pilot = Pilot.objects.get(code="SGZ")
    address = reverse("pledge_boards:announce", args=[pilot.pk])
    assert client.get(address).status_code == 200
    data = {"kind": "home.announcementpage", "title_zh-hans": "承诺公开", "title_en": TITLE}
    assert client.post(address, data).status_code == 302
    pages = AnnouncementPage.objects.order_by("pk")
    assert [page.title for page in pages] == ["承诺公开", TITLE]
    assert len({page.translation_key for page in pages}) == 1
    assert {page.slug for page in pages} == {"notice-1"}
    with translation.override("en"):
        shown = client.get(reverse("pledge_boards:pilot", args=[pilot.pk])).content.decode()
    assert TITLE in shown
    assert signed_in("editor_sgz").get(address).status_code == 302
    assert signed_in("editor_lsw").get(address).status_code in (302, 404)


def test_the_form_names_the_title_that_is_missing(town):
    client = signed_in("lead")
    address = reverse("pledge_boards:announce", args=[Pilot.objects.get(code="SGZ").pk])
    answer = client.post(address, {"kind": "home.announcementpage", "title_zh-hans": "承诺公开"})
    assert answer.status_code == 200
    assert "title_en" in answer.context["form"].errors
    assert not AnnouncementPage.objects.exists()


def test_it_stands_below_a_public_page_of_the_site_and_below_no_board(town):
    pilot, board = (
        Pilot.objects.get(code="SGZ"),
        BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk),
    )
    page = AnnouncementPage(title=TITLE, slug="notice-2", body="<p>Come and see.</p>")
    with translation.override("en"), pytest.raises(EmbargoError, match="public page of the site"):
        announce(pilot, page, below=board, by=town.lead)
    page.announces, page.locale = pilot, board.locale
    with translation.override("en"), pytest.raises(EmbargoError, match="not below a board"):
        board.add_child(instance=page)
    assert not AnnouncementPage.objects.exists()


def test_an_alias_of_an_ordinary_page_announces_nothing(town):
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    page = AnnouncementPage(
        title=TITLE, slug="notice-3", body="<p>Come and see.</p>", locale=home.locale,
        announces=Pilot.objects.get(code="SGZ"), alias_of_id=home.pk,
    )  # fmt: skip
    with translation.override("en"), pytest.raises(EmbargoError, match="An alias"):
        home.add_child(instance=page)
    assert not AnnouncementPage.objects.exists()

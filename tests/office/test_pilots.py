"""Pilots in the admin: their list and pages, steps with a reason, approval after a dry run."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile

from pledge_pages.embargo import release
from pledge_pages.models import HeldApproval, MemberPledgePage, Pilot, Transition
from pledge_pages.office.dry_run import Notes
from pledge_pages.pilots.actions import take_step

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"pledge_boards:{name}", args=args)


def live_pages(code: str) -> int:
    return Page.objects.filter(gate__pilot__code=code, live=True).count()


def ready(town, code: str = "SGZ") -> Pilot:
    """Bring the pilot so far that only the approval is left."""
    town.hold_branch(code)
    pilot = town.to_stage(code, "reviewed")
    take_step(pilot, "concur", by=town.moderator(code), reason="it works")
    return pilot


def seen_in(response) -> str:
    """Return the fingerprint of the dry run that a page shows."""
    return response.context["fingerprint"]


def test_a_lead_sees_every_pilot_with_stage_wave_and_numbers(town, sign_in, member_page):
    town.hold(member_page(), "SGZ")
    response = sign_in(town.lead).get(url("pilots"))
    body = response.content.decode()
    assert "SGZ village (SGZ)" in body
    assert "LSW village (LSW)" in body
    assert "Proposed" in body
    assert [p.held_count for p in response.context["object_list"]] == [1, 0]


def test_staff_of_a_branch_see_their_own_pilot_only(town, sign_in):
    client = sign_in(town.editor("LSW"))
    body = client.get(url("pilots")).content.decode()
    assert "LSW" in body
    assert "SGZ" not in body
    assert client.get(url("pilot", town.pilots["SGZ"].pk)).status_code == 404
    assert client.get(url("pilot", town.pilots["LSW"].pk)).status_code == 200


def test_pilots_are_filtered_by_stage(town, sign_in):
    town.to_stage("SGZ", "quiet")
    response = sign_in(town.lead).get(url("pilots"), {"stage": "quiet"})
    assert [pilot.code for pilot in response.context["object_list"]] == ["SGZ"]


def test_the_public_name_is_not_used_before_the_first_approval(town, sign_in):
    client = sign_in(town.lead)
    wave = town.pilots["SGZ"].wave_id
    for address in (
        url("pilots"),
        url("pilot", town.pilots["SGZ"].pk),
        url("wave", wave),
        url("held"),
        reverse("wagtailadmin_home"),
    ):
        body = client.get(address).content.decode()
        assert "Member pledge system" not in body, address
        assert "党员承诺制" not in body, address
    ready(town)
    client.post(
        url("step", town.pilots["SGZ"].pk, "approve"),
        {
            "reason": "it works",
            "seen": seen_in(client.get(url("step", town.pilots["SGZ"].pk, "approve"))),
        },
    )
    assert "Member pledge system" in client.get(url("pilots")).content.decode()


def test_a_step_is_taken_with_its_reason_and_shown_in_the_history(town, sign_in):
    client, pk = sign_in(town.lead), town.pilots["SGZ"].pk
    assert "Reason" in client.get(url("step", pk, "agree")).content.decode()
    response = client.post(url("step", pk, "agree"), {"reason": "the village agrees"}, follow=True)
    assert Pilot.objects.get(pk=pk).stage == "agreed"
    assert "the village agrees" in response.content.decode()


def test_a_step_without_a_reason_is_not_taken(town, sign_in):
    pk = town.pilots["SGZ"].pk
    response = sign_in(town.lead).post(url("step", pk, "agree"), {"reason": "  "})
    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    assert Pilot.objects.get(pk=pk).stage == "proposed"


def test_a_step_that_cannot_follow_is_refused_with_pilot_and_reason(town, sign_in):
    pk = town.pilots["SGZ"].pk
    response = sign_in(town.lead).post(url("step", pk, "review"), {"reason": "now"})
    assert "SGZ is at the stage" in response.content.decode()
    assert Pilot.objects.get(pk=pk).stage == "proposed"


def test_a_later_wave_shows_what_it_waits_for(town, sign_in):
    town.to_stage("LSW", "agreed")
    body = sign_in(town.lead).get(url("pilot", town.pilots["LSW"].pk)).content.decode()
    assert "SGZ of an earlier wave is not approved yet" in body


def test_a_moderator_may_concur_and_nothing_else(town, sign_in):
    client, pk = sign_in(town.moderator("SGZ")), town.pilots["SGZ"].pk
    body = client.get(url("pilot", pk)).content.decode()
    assert url("step", pk, "concur") in body
    assert url("step", pk, "agree") not in body
    client.post(url("step", pk, "agree"), {"reason": "let me"})
    assert Pilot.objects.get(pk=pk).stage == "proposed"
    client.post(url("step", pk, "concur"), {"reason": "good"})
    assert Transition.objects.filter(pilot=pk, verb="concur").count() == 1


def take(client, pilot: Pilot, verb: str) -> str:
    """Take a step with a pilot and return what the page that follows says."""
    address = url("step", pilot.pk, verb)
    return client.post(address, {"reason": "for the test"}, follow=True).content.decode()


def test_a_step_says_what_happens_next(town, sign_in):
    lead, moderator = sign_in(town.lead), sign_in(town.moderator("SGZ"))
    pilot = town.pilots["SGZ"]
    assert "Agreed. Next: start it quietly." in take(lead, pilot, "agree")
    assert "Next: review it." in take(lead, pilot, "start")
    body = take(moderator, pilot, "concur")
    assert "The approval needs one given after the review." in body
    assert "someone else concurs, then a lead approves it" in take(lead, pilot, "review")
    assert "counts if another lead approves the pilot" in take(lead, pilot, "concur")
    assert "A lead can approve the pilot now." in take(moderator, pilot, "concur")
    take(lead, pilot, "suspend")
    assert "It is not public again yet: someone else has to concur" in take(lead, pilot, "resume")
    assert "Nothing of it is public." in take(lead, pilot, "end")


def test_a_concurrence_that_will_not_count_is_offered_with_that_said(town, sign_in):
    pilot = town.to_stage("SGZ", "reviewed")
    for address in (url("pilot", pilot.pk), url("step", pilot.pk, "concur")):
        body = sign_in(town.lead).get(address).content.decode()
        assert "does not count for an approval of your own" in body
        body = sign_in(town.moderator("SGZ")).get(address).content.decode()
        assert "A lead can approve the pilot then." in body
    take_step(pilot, "concur", by=town.moderator("SGZ"), reason="good")
    body = sign_in(town.moderator("SGZ")).get(url("pilot", pilot.pk)).content.decode()
    assert "You have concurred already." in body
    assert url("step", pilot.pk, "concur") not in body


def test_a_refused_step_is_named_as_its_button_is(town, sign_in):
    pilot = town.pilots["SGZ"]
    profile = UserProfile.get_for_user(town.lead)
    profile.preferred_language = "zh-hans"
    profile.save()
    body = take(sign_in(town.lead), pilot, "review")
    assert "“评议”" in body
    assert "review”" not in body


def test_an_editor_may_take_no_step(town, sign_in):
    client, pk = sign_in(town.editor("SGZ")), town.pilots["SGZ"].pk
    for verb in ("concur", "agree", "approve", "suspend"):
        client.post(url("step", pk, verb), {"reason": "let me"})
    assert Transition.objects.filter(pilot=pk).count() == 1


def test_the_dry_run_tells_what_goes_public_what_stays_back_and_what_stays_a_draft(
    town, sign_in, member_page, board
):
    pilot = ready(town)
    draft = member_page("SGZ-M003")
    HeldApproval.objects.filter(page=draft).delete()
    response = sign_in(town.lead).get(url("step", pilot.pk, "approve"))
    totals = {entry["key"]: entry["total"] for entry in response.context["lists"]}
    # Two programme pages, two boards, five member pages; one page was never approved.
    assert totals == {"goes_live": 9, "stays_back": 0, "stays_draft": 1}
    assert live_pages("SGZ") == 0


def test_the_dry_run_says_what_to_look_at_before_it_is_done(town, sign_in, member_page):
    pilot, client = ready(town), sign_in(town.lead)
    address = url("step", pilot.pk, "approve")
    body = client.get(address).content.decode()
    assert "Dry run: what approving SGZ village (SGZ) would do" in body
    assert "Nothing has been done yet" in body
    assert "in full: 3, surname only: 0, not at all: 0" in body
    assert "with a photo: 0, with initials in its place: 3" in body
    assert "one language only" not in body
    assert "newer version is in review" not in body

    town.submit(member_page("SGZ-M001"), town.editor("SGZ"))
    HeldApproval.objects.filter(page=member_page("SGZ-M003", "en")).delete()
    member = town.members["SGZ-M002"]
    member.consents.filter(subject="name").update(level="surname_only")
    body = client.get(address).content.decode()
    assert "in full: 2, surname only: 1, not at all: 0" in body
    assert "1 page goes public in one language only" in body
    assert f"<li>{town.members['SGZ-M003']} (" in body
    assert body.count("A newer version is in review.") == 1


def test_what_the_dry_run_says_besides_takes_as_many_queries_for_many_pages(town, member_page):
    pilot = ready(town)

    def queries() -> int:
        notes = Notes(release.plan([pilot], by=town.lead))
        with CaptureQueriesContext(connection) as counted:
            assert (notes.alone_total, notes.in_review) == (0, set())
            assert notes.shown
        return len(counted)

    three = queries()
    for language in ("zh-hans", "en"):
        HeldApproval.objects.filter(page=member_page("SGZ-M003", language)).delete()
    assert queries() == three <= 6


def test_an_approval_needs_the_dry_run_that_was_shown(town, sign_in, member_page):
    pilot = ready(town)
    client = sign_in(town.lead)
    seen = seen_in(client.get(url("step", pilot.pk, "approve")))
    HeldApproval.objects.filter(page=member_page("SGZ-M003")).delete()
    response = client.post(url("step", pilot.pk, "approve"), {"reason": "go", "seen": seen})
    assert "changed meanwhile" in response.content.decode()
    assert Pilot.objects.get(pk=pilot.pk).stage == "reviewed"
    again = {"reason": "go", "seen": seen_in(response)}
    client.post(url("step", pilot.pk, "approve"), again)
    assert live_pages("SGZ") == 7


def test_an_approval_says_how_much_went_public(town, sign_in):
    pilot = ready(town)
    client = sign_in(town.lead)
    seen = seen_in(client.get(url("step", pilot.pk, "approve")))
    response = client.post(
        url("step", pilot.pk, "approve"), {"reason": "go", "seen": seen}, follow=True
    )
    assert "SGZ approved: 10 pages are public now." in response.content.decode()
    assert live_pages("SGZ") == 8


def test_an_approval_without_concurrence_shows_why_and_has_no_button(town, sign_in):
    town.hold_branch("SGZ")
    pilot = town.to_stage("SGZ", "reviewed")
    client = sign_in(town.lead)
    response = client.get(url("step", pilot.pk, "approve"))
    body = response.content.decode()
    assert "someone else has to concur first" in body
    assert 'name="reason"' not in body
    posted = {"reason": "go", "seen": seen_in(response)}
    assert "concur" in client.post(url("step", pilot.pk, "approve"), posted).content.decode()
    assert live_pages("SGZ") == 0


def test_a_suspension_lists_what_vanishes_and_hides_it(town, sign_in):
    town.hold_branch("SGZ")
    pilot = town.open("SGZ")
    client = sign_in(town.lead)
    response = client.get(url("step", pilot.pk, "suspend"))
    assert response.context["vanishing_total"] == 10
    assert "SGZ-M001" in response.content.decode()
    response = client.post(url("step", pilot.pk, "suspend"), {"reason": "a complaint"}, follow=True)
    assert "10 pages are hidden now" in response.content.decode()
    assert live_pages("SGZ") == 0


def test_suspending_one_of_two_leaves_the_programme_page(town, sign_in):
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
        town.open(code)
    response = sign_in(town.lead).get(url("step", town.pilots["LSW"].pk, "suspend"))
    assert response.context["vanishing_total"] == 8


def test_all_reviewed_pilots_of_a_wave_are_approved_in_one_step(town, sign_in):
    Pilot.objects.filter(code="LSW").update(wave=town.pilots["SGZ"].wave)
    first = ready(town)
    ready(town, "LSW")
    client = sign_in(town.lead)
    body = client.get(url("step", first.pk, "approve")).content.decode()
    assert url("wave_step", first.wave_id, "approve") in body
    response = client.get(url("wave_step", first.wave_id, "approve"))
    client.post(
        url("wave_step", first.wave_id, "approve"), {"reason": "go", "seen": seen_in(response)}
    )
    assert live_pages("SGZ") == live_pages("LSW") == 8


def test_a_wave_is_suspended_in_one_step(town, sign_in):
    town.hold_branch("SGZ")
    pilot = town.open("SGZ")
    client = sign_in(town.lead)
    address = url("wave_step", pilot.wave_id, "suspend")
    assert client.get(address).status_code == 200
    client.post(address, {"reason": "stop"})
    assert live_pages("SGZ") == 0


def test_only_leads_take_a_wave_s_steps(town, sign_in):
    wave = town.pilots["SGZ"].wave_id
    client = sign_in(town.moderator("SGZ"))
    assert client.get(url("wave", wave)).status_code == 200
    assert client.get(url("wave_step", wave, "approve")).status_code == 404


def test_a_pilot_s_page_shows_held_pages_with_who_approved_them(town, sign_in, member_page):
    town.hold(member_page(), "SGZ")
    body = sign_in(town.lead).get(url("pilot", town.pilots["SGZ"].pk)).content.decode()
    assert "史长SGZ1 (SGZ-M001)" in body
    assert "moderator_sgz" in body


def test_the_report_of_held_pages_shows_each_reader_their_own(town, sign_in, member_page):
    town.hold(member_page(), "SGZ")
    town.hold(MemberPledgePage.objects.get(pk=town.pages["LSW-M001", "en"].pk), "LSW")
    for user, expected in ((town.lead, 2), (town.editor("SGZ"), 1), (town.moderator("LSW"), 1)):
        response = sign_in(user).get(url("held"))
        assert len(response.context["object_list"]) == expected
    body = sign_in(town.editor("LSW")).get(url("held")).content.decode()
    assert "SGZ" not in body


def test_a_lead_changes_name_wave_and_liaison_of_a_pilot(town, sign_in):
    pilot = town.pilots["SGZ"]
    response = sign_in(town.lead).post(
        url("edit_pilot", pilot.pk),
        {
            "name_zh_hans": "石拱镇",
            "name_en": "Shigong",
            "wave": pilot.wave_id,
            "lead": town.lead.pk,
            "liaison_zh_hans": "罗",
            "liaison_en": "Luo",
            "update_days": "60",
        },
    )
    assert response.status_code == 302
    assert Pilot.objects.get(pk=pilot.pk).name == {"zh-hans": "石拱镇", "en": "Shigong"}
    assert sign_in(town.moderator("SGZ")).get(url("edit_pilot", pilot.pk)).status_code == 302


def test_the_lists_take_the_same_number_of_queries_for_more_pages(
    town, sign_in, member_page, django_assert_max_num_queries
):
    client = sign_in(town.lead)
    town.hold(member_page(), "SGZ")
    for address in (url("pilots"), url("held"), url("pilot", town.pilots["SGZ"].pk)):
        client.get(address)
        with django_assert_max_num_queries(60):
            client.get(address)


def test_what_is_held_is_seen_under_a_notice_that_says_it_is_not_public(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.to_stage("SGZ", "quiet")
    client = sign_in(town.lead)
    for page in (member_page(), town.boards["SGZ", "zh-hans"], town.programme_pages["en"]):
        body = client.get(url("held_preview", page.pk)).content.decode()
        assert body.count("Not public: held until") == 1
        assert body.index("<body") < body.index("Not public: held until") < body.index("<main")
    assert (
        url("pilot", town.pilots["SGZ"].pk)
        in client.get(url("held_preview", member_page().pk)).content.decode()
    )
    town.open("SGZ")
    body = client.get(url("held_preview", member_page().pk)).content.decode()
    assert "Public: this is what was approved." in body
    assert "Not public" not in body


def button(body: str, pilot: Pilot, verb: str) -> str:
    """Return the class of the button that takes a step."""
    address = re.escape(url("step", pilot.pk, verb))
    return re.search(rf'<a class="([^"]*)" href="{address}">', body)[1]


def test_the_main_button_is_the_one_that_takes_the_pilot_on(town, sign_in):
    pilot = ready(town)
    body = sign_in(town.lead).get(url("pilot", pilot.pk)).content.decode()
    assert button(body, pilot, "approve") == "button"
    assert button(body, pilot, "concur") == "button button-secondary"


def test_a_concurrence_of_before_a_suspension_is_said_not_to_count(town, sign_in):
    pilot = ready(town)
    lead = sign_in(town.lead)
    old = "It does not count any more"
    assert old not in lead.get(url("pilot", pilot.pk)).content.decode()
    town.open("SGZ")
    town.close("SGZ")
    take_step(Pilot.objects.get(pk=pilot.pk), "resume", by=town.lead, reason="settled")
    assert old in lead.get(url("pilot", pilot.pk)).content.decode()

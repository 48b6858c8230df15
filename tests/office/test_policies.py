"""What each role may do with the office's records, asked of the policies and the roles themselves."""

import pytest
from django.contrib.auth.models import Group

from pledge_pages.boards.opening import open_programme
from pledge_pages.models import Category, Office, Pilot, Programme, QuietTerm, Wave
from pledge_pages.office.pilot_list import waves_seen_by
from pledge_pages.office.policies import policies
from pledge_pages.office.sight import pilots_with_role, programmes_seen_by
from pledge_pages.pilots import roles
from pledge_pages.pilots.models import Role
from tests.worlds import make_user


@pytest.fixture
def other_lead(town):
    """The lead of another programme."""
    programme = Programme.objects.create(
        code="QQ", public_name={"en": "x"}, neutral_name={"en": "Road works"}
    )
    open_programme(programme, parents=town.home, by=town.admin, slug="road-works")
    user = make_user("other_lead")
    user.groups.add(Group.objects.get(name="QQ leads"))
    return user


def may(user, action: str, instance) -> bool:
    return policies()[type(instance)].user_has_permission_for_instance(user, action, instance)


def test_programmes_waves_and_words_are_for_leads_of_their_own_programme(town, other_lead) -> None:
    word = QuietTerm.objects.create(programme=town.programme, text="x")
    for instance in (town.programme, Wave.objects.first(), word):
        assert may(town.lead, "change", instance)
        for user in (
            other_lead,
            town.editor("SGZ"),
            make_user(f"nobody_{instance.pk}_{type(instance).__name__}"),
        ):
            assert not may(user, "change", instance)


def test_programmes_and_waves_of_others_are_not_seen(town, other_lead) -> None:
    assert [programme.code for programme in programmes_seen_by(other_lead)] == ["QQ"]
    assert [programme.code for programme in programmes_seen_by(town.editor("SGZ"))] == ["PP"]
    assert not waves_seen_by(other_lead).exists()
    assert waves_seen_by(town.lead).count() == 2


def test_pilots_are_seen_by_their_staff_and_leads(town, other_lead) -> None:
    rows = policies()[Pilot].rows
    assert [pilot.code for pilot in rows(town.editor("SGZ"), "view")] == ["SGZ"]
    assert rows(town.lead, "view").count() == 2
    for user in (other_lead, town.verifier("SGZ")):
        assert not rows(user, "view").exists()


def test_nobody_deletes_a_pilot(town) -> None:
    pilot = town.pilots["SGZ"]
    for user in (town.lead, town.admin):
        assert not policies()[Pilot].user_has_permission(user, "delete")
        assert not may(user, "delete", pilot)


def test_reference_data_is_kept_by_leads(town, other_lead) -> None:
    for instance in (Category.objects.first(), Office.objects.first()):
        assert may(other_lead, "change", instance)
        assert not may(town.editor("SGZ"), "change", instance)


def test_a_branch_is_changed_by_those_in_its_own_groups(town) -> None:
    assert [pilot.code for pilot in pilots_with_role(town.editor("SGZ"), Role.Kind.EDITOR)] == [
        "SGZ"
    ]
    assert may(town.editor("SGZ"), "change", town.members["SGZ-M001"])
    assert not may(town.editor("SGZ"), "change", town.members["LSW-M001"])


def test_whoever_was_switched_off_has_no_role(town) -> None:
    pilot = Pilot.objects.select_related("programme").get(code="SGZ")
    people = {"editor": town.editor("SGZ"), "moderator": town.moderator("SGZ"), "lead": town.lead}
    for user in people.values():
        user.is_active = False
        user.save()
    assert not roles.has_role(people["editor"], Role.Kind.EDITOR, pilot)
    assert not roles.is_moderator(people["moderator"], pilot.programme, pilot)
    assert not roles.is_lead(people["lead"], pilot.programme)
    for user in people.values():
        assert not roles.sees_drafts(user, pilot)
        assert not roles.pilots_seen_by(user).exists()
        assert not roles.led_programmes(user).exists()

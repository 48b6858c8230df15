"""Consent is recorded and withdrawn by the branch's staff only, with a line in the log."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from pledge_pages.models import Consent, Member
from pledge_pages.office.trail import details_of
from pledge_pages.people.actions import import_consents, record_consent, withdraw_consent
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import photo_allowed, shown_name
from tests.people.conftest import TODAY
from tests.worlds import Town, build_town, make_user

WEB, NAME = Scope.PUBLIC_WEB, "name"
WHAT = {"scope": WEB, "subject": NAME, "level": "full"}
YES = {**WHAT, "given_on": date(2025, 3, 24), "method": "paper"}


@pytest.fixture(scope="module")
def two_branches(django_db_setup, django_db_blocker):
    """Two quiet branches of one member each, with an outsider; built once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        town = build_town(("SGZ", "LSW"), members=1)
        town.users["outsider"] = make_user("outsider", is_staff=True)
        yield town
        transaction.set_rollback(True)


@pytest.fixture
def town(two_branches: Town, db) -> Town:
    return two_branches


@pytest.fixture
def member(town: Town) -> Member:
    return Member.objects.get(code="SGZ-M001")


def person(town: Town, who: str):
    """Return the user that a test speaks of."""
    people = {"lead": town.lead, "admin": town.admin, "nobody": AnonymousUser()}
    return people.get(who) or town.users[who]


def current(member: Member, scope: str = WEB, subject: str = NAME) -> Consent:
    return member.consents.get(scope=scope, subject=subject, current=True)


def logged(member: Member) -> list[tuple]:
    """Return (action, who, data) of what was put down about the member, in order."""
    entries = ModelLogEntry.objects.filter(object_id=str(member.pk)).order_by("pk")
    return [(entry.action, entry.user_id, entry.data) for entry in entries]


@pytest.mark.parametrize("who", ["editor_sgz", "moderator_sgz", "lead", "admin"])
def test_staff_of_the_branch_and_leads_record_and_withdraw(town, member, who) -> None:
    by = person(town, who)
    record_consent(member, by=by, **{**YES, "level": "surname_only"})
    assert shown_name(member, WEB, "en").level == "surname_only"
    assert withdraw_consent(member, by=by, subject=NAME, scope=WEB) == 1
    assert shown_name(Member.objects.get(pk=member.pk), WEB, "en").level == "none"


@pytest.mark.parametrize("who", ["editor_lsw", "moderator_lsw", "outsider", "nobody"])
def test_nobody_else_does_and_nothing_is_changed_or_logged(town, member, who) -> None:
    before = list(member.consents.order_by("pk").values()), logged(member)
    with pytest.raises(PermissionDenied, match="SGZ"):
        record_consent(member, by=person(town, who), **YES)
    with pytest.raises(PermissionDenied, match="SGZ"):
        withdraw_consent(member, by=person(town, who), subject=NAME)
    assert (list(member.consents.order_by("pk").values()), logged(member)) == before


def test_a_dismissed_editor_records_nothing(town, member) -> None:
    editor = make_user("former", is_active=False)
    editor.groups.set(town.editor("SGZ").groups.all())
    with pytest.raises(PermissionDenied):
        record_consent(member, by=editor, **YES)


def test_a_new_record_takes_the_place_of_the_old_one_which_stays_as_history(town, member) -> None:
    old = current(member)
    new = record_consent(
        member,
        by=town.editor("SGZ"),
        **{**YES, "level": "none", "state": "declined", "given_on": TODAY},
        witness="SGZ-M02",
        form_version="2026-01",
    )
    assert current(member) == new
    assert (new.method, new.witness, new.form_version) == ("paper", "SGZ-M02", "2026-01")
    old.refresh_from_db()
    assert (old.current, old.state, old.level) == (False, "granted", "full")
    assert current(member, subject="photo").level == "full"
    assert current(member, scope=Scope.VILLAGE_QR).level == "full"


def test_each_step_has_a_line_in_the_log_that_says_who_and_what(town, member) -> None:
    before = len(logged(member))
    record_consent(member, by=town.lead, **YES)
    withdraw_consent(member, by=town.editor("SGZ"), subject="photo")
    withdraw_consent(member, by=town.editor("SGZ"), subject="photo", scope=WEB)
    editor = town.editor("SGZ").pk
    where = {"pilot": "SGZ", "programme": "PP"}
    photo = {**where, "subject": "photo"}
    assert logged(member)[before:] == [
        ("pledge_pages.record_consent", town.lead.pk, {**where, **WHAT, "state": "granted"}),
        ("pledge_pages.withdraw_consent", editor, {**photo, "scope": "all", "count": 3}),
        ("pledge_pages.withdraw_consent", editor, {**photo, "scope": WEB, "count": 0}),
    ]


def test_withdrawal_everywhere_leaves_the_other_subject_alone(town, member) -> None:
    assert withdraw_consent(member, by=town.editor("SGZ"), subject="photo") == len(Scope.values)
    fresh = Member.objects.get(pk=member.pk)
    for scope in Scope.values:
        assert not photo_allowed(fresh, scope)
        assert shown_name(fresh, scope, "en").level == "full"


def test_withdrawal_from_a_later_day_counts_from_that_day_on(town, member) -> None:
    later = TODAY + timedelta(days=3)
    withdraw_consent(member, by=town.editor("SGZ"), subject=NAME, on=later)
    fresh = Member.objects.get(pk=member.pk)
    assert shown_name(fresh, WEB, "en", later - timedelta(days=1)).level == "full"
    assert shown_name(fresh, WEB, "en", later).level == "none"


def test_withdrawal_does_not_touch_what_was_never_granted(town, member) -> None:
    record_consent(member, by=town.lead, **YES, state="pending")
    assert withdraw_consent(member, by=town.lead, subject=NAME, scope=WEB) == 0
    assert current(member).state == "pending"


@pytest.mark.parametrize(
    ("field", "value"),
    [("level", "half"), ("scope", "moon"), ("subject", "voice"), ("state", "maybe"),
     ("method", "dream"), ("witness", "x" * 129), ("given_on", "soon")],
)  # fmt: skip
def test_a_bad_value_is_named_and_what_counted_still_counts(town, member, field, value) -> None:
    before = list(member.consents.order_by("pk").values()), logged(member)
    with pytest.raises(ValidationError) as refusal:
        record_consent(member, by=town.lead, **{**YES, field: value})
    assert list(refusal.value.message_dict) == [field]
    assert (list(member.consents.order_by("pk").values()), logged(member)) == before


def test_the_database_takes_one_current_consent_for_a_scope_and_subject(member) -> None:
    values = {**YES, "state": "granted"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(member=member, **values)
    Consent.objects.create(member=member, current=False, **values)


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("expires_on", {"given_on": date(2026, 3, 1), "expires_on": date(2026, 2, 28)}),
        ("expires_on", {"expires_on": TODAY - timedelta(days=1)}),
        ("given_on", {"given_on": TODAY + timedelta(days=1)}),
        ("given_on", {"given_on": None}),
        ("method", {"method": ""}),
        ("state", {"level": "none"}),
        ("level", {"subject": "photo", "level": "surname_only"}),
    ],
)
def test_a_consent_that_cannot_have_been_given_so_is_refused(town, field, what) -> None:
    member = town.members["SGZ-M001"]
    with pytest.raises(ValidationError) as refused:
        record_consent(member, by=town.editor("SGZ"), **{**YES, **what})
    assert list(refused.value.message_dict) == [field]
    assert member.consents.filter(scope="public_web", subject="name", current=True).count() == 1


def taken_over(member: Member, **details) -> Consent:
    return Consent(member=member, current=False, **{**WHAT, "state": "granted", **details})


def test_consents_of_before_are_taken_over_and_the_log_says_what_they_lack(town, member) -> None:
    before = len(logged_of(town))
    rows = [taken_over(member), taken_over(member, given_on=TODAY, method="paper")]
    import_consents(member.pilot, rows, by=town.lead)
    assert member.consents.filter(current=False, given_on=None).count() == 1
    [line] = logged_of(town)[before:]
    assert line.user == town.lead
    lacking = {name: line.data[name] for name in ("count", "without_day", "without_method")}
    assert lacking == {"count": 2, "without_day": 1, "without_method": 1}
    assert details_of(line.data)


def logged_of(town: Town) -> list[ModelLogEntry]:
    return list(ModelLogEntry.objects.filter(action="pledge_pages.import_consents").order_by("pk"))


def test_only_a_lead_takes_over_and_only_what_can_be_of_this_branch(town, member) -> None:
    before = Consent.objects.count()
    with pytest.raises(PermissionDenied):
        import_consents(member.pilot, [taken_over(member)], by=town.editor("SGZ"))
    for row, field in (
        (taken_over(town.members["LSW-M001"]), "member"),
        (taken_over(member, level="half"), "level"),
    ):
        with pytest.raises(ValidationError) as refused:
            import_consents(member.pilot, [taken_over(member), row], by=town.lead)
        assert list(refused.value.message_dict) == [field]
    assert Consent.objects.count() == before

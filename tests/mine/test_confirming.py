"""Whoever gives a link could use it: the account acts only once somebody else has confirmed it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from pledge_pages.mine.consenting import change_consents
from pledge_pages.mine.invitations import confirm_account, invite_member
from pledge_pages.mine.reporting import report_progress
from pledge_pages.models import Assignment, Consent, Member, PointEntry
from pledge_pages.office.member_accounts import accounts_waiting_for
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.pilots.errors import StageError
from pledge_pages.tasks import actions as tasks
from tests.mine.conftest import give_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(town) -> Member:
    """A member whose link an editor gave, and opened: nobody has asked the member."""
    return give_account(town.members["SGZ-M002"], town.editor("SGZ"))


def refresh(member: Member) -> Member:
    return Member.objects.select_related("pilot__programme", "user").get(pk=member.pk)


def wishes(member: Member) -> dict:
    return {("public_web", "name"): "none"}


def test_before_it_is_confirmed_nothing_is_done_in_the_members_name(town, other) -> None:
    task = Assignment.objects.create(
        pilot=other.pilot, member=other, year=2026, due="2026-12-31", text={"en": "x"},
        measure={"en": "x"}, category=town.pages["SGZ-M002", "en"].pledges.get().category,
        assigned_by=town.editor("SGZ"),
    )  # fmt: skip
    key = town.pages["SGZ-M002", "en"].pledges.get().key
    before = Consent.objects.filter(member=other).count()
    for act in (
        lambda: change_consents(other, wishes(other), by=other.user),
        lambda: withdraw_consent(other, by=other.user, subject="name"),
        lambda: record_consent(
            other, by=other.user, scope="public_web", subject="name", level="full"
        ),
        lambda: report_progress(other, key, by=other.user, text={"en": "done"}),
        lambda: tasks.accept(task, by=other.user),
        lambda: tasks.decline(task, by=other.user, reason="no"),
    ):
        with pytest.raises(PermissionDenied, match=r"(?i)confirmed|确认"):
            act()
    assert Consent.objects.filter(member=other).count() == before
    assert Assignment.objects.get(pk=task.pk).state == "offered"
    assert not PointEntry.objects.filter(member=other).exists()


def test_the_page_says_so_and_can_be_read(town, other, sign_in) -> None:
    browser = sign_in(other.user)
    page = browser.get("/en/mine/")
    assert page.status_code == 200
    assert "Nobody has confirmed yet that this account is yours" in page.content.decode()
    fields = {f"{scope}-{subject}": "none" for scope in ("village_print", "village_qr", "public_web")
              for subject in ("name", "photo")}  # fmt: skip
    answer = browser.post("/en/mine/consent/", fields)
    assert answer.status_code == 200
    assert not Consent.objects.filter(member=other, state="withdrawn").exists()


def test_no_form_is_offered_that_would_be_refused(town, other, sign_in) -> None:
    browser = sign_in(other.user)
    key = town.pages["SGZ-M002", "en"].pledges.get().key

    def buttons() -> list[int]:
        addresses = (f"/en/mine/pledges/{key}/report/", "/en/mine/consent/")
        return [browser.get(one).content.count(b'type="submit"') for one in addresses]

    # The one that is left signs out.
    assert buttons() == [1, 1]
    confirm_account(other, by=town.moderator("SGZ"), reason="asked")
    assert buttons() == [2, 2]


def test_once_somebody_else_confirms_it_the_account_acts(town, other) -> None:
    confirm_account(other, by=town.moderator("SGZ"), reason="asked at the meeting")
    member = refresh(other)
    assert change_consents(member, wishes(member), by=member.user) == 1
    line = ModelLogEntry.objects.filter(action="pledge_pages.confirm_account").latest("pk")
    assert line.user == town.moderator("SGZ")
    assert line.data["member"] == "SGZ-M002"


def test_who_gave_the_link_an_editor_or_the_account_itself_does_not_confirm(town, other) -> None:
    for by in (town.editor("SGZ"), town.moderator("LSW"), other.user, town.verifier("SGZ")):
        with pytest.raises(PermissionDenied):
            confirm_account(other, by=by, reason="x")
    by_lead = give_account(other, town.lead)
    with pytest.raises(PermissionDenied):
        confirm_account(by_lead, by=town.lead, reason="x")
    assert not refresh(other).account_is_confirmed


def test_a_new_link_has_to_be_confirmed_again(town, other) -> None:
    confirm_account(other, by=town.moderator("SGZ"), reason="asked")
    again = give_account(refresh(other), town.editor("SGZ"))
    assert not again.account_is_confirmed
    with pytest.raises(PermissionDenied):
        change_consents(again, wishes(again), by=again.user)


def test_it_is_confirmed_after_it_was_opened_once_and_with_a_reason(town, other) -> None:
    invite_member(other, by=town.editor("SGZ"))
    moderator = town.moderator("SGZ")
    with pytest.raises(ValidationError):
        confirm_account(refresh(other), by=moderator, reason="too early")
    give_account(refresh(other), town.editor("SGZ"))
    with pytest.raises((ValidationError, StageError)):
        confirm_account(refresh(other), by=moderator, reason=" ")
    confirm_account(refresh(other), by=moderator, reason="asked")
    with pytest.raises(ValidationError):
        confirm_account(refresh(other), by=moderator, reason="again")


def test_the_members_record_says_who_gave_the_link_and_who_confirmed(town, other, sign_in) -> None:
    where = f"/admin/pledge-boards/members/inspect/{other.pk}/"
    confirm = f"/admin/pledge-boards/members/account/{other.pk}/confirm/"
    editor, moderator = sign_in(town.editor("SGZ")), sign_in(town.moderator("SGZ"))
    page = editor.get(where).content.decode()
    assert "editor_sgz" in page
    assert confirm not in page
    assert editor.get(confirm).status_code == 404
    assert confirm in moderator.get(where).content.decode()
    moderator.post(confirm, {"reason": "asked her on Sunday"})
    assert refresh(other).account_confirmed_by == town.moderator("SGZ")
    page = moderator.get(where).content.decode()
    assert "moderator_sgz" in page
    assert confirm not in page


@pytest.mark.parametrize("who", ["moderator_sgz", "lead"])
def test_who_may_confirm_it_is_told_at_home(town, other, sign_in, who) -> None:
    user = town.lead if who == "lead" else town.users[who]
    confirm = f"/admin/pledge-boards/members/account/{other.pk}/confirm/"
    addresses = ("/admin/", "/admin/pledge-boards/waiting/accounts/")
    for address in addresses:
        assert confirm in sign_in(user).get(address).content.decode()
    confirm_account(other, by=user, reason="asked")
    for address in addresses:
        assert confirm not in sign_in(user).get(address).content.decode()


def test_nobody_else_is_told_of_it(town, other, sign_in) -> None:
    waiting = "/admin/pledge-boards/waiting/accounts/"
    by_lead = give_account(town.members["LSW-M002"], town.lead)
    for user, member in (
        (town.editor("SGZ"), other),
        (town.moderator("LSW"), other),
        (town.lead, by_lead),
    ):
        page = sign_in(user).get(waiting).content.decode()
        assert member.staff_name not in page
        assert f"account/{member.pk}/" not in page
    invite_member(town.members["SGZ-M002"], by=town.editor("SGZ"))
    assert not accounts_waiting_for(town.lead).filter(pilot__code="SGZ").exists()


def test_an_account_that_an_administrator_bound_needs_no_confirmation(town) -> None:
    member = town.members["SGZ-M002"]
    assert member.account_given_at is None
    assert member.account_is_confirmed

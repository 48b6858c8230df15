"""What became of pledges of the branch: found by one, confirmed by another, never typed on the board."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal import branch_outcomes
from pledge_pages.appraisal.branch_outcomes import PastBranchOutcome
from pledge_pages.appraisal.branch_proof import public_check
from pledge_pages.appraisal.proof import OutcomeError
from pledge_pages.models import BranchOutcome, BranchPage, BranchPledge, Category, Pilot
from pledge_pages.pilots.errors import StageError
from tests.office.conftest import speak_english
from tests.worlds import LANGUAGES, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
METHOD = {"zh-hans": "走了一遍", "en": "Walked it"}
REASON = {"zh-hans": "雨季停工", "en": "No work in the rains"}


def board_of(town, language: str = "en") -> BranchPage:
    return BranchPage.objects.get(pk=town.boards["SGZ", language].pk)


def promise(town, outcome: str = "", language: str = "en", key=None, lead=None) -> BranchPledge:
    """Write a pledge of the branch on the newest version of its board."""
    page = board_of(town, language).get_latest_revision_as_object()
    pledge = BranchPledge(
        year=2026, text=f"Pave the road {language}", category=Category.objects.get(),
        progress="in_progress", outcome=outcome, locale=page.locale, lead=lead,
    )  # fmt: skip
    if key:
        pledge.key = key
    page.branch_pledges = [pledge]
    page.save_revision(user=town.editor("SGZ"))
    return pledge


def approved(town, **values) -> BranchPledge:
    """Have a pledge of the branch approved on the boards in both languages."""
    pledge = promise(town, **values)
    promise(town, language="zh-hans", key=pledge.key, **values)
    for language in LANGUAGES:
        town.hold(board_of(town, language).get_latest_revision_as_object(), "SGZ")
    return pledge


def found(town, pledge, outcome: str = "fulfilled", **values) -> BranchOutcome:
    values = {
        "by": town.editor("SGZ"), "method": METHOD, "reason": REASON, "checked_on": DAY, **values
    }  # fmt: skip
    return branch_outcomes.find_branch_outcome(
        Pilot.objects.get(code="SGZ"), pledge.key, outcome=outcome, **values
    )


def posted(town, pledge) -> None:
    """Find, confirm, put on the board and have it approved."""
    branch_outcomes.confirm_branch_outcome(found(town, pledge), by=town.verifier("SGZ"))
    branch_outcomes.put_branch_outcomes(Pilot.objects.get(code="SGZ"), by=town.editor("SGZ"))
    for language in LANGUAGES:
        town.approve(board_of(town, language), town.moderator("SGZ"))


def test_an_outcome_that_nobody_decided_is_not_submitted_approved_or_opened(town) -> None:
    promise(town, "fulfilled")
    with pytest.raises(OutcomeError, match="Pave the road"), transaction.atomic():
        town.submit(board_of(town).get_latest_revision_as_object(), town.editor("SGZ"))


def test_the_editors_form_shows_the_outcome_and_does_not_take_it(town) -> None:
    approved(town)
    client, page = Client(), board_of(town)
    client.force_login(town.editor("SGZ"))
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'name="branch_pledges-0-progress"' in html
    assert 'name="branch_pledges-0-outcome"' not in html


def test_what_one_found_and_another_confirmed_reaches_the_board_by_moderation(town) -> None:
    pledge = approved(town)
    row = found(town, pledge)
    assert not row.stands
    with pytest.raises(ValidationError):
        branch_outcomes.put_branch_outcomes(row.pilot, by=town.editor("SGZ"))
    branch_outcomes.confirm_branch_outcome(row, by=town.verifier("SGZ"))
    written = branch_outcomes.put_branch_outcomes(row.pilot, by=town.editor("SGZ"))
    assert len(written) == 2
    assert BranchPledge.objects.get(page=board_of(town)).outcome == ""
    for language in LANGUAGES:
        town.approve(board_of(town, language), town.moderator("SGZ"))
        assert BranchPledge.objects.get(page=board_of(town, language)).outcome == "fulfilled"


def test_nobody_confirms_what_they_found_themselves(town) -> None:
    row = found(town, approved(town))
    with pytest.raises(PermissionDenied):
        branch_outcomes.confirm_branch_outcome(row, by=town.editor("SGZ"))
    assert not BranchOutcome.objects.get().stands


def test_whoever_leads_the_pledge_neither_finds_nor_confirms(town) -> None:
    member = town.members["SGZ-M001"]
    pledge = approved(town, lead=member)
    type(member).objects.filter(pk=member.pk).update(user=town.editor("SGZ"))
    with pytest.raises(PermissionDenied):
        found(town, pledge)
    row = found(town, pledge, by=town.moderator("SGZ"))
    with pytest.raises(PermissionDenied):
        branch_outcomes.confirm_branch_outcome(row, by=town.editor("SGZ"))
    branch_outcomes.confirm_branch_outcome(row, by=town.verifier("SGZ"))


def test_others_take_no_part(town) -> None:
    pledge = approved(town)
    for by in (town.editor("LSW"), town.verifier("LSW"), make_user("nobody")):
        with pytest.raises(PermissionDenied):
            found(town, pledge, by=by)
    row = found(town, pledge)
    with pytest.raises(PermissionDenied):
        branch_outcomes.confirm_branch_outcome(row, by=town.editor("LSW"))
    with pytest.raises(PermissionDenied):
        branch_outcomes.put_branch_outcomes(row.pilot, by=town.verifier("SGZ"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"method": METHOD | {"en": " "}}, "method"),
        ({"method": METHOD | {"en": "x" * 256}}, "method"),
        ({"method": METHOD | {"en": "Ask 13800138000"}}, "method"),
        ({"outcome": "partly", "reason": {"en": "Rain"}}, "reason"),
        ({"checked_on": date(2026, 12, 2)}, "checked_on"),
        ({"checked_on": date(2025, 12, 31)}, "checked_on"),
        ({"outcome": "in_progress"}, "outcome"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(town, values, field) -> None:
    pledge = approved(town)
    with pytest.raises(ValidationError) as info, transaction.atomic():
        found(town, pledge, **values)
    assert field in info.value.message_dict
    assert not BranchOutcome.objects.exists()


def test_a_correction_is_another_one_and_what_stands_does_not_go_off_the_board(town) -> None:
    pledge = approved(town)
    posted(town, pledge)
    promise(town, "", key=pledge.key)
    with pytest.raises(OutcomeError, match="stays on the page"), transaction.atomic():
        town.submit(board_of(town).get_latest_revision_as_object(), town.editor("SGZ"))
    promise(town, "fulfilled", key=pledge.key)
    row = found(town, pledge, "partly")
    branch_outcomes.confirm_branch_outcome(row, by=town.verifier("SGZ"))
    with pytest.raises(OutcomeError, match="something else"), transaction.atomic():
        town.submit(board_of(town).get_latest_revision_as_object(), town.editor("SGZ"))
    assert BranchOutcome.objects.count() == 2


@pytest.mark.parametrize("field", ["outcome", "method", "reason", "checked_on"])
def test_nothing_of_what_was_decided_is_typed_otherwise(town, field) -> None:
    pledge = approved(town)
    posted(town, pledge)
    draft = board_of(town).get_latest_revision_as_object()
    (row,) = draft.branch_pledges.all()
    setattr(row, field, date(2026, 11, 1) if field == "checked_on" else "partly")
    draft.branch_pledges = [row]
    draft.save_revision(user=town.editor("SGZ"))
    with pytest.raises(OutcomeError, match="something else"), transaction.atomic():
        town.submit(board_of(town).get_latest_revision_as_object(), town.editor("SGZ"))


def test_two_do_not_find_the_same_at_once(town) -> None:
    pledge = approved(town)
    found(town, pledge)
    with pytest.raises(ValidationError, match="waits"):
        found(town, pledge, by=town.moderator("SGZ"))


def test_what_was_found_wrongly_is_given_up_with_a_reason_and_found_anew(town) -> None:
    pledge = approved(town)
    row = found(town, pledge)
    with pytest.raises(PermissionDenied):
        branch_outcomes.drop_branch_outcome(row, by=town.editor("LSW"), reason="x")
    with pytest.raises(StageError):
        branch_outcomes.drop_branch_outcome(row, by=town.verifier("SGZ"), reason=" ")
    with pytest.raises(ValidationError):
        branch_outcomes.drop_branch_outcome(row, by=town.verifier("SGZ"), reason="ask 13800138000")
    branch_outcomes.drop_branch_outcome(row, by=town.verifier("SGZ"), reason="it was another road")
    with pytest.raises(ValidationError, match="given up"), translation.override("en"):
        branch_outcomes.confirm_branch_outcome(row, by=town.moderator("SGZ"))
    assert not branch_outcomes.standing(town.pilots["SGZ"])
    line = ModelLogEntry.objects.get(action="pledge_pages.drop_branch_outcome")
    assert line.data["reason"] == "it was another road"
    again = found(town, pledge)
    branch_outcomes.confirm_branch_outcome(again, by=town.verifier("SGZ"))
    with pytest.raises(ValidationError):
        branch_outcomes.drop_branch_outcome(again, by=town.verifier("SGZ"), reason="too late")


def test_a_board_with_a_newer_draft_is_written_upon_only_when_asked(town) -> None:
    pledge = approved(town)
    branch_outcomes.confirm_branch_outcome(found(town, pledge), by=town.verifier("SGZ"))
    draft = board_of(town).get_latest_revision_as_object()
    draft.introduction = "<p>Nobody approved this yet.</p>"
    draft.save_revision(user=town.editor("SGZ"))
    pilot, editor = Pilot.objects.get(code="SGZ"), town.editor("SGZ")
    with pytest.raises(ValidationError):
        branch_outcomes.put_branch_outcomes(pilot, by=editor)
    assert len(branch_outcomes.put_branch_outcomes(pilot, by=editor, with_draft=True)) == 2
    assert "Nobody" in board_of(town).get_latest_revision_as_object().introduction


def test_what_was_found_is_never_changed_or_deleted(town) -> None:
    row = found(town, approved(town))
    rows = BranchOutcome.objects.filter(pk=row.pk)
    for change in ({"outcome": "partly"}, {"method": {}}, {"found_by": town.lead}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete(rows.db)
    branch_outcomes.confirm_branch_outcome(row, by=town.verifier("SGZ"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(confirmed_by=town.lead)


def test_older_ones_come_in_with_what_is_not_known_and_a_line_for_each_branch(town) -> None:
    pledge, pilot = approved(town), Pilot.objects.get(code="SGZ")
    past = [PastBranchOutcome(pilot, pledge.key, 2026, "fulfilled")]
    with pytest.raises(PermissionDenied):
        branch_outcomes.import_branch_outcomes(past, by=town.moderator("SGZ"))
    (row,) = branch_outcomes.import_branch_outcomes(past, by=town.lead)
    assert (row.stands, row.gaps) == (True, ["no_statements", "no_day"])
    line = ModelLogEntry.objects.get(action="pledge_pages.import_branch_outcomes")
    assert line.data["missing"] == {"no_day": 1, "no_statements": 1}
    promise(town, "fulfilled", key=pledge.key)
    town.hold(board_of(town).get_latest_revision_as_object(), "SGZ")
    with pytest.raises(ValidationError):
        branch_outcomes.import_branch_outcomes(past, by=town.lead)


# In the admin ---------------------------------------------------------------------------------


def signed_in(user) -> Client:
    speak_english(user)
    client = Client()
    client.force_login(user)
    return client


def filled_in(**values: str) -> dict[str, str]:
    """What the form of an outcome is sent."""
    texts = {
        f"{field}_{code.replace('-', '_')}": text
        for field, said in (("method", METHOD), ("reason", REASON))
        for code, text in said.items()
    }
    return {"outcome": "partly", "checked_on": "2026-11-20", **texts, **values}


def test_two_people_and_a_moderator_bring_an_outcome_to_the_board_in_the_admin(town) -> None:
    pledge, pilot = approved(town), Pilot.objects.get(code="SGZ")
    base = reverse("pledge_boards:branch_checks", args=[pilot.pk])
    editor, verifier = signed_in(town.editor("SGZ")), signed_in(town.verifier("SGZ"))
    assert base in editor.get(reverse("pledge_boards:checks")).content.decode()
    assert "Pave the road en" in editor.get(base).content.decode()
    given = filled_in()
    assert editor.post(f"{base}{pledge.key}/find/", given).status_code == 302
    assert "Somebody else has to confirm it." in editor.get(base).content.decode()
    refused = editor.post(f"{base}{pledge.key}/confirm/")
    assert "You found it." in refused.content.decode()
    assert editor.post(f"{base}{pledge.key}/drop/", {"reason": "wrong road"}).status_code == 302
    assert editor.post(f"{base}{pledge.key}/find/", given).status_code == 302
    assert (
        "Partly fulfilled, checked on"
        in verifier.get(f"{base}{pledge.key}/confirm/").content.decode()
    )
    assert verifier.post(f"{base}{pledge.key}/confirm/").status_code == 302
    assert "Put the outcomes on the board" not in verifier.get(base).content.decode()
    assert editor.post(f"{base}put/").status_code == 302
    for language in LANGUAGES:
        town.approve(board_of(town, language), town.moderator("SGZ"))
    shown = Client().get(board_of(town).url).content.decode()
    for said in ("Partly fulfilled", "Walked it", "No work in the rains", "2026-11-20"):
        assert said in shown
    (told,) = Client().get("/api/v1/boards/SGZ/?language=en").json()["branch_pledges"]
    assert (told["method"], told["reason"], told["checked_on"]) == (
        "Walked it", "No work in the rains", "2026-11-20",
    )  # fmt: skip


def test_a_wrong_day_is_said_at_its_field_in_the_admin(town) -> None:
    pledge, pilot = approved(town), Pilot.objects.get(code="SGZ")
    base = reverse("pledge_boards:branch_checks", args=[pilot.pk])
    given = filled_in(checked_on="2027-11-20")
    answer = signed_in(town.editor("SGZ")).post(f"{base}{pledge.key}/find/", given)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"checked_on"}


def test_a_pledge_that_was_not_approved_is_not_found_in_the_admin(town) -> None:
    pledge, pilot = promise(town), Pilot.objects.get(code="SGZ")
    base = reverse("pledge_boards:branch_checks", args=[pilot.pk])
    client = signed_in(town.editor("SGZ"))
    assert "No pledge of the branch was approved." in client.get(base).content.decode()
    for step in ("find", "confirm"):
        assert client.get(f"{base}{pledge.key}/{step}/").status_code == 404


def test_a_board_with_an_outcome_that_nobody_decided_is_not_opened(town) -> None:
    pledge = approved(town)
    posted(town, pledge)
    town.close("SGZ")
    page = board_of(town)
    BranchPledge.objects.filter(page=page).update(outcome="partly")
    page = board_of(town)
    with pytest.raises(OutcomeError, match="something else"):
        public_check(frozenset())(page)

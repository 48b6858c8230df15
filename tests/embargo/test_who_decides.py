"""Actions ask who takes them, whatever view or command stands before: here they are called at once."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from wagtail.models import Locale, Page

from home.models import NewsPage
from pledge_pages.appraisal.importing import PastOutcome, import_outcomes
from pledge_pages.appraisal.ledger_history import import_points
from pledge_pages.boards.opening import open_branch, open_programme
from pledge_pages.embargo.approval import hold, lock_gate
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.leak_check import check
from pledge_pages.leak_check.models import LeakCheck
from pledge_pages.models import BranchPage, OutcomeDecision, Pilot, Programme, ProgrammePage, Report
from pledge_pages.rulebook.history import import_versions
from pledge_pages.supervision.history import History, import_report
from pledge_pages.supervision.receiving import Said
from tests.worlds import LANGUAGES, build_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with translation.override("en"):
        yield build_town(codes=("SGZ",), members=1)


def test_only_leads_take_over_outcomes_from_before(town):
    past = PastOutcome(
        member=town.members["SGZ-M001"], key=uuid.uuid4(), year=2026, outcome="fulfilled",
        checked_on=date(2026, 11, 2), method=dict.fromkeys(LANGUAGES, "seen"),
        outsiders=("one", "two"),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        import_outcomes([past], by=town.moderator("SGZ"))
    assert not OutcomeDecision.objects.exists()
    assert import_outcomes([past], by=town.lead)


def test_only_leads_bring_in_points_from_before(town):
    with pytest.raises(PermissionDenied):
        import_points(town.programme, [], by=town.moderator("SGZ"), books={})
    assert import_points(town.programme, [], by=town.lead, books={}) == []


def test_only_leads_bring_in_rules_from_before(town):
    with pytest.raises(PermissionDenied):
        import_versions(town.programme, [], by=town.moderator("SGZ"))
    assert import_versions(town.programme, [], by=town.lead) == {}


def test_only_the_committee_takes_over_reports_from_before(town):
    said = Said(town.pilots["SGZ"], "report", "box", "")
    past = History(date(2026, 1, 2), "received")
    for by in (town.lead, town.moderator("SGZ")):
        with pytest.raises(PermissionDenied):
            import_report(said, past, by=by, lacks=["text"])
    assert not Report.objects.exists()


def test_only_leads_open_a_branch(town):
    with pytest.raises(PermissionDenied):
        open_branch(
            town.programme, code="NEW", name={"en": "New"}, slug="new", by=town.moderator("SGZ")
        )
    assert not Pilot.objects.filter(code="NEW").exists()


def test_only_administrators_open_a_programme(town):
    other = Programme.objects.create(code="QQ", public_name={"en": "Q"}, neutral_name={"en": "q"})
    with pytest.raises(PermissionDenied):
        open_programme(other, parents=town.home, by=town.lead, slug="other")
    assert not ProgrammePage.objects.filter(programme=other).exists()


def test_only_leads_look_for_leaks(town):
    for by in (town.moderator("SGZ"), None):
        with pytest.raises(PermissionDenied):
            check.begin(by=by, source=LeakCheck.Source.ADMIN)
    assert not LeakCheck.objects.exists()


def test_what_belongs_to_no_pilot_is_not_approved(town):
    page = NewsPage(title="Brief", slug="brief")
    Page.objects.get(pk=town.home["en"].pk).add_child(instance=page)
    with pytest.raises(EmbargoError, match="belongs to no pilot"):
        lock_gate(page)


def test_an_approval_is_never_that_of_its_author(town):
    """Whatever stood before it: the last step of an approval asks again."""
    page = Page.objects.get(pk=town.pages["SGZ-M001", "en"].pk).specific
    moderator = town.moderator("SGZ")
    revision = page.save_revision(user=moderator)
    with pytest.raises(EmbargoError):
        hold(page, revision, by=moderator)
    assert page.standing_approval is None


def test_a_board_stands_below_its_own_programme_only(town):
    other = Programme.objects.create(code="QQ", public_name={"en": "Q"}, neutral_name={"en": "q"})
    pages = open_programme(other, parents=town.home, by=town.admin, slug="other")
    pilot = Pilot.objects.create(programme=town.programme, code="NEW", name={"en": "New"})
    board = BranchPage(
        pilot=pilot, title="New", slug="new", locale=Locale.objects.get(language_code="en")
    )
    with pytest.raises(EmbargoError, match="below the page of its pilot's programme"):
        pages["en"].add_child(instance=board)


def test_a_programme_does_not_stand_below_a_pilot(town):
    other = Programme.objects.create(code="QQ", public_name={"en": "Q"}, neutral_name={"en": "q"})
    page = ProgrammePage(
        programme=other, title="Q", slug="q", locale=Locale.objects.get(language_code="en")
    )
    board = Page.objects.get(pk=town.boards["SGZ", "en"].pk)
    with pytest.raises(EmbargoError, match="cannot stand below a pilot"):
        board.add_child(instance=page)

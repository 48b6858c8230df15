"""Two at the same moment, each with a connection of their own: one report, one step, a clear refusal."""

import pytest
from django.contrib.auth.models import Group

from pledge_pages.models import Report
from pledge_pages.supervision import actions, receipts
from pledge_pages.supervision.errors import ReportError
from pledge_pages.supervision.receiving import Said, receive
from tests.races.stage import meet, points
from tests.supervision.conftest import ANSWER, QUESTION, RAW
from tests.worlds import build_town, make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    town = build_town(codes=("SGZ",), members=1)
    for name in ("one", "two"):
        user = make_user(name)
        user.groups.add(Group.objects.get(name="SGZ supervisors"))
        town.users[name] = user
    return town


def received(town) -> Report:
    said = Said(town.pilots["SGZ"], "report", "qr", RAW, "", town.members["SGZ-M001"])
    return receive(said, code=receipts.new_code())


def test_the_same_form_sent_twice_at_once_is_one_report(town) -> None:
    said = Said(town.pilots["SGZ"], "report", "qr", RAW)
    for at in points(lambda: receive(said, code=receipts.new_code())):
        before, code = Report.objects.count(), receipts.new_code()
        meeting = meet(
            lambda c=code: receive(said, code=c), lambda c=code: receive(said, code=c), at=at
        )
        assert (meeting.first.refused, meeting.second.refused) == (None, None)
        assert Report.objects.count() == before + 1


def test_of_two_who_step_at_once_one_is_refused_in_plain_words(town) -> None:
    one, two = town.users["one"], town.users["two"]
    first = received(town)
    for at in points(lambda: actions.accept(first, by=one)):
        report = received(town)
        meeting = meet(
            lambda r=report: actions.accept(r, by=one),
            lambda r=report: actions.redact(r, by=two, text=QUESTION, version=r.version),
            at=at,
        )
        refused = [actor.refused for actor in (meeting.first, meeting.second) if actor.refused]
        report.refresh_from_db()
        if refused:
            assert isinstance(refused[0], ReportError)
            assert refused[0].code == "changed"
            assert report.version == 2
        else:  # the second was done before the first had looked
            assert (report.state, report.public_text, report.version) == ("accepted", QUESTION, 3)


def test_nobody_publishes_an_answer_that_is_being_written_anew_by_themselves(town) -> None:
    one, two = town.users["one"], town.users["two"]
    first = answered(town)
    for at in points(lambda: actions.publish(first, by=two)):
        report = answered(town)
        meet(
            lambda r=report: actions.publish(r, by=two),
            lambda r=report: actions.answer(r, by=two, text={"en": "another"}),
            at=at,
        )
        report.refresh_from_db()
        assert report.answered_by == one if report.is_published else report.answered_by == two


def answered(town) -> Report:
    one = town.users["one"]
    report = actions.accept(received(town), by=one)
    actions.redact(report, by=one, text=QUESTION)
    return actions.answer(report, by=one, text=ANSWER)

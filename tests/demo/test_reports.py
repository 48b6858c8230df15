"""What villagers reported in the sample town, as it was known on a day."""

from collections import Counter
from datetime import date

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from home.demo.reports import history_of
from pledge_pages.models import Report
from pledge_pages.supervision import access
from tests.demo.test_loading import user

pytestmark = pytest.mark.django_db


class Anyone(dict):
    def __missing__(self, name):
        return name


def states(sample, on: date) -> Counter:
    known = [row for row in sample["supervision"] if row["received_on"] <= on.isoformat()]
    return Counter(str(history_of(row, on, Anyone()).state) for row in known)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 6, 17), {}),
        (date(2025, 6, 18), {"received": 1}),
        (date(2025, 6, 21), {"accepted": 1}),
        (date(2025, 6, 22), {"closed": 1}),
        (date(2026, 3, 5), {"closed": 3, "answered": 1}),
        (date(2026, 11, 9), {"closed": 9, "answered": 1, "accepted": 1, "asked_member": 1, "received": 2}),
        (date(2026, 11, 15), {"closed": 9, "answered": 1, "accepted": 1, "asked_member": 1, "received": 1, "rejected": 1}),
    ],
)  # fmt: skip
def test_each_stands_as_it_did_on_the_day(sample, on, expected):
    assert states(sample, on) == expected


def test_answers_stand_on_the_board_and_the_trail_says_what_is_not_known(
    small_town, three_villages
):
    small_town(date(2026, 3, 5), members_per_village=None)
    assert Counter(Report.objects.values_list("pilot__code", flat=True)) == {"SGZ": 4}
    lines = ModelLogEntry.objects.filter(action="pledge_pages.import_report")
    assert lines.count() == 4
    for line in lines:
        assert {"text", "receipt", "days"} <= set(line.data["lacks"])
    assert all(not report.text for report in Report.objects.all())
    supervisor = user("supervisor")
    assert access.reports_seen_by(supervisor).count() == 4
    assert supervisor.has_usable_password()
    slug = three_villages.villages["SGZ"]["board"]["slug"]
    body = Client().get(f"/en/work-plan/{slug}/").content.decode()
    assert body.count('class="pp-question"') == 4
    assert "Why was that day of voluntary labour not counted?" in body

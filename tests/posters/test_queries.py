"""What print asks of the database: a few queries, whatever the number of members."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledge_pages.models import BranchPage, Pilot
from pledge_pages.posters import printing
from pledge_pages.posters.reprints import facts_of
from pledge_pages.posters.wish import Wish
from tests.crowd import add_crowd
from tests.posters.reading import words_of

pytestmark = pytest.mark.django_db

# Of a board that is made ready, and of one that is printed and remembered, in one language.
MAKE, PRINT = 16, 36


def queries(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("public", [True, False])
def test_forty_more_members_cost_no_more_queries(town, pilot, public) -> None:
    wish = Wish(size="A1", languages=("zh-hans",))
    if public:
        town.open("SGZ")
        pilot = Pilot.objects.get(pk=pilot.pk)
    printing.make(pilot, wish, by=None)  # content types are read once
    before = queries(lambda: facts_of(printing.make(pilot, wish, by=None).content))
    assert before <= MAKE
    if public:
        add_crowd(BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk), 40, photos=False)
        assert queries(lambda: printing.make(pilot, wish, by=None)) == before
        done = []
        assert queries(lambda: done.append(printing.print_sheets(pilot, wish, by=None))) <= PRINT
        words = words_of(done[0].content)
        assert all(f"王众{number}" in words for number in range(40))


def test_a_photo_whose_file_is_gone_gives_way_to_initials(town, pilot) -> None:
    for row in town.photo.renditions.all():
        row.file.storage.delete(row.file.name)
    done = printing.print_sheets(pilot, Wish(size="A4", languages=("zh-hans",)), by=None)
    assert "史长SGZ1" in words_of(done.content)

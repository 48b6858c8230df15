"""What a reader of the village view costs: few queries, whatever the number of members."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledge_pages.embargo.models import digest_of
from pledge_pages.models import BranchPage, HeldApproval, MemberPledgePage, Pilot
from pledge_pages.photos.addresses import photo_url
from pledge_pages.pilots.actions import take_step
from pledge_pages.village.reading import PHOTO_VIEW
from tests.crowd import add_crowd

pytestmark = pytest.mark.django_db

# Of a reader who was counted today.
LIMITS = {"board": 12, "member": 13, "photo": 8}


@pytest.fixture
def crowd(town):
    """Forty more members, public and with a standing approval each."""
    town.open("SGZ")
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    pages = add_crowd(board, 40)
    for page in pages:
        content = MemberPledgePage.objects.get(pk=page.pk).serializable_data()
        HeldApproval.objects.create(
            page_id=page.pk, snapshot=content, digest=digest_of(content),
            revised_at=board.first_published_at, approved_by=town.moderator("SGZ"),
        )  # fmt: skip
    return pages


@pytest.mark.parametrize("held", [True, False])
def test_forty_members_take_no_more_queries_than_two(town, crowd, reader, held):
    if held:
        town.close("SGZ")
        take_step(Pilot.objects.get(code="SGZ"), "resume", by=town.lead, reason="mended")
    reader.get("/v/")
    paths = {
        "board": "/v/",
        "member": f"/v/{crowd[7].slug}/",
        "photo": photo_url(town.photo.token, "tile", PHOTO_VIEW),
    }
    for name, path in paths.items():
        with CaptureQueriesContext(connection) as captured:
            answer = reader.get(path)
        assert answer.status_code == 200, name
        assert len(captured) <= LIMITS[name], f"{name}: {len(captured)}\n" + "\n".join(
            query["sql"][:160] for query in captured.captured_queries
        )
        if name == "board":
            body = answer.content.decode()
            assert all(f"王众{index}" in body for index in range(40))
            assert body.count("/tile.jpg") == 41

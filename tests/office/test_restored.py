"""A restored database in the admin: leads are warned, and confirm with a reason."""

import pytest
from wagtail.models import ModelLogEntry

from pledge_pages.embargo import restored
from pledge_pages.models import Whereabouts

ADDRESS = "/admin/pledge-boards/restored/"
BOARD = "/zh-hans/work-plan/village-1/"
WARNING = "This database was put back from a copy"


@pytest.fixture
def put_back(town):
    """A town whose database lies elsewhere than it did."""
    town.hold_branch("SGZ")
    town.open("SGZ")
    Whereabouts.objects.update(place="elsewhere")
    restored.forget_verification()
    yield town
    restored.forget_verification()


def test_leads_are_warned_on_their_home_and_others_see_nothing(put_back, sign_in):
    for user, warned in (
        (put_back.lead, True), (put_back.admin, True), (put_back.editor("SGZ"), False)
    ):  # fmt: skip
        page = sign_in(user).get("/admin/").content.decode()
        assert (WARNING in page) is warned
        assert (ADDRESS in page) is warned


def test_a_lead_sees_what_will_be_public_and_confirms_with_a_reason(put_back, sign_in, client):
    lead = sign_in(put_back.lead)
    page = lead.get(ADDRESS).content.decode()
    assert "It lies elsewhere than it did." in page
    assert "SGZ village (SGZ)" in page
    assert client.get(BOARD).status_code == 404
    assert "This field is required" in lead.post(ADDRESS, {"reason": ""}).content.decode()
    assert client.get(BOARD).status_code == 404

    answer = lead.post(ADDRESS, {"reason": "moved to another machine"}, follow=True)
    assert "Confirmed" in answer.content.decode()
    assert WARNING not in answer.content.decode()
    assert client.get(BOARD).status_code == 200
    line = ModelLogEntry.objects.get(action="pledge_pages.confirm_restore")
    assert line.data["reason"] == "moved to another machine"
    trail = lead.get("/admin/pledge-boards/trail/").content.decode()
    assert "Restored database confirmed" in trail


def test_nobody_else_confirms(put_back, sign_in, client):
    for user in (put_back.editor("SGZ"), put_back.moderator("SGZ")):
        for answer in (sign_in(user).get(ADDRESS), sign_in(user).post(ADDRESS, {"reason": "x"})):
            assert (answer.status_code, answer.url) == (302, "/admin/")
    assert client.get(ADDRESS).url.startswith("/admin/login/")
    assert client.get(BOARD).status_code == 404


def test_looking_alone_confirms_nothing(put_back, sign_in, client):
    sign_in(put_back.lead).get(ADDRESS)
    assert client.get(BOARD).status_code == 404


def test_where_there_is_nothing_to_confirm_it_says_so(town, sign_in):
    answer = sign_in(town.lead).get(ADDRESS, follow=True)
    assert "There is nothing to confirm" in answer.content.decode()
    answer = sign_in(town.lead).post(ADDRESS, {"reason": "x"}, follow=True)
    assert "There is nothing to confirm" in answer.content.decode()

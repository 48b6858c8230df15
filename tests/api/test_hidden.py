"""What is not public does not exist: same bytes, same headers, on every address of the API."""

import pytest
from django.test import Client
from wagtail.models import APIToken, PageViewRestriction

from pledge_pages.embargo import gate
from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import BranchPage, MemberPledgePage
from tests.api.conftest import Api
from tests.worlds import PASSWORD

pytestmark = pytest.mark.django_db

# Nothing of the quiet branch may be in an answer to the public.
SECRETS = ("LSW", "village-2")


def same(first, second) -> bool:
    return (first.status_code, first.content, dict(first.headers)) == (
        second.status_code, second.content, dict(second.headers),
    )  # fmt: skip


def hidden_and_unknown(town) -> list[tuple[str, str]]:
    """Return pairs of addresses: of something hidden, and of nothing at all."""
    member = town.members["LSW-M001"].public_id
    return [
        ("boards/LSW/", "boards/XYZ/"),
        ("boards/LSW/?language=en", "boards/XYZ/?language=en"),
        ("boards/LSW/?year=2026", "boards/XYZ/?year=2026"),
        ("boards/LSW/?year=2031", "boards/XYZ/?year=2031"),
        ("boards/LSW", "boards/XYZ"),
        (f"members/{member}/", "members/abcdefghjk/"),
        (f"members/{member}/?language=en", "members/abcdefghjk/?language=en"),
        ("boards/?programme=PP&language=xx", "boards/?programme=QQ&language=xx"),
    ]


def test_an_address_of_something_hidden_answers_as_one_of_nothing(public, half_open_town) -> None:
    for hidden, unknown in hidden_and_unknown(half_open_town):
        first, second = public.get(hidden), public.get(unknown)
        if first.status_code == 301:  # the missing slash, added whatever is there
            assert second.status_code == 301
            continue
        assert same(first, second), hidden
        assert first.status_code in (404, 422)
        assert not any(secret in first.content.decode() for secret in SECRETS)


def test_no_method_tells_hidden_from_unknown(public, half_open_town) -> None:
    for hidden, unknown in hidden_and_unknown(half_open_town):
        for method in ("HEAD", "OPTIONS", "POST", "DELETE", "PUT", "PATCH"):
            if "?" not in hidden and hidden.endswith("/"):
                assert same(public.send(method, hidden), public.send(method, unknown)), hidden


def test_while_everything_is_quiet_the_api_knows_nothing(public, quiet_town) -> None:
    assert public.get("boards/").json()["results"] == []
    assert public.get("boards/?programme=PP").content == public.get("boards/?programme=QQ").content
    assert public.get("boards/SGZ/").content == public.get("boards/XYZ/").content
    for path in ("", "boards/", "openapi.json"):
        text = public.get(path).content.decode()
        assert not any(word in text for word in ("SGZ", "LSW", "PP", "Member pledge system"))


def test_lists_and_counts_have_nothing_of_a_hidden_branch(public, half_open_town) -> None:
    for path in ("", "boards/", "boards/?programme=PP", "boards/SGZ/", "openapi.json"):
        text = public.get(path).content.decode()
        assert not any(secret in text for secret in SECRETS), path
    assert public.get("boards/").json()["count"] == 2


def test_suspending_the_pilot_hides_it_at_once(public, half_open_town) -> None:
    member = f"members/{half_open_town.members['SGZ-M001'].public_id}/"
    assert public.get(member).status_code == 200
    half_open_town.close("SGZ")
    assert public.get("boards/").json()["count"] == 0
    assert same(public.get("boards/SGZ/"), public.get("boards/XYZ/"))
    assert same(public.get(member), public.get("members/abcdefghjk/"))


def test_a_page_nobody_approved_is_as_hidden_in_an_open_pilot(public, half_open_town) -> None:
    member = half_open_town.members["SGZ-M001"].public_id
    page = MemberPledgePage.objects.get(pk=half_open_town.pages["SGZ-M001", "en"].pk)
    board = BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk)
    withdraw(page, by=half_open_town.lead, reason="a mistake")
    withdraw(board, by=half_open_town.lead, reason="a mistake")
    for hidden, unknown in (
        (f"members/{member}/?language=en", "members/abcdefghjk/?language=en"),
        ("boards/SGZ/?language=zh-hans", "boards/XYZ/?language=zh-hans"),
    ):
        assert same(public.get(hidden), public.get(unknown)), hidden
    assert member not in public.get("boards/SGZ/?language=en").content.decode()
    assert [row["language"] for row in public.get("boards/").json()["results"]] == ["en"]


def test_a_session_cookie_shows_no_more_than_none(public, half_open_town) -> None:
    signed_in = Client()
    assert signed_in.login(username="admin", password=PASSWORD)
    for hidden, _unknown in hidden_and_unknown(half_open_town):
        assert same(Api(signed_in).get(hidden), public.get(hidden))
    assert Api(signed_in).get("boards/").content == public.get("boards/").content
    page = half_open_town.pages["SGZ-M001", "en"].pk
    assert Api(signed_in).get(f"pages/{page}/workflow/").status_code == 401


def test_the_token_of_another_branch_shows_no_more_than_none(bearer, half_open_town) -> None:
    other = bearer(half_open_town.editor("SGZ"))
    for hidden, unknown in hidden_and_unknown(half_open_town):
        first, second = other.get(hidden), other.get(unknown)
        assert first.status_code == 301 or same(first, second), hidden


def test_while_the_gate_has_no_lock_nothing_is_shown_to_anyone(
    public, bearer, half_open_town, monkeypatch
) -> None:
    admin = bearer(half_open_town.admin)
    monkeypatch.setattr(gate, "may_serve", lambda: False)
    page = half_open_town.pages["SGZ-M001", "en"].pk
    for reader in (public, admin):
        assert reader.get("boards/").json()["count"] == 0
        assert reader.get("boards/SGZ/").status_code == 404
    assert admin.get(f"pages/{page}/workflow/").status_code == 404


def test_a_restriction_above_the_boards_counts_here_as_well(public, half_open_town) -> None:
    PageViewRestriction.objects.create(
        page=half_open_town.home["en"], restriction_type="password", password="secret"
    )
    assert [row["language"] for row in public.get("boards/").json()["results"]] == ["zh-hans"]
    assert public.get("boards/SGZ/?language=en").status_code == 404
    member = half_open_town.members["SGZ-M001"].public_id
    assert public.get(f"members/{member}/?language=en").status_code == 404
    assert public.get(f"members/{member}/").json()["language"] == "zh-hans"


def test_what_is_public_may_be_kept_but_is_asked_for_each_time(
    public, bearer, half_open_town
) -> None:
    staff = bearer(half_open_town.editor("SGZ"))
    for path in ("", "boards/", "boards/SGZ/", "boards/XYZ/", "no-such-thing/", "openapi.json"):
        assert public.get(path)["Cache-Control"] == "private, no-cache", path
        assert staff.get(path)["Cache-Control"] == "no-store", path
        assert public.get(path)["X-Robots-Tag"] == "noindex"
        assert "Authorization" in public.get(path)["Vary"]
        assert not public.get(path).cookies
    answer = Api(public.client, "wagtail_wrong").get("boards/")
    assert (answer.status_code, answer["Cache-Control"]) == (401, "no-store")


def test_a_token_that_is_revoked_or_whose_user_left_is_refused(public, half_open_town) -> None:
    user = half_open_town.editor("SGZ")
    token, plain = APIToken.create_token(user=user, name="old")
    holder = Api(public.client, plain)
    assert holder.get("boards/").status_code == 200
    user.is_active = False
    user.save()
    assert holder.get("boards/").status_code == 401
    user.is_active = True
    user.save()
    token.revoke()
    answer = holder.get("boards/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")

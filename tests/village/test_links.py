"""Village links: issued, printed again, replaced, revoked; and what a copy of the database tells."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from pledge_pages.models import Pilot, VillageLink
from pledge_pages.pilots.actions import take_step
from pledge_pages.village import links, tokens
from tests.village.conftest import path_of
from tests.worlds import Town

pytestmark = pytest.mark.django_db


def everything_stored(link: VillageLink) -> str:
    """All that the database has of a link, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {VillageLink._meta.db_table} WHERE id = %s", [link.pk])
        return repr(cursor.fetchall())


# Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "admin", "editor", "moderator"])
def test_leads_and_the_branchs_staff_issue_links(town: Town, who: str) -> None:
    by = {
        "lead": town.lead,
        "admin": town.admin,
        "editor": town.editor("SGZ"),
        "moderator": town.moderator("SGZ"),
    }[who]
    assert links.issue(town.pilots["SGZ"], by=by).issued_by == by


@pytest.mark.parametrize("act", ["issue", "rotate", "revoke"])
def test_staff_of_another_branch_may_do_nothing_with_links(town: Town, link, act: str) -> None:
    about = town.pilots["SGZ"] if act == "issue" else link
    details = {"reason": "x"} if act == "revoke" else {}
    with pytest.raises(PermissionDenied, match="SGZ"):
        getattr(links, act)(about, by=town.editor("LSW"), **details)
    link.refresh_from_db()
    assert link.is_valid
    assert VillageLink.objects.count() == 1


# The token ------------------------------------------------------------------------------------


def test_a_token_has_128_random_bits_and_no_signs_that_look_alike(link) -> None:
    token = path_of(link).strip("/").split("/")[-1]
    assert re.fullmatch(r"[2-9a-hjkmnp-z]{27}", token)
    assert 31**27 > 2**128


def test_a_link_can_be_printed_again_and_is_always_the_same(town, link) -> None:
    again = VillageLink.objects.get(pk=link.pk)
    assert links.address_of(again) == links.address_of(link)
    assert links.address_of(link).startswith("http://testserver/v/")


def test_two_links_of_a_branch_differ(town, link) -> None:
    other = links.issue(town.pilots["SGZ"], by=town.lead)
    assert path_of(link) != path_of(other)


def test_what_the_database_keeps_opens_nothing(link, client, settings) -> None:
    stored = everything_stored(link)
    token = path_of(link).strip("/").split("/")[-1]
    assert token not in stored
    for word in (link.nonce, link.token_hash):
        assert word in stored
        assert client.get(f"/v/{word}/").status_code == 404
    settings.SECRET_KEY = "another one, as whoever stole a copy would have to guess"
    assert tokens.token_from(link.nonce) != token


def test_after_a_change_of_the_secret_key_printed_codes_still_work(link, client, settings) -> None:
    path = path_of(link)
    settings.SECRET_KEY = "a new one"
    assert client.get(path).status_code == 302
    assert client.get("/v/").status_code == 200


def test_after_a_change_of_the_secret_key_printing_again_is_refused_in_words(
    link, settings
) -> None:
    settings.SECRET_KEY = "a new one"
    with pytest.raises(links.LinkError, match="SECRET_KEY"):
        links.address_of(link)


def test_with_the_old_key_as_a_fallback_it_is_printed_again(link, settings) -> None:
    path, old = path_of(link), settings.SECRET_KEY
    settings.SECRET_KEY = "a new one"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert path_of(link) == path


# Ends -----------------------------------------------------------------------------------------


def test_an_end_in_the_past_is_refused(town) -> None:
    with pytest.raises(ValidationError) as error:
        links.issue(town.pilots["SGZ"], by=town.lead, expires_at=timezone.now())
    assert "expires_at" in error.value.message_dict


def test_a_pilot_that_has_ended_gets_no_link(town) -> None:
    take_step(Pilot.objects.get(code="LSW"), "end", by=town.lead, reason="not wanted")
    with pytest.raises(links.LinkError, match="LSW"):
        links.issue(town.pilots["LSW"], by=town.lead)


def test_a_branch_has_a_number_of_links_at_most(town, link, monkeypatch) -> None:
    monkeypatch.setattr(links, "MOST", 1)
    with pytest.raises(links.LinkError, match="SGZ"):
        links.issue(town.pilots["SGZ"], by=town.lead)
    links.revoke(link, by=town.lead, reason="old")
    links.issue(town.pilots["SGZ"], by=town.lead)


def test_a_replaced_link_keeps_its_label_and_end_and_says_what_came_before(town) -> None:
    end = timezone.now() + timedelta(days=3)
    old = links.issue(town.pilots["SGZ"], by=town.lead, label="bridge", expires_at=end)
    new = links.rotate(old, by=town.editor("SGZ"), reason="photographed")
    old.refresh_from_db()
    assert (new.label, new.expires_at, new.rotated_from) == ("bridge", end, old)
    assert old.revoked_by == town.editor("SGZ")
    assert not old.is_valid


@pytest.mark.parametrize("act", [links.rotate, links.revoke])
def test_what_is_revoked_is_neither_replaced_nor_revoked_again(town, link, act) -> None:
    links.revoke(link, by=town.lead, reason="lost")
    with pytest.raises(links.LinkError):
        act(link, by=town.lead, reason="again")
    assert VillageLink.objects.count() == 1


def test_an_expired_link_is_not_replaced(town, link) -> None:
    VillageLink.objects.update(expires_at=timezone.now())
    with pytest.raises(links.LinkError):
        links.rotate(link, by=town.lead)


def test_revoking_needs_a_reason(town, link) -> None:
    with pytest.raises(ValidationError):
        links.revoke(link, by=town.lead, reason=" ")
    link.refresh_from_db()
    assert link.is_valid


# The trail ------------------------------------------------------------------------------------


def test_every_act_is_a_line_of_the_trail_that_names_the_branch_and_no_token(town, link) -> None:
    fresh = links.rotate(link, by=town.lead, reason="photographed")
    links.revoke(fresh, by=town.lead, reason="taken down")
    lines = ModelLogEntry.objects.filter(action__contains="village_link").order_by("pk")
    assert [line.action.rpartition(".")[2] for line in lines] == [
        "issue_village_link", "rotate_village_link", "revoke_village_link",
    ]  # fmt: skip
    assert [line.data.get("reason") for line in lines] == [None, "photographed", "taken down"]
    for line in lines:
        assert (line.data["pilot"], line.data["programme"]) == ("SGZ", "PP")
        assert not {link.nonce, link.token_hash} & set(str(line.data).split("'"))

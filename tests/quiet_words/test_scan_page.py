"""Leads look through the public site in the admin, part by part, and read their own words only."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from home.models import NewsPage
from pledge_pages.models import Programme, Role
from pledge_pages.office import quiet_scan
from tests.office.conftest import speak_english
from tests.quiet_words.conftest import TERM
from tests.worlds import make_user

pytestmark = pytest.mark.django_db


def address() -> str:
    return reverse("pledge_boards:quiet_scan")


def say_publicly(page: NewsPage) -> NewsPage:
    """As it was before anybody entered the term."""
    NewsPage.objects.filter(pk=page.pk).update(live=True)
    return page


def test_a_lead_is_told_what_stands_where_and_whether_the_words_are_in_force(town, news, sign_in):
    page, client = say_publicly(news(body=f"<p>{TERM}</p>")), sign_in(town.lead)
    listed = client.get(reverse("pledge_quiet_terms:index")).content.decode()
    assert "In force: none of its pilots is approved." in listed
    assert address() in listed
    body = client.get(address()).content.decode()
    assert "1 of them says what must not be public" in body
    assert f"“{TERM}”" in body
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in body

    town.hold_branch("SGZ")
    town.open("SGZ")
    body = client.get(address()).content.decode()
    assert "Not in force: announced by SGZ." in body
    assert "Nothing was found among them." in body


def test_it_is_looked_through_in_parts(town, news, sign_in, monkeypatch):
    monkeypatch.setattr(quiet_scan, "PART", 2)
    say_publicly(news(body=f"<p>{TERM}</p>"))
    total, client = Page.objects.live().count(), sign_in(town.lead)
    assert total > 2
    first = client.get(address()).content.decode()
    assert f"Looked at 1 to 2 of {total}" in first
    assert "?p=2" in first
    told = [
        client.get(address(), {"p": part}).content.decode() for part in range(1, total // 2 + 2)
    ]
    assert sum("says what must not be public" in body for body in told) == 1
    assert "?p=" + str(total) not in told[-1]
    for part in ("0", "-1", "x", "999999"):
        assert client.get(address(), {"p": part}).status_code == 200


def test_who_leads_another_programme_reads_no_word_of_this_one(town, news, sign_in):
    say_publicly(news(body=f"<p>{TERM}</p>"))
    other = Programme.objects.create(code="QQ", public_name={"en": "Q"}, neutral_name={"en": "q"})
    group = Group.objects.create(name="QQ leads")
    Role.objects.create(programme=other, kind=Role.Kind.LEAD, group=group)
    group.permissions.set(Group.objects.get(name="PP leads").permissions.all())
    user = make_user("other_lead")
    user.groups.add(group)
    speak_english(user)
    body = sign_in(user).get(address()).content.decode()
    assert "1 word of a programme that you do not lead" in body
    assert TERM not in body
    assert "SGZ" not in body


@pytest.mark.parametrize("who", ["editor", "moderator"])
def test_nobody_else_looks(town, sign_in, who):
    assert sign_in(getattr(town, who)("SGZ")).get(address()).status_code in (302, 403)


def test_clean_pages_cost_the_same_number_of_queries(town, news, sign_in):
    client = sign_in(town.lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address()).status_code == 200
        return len(counted)

    say_publicly(news())
    queries()
    before = queries()
    for number in range(3):
        say_publicly(news(slug=f"brief-{number}"))
    assert queries() - before <= 3

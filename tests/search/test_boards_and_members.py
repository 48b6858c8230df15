"""The search page over a town whose pilots open and close."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.search.models import IndexEntry

from pledge_pages.models import Consent, MemberPledgePage
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import shown_name
from tests.staging import staged
from tests.worlds import build_town

pytestmark = pytest.mark.django_db

# What stands in the town's pages of branch SGZ: in the board, a pledge, an update, a name.
PUBLIC = {
    "zh-hans": ["SGZ村", "每周三打扫", "打扫村口 SGZ-M001", "done once zh", "环境卫生", "史长SGZ1"],
    "en": ["SGZ village", "sweep the", "gate SGZ-M001", "done once en", "sanitation", "Shi Chang"],
}
EVERY_QUERY = [(language, query) for language, queries in PUBLIC.items() for query in queries]


def build():
    town = build_town(codes=("SGZ",), members=2)
    town.hold_branch("SGZ")
    return town


town = staged(build)


def pages_found(response):
    return {result.url for result in response.context["results"]}


def address(page):
    page.refresh_from_db()
    return page.get_url()


def test_boards_members_and_pledges_are_found_while_the_pilot_is_open_and_only_then(town, ask):
    def totals():
        return [ask(query, language).context["total"] for language, query in EVERY_QUERY]

    assert not any(totals())
    town.open("SGZ")
    assert all(totals())
    town.close("SGZ")
    assert not any(totals())
    for language, query in EVERY_QUERY:
        response = ask(query, language)
        assert not response.context["results"]
        assert not response.context.get("elsewhere")
    town.open("SGZ")
    assert all(totals())


def test_what_is_hidden_has_no_entry_in_the_index_however_it_is_built(town):
    def entries():
        return IndexEntry.objects.filter(content_type__app_label="pledge_pages").count()

    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    page.save()  # saved as a draft, after which Wagtail puts a page into the index
    assert entries() == 0
    call_command("update_index", verbosity=0)
    assert entries() == 0
    town.open("SGZ")
    assert entries() > 0
    town.close("SGZ")
    call_command("update_index", verbosity=0)
    assert entries() == 0


def test_a_board_comes_before_the_pages_of_its_members(town, ask):
    town.open("SGZ")
    board = address(town.boards["SGZ", "zh-hans"])
    urls = [result.url for result in ask("SGZ").context["results"]]
    assert urls[0] == board
    assert len(urls) == 3


@pytest.mark.parametrize(
    ("language", "query"),
    [("zh-hans", "长SGZ1"), ("zh-hans", "史 长SGZ1"), ("en", "Chang sgz1"), ("en", "shichangsgz1")],
)
def test_a_member_is_found_by_any_part_of_the_name_until_consent_is_withdrawn(
    town, ask, language, query
):
    town.open("SGZ")
    page = address(town.pages["SGZ-M001", language])
    assert pages_found(ask(query, language)) == {page}
    Consent.objects.filter(
        member=town.members["SGZ-M001"], scope=Scope.PUBLIC_WEB, subject=Consent.Subject.NAME
    ).update(state=Consent.State.WITHDRAWN, withdrawn_on=timezone.localdate() - timedelta(days=1))
    response = ask(query, language)
    assert response.context["total"] == 0
    assert not response.context.get("elsewhere")


def offered(page):
    """The title and the text to show of a member's page."""
    name = shown_name(page.member, Scope.PUBLIC_WEB, page.locale.language_code)
    return name.text, page.pledge_text()


def test_a_page_type_can_say_what_is_shown_of_it_without_a_query_for_each_page(
    town, ask, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(MemberPledgePage, "search_result", offered, raising=False)
    town.open("SGZ")
    ask("打扫")

    def count(query, titles):
        with django_assert_max_num_queries(30) as asked:
            response = ask(query)
        assert [result.title for result in response.context["results"]] == titles
        return len(asked)

    one = count("打扫村口SGZM001", ["史长SGZ1"])
    assert count("打扫村口", ["史长SGZ1", "史长SGZ2"]) == one
    assert "每周三<mark>打扫村口</mark> SGZ-M001" in ask("打扫村口").text

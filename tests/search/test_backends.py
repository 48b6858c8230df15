"""What the index finds, on whichever database the tests run."""

import random
from html import escape

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.search import query as wanted
from wagtail.search.backends import get_search_backend
from wagtail.search.index import SearchField
from wagtail.search.models import IndexEntry

from home.models import HomePage
from search.bigrams import LONGEST_TEXT, fold

from .conftest import add_page

pytestmark = pytest.mark.django_db

# One page is written anew for every example.
slowly = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Everything a text field of either database can hold.
any_character = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
mixed_text = st.text(
    st.one_of(st.sampled_from("abAB12 的村修路，。-'\"*%_&|!:()<>\n🎉\u0301\u3000"), any_character),
    max_size=80,
)
few_letters = "abB村路1 -"


def titles(query, **options):
    return {page.title for page in Page.objects.search(query, **options)}


def body_is(page, text):
    page.introduction = f"<p>{escape(text)}</p>"
    page.save()


@pytest.fixture
def page(chinese_home):
    return add_page(chinese_home, "☆", slug="star")


@slowly
@given(text=mixed_text, data=st.data())
@example(text="'\"*(x:y) AND 修路 NOT NEAR/2", data=None)
@example(text="𬭚䶮 \U00020000\U0002a6d6", data=None)
def test_every_part_of_two_or_more_characters_is_found(page, text, data):
    body_is(page, text)
    folded = fold(text)
    if len(folded) < 2:
        return
    start = data.draw(st.integers(0, len(folded) - 2)) if data else 0
    end = data.draw(st.integers(start + 2, len(folded))) if data else len(folded)
    part = folded[start:end]
    assert titles(part) == {"☆"}
    assert titles(wanted.Phrase(part)) == {"☆"}


@slowly
@given(text=st.text(few_letters, max_size=12), query=st.text("abB村路1-", min_size=1, max_size=4))
@example(text="ab ba", query="bab")
@example(text="aab", query="aba")
def test_a_text_is_found_only_by_what_stands_in_it(page, text, query):
    body_is(page, text)
    stands = bool(fold(query)) and fold(query) in fold(text)
    assert titles(query) == ({"☆"} if stands else set())


@slowly
@given(title=st.text(few_letters, min_size=1, max_size=12), data=st.data())
def test_choosers_find_every_part_of_a_title(page, title, data):
    page.title = title
    page.save()
    folded = fold(title)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    part = folded[start : data.draw(st.integers(start + 1, len(folded)))]
    assert page.pk in {found.pk for found in Page.objects.autocomplete(part)}


@slowly
@given(query=st.text(max_size=40))
@example(query="\ud800")
@example(query="\0修路")
@example(query='修路" OR title:"')
@example(query="'); DROP TABLE wagtailcore_page; --")
@example(query="{title} : (*) ^ NEAR")
@example(query="%s %(x)s {} \\ \\'")
@example(query="路" * 5000)
@example(query="路 " * 5000)
def test_no_query_breaks_the_search(page, query):
    for search in (Page.objects.search, Page.objects.autocomplete):
        list(search(query))
        search(query).count()
    list(Page.objects.search(query, fields=["title"]))
    list(HomePage.objects.search(query, fields=["introduction"], operator="or"))


def test_words_are_all_wanted_wherever_they_stand(chinese_home):
    add_page(chinese_home, "one", "The street lights of the village are mended")
    add_page(chinese_home, "two", "The village mends a road")
    assert titles("village lights") == {"one"}
    assert titles("village mend") == {"one", "two"}
    assert titles("lights road", operator="or") == {"one", "two"}
    assert titles(wanted.Phrase("village lights")) == set()
    assert titles(wanted.Phrase("lights of the vill")) == {"one"}
    both = wanted.PlainText("village") & ~wanted.PlainText("road")
    assert "one" in titles(both)
    assert "two" not in titles(both)


def test_nothing_is_found_across_title_and_body_or_two_fields(chinese_home, monkeypatch):
    fields = [*HomePage.search_fields, SearchField("search_description")]
    monkeypatch.setattr(HomePage, "search_fields", fields)
    add_page(chinese_home, "修路", "亮村灯亮", search_description="村民")
    for within in ("修路", "灯亮", "亮村", "村民"):
        assert titles(within) == {"修路"}
    # The pairs of the last stand in the body, but not in this order in one text.
    for across in ("路亮", "亮修", "民修", "路村", "民亮", "灯亮村"):
        assert titles(across) == set()


@pytest.mark.parametrize("pattern", ["ab", "的路", "1"])
def test_a_long_text_that_repeats_itself_is_found_to_its_end(page, pattern):
    text = (pattern * 20_000)[:20_000]
    body_is(page, f"开头{text}zq修好了")
    for part in ("开头", pattern * 40, f"{text[-3:]}zq", "zq修", "修好了"):
        assert titles(part) == {"☆"}
    assert titles("好了修") == set()
    assert titles(f"zq{pattern}") == set()


def test_a_text_is_found_up_to_the_documented_length(page):
    body_is(page, "村" * (LONGEST_TEXT - 2) + "终点之外")
    assert titles("村终点") == {"☆"}
    assert titles("点之") == set()


def test_the_longest_text_of_rare_characters_fits_the_index(page):
    rare = random.Random(7)
    text = "".join(chr(rare.randrange(0x20000, 0x2A6D7)) for _ in range(LONGEST_TEXT))
    body_is(page, text)
    assert titles(text[-4:]) == {"☆"}


def test_named_fields_are_searched_in_their_own_columns(chinese_home):
    add_page(chinese_home, "修路", "路灯")
    in_fields = {
        field: [page.title for page in HomePage.objects.search("路灯", fields=[field])]
        for field in ("title", "introduction")
    }
    assert in_fields == {"title": [], "introduction": ["修路"]}


def test_a_changed_text_is_found_by_its_new_words_only(page):
    body_is(page, "修路")
    body_is(page, "路灯")
    assert titles("路灯") == {"☆"}
    assert titles("修路") == set()
    assert IndexEntry.objects.filter(object_id=str(page.pk)).count() == 1


def test_deleted_and_forgotten_pages_leave_no_entry(chinese_home):
    gone, forgotten = add_page(chinese_home, "修路一"), add_page(chinese_home, "修路二")
    add_page(chinese_home, "修路三")
    gone.delete()
    IndexEntry.objects.filter(
        content_type=forgotten.content_type, object_id__in=[str(forgotten.pk)]
    ).delete()
    assert titles("修路") == {"修路三"}
    if connection.vendor == "sqlite":
        from wagtail.search.models import SQLiteFTSIndexEntry

        assert SQLiteFTSIndexEntry.objects.count() == IndexEntry.objects.count()


def test_rebuilding_fills_an_emptied_index(chinese_home):
    add_page(chinese_home, "修路")
    get_search_backend().reset_indexes()
    assert titles("修路") == set()
    call_command("update_index", verbosity=0)
    assert titles("修路") == {"修路"}


def test_results_keep_the_order_asked_for_and_can_be_counted_and_cut(chinese_home):
    for number in range(5):
        add_page(chinese_home, f"修路{number}")
    backwards = HomePage.objects.order_by("-title").search("修路", order_by_relevance=False)
    assert [page.title for page in backwards[1:3]] == ["修路3", "修路2"]
    assert backwards.count() == 5
    assert backwards.facet("locale_id") == {chinese_home.locale_id: 5}
    assert [page.score for page in backwards.annotate_score("score")] == [1.0] * 5


def test_the_index_is_asked_once_and_not_again_for_each_row(
    chinese_home, django_assert_num_queries
):
    add_page(chinese_home, "修路")
    list(Page.objects.search("修路"))  # fills Django's cache of content types
    with django_assert_num_queries(1) as asked:
        list(Page.objects.search("修路"))
    sql = asked[0]["sql"]
    assert "bm25" not in sql
    assert "ts_rank" not in sql
    assert sql.count(" MATCH ") + sql.count("ARRAY(") == 1

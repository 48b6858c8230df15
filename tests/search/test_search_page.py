import pytest
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage, NewsPage
from search.finding import LONGEST_QUESTION

from .conftest import add_page, search_address

pytestmark = pytest.mark.django_db


def found(response):
    return [result.title for result in response.context["results"]]


@pytest.mark.parametrize(
    "query", ["路灯", "修好村口", "村口的路灯，夜", "２０２６", "ight", "NEW L"]
)
def test_any_two_characters_of_a_public_text_find_it(ask, chinese_home, query):
    add_page(chinese_home, "某页", "修好村口的路灯，夜里亮堂。2026: new lights")
    add_page(chinese_home, "别页", "种树")
    response = ask(query)
    assert found(response) == ["某页"]
    assert response.context["total"] == 1


def test_a_result_shows_its_title_address_and_a_marked_line(ask, chinese_home):
    add_page(chinese_home, "某页", "修好<b>村口的路灯", slug="mou")
    html = ask("路灯").text
    assert '<a href="/zh-hans/mou/">某页</a>' in html
    assert "修好&lt;b&gt;村口的<mark>路灯</mark>" in html


def test_each_language_finds_its_own_pages_and_points_to_the_other(ask, english_home):
    add_page(english_home, "Lights", "mend the street lights")
    assert found(ask("street", language="en")) == ["Lights"]
    response = ask("street")
    assert found(response) == []
    assert f'href="{search_address("en")}?q=street"' in response.text


def hide_by_unpublishing(page):
    page.unpublish()


def hide_by_restricting(page):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def hide_by_deleting(page):
    page.delete()


def hide_in_another_site(page):
    root = Page.get_first_root_node()
    other = root.add_child(instance=HomePage(title="别站", slug="other", locale=page.locale))
    Site.objects.create(hostname="other.example", root_page=other)
    page.refresh_from_db()
    page.move(other, pos="last-child")


@pytest.mark.parametrize(
    "hide", [hide_by_unpublishing, hide_by_restricting, hide_by_deleting, hide_in_another_site]
)
def test_a_hidden_page_gives_nothing(ask, chinese_home, english_home, hide):
    page = add_page(chinese_home, "秘密页", "修好路灯")
    assert found(ask("路灯")) == ["秘密页"]
    hide(HomePage.objects.get(pk=page.pk))
    for language in ("zh-hans", "en"):
        response = ask("路灯", language=language)
        assert response.context["total"] == 0
        assert not response.context.get("elsewhere")
        assert "秘密" not in response.text


@pytest.mark.parametrize("query", ["路", "a", "a!", "🎉🎉", "\u0301\u0301"])
def test_a_single_character_is_answered_with_what_to_do(ask, chinese_home, query):
    add_page(chinese_home, "路 a")
    response = ask(query, language="en")
    assert "Please type at least two characters" in response.text
    assert 'aria-invalid="true"' in response.text
    assert found(response) == []


def test_without_a_query_there_is_only_the_form(ask, chinese_home):
    for response in (ask(""), ask("  \t ")):
        assert 'role="search"' in response.text
        assert 'id="search-outcome"' not in response.text


@pytest.mark.parametrize(
    "query",
    [
        "\0\0",
        "路灯\0",
        "\ud800\udfff",
        "'\"<>&%",
        "\u202e路灯",
        "路灯" * 3000,
        "%",
        "\\",
        "王 建 国",
    ],
)
def test_no_query_is_an_error(client, chinese_home, query):
    raw = query.encode("utf-8", "surrogatepass")
    response = client.get(search_address(), {"q": raw})
    assert response.status_code == 200


def test_a_long_query_is_cut_and_says_so(ask, chinese_home):
    text = "一二三四五六七八九十" * 12
    add_page(chinese_home, "某页", text)
    response = ask(text, language="zh-hans")
    assert found(response) == ["某页"]
    assert response.context["cut"]
    assert response.context["query"] == text[:LONGEST_QUESTION]
    assert not ask(text[:LONGEST_QUESTION]).context["cut"]


def test_what_was_typed_is_shown_as_text(ask, chinese_home):
    html = ask('"><script>alert(1)</script>').text
    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_results_come_ten_a_page_in_a_steady_order(ask, chinese_home):
    for number in range(23):
        add_page(chinese_home, f"修路{number:02}")
    pages = [found(ask("修路", page=number)) for number in (1, 2, 3)]
    assert [len(titles) for titles in pages] == [10, 10, 3]
    assert [title for titles in pages for title in titles] == [
        f"修路{number:02}" for number in range(23)
    ]
    html = ask("修路", page=2).text
    assert 'rel="prev" href="?q=%E4%BF%AE%E8%B7%AF&amp;page=1"' in html
    assert 'rel="next" href="?q=%E4%BF%AE%E8%B7%AF&amp;page=3"' in html
    assert '<span aria-current="page">2</span>' in html


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("0", 2), ("-1", 2), ("99", 2), ("9" * 5000, 1), ("x", 1), ("", 1), ("1.5", 1), ("\0", 1)],
)
def test_any_page_number_is_forgiven(ask, chinese_home, asked, shown):
    for number in range(11):
        add_page(chinese_home, f"修路{number:02}")
    assert ask("修路", page=asked).context["shown"].number == shown


def test_the_count_is_announced_and_in_the_title(ask, chinese_home):
    add_page(chinese_home, "修路")
    add_page(chinese_home, "修路二")
    response = ask("修路")
    assert response.context["total"] == 2
    status = response.text.split('role="status"')[1].split("</div>")[0]
    assert "2" in status
    assert "修路" in response.text.split("<title>")[1].split("</title>")[0]


def test_search_pages_are_neither_indexed_nor_stored(ask, chinese_home):
    response = ask("修路")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_page_only_reads(client, chinese_home, method):
    assert getattr(client, method)(search_address()).status_code == 405


def test_more_results_do_not_mean_more_queries(ask, chinese_home, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(16) as asked:
            ask("修路")
        return len(asked)

    for number in range(2):
        add_page(chinese_home, f"修路{number}")
        add_page(chinese_home, f"修路新闻{number}")
    ask("修路")
    few = count()
    for number in range(2, 8):
        add_page(chinese_home, f"修路{number}")
    assert count() == few


def test_news_is_found_by_its_body(ask, chinese_home):
    news = NewsPage(title="简报", body="<p>本月修路三公里</p>", locale=chinese_home.locale)
    chinese_home.add_child(instance=news)
    response = ask("修路三")
    assert found(response) == ["简报"]
    assert "本月<mark>修路三</mark>公里" in response.text

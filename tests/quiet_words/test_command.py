"""The command finds what is public already, on every kind of record, and says where."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from home.models import NewsPage
from pledge_pages.models import Category
from pledge_pages.quiet_words.refusing import override
from tests.quiet_words.conftest import TERM
from tests.worlds import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(programme_only) -> Town:
    return programme_only


def run(**options) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("quiet_words", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


def say_publicly(page: NewsPage) -> NewsPage:
    """As it was before anybody entered the term."""
    NewsPage.objects.filter(pk=page.pk).update(live=True)
    return page


def test_a_clean_site_is_clean(news) -> None:
    say_publicly(news())
    assert run(format="json") == ("[]\n", 0)
    assert run()[1] == 0


def test_a_page_is_named_with_field_offset_and_quote(news) -> None:
    page = say_publicly(news(body="<p>我镇试行</p><p>党 员 承 诺 制。</p>"))
    written, code = run(format="json")
    assert code == 1
    (row,) = json.loads(written)
    assert row == {
        "model": "home.newspage", "id": page.pk, "kind": "term", "field": "body", "offset": 5,
        "quote": "党 员 承 诺 制", "suggestion": "村支部年度工作安排",
    }  # fmt: skip
    written, code = run()
    assert (code, f"home.newspage {page.pk}: " in written) == (1, True)


def test_a_draft_is_not_public_and_what_a_lead_let_pass_is_not_told(town, news) -> None:
    page = news(body=f"<p>{TERM}</p>")
    assert run()[1] == 0
    override(page.get_latest_revision_as_object(), by=town.lead, reason="the law asks for it")
    page.get_latest_revision().publish()
    assert run()[1] == 0


def test_pictures_and_documents_are_public_by_themselves(town, saved_before) -> None:
    Image.objects.create(title="x", description=TERM, file=get_test_image_file())
    document = Document(title=f"{TERM}.pdf")
    document.file.name = "documents/chengnuozhi.pdf"
    document.save()
    rows = json.loads(run(format="json")[0])
    assert [(row["model"], row["field"]) for row in rows] == [
        ("wagtailimages.image", "description"),
        ("wagtaildocs.document", "title"),
        ("wagtaildocs.document", "file"),
    ]


def test_snippets_are_read(town, saved_before, monkeypatch) -> None:
    monkeypatch.setattr("wagtail.snippets.models.get_snippet_models", lambda: [Category])
    row = Category.objects.create(code="notice", name={"zh-hans": f"关于{TERM}"})
    (found,) = json.loads(run(format="json")[0])
    assert (found["model"], found["id"]) == ("pledge_pages.category", row.pk)
    assert (found["field"], found["offset"]) == ("name.zh-hans", 2)


def test_the_site_is_read_in_portions(town, news, django_assert_max_num_queries) -> None:
    first = news(slug="page-0", body="<p>x</p>")
    say_publicly(first)
    for number in range(1, 30):
        home = town.home["zh-hans"]
        home.refresh_from_db()
        home.add_child(
            instance=NewsPage(title="x", slug=f"page-{number}", body="<p>x</p>", locale=home.locale)
        )
    with django_assert_max_num_queries(60):
        assert run()[1] == 0

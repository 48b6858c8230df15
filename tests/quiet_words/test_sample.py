"""Every case of the sample town comes out as it says, on a real page."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from home.models import NewsPage
from pledge_pages.quiet_words.folding import letters_of
from pledge_pages.quiet_words.refusing import QuietWordsError
from tests.quiet_words.conftest import SAMPLE
from tests.worlds import Town

pytestmark = pytest.mark.django_db

CASES = SAMPLE["embargo_guard_cases"]


@pytest.fixture
def town(programme_only) -> Town:
    return programme_only


def said(case: dict) -> dict[str, str]:
    """What the fields of a piece of news have to be to say what the case says, where it says it."""
    text, field = case["text"], case["field"]
    if field == "alt":
        image = Image.objects.create(title="picture", file=get_test_image_file())
        return {
            "body": f'<p>x</p><embed embedtype="image" id="{image.pk}" format="left" alt="{text}"/>'
        }
    if field == "filename":
        document = Document(title="the minutes")
        document.file.save(text, ContentFile(b"%PDF-1.4"), save=False)
        # As it was when it came: a storage may change a name, the title keeps it.
        document.title = text
        document.save()
        return {"body": f'<p><a linktype="document" id="{document.pk}">here</a></p>'}
    if field == "tag":
        image = Image.objects.create(title="picture", file=get_test_image_file())
        image.tags.add(*text.split(";"))
        return {"body": f'<p>x</p><embed embedtype="image" id="{image.pk}" format="left" alt=""/>'}
    return {
        "text": {"body": f"<p>{text}</p>"},
        "slug": {"slug": text},
        "seo": {"seo_title": text},
    }[field]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_page_that_says_it_goes_public_or_not_as_the_case_says(
    news, saved_before, case: dict
) -> None:
    page = news(**said(case))
    revision = page.save_revision()
    if case["allowed"]:
        revision.publish()
        assert NewsPage.objects.get(pk=page.pk).live
        return
    with pytest.raises(QuietWordsError) as refusal:
        revision.publish()
    assert not NewsPage.objects.get(pk=page.pk).live
    quotes = {letters_of(issue.quote).letters for issue in refusal.value.issues}
    assert quotes == {letters_of(hit).letters for hit in case["hits"]}


@pytest.mark.parametrize(
    "record", SAMPLE["other_pages"], ids=[r["slug"] for r in SAMPLE["other_pages"]]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_other_pages_go_public_or_not_as_they_say(news, record: dict, language: str) -> None:
    page = news(
        title=record[f"title_{language}"],
        slug=record["slug"],
        body=f"<p>{record[f'body_{language}']}</p>",
    )
    if record["embargo_ok"]:
        page.save_revision().publish()
    else:
        with pytest.raises(QuietWordsError):
            page.save_revision().publish()
    assert NewsPage.objects.get(pk=page.pk).live == record["embargo_ok"]

"""Everything that a page says is read, at any depth, and each text knows where it stands."""

import pytest
from django.db import models
from django.test.utils import isolate_apps
from django.utils.translation import override
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.documents.models import Document
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from pledge_pages.models import MemberPledgePage
from pledge_pages.quiet_words.reading import passages
from pledge_pages.quiet_words.rich_text import PARTING, parts_of

pytestmark = pytest.mark.django_db


class Card(blocks.StructBlock):
    heading = blocks.CharBlock()
    text = blocks.RichTextBlock()
    links = blocks.ListBlock(blocks.URLBlock())


def said(instance) -> dict[str, str]:
    return {passage.path: passage.text for passage in passages(instance)}


def labels(instance) -> dict[str, str]:
    with override("en"):
        return {passage.path: passage.label for passage in passages(instance)}


@pytest.fixture
def image(db) -> Image:
    return Image.objects.create(title="a title", file=get_test_image_file("name.png"))


def test_every_text_field_of_a_page_is_read(news) -> None:
    page = news(
        title="t", slug="s", seo_title="seo", search_description="desc", introduction="intro",
        body="<p>b</p>",
    )  # fmt: skip
    assert said(page) == {
        "title": "t", "slug": "s", "seo_title": "seo", "search_description": "desc",
        "introduction": "intro", "body": "b",
    }  # fmt: skip
    assert labels(page)["seo_title"] == "Title tag"
    assert labels(page)["body"] == "Text"


def test_rich_text_is_read_with_its_attributes_and_its_files(news, image) -> None:
    document = Document.objects.create(title="the minutes", file="documents/minutes.pdf")
    page = news(
        body=f'<h2>one</h2><p>two <b>th</b>ree<br/>four <a linktype="document" id="{document.pk}">'
        f'five</a></p><embed embedtype="image" id="{image.pk}" alt="six" format="left"/>'
        '<a href="https://example.org/seven">x</a><embed embedtype="media" url="https://eight"/>'
        "<!-- nine -->"
    )
    texts = said(page)
    assert texts["body"] == f"one{PARTING}two three\nfour five{PARTING}x"
    rest = {text for path, text in texts.items() if path.startswith("body.")}
    assert rest >= {
        "six", "https://example.org/seven", "https://eight", " nine ", "a title", "the minutes",
        "minutes.pdf",
    }  # fmt: skip
    assert any(text.startswith("name") and text.endswith(".png") for text in rest)


def test_words_that_only_marks_part_are_one_and_paragraphs_are_not() -> None:
    assert parts_of("<p>党<b>员</b>承<i></i>诺制</p>").text == "党员承诺制"
    assert parts_of("<ul><li>承诺</li><li>制</li></ul>").text == f"承诺{PARTING}制"
    assert parts_of("&#25215;&#35834;").text == "承诺"
    assert parts_of("<p>broken <a href='x").text


@isolate_apps("home")
def test_blocks_are_read_at_any_depth(image) -> None:
    class Story(models.Model):  # noqa: DJ008
        body = StreamField(
            [
                ("card", Card()),
                ("cards", blocks.ListBlock(Card())),
                ("inner", blocks.StreamBlock([("card", Card()), ("html", blocks.RawHTMLBlock())])),
                ("picture", ImageChooserBlock()),
                ("described", ImageBlock()),
                ("quote", blocks.BlockQuoteBlock()),
                ("choice", blocks.BooleanBlock()),
            ]
        )

        class Meta:
            app_label = "home"

    card = {"heading": "h", "text": '<p>t <a href="/x/">l</a></p>', "links": ["https://a"]}
    story = Story(
        body=[
            ("card", card),
            ("cards", [card, {**card, "heading": "second"}]),
            ("inner", [("card", {**card, "heading": "deep"}), ("html", "<p>raw</p>")]),
            ("picture", image),
            ("quote", "said"),
            ("choice", True),
        ]
    )
    texts = said(story)
    assert texts["body[0].heading"] == "h"
    assert texts["body[0].text"] == "t l"
    assert texts["body[0].links[0]"] == "https://a"
    assert texts["body[1][1].heading"] == "second"
    assert texts["body[2][0].heading"] == "deep"
    assert texts["body[2][1]"] == "raw"
    assert texts["body[3].title"] == "a title"
    assert texts["body[4]"] == "said"
    assert labels(story)["body[2][0].heading"] == "Body › Inner › Card › Heading"


@isolate_apps("home")
def test_the_alternative_text_of_a_block_s_own_is_read(image) -> None:
    class Story(models.Model):  # noqa: DJ008
        body = StreamField([("described", ImageBlock())])

        class Meta:
            app_label = "home"

    value = [
        {"type": "described", "value": {"image": image.pk, "alt_text": "alt", "decorative": False}}
    ]
    story = Story(body=Story._meta.get_field("body").stream_block.to_python(value))
    assert said(story)["body[0].alt"] == "alt"


@isolate_apps("home")
def test_data_and_files_of_any_model_are_read(image) -> None:
    class Snippet(models.Model):  # noqa: DJ008
        data = models.JSONField(default=dict)
        picture = models.ForeignKey(Image, on_delete=models.CASCADE)
        upload = models.FileField()
        colour = models.CharField(max_length=5, choices=[("red", "red")])

        class Meta:
            app_label = "home"

    snippet = Snippet(
        data={"a": ["x", {"b": "y"}]}, picture=image, upload="f/file.pdf", colour="red"
    )
    texts = said(snippet)
    assert (texts["data.a[0]"], texts["data.a[1].b"]) == ("x", "y")
    assert texts["upload"] == "file.pdf"
    assert texts["picture.title"] == "a title"
    assert "colour" not in texts


@isolate_apps("home")
def test_the_tags_of_a_page_are_read_as_they_stand_in_the_draft() -> None:
    class TaggedStory(TaggedItemBase):
        content_object = ParentalKey("Story", related_name="tagged_items")

        class Meta:
            app_label = "home"

    class Story(ClusterableModel):
        tags = ClusterTaggableManager(through=TaggedStory)

        class Meta:
            app_label = "home"

    story = Story()
    story.tags.add("试点", "承诺制")
    assert said(story) == {"tags[0]": "试点", "tags[1]": "承诺制"}
    assert labels(story)["tags[1]"] == "Tags"


def test_rows_are_read_as_they_stand_in_the_draft(town) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    pledge = page.pledges.get()
    pledge.text = "new"
    page.pledges = [pledge]
    assert said(page)["pledges[0].text"] == "new"
    assert labels(page)["pledges[0].text"] == "Pledge 1 › Pledge"


def test_what_was_deleted_since_is_passed_over(news, image) -> None:
    page = news(body=f'<embed embedtype="image" id="{image.pk}"/><a linktype="page" id="0">x</a>')
    image.delete()
    assert said(page)["body"].endswith("x")

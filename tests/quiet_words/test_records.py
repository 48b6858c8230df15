"""Labels, files and redirects are seen as soon as they are saved: refused by whatever route."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import APIToken

from pledge_pages.models import Category, EvidenceFile, Office, Pilot, Post
from pledge_pages.quiet_words.refusing import QuietWordsError
from tests.quiet_words.conftest import TERM
from tests.worlds import PASSWORD

pytestmark = pytest.mark.django_db

WORD = "亮承诺"
HIDDEN = "/zh-hans/work-plan/village-2/"


@pytest.fixture
def admin(town) -> Client:
    client = Client()
    assert client.login(username="admin", password=PASSWORD)
    return client


def picture(name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, get_test_image_file().file.getvalue(), "image/png")


SAID = {
    "an office": lambda: Office(code="x", name={"zh-hans": WORD}),
    "a post": lambda: Post(code="x", name={"en": "x"}, duties={"zh-hans": f"{WORD}巡查"}),
    "a category": lambda: Category(code="x", name={"zh-hans": f"“{WORD}”类"}),
    "a picture's title": lambda: Image(title=WORD, file=picture()),
    "a picture's description": lambda: Image(title="x", description=WORD, file=picture()),
    "a picture's file": lambda: Image(title="x", file=picture("亮承诺.png")),
    "a document's title": lambda: Document(title=WORD, file=SimpleUploadedFile("a.txt", b"x")),
    "a document's file": lambda: Document(title="x", file=SimpleUploadedFile("亮承诺.txt", b"x")),
    "an old address": lambda: Redirect(old_path="/%E4%BA%AE%E6%89%BF%E8%AF%BA", redirect_link="/"),
    "a redirect's query": lambda: Redirect(old_path="/x", redirect_link=f"/search/?q={WORD}"),
    "a redirect to a hidden page": lambda: Redirect(old_path="/x", redirect_link=HIDDEN),
    "a redirect from a hidden page": lambda: Redirect(old_path=HIDDEN, redirect_link="/"),
    "a redirect to a village's link": lambda: Redirect(
        old_path="/x", redirect_link="/v/4k2jd8s7f6g5h4j3k2m5n6p7q8r/"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_no_script_saves_it(town, what) -> None:
    record = SAID[what]()
    with pytest.raises(QuietWordsError, match="Not saved"), override("en"):
        record.save()
    assert not type(record)._default_manager.filter(pk=record.pk).exists()


@pytest.mark.parametrize("what", SAID)
def test_whoever_cleans_it_first_is_told_before(town, what) -> None:
    record = SAID[what]()
    with pytest.raises(ValidationError, match=r"must not|not public"), override("en"):
        record.full_clean(exclude=["file_size", "file_hash", "width", "height", "collection"])


def test_a_name_beside_the_words_and_what_was_changed_later_is_refused(town) -> None:
    town.hold_branch("SGZ")
    town.open("SGZ")
    office = Office.objects.create(code="x", name={"zh-hans": TERM})
    office.name = {"zh-hans": f"{TERM} 史长LSW1"}
    with pytest.raises(QuietWordsError):
        office.save()
    office.name = {"zh-hans": "史长LSW1"}
    office.save()


def test_what_was_said_before_does_not_keep_the_rest_from_being_changed(town) -> None:
    (office,) = Office.objects.bulk_create([Office(code="old", name={"zh-hans": WORD})])
    office.rank = 7
    office.save()
    office.name = {"zh-hans": "村委"}
    office.save()
    with pytest.raises(QuietWordsError):
        Office(pk=office.pk, code="old", name={"zh-hans": WORD}).save()


def test_ordinary_labels_files_and_redirects_are_saved(town) -> None:
    Office.objects.create(code="x", name={"zh-hans": "党支部委员", "en": "Committee member"})
    Post.objects.create(code="x", name={"zh-hans": "政策宣传岗"}, duties={"en": "Tells of rules"})
    image = Image.objects.create(title="史各庄村广场", file=picture())
    image.tags.add("广场")
    Redirect.objects.create(old_path="/old", redirect_link="/zh-hans/news/")


def test_a_branch_and_its_evidence_may_say_the_words_of_their_own_programme(town) -> None:
    """They are shown with the branch's pages, and so when the words are public."""
    pilot = town.pilots["SGZ"]
    pilot.name = {"zh-hans": f"史各庄村{WORD}点"}
    pilot.save()
    file = EvidenceFile(
        pilot=pilot, kind="document", file="evidence/a.pdf", content_type="application/pdf",
        size=1, digest="0", title={"zh-hans": f"{WORD}台账"},
    )  # fmt: skip
    file.save()
    for record, field in ((file, "title"), (pilot, "name")):
        setattr(record, field, {"zh-hans": f"见 {HIDDEN}"})
        with pytest.raises(QuietWordsError):
            record.save()
    with pytest.raises(QuietWordsError):
        Pilot(programme=town.programme, code="NEW", name={"en": HIDDEN}).save()


def test_a_tag_is_refused_when_it_is_given_and_when_it_is_renamed(town) -> None:
    image = Image.objects.create(title="x", file=picture())
    with pytest.raises(QuietWordsError, match="Tags"), override("en"):
        image.tags.add(WORD)
    assert not image.tags.exists()
    image.tags.add("广场")
    tag = Tag.objects.get(name="广场")
    tag.name = WORD
    with pytest.raises(QuietWordsError):
        tag.save()


# In the admin and the API ---------------------------------------------------------------------


def refused(answer) -> str:
    """Return the page on which the form says what stands in the way."""
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Not saved: everyone would see it at once" in page
    assert f"“{WORD}”" in page
    return page


def test_the_forms_of_labels_name_field_and_word(town, admin) -> None:
    for view in ("pledge_offices", "pledge_categories", "pledge_posts"):
        form = {"code": "x", "rank": 1, "name_zh_hans": WORD, "name_en": "x"}
        page = refused(admin.post(reverse(f"{view}:add"), form))
        assert "Name, character 1" in page
    assert not Office.objects.filter(code="x").exists()


def test_the_forms_of_pictures_and_documents_name_field_and_word(town, admin) -> None:
    file = SimpleUploadedFile("b.txt", b"x")
    for address, form in (
        ("wagtailimages:add", {"title": WORD, "file": picture()}),
        ("wagtailimages:add", {"title": "x", "file": picture(), "tags": f"广场, {WORD}"}),
        ("wagtaildocs:add", {"title": WORD, "file": file}),
    ):
        refused(admin.post(reverse(address), form))
    assert not Image.objects.exists()
    assert not Document.objects.exists()
    assert not Tag.objects.filter(name=WORD).exists()


def test_many_pictures_at_once_wait_for_another_name_and_a_file_name_is_refused(
    town, admin
) -> None:
    admin.defaults["HTTP_X_REQUESTED_WITH"] = "XMLHttpRequest"
    waiting = admin.post(
        reverse("wagtailimages:add_multiple"), {"title": "x", "files[]": picture("亮承诺.png")}
    ).json()
    pk = waiting["uploaded_file_id"]
    assert not Image.objects.exists()
    for title in (WORD, "x"):
        answer = admin.post(
            reverse("wagtailimages:create_multiple_from_uploaded_image", args=[pk]),
            {f"uploaded-image-{pk}-title": title},
        )
        assert not (answer.json().get("success") and title == WORD)
        assert not Image.objects.exists(), answer.json()


def test_the_form_of_redirects_names_field_and_word(town, admin) -> None:
    form = {"old_path": "/x", "redirect_link": f"http://www.example.org{HIDDEN}"}
    answer = admin.post(reverse("wagtailredirects:add"), form)
    assert answer.status_code == 200
    assert "it leads to something that is not public" in answer.content.decode()
    assert not Redirect.objects.exists()


def test_api_v3_refuses_it(town) -> None:
    _token, plain = APIToken.create_token(user=town.admin, name="x")
    headers = {"authorization": f"Bearer {plain}"}
    for file, title in ((picture(), WORD), (picture("亮承诺.png"), "x")):
        answer = Client().post(
            "/api/v3-preview/images/", {"title": title, "file": file}, headers=headers
        )
        assert answer.status_code in (400, 403, 422), answer.content
        assert WORD in answer.content.decode()
    assert not Image.objects.exists()

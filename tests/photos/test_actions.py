"""Photos and evidence are added, checked and deleted by those who may, and nothing is left over."""

import io
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry
from wagtail.search.index import get_indexed_models

from pledge_pages.models import (
    EvidenceFile,
    MemberPhoto,
    MemberPhotoRendition,
    MemberPledgePage,
)
from pledge_pages.photos import actions, addresses
from pledge_pages.photos.models import ContentFixed, renditions_for
from pledge_pages.photos.renditions import LARGE, SPECS, TILE, TILE_DOUBLE
from tests.worlds import make_user

from . import pictures
from .conftest import CODE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path) -> Path:
    """An empty folder for the private files."""
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


def files(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file()}


def test_a_new_photo_is_kept_in_every_size(town, add_photo, root):
    photo = add_photo()
    assert (photo.width, photo.height) == (800, 1000)
    assert photo.renditions.count() == len(SPECS) == 3
    sizes = {row.filter_spec: (row.width, row.height) for row in photo.renditions.all()}
    assert sizes == {TILE: (240, 300), TILE_DOUBLE: (480, 600), LARGE: (720, 900)}
    assert len(files(root)) == 4
    for path in files(root):
        content = path.read_bytes()
        assert pictures.SECRET not in content
        with Image.open(io.BytesIO(content)) as image:
            assert image.format == "JPEG"
            assert not image.getexif()


def test_a_small_photo_is_cropped_but_not_enlarged(town):
    small = io.BytesIO(pictures.saved(pictures.picture(400, 300)))
    photo = actions.add_photo(town.members["SGZ-M001"], small, by=town.editor(CODE))
    assert {(row.width, row.height) for row in photo.renditions.all()} == {(240, 300)}


def test_neither_row_nor_file_says_who_it_is(town, root):
    member = town.members["SGZ-M001"]
    upload = ContentFile(pictures.jpeg(), name=f"{member.staff_name}-SECRET.jpg")
    photo = actions.add_photo(member, upload, by=town.editor(CODE))
    for row in (photo, *photo.renditions.all()):
        assert "SECRET" not in row.file.name
        assert member.code not in row.file.name
        assert member.surname not in row.file.name
    assert photo.title == str(photo) == photo.default_alt_text == member.public_id
    assert len({path.name for path in files(root)}) == 4


def test_the_title_cannot_become_a_name(town, add_photo):
    photo = add_photo()
    photo.title = "史长顺"
    photo.save()
    assert MemberPhoto.objects.get().title == photo.member.public_id


@pytest.mark.parametrize("who", ["lead", "admin", "editor", "moderator"])
def test_the_branch_s_staff_may_add_photos(town, who):
    user = getattr(town, who) if who in ("lead", "admin") else getattr(town, who)(CODE)
    photo = actions.add_photo(town.members["SGZ-M001"], io.BytesIO(pictures.jpeg()), by=user)
    assert photo.uploaded_by_user == user
    entry = ModelLogEntry.objects.get(action="pledge_pages.add_photo")
    assert (entry.user, entry.object_id) == (user, str(town.members["SGZ-M001"].pk))


def test_others_may_not(town, add_photo, add_evidence, root):
    photo, evidence = add_photo(), add_evidence()
    before = files(root)
    stranger = make_user("stranger", is_staff=True)
    file = io.BytesIO(pictures.jpeg())
    with pytest.raises(PermissionDenied):
        actions.add_photo(town.members["SGZ-M001"], file, by=stranger)
    with pytest.raises(PermissionDenied):
        actions.delete_photo(photo, by=stranger)
    with pytest.raises(PermissionDenied):
        actions.add_evidence(
            town.pilots[CODE], file, by=stranger, kind="photo", title={"en": "Photo"}
        )
    with pytest.raises(PermissionDenied):
        actions.check_evidence(evidence, by=stranger, public=True)
    with pytest.raises(PermissionDenied):
        actions.delete_evidence(evidence, by=stranger)
    assert files(root) == before
    assert not EvidenceFile.objects.filter(checked=True).exists()


def test_nothing_is_left_when_a_step_fails(town, root, monkeypatch):
    monkeypatch.setattr(actions, "log", lambda **kwargs: 1 / 0)
    file = io.BytesIO(pictures.jpeg())
    with pytest.raises(ZeroDivisionError):
        actions.add_photo(town.members["SGZ-M001"], file, by=town.editor(CODE))
    with pytest.raises(ZeroDivisionError):
        actions.add_evidence(
            town.pilots[CODE], file, by=town.editor(CODE), kind="photo", title={"en": "Photo"}
        )
    assert not MemberPhoto.objects.exists()
    assert not EvidenceFile.objects.exists()
    assert files(root) == set()


def test_the_picture_of_a_row_cannot_be_replaced(town, add_photo, add_evidence):
    other = ContentFile(pictures.jpeg(500, 500), name="other.jpg")
    for row in (add_photo(), add_photo().renditions.first(), add_evidence()):
        before = type(row).objects.get(pk=row.pk).file.name
        row.file = other
        with pytest.raises(ContentFixed):
            row.save()
        row = type(row).objects.get(pk=row.pk)
        with pytest.raises(ContentFixed):
            row.file.save("other.jpg", other)
        assert type(row).objects.get(pk=row.pk).file.name == before


def test_a_photo_cannot_be_given_to_somebody_else(neighbour, add_photo):
    photo = add_photo()
    photo.member = neighbour
    with pytest.raises(ContentFixed):
        photo.save()


def test_other_facts_of_a_row_can_change(town, add_photo, add_evidence):
    photo = add_photo()
    photo.focal_point_x = 5
    photo.save()
    evidence = add_evidence()
    evidence.note = "seen"
    evidence.save()
    assert EvidenceFile.objects.get().note == "seen"


def test_deleted_photos_leave_no_file(town, add_photo, root, django_capture_on_commit_callbacks):
    photo, other = add_photo(), add_photo()
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_photo(photo, by=town.editor(CODE))
    assert list(MemberPhoto.objects.all()) == [other]
    assert len(files(root)) == 4
    assert ModelLogEntry.objects.filter(action="pledge_pages.delete_photo").count() == 1


def test_files_stay_until_the_deletion_is_certain(town, add_photo, root):
    photo = add_photo()

    @transaction.atomic
    def delete_and_fail() -> None:
        actions.delete_photo(photo, by=town.editor(CODE))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        delete_and_fail()
    assert MemberPhoto.objects.count() == 1
    assert len(files(root)) == 4


def test_photos_go_with_their_member(
    neighbour, add_photo, root, django_capture_on_commit_callbacks
):
    add_photo(neighbour)
    assert len(files(root)) == 4
    with django_capture_on_commit_callbacks(execute=True):
        neighbour.delete()
    assert not MemberPhoto.objects.exists()
    assert not MemberPhotoRendition.objects.exists()
    assert files(root) == set()


def test_what_a_page_shows_cannot_be_deleted(town, add_photo, add_evidence):
    photo, evidence = add_photo(), add_evidence()
    page = town.pages["SGZ-M001", "en"]
    type(page).objects.filter(pk=page.pk).update(photo=photo)
    page.updates.model.objects.filter(page_id=page.pk).update(evidence=evidence)
    with pytest.raises(ValidationError, match=r"page|页"):
        actions.delete_photo(photo, by=town.editor(CODE))
    with pytest.raises(ValidationError, match=r"page|页"):
        actions.delete_evidence(evidence, by=town.editor(CODE))
    assert MemberPhoto.objects.exists()
    assert not ModelLogEntry.objects.filter(action__contains="delete").exists()


def test_many_addresses_cost_one_query(neighbour, add_photo, django_assert_num_queries):
    photos = [add_photo(), add_photo(), add_photo(neighbour)]
    with django_assert_num_queries(1):
        found = renditions_for([photo.pk for photo in photos], TILE)
    assert set(found) == {photo.pk for photo in photos}
    stored = found[photos[0].pk]
    assert (stored.url, stored.width, stored.height) == (
        f"/photos/{photos[0].token}/tile.jpg", 240, 300,
    )  # fmt: skip
    assert renditions_for([photos[0].pk], "fill-10x10") == {}
    with django_assert_num_queries(1):
        assert photos[0].stored_renditions()[TILE] == stored
    assert photos[0].renditions.first().url.startswith("/photos/")


def test_addresses_cannot_be_guessed(add_photo):
    first, second = add_photo(), add_photo()
    assert len(first.token) >= 24
    assert first.token != second.token
    # 24 places, and every one of them can be almost anything: 144 bits.
    tokens = [addresses.new_token() for _number in range(2000)]
    assert len(set(tokens)) == 2000
    assert {len(token) for token in tokens} == {24}
    assert min(len(set(place)) for place in zip(*tokens, strict=True)) == 64


# Evidence


def test_evidence_is_cleaned_private_and_unchecked(town, add_evidence, root):
    for content, kind, content_type in (
        (pictures.jpeg(), "photo", "image/jpeg"),
        (pictures.heic(), "photo", "image/jpeg"),
        (pictures.pdf(), "log", "application/pdf"),
    ):
        evidence = add_evidence(content, kind)
        assert (evidence.public, evidence.checked) == (False, False)
        assert evidence.content_type == content_type
        kept = evidence.file.open("rb").read()
        assert pictures.SECRET not in kept
        assert len(kept) == evidence.size
        assert evidence.file.name.endswith(evidence.extension)
        entry = ModelLogEntry.objects.filter(action="pledge_pages.add_evidence").latest("pk")
        assert entry.object_id == str(evidence.pk)
    assert len(files(root)) == 3


@pytest.mark.parametrize("content", [b"words", b"<svg/>", b"PK\x03\x04", b"GIF89a" + bytes(60)])
def test_other_kinds_of_evidence_are_refused(add_evidence, content):
    with pytest.raises(ValidationError) as caught:
        add_evidence(content)
    assert caught.value.code == "wrong_type"


def test_an_unknown_kind_of_evidence_is_named(add_evidence, root):
    with pytest.raises(ValidationError) as caught:
        add_evidence(kind="rumour")
    assert set(caught.value.message_dict) == {"kind"}
    assert files(root) == set()


def test_a_check_says_who_and_when(town, add_evidence):
    evidence = actions.check_evidence(add_evidence(), by=town.moderator(CODE), public=True)
    evidence.refresh_from_db()
    assert (evidence.public, evidence.checked) == (True, True)
    assert evidence.checked_by == town.moderator(CODE)
    assert evidence.checked_at is not None
    entry = ModelLogEntry.objects.get(action="pledge_pages.check_evidence")
    assert entry.data["public"] is True


def test_deleted_evidence_leaves_no_file(
    town, add_evidence, root, django_capture_on_commit_callbacks
):
    evidence = add_evidence()
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_evidence(evidence, by=town.editor(CODE))
    assert files(root) == set()


# What Wagtail knows of them: nothing


def test_wagtail_s_image_library_does_not_know_member_photos(client, town, add_photo):
    photo = add_photo()
    assert get_image_model() is not MemberPhoto
    assert not issubclass(MemberPhoto, get_image_model())
    assert not get_image_model().objects.exists()
    assert MemberPhoto not in get_indexed_models()
    listed = client.get("/api/v2/images/")
    assert listed.status_code == 404 or listed.json()["meta"]["total_count"] == 0
    client.force_login(town.admin)
    for address in ("/admin/images/", "/admin/images/chooser/"):
        assert photo.token not in client.get(address).content.decode()
        assert photo.member.public_id not in client.get(address).content.decode()
    for address in (
        f"/admin/images/{photo.pk}/", f"/admin/images/{photo.pk}/preview/width-100/",
        f"/admin/images/{photo.pk}/delete/", f"/admin/images/chooser/{photo.pk}/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_wagtail_s_dynamic_image_addresses_do_not_reach_member_photos(add_photo):
    from django.http import Http404
    from wagtail.images.utils import generate_signature
    from wagtail.images.views.serve import ServeView

    photo = add_photo()
    signature = generate_signature(photo.pk, "width-100")
    with pytest.raises(Http404):
        ServeView.as_view()(
            RequestFactory().get("/"), signature=signature, image_id=photo.pk,
            filter_spec="width-100",
        )  # fmt: skip


def test_no_new_size_is_made_for_a_visitor(add_photo, root):
    photo = add_photo()
    before = files(root)
    template = Template("{% load wagtailimages_tags %}{% image photo width-33 %}")
    with pytest.raises(MemberPhotoRendition.DoesNotExist):
        template.render(Context({"photo": photo}))
    with pytest.raises(MemberPhotoRendition.DoesNotExist):
        photo.get_renditions("width-33", "width-34")
    assert files(root) == before


def test_private_files_are_not_below_the_public_folder(add_photo):
    photo = add_photo()
    assert Path(site.MEDIA_ROOT).resolve() not in Path(photo.file.path).resolve().parents
    for row in (photo, photo.renditions.first()):
        with pytest.raises(ValueError, match="no address"):
            _address = row.file.url


def test_a_page_takes_no_photo_of_another_member(town):
    page = MemberPledgePage.objects.get(pk=next(iter(town.pages.values())).pk)
    page.photo = MemberPhoto(member_id=page.member_id + 1)
    with pytest.raises(ValidationError) as info:
        page.clean()
    assert set(info.value.message_dict) == {"photo"}

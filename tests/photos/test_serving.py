"""Who is sent a private file, with what headers; everyone else gets one and the same 404."""

import io
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.models import Page, PageViewRestriction

from pledge_pages.embargo import gate
from pledge_pages.models import EvidenceFile, MemberPhoto
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.people.models import Consent, Scope
from pledge_pages.photos import actions
from pledge_pages.photos.renditions import SPECS, TILE
from tests.worlds import Town, make_user

from . import pictures, remote
from .conftest import CODE

pytestmark = pytest.mark.django_db

UNKNOWN_PHOTO = "/photos/AAAAAAAAAAAAAAAAAAAAAAAA/tile.jpg"
UNKNOWN_EVIDENCE = "/photos/evidence/AAAAAAAAAAAAAAAAAAAAAAAA.jpg"


@pytest.fixture(autouse=True)
def root(settings, tmp_path) -> Path:
    """An empty folder for the private files."""
    settings.PLEDGE_PAGES_PRIVATE_ROOT = settings.SENDFILE_ROOT = tmp_path / "private"
    settings.LANGUAGE_CODE = "en"
    return tmp_path / "private"


@pytest.fixture
def photo(town: Town, add_photo: Callable[..., MemberPhoto]) -> MemberPhoto:
    """A photo that the first member's page shows, in both languages; approved and held."""
    photo = add_photo()
    for language in ("zh-hans", "en"):
        page = town.pages["SGZ-M001", language]
        type(page).objects.filter(pk=page.pk).update(photo=photo)
    town.hold_branch(CODE)
    return photo


@pytest.fixture
def evidence(town: Town, add_evidence: Callable[..., EvidenceFile]) -> EvidenceFile:
    """Evidence, public and checked, of an update on the first member's page; held."""
    return _with_evidence(town, add_evidence())


def _with_evidence(town: Town, file: EvidenceFile) -> EvidenceFile:
    file = actions.check_evidence(file, by=town.moderator(CODE), public=True)
    for language in ("zh-hans", "en"):
        page = town.pages["SGZ-M001", language]
        page.updates.model.objects.filter(page_id=page.pk).update(evidence=file)
    town.hold_branch(CODE)
    return file


def url_of(photo: MemberPhoto) -> str:
    return photo.stored_renditions()[TILE].url


def facts(response) -> tuple:
    """Everything a stranger can tell of a response."""
    return response.status_code, sorted(response.headers.items()), response.content


def assert_no_such_file(client: Client, address: str, unknown: str = UNKNOWN_PHOTO) -> None:
    for method in (client.get, client.head):
        assert facts(method(address)) == facts(method(unknown))
        assert method(address).status_code == 404


def test_a_photo_on_a_live_page_is_sent_in_every_size(client, town, photo):
    town.open(CODE)
    for spec, stored in photo.stored_renditions().items():
        response = client.get(stored.url)
        assert response.status_code == 200
        with Image.open(io.BytesIO(response.getvalue())) as image:
            assert image.size == SPECS[spec] == (stored.width, stored.height)
            assert not image.getexif()


def test_a_public_photo_is_asked_for_each_time(client, town, photo):
    town.open(CODE)
    response = client.get(url_of(photo))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Cookie" in response["Vary"]
    assert int(response["Content-Length"]) == len(response.getvalue())
    assert "Last-Modified" not in response
    assert "Set-Cookie" not in response
    etag = response["ETag"]
    assert etag.startswith('"')

    again = client.get(url_of(photo), headers={"if-none-match": etag})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == etag
    assert again["Cache-Control"] == "private, no-cache"
    assert "Cookie" in again["Vary"]
    other = client.get(url_of(photo), headers={"if-none-match": '"something else"'})
    assert other.status_code == 200


def test_a_head_request_sends_the_headers_alone(client, town, photo):
    town.open(CODE)
    sent, asked = client.get(url_of(photo)), client.head(url_of(photo))
    assert asked.status_code == 200
    assert asked.getvalue() == b""
    assert sorted(asked.headers.items()) == sorted(sent.headers.items())


@pytest.mark.parametrize("stage", ["proposed", "agreed", "quiet", "reviewed"])
def test_before_approval_there_is_no_such_photo(client, town, photo, stage):
    town.to_stage(CODE, stage)
    assert_no_such_file(client, url_of(photo))


def test_suspension_hides_at_once_even_from_those_with_a_copy(client, town, photo, evidence):
    town.open(CODE)
    photo_etag = client.get(url_of(photo))["ETag"]
    file_etag = client.get(evidence.get_url())["ETag"]
    town.close(CODE)
    for address, etag in ((url_of(photo), photo_etag), (evidence.get_url(), file_etag)):
        assert client.get(address, headers={"if-none-match": etag}).status_code == 404
        assert_no_such_file(client, address)


def test_withdrawn_consent_hides_at_once(client, town, photo):
    town.open(CODE)
    assert client.get(url_of(photo)).status_code == 200
    withdraw_consent(
        town.members["SGZ-M001"], by=town.editor(CODE), subject="photo", scope=Scope.PUBLIC_WEB
    )
    assert_no_such_file(client, url_of(photo))


@pytest.mark.parametrize(
    "change",
    [{"state": "pending"}, {"state": "declined"}, {"level": "none"}, {"level": "surname_only"},
     {"expires_on": "2025-06-30"}, None],
    ids=str,
)  # fmt: skip
def test_without_consent_for_the_web_there_is_no_such_photo(client, town, photo, change):
    town.open(CODE)
    consents = Consent.objects.filter(member__code="SGZ-M001", subject="photo")
    public = consents.filter(scope=Scope.PUBLIC_WEB)
    public.update(**change) if change else public.delete()
    assert_no_such_file(client, url_of(photo))


def test_a_photo_that_no_live_page_shows_is_not_public(client, town, photo, add_photo):
    town.open(CODE)
    newer = add_photo()
    assert_no_such_file(client, url_of(newer))
    page = town.pages["SGZ-M001", "en"]
    draft = type(page).objects.get(pk=page.pk)
    draft.photo = newer
    draft.save_revision(user=town.editor(CODE))
    assert_no_such_file(client, url_of(newer))
    assert client.get(url_of(photo)).status_code == 200


def test_a_page_behind_a_password_makes_nothing_public(client, town, photo, evidence):
    town.open(CODE)
    for board in town.boards.values():
        PageViewRestriction.objects.create(
            page=Page.objects.get(pk=board.pk), restriction_type="password", password="x"
        )
    assert_no_such_file(client, url_of(photo))
    assert_no_such_file(client, evidence.get_url())


def test_without_the_lock_nothing_is_sent(client, town, photo, evidence, monkeypatch):
    town.open(CODE)
    monkeypatch.setattr(gate, "may_serve", lambda: False)
    assert_no_such_file(client, url_of(photo))
    assert_no_such_file(client, evidence.get_url())


@pytest.mark.parametrize(
    "address",
    [
        "/photos/", "/photos/x", "/photos/evidence/", "/photos/evidence/x", "/photos/a/b/c/d",
        "/photos/{token}", "/photos/{token}/", "/photos/{token}/tile", "/photos/{token}/tile.png",
        "/photos/{token}/original.jpg", "/photos/{token}/fill-100x100.jpg",
        "/photos/{token}/TILE.jpg", "/photos/evidence/{token}.jpg", UNKNOWN_EVIDENCE,
        "/photos/{token}/..%2Ftile.jpg", "/photos/%00/tile.jpg", "/photos/{file}",
        "/media/{file}", "/photos/村/tile.jpg",
    ],
)  # fmt: skip
def test_every_other_address_is_the_same_404(client, town, photo, address):
    town.open(CODE)
    address = address.format(token=photo.token, file=photo.file.name)
    if address.startswith("/media/"):
        assert client.get(address).status_code == 404
    else:
        assert_no_such_file(client, address)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_tell_nothing_either(client, town, photo, add_photo, method):
    town.open(CODE)
    ask = getattr(client, method)
    unknown = facts(ask(UNKNOWN_PHOTO))
    assert unknown[0] == 405
    for address in (url_of(photo), url_of(add_photo()), "/photos/x", UNKNOWN_EVIDENCE):
        assert facts(ask(address)) == unknown


def test_the_staff_of_the_branch_sees_drafts_and_keeps_no_copy(client, town, photo, evidence):
    pdf = actions.add_evidence(
        town.pilots[CODE], io.BytesIO(pictures.pdf()), by=town.editor(CODE), kind="log",
        title={"en": "Log"},
    )  # fmt: skip
    for user in (town.editor(CODE), town.moderator(CODE), town.lead, town.admin):
        client.force_login(user)
        for address in (url_of(photo), evidence.get_url(), pdf.get_url()):
            response = client.get(address)
            assert response.status_code == 200, (user, address)
            assert response["Cache-Control"] == "no-store"
            assert "ETag" not in response
            assert "Last-Modified" not in response
            assert "Cookie" in response["Vary"]
            assert response.getvalue()


def test_other_signed_in_people_get_the_same_404(client, town, photo, evidence):
    client.force_login(make_user("stranger", is_staff=True))
    assert_no_such_file(client, url_of(photo))
    assert_no_such_file(client, evidence.get_url())


def test_staff_who_left_see_nothing(client, town, photo):
    editor = town.editor(CODE)
    client.force_login(editor)
    assert client.get(url_of(photo)).status_code == 200
    editor.groups.clear()
    assert_no_such_file(client, url_of(photo))


# Evidence


def test_public_checked_evidence_of_a_live_page_is_sent(client, town, evidence):
    assert_no_such_file(client, evidence.get_url(), UNKNOWN_EVIDENCE)
    town.open(CODE)
    response = client.get(evidence.get_url())
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == "inline"
    assert response["Cache-Control"] == "private, no-cache"
    assert pictures.SECRET not in response.getvalue()
    again = client.get(evidence.get_url(), headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_documents_are_downloads_that_cannot_run(client, town, add_evidence):
    file = _with_evidence(town, add_evidence(pictures.pdf(), "log"))
    town.open(CODE)
    response = client.get(file.get_url())
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue().startswith(b"%PDF-")
    assert_no_such_file(client, file.get_url().replace(".pdf", ".jpg"), UNKNOWN_EVIDENCE)


@pytest.mark.parametrize("flaw", [{"public": False}, {"checked": False}], ids=str)
def test_evidence_that_is_private_or_unchecked_stays_so(client, town, evidence, flaw):
    town.open(CODE)
    EvidenceFile.objects.filter(pk=evidence.pk).update(**flaw)
    assert_no_such_file(client, evidence.get_url(), UNKNOWN_EVIDENCE)


def test_evidence_that_no_page_refers_to_is_not_public(client, town, add_evidence):
    file = actions.check_evidence(add_evidence(), by=town.moderator(CODE), public=True)
    town.hold_branch(CODE)
    town.open(CODE)
    assert_no_such_file(client, file.get_url(), UNKNOWN_EVIDENCE)


# How it is sent


@pytest.mark.parametrize(
    "backend", [None, "django_sendfile.backends.simple", "django_sendfile.backends.nginx"]
)
def test_each_way_of_sending_gives_the_same_headers(client, town, photo, settings, backend):
    town.open(CODE)
    settings.SENDFILE_BACKEND, settings.SENDFILE_URL = backend, "/-/private"
    _forget_backend()
    response = client.get(url_of(photo))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"] == "inline"
    assert response["ETag"].startswith('"')
    assert "Last-Modified" not in response
    if backend and backend.endswith("nginx"):
        name = photo.renditions.get(filter_spec=TILE).file.name
        assert response["X-Accel-Redirect"] == f"/-/private/{name}"
    else:
        assert "X-Accel-Redirect" not in response
        assert response.getvalue().startswith(b"\xff\xd8")
    client.force_login(town.editor(CODE))
    town.close(CODE)
    staff = client.get(url_of(photo))
    assert staff["Cache-Control"] == "no-store"
    assert "ETag" not in staff
    _forget_backend()


def test_an_object_storage_is_read_through_and_never_linked(client, town, add_photo, settings):
    settings.STORAGES = {**settings.STORAGES, "elsewhere": remote.STORAGE}
    settings.PLEDGE_PAGES_PRIVATE_STORAGE = "elsewhere"
    photo = add_photo()
    client.force_login(town.editor(CODE))
    response = client.get(url_of(photo))
    assert response.status_code == 200
    assert response.getvalue().startswith(b"\xff\xd8")
    assert "bucket" not in str(response.headers)


@pytest.mark.parametrize("backend", [None, "django_sendfile.backends.simple"])
def test_a_missing_file_is_the_same_404_and_is_logged(
    client, town, photo, settings, caplog, backend
):
    town.open(CODE)
    settings.SENDFILE_BACKEND = backend
    _forget_backend()
    Path(photo.renditions.get(filter_spec=TILE).file.path).unlink()
    with caplog.at_level(logging.ERROR, "pledge_pages"):
        assert_no_such_file(client, url_of(photo))
    assert "missing" in caplog.text
    _forget_backend()


def test_a_changed_file_is_impossible_so_its_etag_stands_for_it(town, photo):
    rows = list(photo.renditions.all())
    assert len({row.digest for row in rows}) == len(rows)
    with pytest.raises(Exception, match=r"never changes|不"):
        rows[0].file.save("other.jpg", ContentFile(pictures.jpeg()))


def test_photos_cost_few_queries(client, town, photo, evidence, django_assert_num_queries):
    town.open(CODE)
    address, file_address = url_of(photo), evidence.get_url()
    client.get(address)
    with django_assert_num_queries(4):  # photo, consents, access restrictions, live page
        client.get(address)
    with django_assert_num_queries(3):  # file, access restrictions, live page
        client.get(file_address)
    with CaptureQueriesContext(connection) as plain:  # what the site's own 404 page needs
        client.get("/photos/x")
    with django_assert_num_queries(len(plain) + 1):
        client.get(UNKNOWN_PHOTO)


def _forget_backend() -> None:
    from django_sendfile import utils

    utils._get_sendfile.cache_clear()

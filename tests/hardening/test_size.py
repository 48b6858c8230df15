"""What is too large is refused in words, whoever sends it, and nothing is kept of it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.images import get_image_model
from wagtail.models import APIToken

from tests.hardening.conftest import sign_in, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.once]

KB = 1024


@pytest.fixture(autouse=True)
def _small(settings: Settings) -> None:
    """The same limits, a thousand times smaller."""
    settings.REQUEST_MAX_SIZE = 64 * KB
    settings.REQUEST_MAX_SIZE_VISITOR = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * KB
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2


def file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", b"x" * size, "image/jpeg")


@pytest.fixture
def editor(person) -> Client:
    client = visitor()
    person("superuser")
    sign_in(client, "superuser")
    return client


@pytest.mark.parametrize("address", ["/en/", "/en/search/", "/admin/login/", "/en/none/"])
def test_a_visitor_may_not_send_files_of_any_size(address: str) -> None:
    answer = visitor().post(address, {"file": file(6 * KB)})
    assert answer.status_code == 413
    assert "At most 5.0\xa0KB may be sent at once." in answer.content.decode()
    assert visitor().post(address, {"file": file(4 * KB)}).status_code != 413


def test_a_visitor_is_told_in_their_language() -> None:
    answer = visitor().post("/zh-hans/", {"file": file(6 * KB)})
    assert "请求过大" in answer.content.decode()


def test_somebody_signed_in_may_send_files_up_to_the_limit(editor: Client) -> None:
    address = "/admin/images/add/"
    answer = editor.post(address, {"file": file(70 * KB)})
    assert answer.status_code == 413
    assert "At most 64.0\xa0KB may be sent at once." in answer.content.decode()
    assert editor.post(address, {"file": file(60 * KB)}).status_code != 413
    assert get_image_model().objects.count() == 0


def test_a_form_without_files_may_be_no_larger_than_what_is_kept_in_memory(editor: Client) -> None:
    answer = editor.generic(
        "POST", "/admin/account/", "a=" + "x" * 6 * KB, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 6 * KB, "file": file(10)},
        {f"field-{number}": "x" for number in range(30)},
        {f"file-{number}": file(10) for number in range(3)},
    ],
    ids=["text", "fields", "files"],
)
def test_a_form_with_too_much_in_it_is_refused_in_words(editor: Client, fields: dict) -> None:
    answer = editor.post("/admin/account/", fields)
    assert answer.status_code == 400
    assert "more fields or files than a form of this site has" in answer.content.decode()


@pytest.mark.parametrize("address", ["/api/v1/boards/", "/api/v2/pages/", "/api/v3-preview/pages/"])
def test_the_apis_say_it_in_json(person, address: str) -> None:
    _token, plain = APIToken.create_token(user=person("superuser"), name="for a test")
    for headers in ({}, {"authorization": f"Bearer {plain}"}):
        answer = visitor(**headers).post(
            address, json.dumps({"text": "x" * 6 * KB}), content_type="application/json"
        )
        assert answer.status_code == 413
        assert answer.json()["detail"] == (
            "The request is too large: at most 5.0\xa0KB are allowed."
        )


class Counting:
    """A body that says how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left, self.read_so_far = size, 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        self.read_so_far += size
        return b"x" * size

    readline = read


def test_what_is_refused_is_read_only_so_far_as_a_browser_needs_it() -> None:
    body = Counting(100_000 * KB)
    answer = visitor().generic(
        "POST", "/en/", b"", "multipart/form-data; boundary=x",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.left)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert body.read_so_far <= 5 * 64 * KB


def test_a_length_that_is_none_is_read_as_nothing() -> None:
    answer = visitor().generic("POST", "/en/", b"", CONTENT_LENGTH="many")
    assert answer.status_code < 500

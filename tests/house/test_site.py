"""The demo site around the plugin: addresses, languages, headers, health."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from django_sendfile import sendfile
from pytest_django.fixtures import Settings
from wagtail.documents.models import Document

from pledge_pages.embargo import triggers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize(
    ("wanted", "prefix"), [("zh-CN,zh;q=0.9", "zh-hans"), ("en-GB", "en"), ("fr", "zh-hans")]
)
def test_the_root_leads_to_the_readers_language(client: Client, wanted: str, prefix: str) -> None:
    response = client.get("/", headers={"accept-language": wanted})
    assert (response.status_code, response["Location"]) == (302, f"/{prefix}/")


def test_the_front_page_answers(client: Client) -> None:
    response = client.get("/zh-hans/")
    assert response.status_code == 200
    assert response["Content-Language"] == "zh-hans"


def test_an_answer_404_of_a_view_is_not_turned_into_a_redirect(client: Client) -> None:
    assert client.get("/api/v2/pages/999999/").status_code == 404
    assert client.get("/documents/999999/none.pdf").status_code == 404


def test_an_address_without_prefix_leads_to_the_same_one_with_it(client: Client) -> None:
    response = client.get("/news/", headers={"accept-language": "en"})
    assert (response.status_code, response["Location"]) == (302, "/en/news/")


def test_public_pages_may_load_nothing_from_elsewhere_and_no_inline_script(client: Client) -> None:
    for address in ("/zh-hans/", "/zh-hans/no-such-page/"):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert "geolocation=()" in response["Permissions-Policy"]


def test_the_admin_has_a_policy_of_its_own(client: Client) -> None:
    assert "unsafe-inline" in client.get("/admin/")["Content-Security-Policy"]
    assert "unsafe" not in client.get("/admin/login/")["Content-Security-Policy"]


def test_documents_keep_wagtails_own_policy(client: Client) -> None:
    document = Document.objects.create(title="Note", file=ContentFile(b"text", name="note.txt"))
    response = client.get(document.url)
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == "default-src 'none'"


def test_nginx_can_send_documents_and_private_files(client: Client, settings: Settings) -> None:
    folder = Path(settings.MEDIA_ROOT).parent
    settings.SENDFILE_BACKEND = "django_sendfile.backends.nginx"
    settings.SENDFILE_ROOT, settings.SENDFILE_URL = folder, "/-/files"
    document = Document.objects.create(title="Note", file=ContentFile(b"text", name="note.txt"))
    response = client.get(document.url)
    assert response["X-Accel-Redirect"] == f"/-/files/media/{document.file.name}"
    private = Path(settings.PLEDGE_PAGES_PRIVATE_ROOT) / "face.jpg"
    private.parent.mkdir(parents=True, exist_ok=True)
    private.write_bytes(b"face")
    response = sendfile(RequestFactory().get("/"), str(private))
    assert response["X-Accel-Redirect"] == "/-/files/private/face.jpg"


def test_a_document_cannot_be_had_past_its_view(client: Client) -> None:
    document = Document.objects.create(title="Note", file=ContentFile(b"text", name="note.txt"))
    assert client.get(f"/media/{document.file.name}", follow=True).status_code == 404


def test_health_is_good_when_everything_is_there(client: Client) -> None:
    response = client.get("/-/health/")
    assert (response.status_code, response.json()) == (
        200,
        {"database": "ok", "cache": "ok", "embargo": "ok", "trail": "ok", "restore": "ok"},
    )
    assert "no-store" in response["Cache-Control"]


def test_health_fails_without_the_gates_triggers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triggers, "missing", lambda: ["page_live"])
    response = client.get("/-/health/")
    assert (response.status_code, response.json()["embargo"]) == (503, "missing: page_live")


def test_health_does_not_show_an_errors_own_words(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> list[str]:
        raise RuntimeError("password=secret")

    monkeypatch.setattr(triggers, "missing", fail)
    response = client.get("/-/health/")
    assert response.status_code == 503
    assert b"secret" not in response.content
    assert "Health check embargo failed" in caplog.text


def test_health_fails_when_the_cache_loses_things(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/-/health/")
    assert (response.status_code, response.json()["cache"]) == (503, "lost what was put in")


def test_the_sitemap_and_both_of_wagtails_apis_answer(client: Client) -> None:
    assert b"/zh-hans/" in client.get("/sitemap.xml").content
    assert client.get("/api/v2/pages/").json()["meta"]["total_count"] >= 1
    assert client.get("/api/v3-preview/pages/").json()["count"] >= 1

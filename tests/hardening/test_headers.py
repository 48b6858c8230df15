"""Every kind of public answer carries the headers that hold a browser back."""

import pytest
from django.test import Client
from wagtail.models import Site

from home.models import HomePage, NewsPage
from tests.hardening.conftest import sign_in, visitor
from tests.hardening.town import photo_address, public_pages, public_town
from tests.worlds import Town

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STRICT = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# What every answer carries, whatever it is.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FEATURES = ("camera", "microphone", "geolocation", "payment", "usb")


def policy(answer) -> dict[str, str]:
    """Return the directives of the answer's content security policy."""
    pieces = answer["Content-Security-Policy"].split(";")
    return {name: rest for name, _, rest in (piece.strip().partition(" ") for piece in pieces)}


@pytest.fixture
def town() -> Town:
    """A public town, as in :func:`public_town`."""
    return public_town()


def other_addresses() -> dict[str, str]:
    """Return an address of each kind of public answer that is no page, by what it is."""
    return {
        "our API": "/api/v1/boards/",
        "our API, missing": "/api/v1/boards/NONE/",
        "API v2": "/api/v2/pages/",
        "API v3": "/api/v3-preview/pages/",
        "photo, missing": "/photos/none.jpg",
        "site map": "/sitemap.xml",
        "robots": "/robots.txt",
        "health": "/-/health/",
        "log-in": "/admin/login/",
    }


def test_every_kind_of_public_answer_carries_them_all(client: Client, town: Town) -> None:
    for kind, address in {**public_pages(town), **other_addresses()}.items():
        answer = client.get(address)
        assert answer.status_code == (404 if "missing" in kind else 200), kind
        assert policy(answer) == STRICT, kind
        assert {name: answer.get(name) for name in ALWAYS} == ALWAYS, kind
        for feature in FEATURES:
            assert f"{feature}=()" in answer["Permissions-Policy"], kind


def test_a_photo_may_do_nothing_at_all(client: Client, town: Town) -> None:
    answer = client.get(photo_address(town))
    assert answer.status_code == 200
    assert policy(answer) == {"default-src": "'none'", "sandbox": ""}
    assert {name: answer.get(name) for name in ALWAYS} == ALWAYS


def test_an_error_carries_them_and_says_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args) -> None:
        raise RuntimeError("password=secret")

    monkeypatch.setattr(HomePage, "get_context", fail)
    client = Client(raise_request_exception=False)
    answer = client.get("/zh-hans/")
    assert answer.status_code == 500
    assert policy(answer) == STRICT
    assert {name: answer.get(name) for name in ALWAYS} == ALWAYS
    assert b"secret" not in answer.content


def test_refusals_carry_them_and_are_in_words(town: Town) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/admin/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "The form is too old" in answer.content.decode()
    assert policy(answer) == STRICT
    answer = visitor(host="elsewhere.example").get("/en/")
    assert answer.status_code == 400
    assert policy(answer) == STRICT


def test_the_admin_may_do_no_more_than_wagtail_needs(person) -> None:
    person("editor")
    client = visitor()
    sign_in(client, "editor")
    inline = "'self' 'unsafe-inline'"
    assert policy(client.get("/admin/")) == STRICT | {
        "script-src": inline,
        "style-src": inline,
        "img-src": "'self' data: blob:",
        "frame-ancestors": "'self'",
    }


def test_a_preview_may_be_shown_in_the_editors_frame_and_nowhere_else(town: Town) -> None:
    client = visitor()
    sign_in(client, "admin")
    news = NewsPage.objects.get(slug="brief-en")
    news.save_revision()
    answer = client.get(f"/admin/pages/{news.pk}/view_draft/")
    assert answer.status_code == 200
    assert policy(answer) == STRICT | {"frame-ancestors": "'self'"}
    assert policy(client.get(news.url)) == STRICT


def test_robots_are_shown_the_site_map_and_nothing_of_the_pages(town: Town) -> None:
    town.close("SGZ")
    text = visitor().get("/robots.txt").content.decode()
    assert text == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /account/\n\n"
        "Sitemap: http://testserver/sitemap.xml\n"
    )
    assert Site.objects.count() == 1

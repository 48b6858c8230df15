"""There is one way to sign in, it is slow for those who guess, and it ends with the password."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site_settings
from django.contrib.auth.views import LoginView
from django.core import mail
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import APIToken

from tests.hardening.addresses import plain_addresses
from tests.hardening.conftest import LOG_IN, sign_in, visitor
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def errors(answer) -> str:
    return " ".join(answer.context["form"].non_field_errors())


def is_signed_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_an_editor_signs_in_with_name_and_password(person) -> None:
    person("editor")
    client = visitor()
    assert client.get("/admin/")["Location"] == f"{LOG_IN}?next=/admin/"
    answer = sign_in(client, "editor", next="/admin/pages/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/pages/")
    assert is_signed_in(client)


def test_a_wrong_name_and_a_wrong_password_are_refused_alike(person) -> None:
    person("editor")
    wrong = [sign_in(visitor(), "editor", "guess"), sign_in(visitor(), "nobody-here", "guess")]
    assert [errors(answer) for answer in wrong] == [
        "The username and/or password you specified are not correct."
    ] * 2
    assert "guess" not in wrong[0].content.decode()


def test_somebody_inactive_cannot_sign_in(person) -> None:
    user = person("editor")
    user.is_active = False
    user.save()
    assert "not correct" in errors(sign_in(visitor(), "editor"))


def test_signing_in_leads_nowhere_else(person) -> None:
    person("editor")
    answer = sign_in(visitor(), "editor", next="https://elsewhere.example/admin/")
    assert answer["Location"] == "/admin/"


def test_somebody_who_may_not_enter_the_admin_is_not_sent_in_circles(person) -> None:
    person("nobody")
    client = visitor()
    answer = client.get(sign_in(client, "nobody")["Location"], follow=True)
    assert answer.status_code == 200
    assert "You do not have permission to access the admin." in answer.content.decode()


def test_guessing_at_one_account_is_stopped_and_can_go_on_later(person) -> None:
    person("editor")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(5):
            # From another address each time.
            client = Client(headers={"accept-language": "en"}, REMOTE_ADDR=f"192.0.2.{number}")
            assert "not correct" in errors(sign_in(client, "editor", "guess"))
        assert "Too many failed" in errors(sign_in(visitor(), "editor", PASSWORD))
        clock.shift(timedelta(minutes=6))
        assert sign_in(visitor(), "editor").status_code == 302


def test_guessing_at_many_accounts_from_one_address_is_stopped(person) -> None:
    person("editor")
    for number in range(10):
        assert "not correct" in errors(sign_in(visitor(), f"name-{number}", "guess"))
    assert "Too many failed" in errors(sign_in(visitor(), "editor"))
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert sign_in(elsewhere, "editor").status_code == 302


@pytest.mark.parametrize(("proxies", "stopped"), [(0, True), (1, False)])
def test_addresses_are_taken_from_a_proxy_only_if_there_is_one(
    person, settings: Settings, proxies: int, stopped: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    person("editor")
    for number in range(10):
        sign_in(visitor(**{"x-forwarded-for": f"192.0.2.{number}"}), f"name-{number}", "guess")
    answer = sign_in(visitor(**{"x-forwarded-for": "192.0.2.99"}), "editor")
    assert (answer.status_code == 200) == stopped


def test_asking_too_often_is_answered_in_words(person) -> None:
    answers = [visitor().post(LOG_IN, {}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "Too many attempts" in answers[-1].content.decode()


def test_mails_for_new_passwords_are_limited(person) -> None:
    form = {"email": "editor@example.org"}
    answers = [visitor().post("/admin/password_reset/", form) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]


def test_attempts_are_counted_in_redis(person, settings: Settings, redis_url: str) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
        }
    }
    person("editor")
    said = [errors(sign_in(visitor(), "editor", "guess")) for _ in range(6)]
    assert ["Too many" in words for words in said] == [False] * 5 + [True]


def test_no_address_leads_to_a_view_that_signs_in_without_the_second_factor() -> None:
    def signs_in(view) -> bool:
        return issubclass(getattr(view, "view_class", object), LoginView)

    others = {address for address, view in plain_addresses() if signs_in(view)}
    assert {"/admin/login/", "/zh-hans/_util/login/"} <= others
    assert not [address for address in others if signs_in(resolve(address).func)]


@pytest.mark.parametrize("prefix", ["zh-hans", "en"])
def test_wagtails_other_page_for_signing_in_only_leads_to_ours(person, prefix: str) -> None:
    person("editor")
    client = visitor()
    form = {"username": "editor", "password": PASSWORD, "next": "/admin/"}
    for answer in (
        client.get(f"/{prefix}/_util/login/?next=/x/"),
        client.post(f"/{prefix}/_util/login/?next=/x/", form),
    ):
        assert (answer.status_code, answer["Location"]) == (302, f"{LOG_IN}?next=/x/")
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["", "signup/", "login/", "logout/", "email/", "inactive/", "confirm-email/",
             "password/change/", "password/set/", "password/reset/", "login/code/", "social/",
             "3rdparty/", "sessions/", "2fa/", "second-factor/webauthn/"],
)  # fmt: skip
def test_what_this_site_does_not_use_of_allauth_is_not_there(path: str) -> None:
    for start in ("/account/", "/accounts/"):
        assert visitor().get(start + path, follow=True).status_code == 404


def test_the_session_ends_with_the_browser_and_scripts_cannot_read_it(person) -> None:
    person("editor")
    client = visitor()
    sign_in(client, "editor")
    client.get("/admin/account/")
    for name in (site_settings.SESSION_COOKIE_NAME, site_settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.cookies[site_settings.SESSION_COOKIE_NAME]["max-age"] == ""
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert not is_signed_in(client)


def test_other_sessions_end_when_the_password_is_changed(person) -> None:
    person("editor")
    here, elsewhere = visitor(), visitor()
    for client in (here, elsewhere):
        sign_in(client, "editor")
    form = {
        "password-old_password": PASSWORD,
        "password-new_password1": "quite-another-word",
        "password-new_password2": "quite-another-word",
        "name_email-first_name": "Some",
        "name_email-last_name": "Body",
        "name_email-email": "editor@example.org",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }
    assert here.post("/admin/account/", form).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def reset_password(client: Client) -> None:
    """Ask for a new password by mail and set it."""
    client.post("/admin/password_reset/", {"email": "moderator@example.org"})
    link = re.search(r"https?://[^/]+(/\S+confirm/\S+)", mail.outbox[-1].body)
    assert link is not None
    form = client.get(link[1], follow=True).request["PATH_INFO"]
    words = {"new_password1": "quite-another-word", "new_password2": "quite-another-word"}
    assert client.post(form, words).status_code == 302


def test_a_new_password_by_mail_ends_sessions_and_signs_nobody_in(person) -> None:
    person("moderator")
    elsewhere, client = visitor(), visitor()
    sign_in(elsewhere, "moderator")
    reset_password(client)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    sign_in(client, "moderator", "quite-another-word")
    assert is_signed_in(client)


def test_a_token_goes_on_after_the_password_has_changed(person) -> None:
    user = person("superuser")
    _token, plain = APIToken.create_token(user=user, name="for a test")
    user.set_password("quite-another-word")
    user.save()
    token = {"authorization": f"Bearer {plain}"}
    assert visitor().get("/api/v1/boards/", headers=token).status_code == 200

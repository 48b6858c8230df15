"""Who must have a second factor has shown it in the session, or gets nowhere."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import APIToken

from tests.hardening.addresses import plain_addresses
from tests.hardening.codes import code_for
from tests.hardening.conftest import LOG_IN, SET_UP, set_up, sign_in, visitor
from tests.hardening.test_signing_in import reset_password
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CODE = "/account/second-factor/code/"
CODE_AGAIN = "/account/second-factor/code-again/"
CODES = "/account/second-factor/recovery-codes/"
REMOVE = "/account/second-factor/remove/"
ASKED = ["moderator", "lead", "superuser", "manager"]


def where(answer) -> str:
    return answer.get("Location", "").partition("?")[0]


def said(answer) -> list[str]:
    return answer.context["form"].errors.get("code", [])


@pytest.fixture
def moderator(person, compulsory) -> tuple[Client, str]:
    """A moderator's browser, signed in with a second factor, and its secret."""
    person("moderator")
    client = visitor()
    sign_in(client, "moderator")
    return client, set_up(client)


@pytest.mark.parametrize("kind", ASKED)
def test_no_address_of_the_admin_answers_before_a_second_factor_is_set_up(
    person, compulsory, kind: str
) -> None:
    person(kind)
    client = visitor()
    sign_in(client, kind)
    addresses = {address for address, _view in plain_addresses() if address.startswith("/admin/")}
    addresses -= {LOG_IN, "/admin/logout/", "/admin/jsi18n/"}
    assert len(addresses) > 40
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, where(answer)) == (302, SET_UP), address
    assert where(client.get("/admin/no/such/address/")) == SET_UP


def test_scripts_of_the_admin_are_refused_without_it(person, compulsory) -> None:
    person("lead")
    client = visitor()
    sign_in(client, "lead")
    headers = {"x-requested-with": "XMLHttpRequest"}
    assert client.get("/admin/pages/", headers=headers).status_code == 403


def test_editors_are_not_asked(person, compulsory) -> None:
    person("editor")
    client = visitor()
    sign_in(client, "editor")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("kind", ASKED)
def test_nobody_is_asked_where_it_is_not_compulsory(person, kind: str) -> None:
    person(kind)
    client = visitor()
    sign_in(client, kind)
    assert client.get("/admin/").status_code == 200


def test_somebody_who_need_not_can_set_one_up_and_is_asked_for_it_then(person) -> None:
    person("editor")
    client, other = visitor(), visitor()
    for browser in (client, other):
        sign_in(browser, "editor")
    assert "/account/second-factor/" in client.get("/admin/account/").content.decode()
    set_up(client)
    assert client.get("/admin/").status_code == 200
    # A session that was there before has not shown it.
    assert where(other.get("/admin/")) == CODE_AGAIN


def test_setting_it_up_opens_the_admin_and_gives_recovery_codes(moderator) -> None:
    client, _secret = moderator
    assert client.get("/admin/").status_code == 200
    page = client.get(CODES).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", page)) == 10
    file = client.get(f"{CODES}file/")
    assert len(re.findall(r"^\d{8}$", file.content.decode(), re.M)) == 10
    assert "no-store" in file["Cache-Control"]


def test_a_wrong_first_code_sets_nothing_up(person) -> None:
    person("editor")
    client = visitor()
    sign_in(client, "editor")
    secret = client.get(SET_UP).context["form"].secret
    wrong = f"{(int(code_for(secret)) + 1) % 10**6:06}"
    assert said(client.post(SET_UP, {"code": wrong})) == [
        "This code is wrong, has expired, or was used before."
    ]
    assert not Authenticator.objects.exists()


def test_the_password_alone_does_not_sign_in(moderator) -> None:
    _client, secret = moderator
    client = visitor()
    assert where(sign_in(client, "moderator")) == CODE
    assert where(client.get("/admin/")) == LOG_IN
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert said(client.post(CODE, {"code": "000000"}))
        answer = client.post(CODE, {"code": code_for(secret)})
        assert (answer.status_code, where(answer)) == (302, "/admin/")
        assert client.get("/admin/").status_code == 200


def test_a_code_is_good_once_for_as_long_as_the_clock_would_let_it_pass(moderator) -> None:
    _client, secret = moderator
    start = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    with time_machine.travel(start, tick=False) as clock:
        code = code_for(secret)
        first, second = visitor(), visitor()
        for client in (first, second):
            sign_in(client, "moderator")
        assert first.post(CODE, {"code": code}).status_code == 302
        # The clock of a phone may be a step off: 40 seconds later the code would still do.
        for seconds, spelt in ((0, code), (40, f"{code[:3]} {code[3:]}")):
            clock.shift(timedelta(seconds=seconds))
            assert said(second.post(CODE, {"code": spelt}))
        assert second.post(CODE, {"code": code_for(secret)}).status_code == 302


def test_a_recovery_code_is_good_once(moderator) -> None:
    client, _secret = moderator
    code = client.get(CODES).context["unused_codes"][0]
    first, second = visitor(), visitor()
    for browser in (first, second):
        sign_in(browser, "moderator")
    assert first.post(CODE, {"code": code}).status_code == 302
    assert first.get("/admin/").status_code == 200
    assert said(second.post(CODE, {"code": code}))
    assert where(second.get("/admin/")) == LOG_IN


def test_guessing_codes_is_stopped(moderator) -> None:
    _client, secret = moderator
    client = visitor()
    sign_in(client, "moderator")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        right = code_for(secret)
        wrong = [f"{(int(right) + number) % 10**6:06}" for number in range(100, 105)]
        for code in wrong:
            assert said(client.post(CODE, {"code": code}))
        assert "Too many" in said(client.post(CODE, {"code": right}))[0]


def test_a_new_password_by_mail_does_not_replace_the_code(moderator) -> None:
    client = visitor()
    reset_password(client)
    assert where(client.get("/admin/")) == LOG_IN
    assert where(sign_in(client, "moderator", "quite-another-word")) == CODE
    assert where(client.get("/admin/")) == LOG_IN


def test_a_session_made_in_another_way_must_show_it_first(moderator) -> None:
    _client, secret = moderator
    client = visitor()
    client.force_login(Authenticator.objects.first().user)
    answer = client.get("/admin/account/")
    assert answer["Location"] == f"{CODE_AGAIN}?next=%2Fadmin%2Faccount%2F"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        form = {"code": code_for(secret), "next": "/admin/account/"}
        assert where(client.post(CODE_AGAIN, form)) == "/admin/account/"
        assert client.get("/admin/account/").status_code == 200


def test_such_a_session_is_nobodys_outside_the_admin(moderator) -> None:
    client, _secret = moderator
    other = visitor()
    other.force_login(Authenticator.objects.first().user)
    assert b"wagtail-userbar" in client.get("/zh-hans/").content
    assert b"wagtail-userbar" not in other.get("/zh-hans/").content


def test_such_a_session_cannot_take_the_second_factor_away(moderator) -> None:
    client = visitor()
    client.force_login(Authenticator.objects.first().user)
    for address in ("", "set-up/", "remove/", "recovery-codes/", "recovery-codes/new/",
                    "recovery-codes/file/"):  # fmt: skip
        for method in (client.get, client.post):
            assert where(method(f"/account/second-factor/{address}")) == CODE_AGAIN
    assert where(client.post("/account/password/", {"password": PASSWORD})) == CODE_AGAIN
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_who_takes_it_away_must_set_it_up_anew_at_once(moderator) -> None:
    client, _secret = moderator
    assert client.post(REMOVE).status_code == 302
    assert not Authenticator.objects.exists()
    assert where(client.get("/admin/")) == SET_UP
    set_up(client)
    assert client.get("/admin/").status_code == 200


def test_changing_it_takes_the_password_again_after_a_while(moderator) -> None:
    client, _secret = moderator
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        for answer in (
            client.post(REMOVE),
            client.post(f"{CODES}new/"),
            client.get(CODES),
            client.get(f"{CODES}file/"),
        ):
            assert where(answer) == "/account/password/"
        form = {"password": "guess", "next": CODES}
        assert client.post("/account/password/", form).status_code == 200
        assert where(client.post("/account/password/", {**form, "password": PASSWORD})) == CODES
        assert client.get(CODES).status_code == 200


def test_a_session_that_showed_an_older_one_must_show_the_new_one(moderator) -> None:
    client, _secret = moderator
    other = visitor()
    sign_in(other, "moderator")
    other.post(CODE, {"code": client.get(CODES).context["unused_codes"][0]})
    assert other.get("/admin/").status_code == 200
    client.post(REMOVE)
    set_up(client)
    assert where(other.get("/admin/")) == CODE_AGAIN


def test_secrets_are_encrypted_where_they_are_kept(moderator) -> None:
    client, secret = moderator
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in kept
    assert not any(code in kept for code in client.get(CODES).context["unused_codes"])


def test_the_sites_key_can_be_changed(moderator, settings: Settings) -> None:
    _client, secret = moderator
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 9
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        client = visitor()
        sign_in(client, "moderator")
        assert client.post(CODE, {"code": code_for(secret)}).status_code == 302
        settings.SECRET_KEY_FALLBACKS = []
        client = visitor()
        sign_in(client, "moderator")
        assert "secret key has changed" in said(client.post(CODE, {"code": "123456"}))[0]


def test_an_operator_can_reset_it(moderator, capsys: pytest.CaptureFixture) -> None:
    client, _secret = moderator
    call_command("reset_second_factor", "moderator")
    assert "moderator has no second factor any more." in capsys.readouterr().out
    assert where(client.get("/admin/")) == SET_UP
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", "moderator")
    with pytest.raises(CommandError, match="no user called “nobody”"):
        call_command("reset_second_factor", "nobody")


def test_api_tokens_need_none(person, compulsory) -> None:
    _token, plain = APIToken.create_token(user=person("lead"), name="for a test")
    answer = visitor(authorization=f"Bearer {plain}").get("/api/v1/boards/")
    assert answer.status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "第二重验证"), ("en", "second factor")])
def test_the_pages_speak_both_languages_and_need_no_script(
    person, language: str, words: str
) -> None:
    person("editor")
    client = Client(headers={"accept-language": language})
    sign_in(client, "editor")
    page = client.get(SET_UP)
    html = page.content.decode()
    assert words in html
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)
    assert 'src="data:image/svg+xml;base64,' in html
    assert "no-store" in page["Cache-Control"]


def test_visitors_are_led_to_the_page_for_signing_in() -> None:
    addresses = {address for address, _view in plain_addresses() if address.startswith("/account")}
    assert len(addresses) == 9
    for address in addresses:
        answer = visitor().get(address)
        assert (answer.status_code, where(answer)) in {(302, LOG_IN), (404, "")}, address

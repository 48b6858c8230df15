"""Who gets in to a member's own pages, and who does not."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client, TestCase

from pledge_pages.mine import guesses
from pledge_pages.mine.invitations import invite_member, open_account, revoke_account
from pledge_pages.models import Member
from tests.mine.conftest import OWN, path_of
from tests.worlds import PASSWORD, make_user

PAGES = ("", "seen/", "seen/village/", "seen/print/", "outcomes/", "consent/", "points/")


def sign_in_with(client: Client, name: str, password: str, **more: str):
    """Send the form with which a member signs in."""
    data = {"username": name, "password": password, **more}
    return client.post(f"{OWN}sign-in/", data)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_member_reads_each_page_in_both_languages_and_nothing_of_it_is_kept(
    mine, page, language
) -> None:
    answer = mine.get(f"/{language}/mine/{page}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Language"] == language
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_everybody_else_is_asked_to_sign_in(town, client, sign_in, page) -> None:
    for browser in (client, sign_in(town.editor("SGZ")), sign_in(town.lead)):
        answer = browser.get(f"{OWN}{page}")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(f"{OWN}sign-in/?next=")


def test_another_members_pledge_and_decision_are_not_found(town, mine) -> None:
    nothing = mine.get("/zh-hans/no-such-page/")
    key = town.pages["SGZ-M002", "zh-hans"].pledges.get().key
    for path in (f"pledges/{key}/report/", "outcomes/1/reply/", "points/2026/", "more/", "seen/x/"):
        answer = mine.get(f"{OWN}{path}")

        assert answer.status_code == 404, path
        assert answer.content == nothing.content, path


def test_languages_that_the_site_does_not_speak_are_not_found(mine) -> None:
    assert mine.get("/fr/mine/").status_code == 404


def test_an_invitation_opens_an_account_once(town, client) -> None:
    member = town.members["SGZ-M002"]
    invitation = invite_member(member, by=town.editor("SGZ"))
    path = path_of(invitation.link("en"))

    form = client.get(path, follow=True)
    assert b"SGZ-M002" in form.content
    where = form.redirect_chain[-1][0]
    assert invitation.token not in where
    words = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(where, words).headers["Location"] == "/en/mine/sign-in/"

    again = Client().get(path, follow=True)
    assert b"works no more" in again.content
    entered = sign_in_with(client, "SGZ-M002", PASSWORD)
    assert entered.headers["Location"] == OWN
    assert client.get(OWN).context["member"] == member


def test_a_new_link_ends_the_link_and_the_password_of_before(town, client) -> None:
    member = town.members["SGZ-M002"]
    first = invite_member(member, by=town.editor("SGZ"))
    second = invite_member(member, by=town.lead)
    assert first.user == second.user

    with pytest.raises(ValidationError):
        open_account(first.user, token=first.token, password=PASSWORD)
    open_account(second.user, token=second.token, password=PASSWORD)
    assert client.login(username="SGZ-M002", password=PASSWORD)
    invite_member(member, by=town.lead)

    assert not client.login(username="SGZ-M002", password=PASSWORD)
    assert client.get(OWN).status_code == 302


def test_an_invitation_expires(town, settings) -> None:
    invitation = invite_member(town.members["SGZ-M002"], by=town.editor("SGZ"))
    settings.PASSWORD_RESET_TIMEOUT = -1

    with pytest.raises(ValidationError):
        open_account(invitation.user, token=invitation.token, password=PASSWORD)


def test_only_editors_of_the_branch_and_leads_invite(town) -> None:
    member = town.members["SGZ-M002"]
    for by in (town.editor("LSW"), town.moderator("SGZ"), town.members["SGZ-M001"].user):
        with pytest.raises(PermissionDenied):
            invite_member(member, by=by)
    assert Member.objects.get(pk=member.pk).user is None


def test_an_account_that_does_other_work_cannot_be_taken_over_by_an_invitation(town) -> None:
    member = town.members["SGZ-M002"]
    member.user = town.moderator("SGZ")
    member.save()

    for act in (
        lambda: invite_member(member, by=town.editor("SGZ")),
        lambda: revoke_account(member, by=town.editor("SGZ"), reason="x"),
    ):
        with pytest.raises(ValidationError):
            act()
    assert town.moderator("SGZ").has_usable_password()


def test_the_link_is_mailed_in_both_languages_and_names_nobody(town) -> None:
    member = town.members["SGZ-M002"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        invite_member(member, by=town.editor("SGZ"), email="someone@example.org")

    message = mail.outbox[0]
    assert message.to == ["someone@example.org"]
    assert "/zh-hans/mine/password/" in message.body
    assert "/en/mine/password/" in message.body
    for words in (member.given_name, "Chang", "承诺", "pledge", "SGZ村"):
        assert words not in message.body + message.subject


def test_a_closed_account_is_out_at_once_and_stays_the_members(town, member, mine) -> None:
    revoke_account(member, by=town.editor("SGZ"), reason="asked for it")

    assert mine.get(OWN).status_code == 302
    assert not Client().login(username="SGZ-M001", password=PASSWORD)
    assert Member.objects.get(pk=member.pk).user_id == member.user_id


def test_the_account_of_a_member_opens_nothing_in_the_admin(mine) -> None:
    for path in ("/admin/", "/admin/pledge-boards/members/", "/admin/pages/"):
        answer = mine.get(path)
        assert answer.status_code in (302, 403), path
        assert "/admin/login/" in answer.headers.get("Location", "/admin/login/")


def test_accounts_of_staff_do_not_sign_in_here(town, client) -> None:
    answer = sign_in_with(client, "editor_sgz", PASSWORD)

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_who_guesses_has_to_wait_even_with_the_right_password(town, client) -> None:
    for number in range(guesses._ACCOUNT.most):
        sign_in_with(client, "SGZ-M001", f"wrong-{number}")
    answer = sign_in_with(client, "sgz-m001 ", PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert sign_in_with(elsewhere, "SGZ-M001", PASSWORD).status_code == 429
    assert sign_in_with(elsewhere, "LSW-M001", PASSWORD).status_code == 302


def test_who_tries_links_that_open_nothing_has_to_wait(town, client) -> None:
    def tried(number: int) -> int:
        return client.get(f"/zh-hans/mine/password/MTIz/abc-{number}/").status_code

    first = tried(0)
    assert first < 400
    assert [tried(number) for number in range(1, guesses._PLACE.most)] == [first] * 19
    assert tried(99) == 429


def test_signing_in_leads_nowhere_else(town, client) -> None:
    answer = sign_in_with(client, "SGZ-M001", PASSWORD, next="https://elsewhere.example/")
    assert answer.headers["Location"] == OWN

    out = client.post(f"{OWN}sign-out/")
    assert out.headers["Location"] == f"{OWN}sign-in/"
    assert client.get(OWN).status_code == 302


def test_what_the_editor_sees_of_an_account(town, sign_in) -> None:
    member = town.members["SGZ-M002"]
    base, own = "/admin/pledge-boards/members", sign_in(town.editor("SGZ"))

    shown = own.post(f"{base}/account/{member.pk}/", {"email": ""})
    assert "no-store" in shown.headers["Cache-Control"]
    link = shown.context["link"]
    assert Client().get(path_of(link)).status_code == 302
    assert link not in own.get(f"{base}/inspect/{member.pk}/").content.decode()
    for other in (town.editor("LSW"), town.moderator("SGZ"), town.moderator("LSW")):
        assert sign_in(other).get(f"{base}/account/{member.pk}/").status_code == 404
    closed = own.post(f"{base}/account/{member.pk}/close/", {"reason": "lost"})
    assert closed.status_code == 302
    assert not Member.objects.get(pk=member.pk).user.is_active


def test_two_who_invite_the_same_member_give_one_account(town) -> None:
    member = town.members["SGZ-M002"]
    stale = Member.objects.get(pk=member.pk)
    first = invite_member(member, by=town.editor("SGZ"))

    assert invite_member(stale, by=town.lead).user == first.user


def test_a_name_that_is_taken_is_said_so(town) -> None:
    make_user("sgz-m002")
    with pytest.raises(ValidationError, match="SGZ-M002"):
        invite_member(town.members["SGZ-M002"], by=town.editor("SGZ"))


def test_the_password_form_says_what_is_wrong_in_the_language_of_the_page(town, client) -> None:
    invitation = invite_member(town.members["SGZ-M002"], by=town.editor("SGZ"))
    form = client.get(path_of(invitation.link("zh-hans")), follow=True)
    words = {"new_password1": "1a", "new_password2": "1a"}

    said = client.post(form.redirect_chain[-1][0], words).content.decode()

    assert "This password" not in said
    assert "密码太短" in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Null characters are not allowed"), ("zh-hans", "无法保存的空字符")],
)
def test_a_sign_that_cannot_be_kept_is_called_so(town, mine, language, said) -> None:
    key = town.pages["SGZ-M001", "en"].pledges.get().key
    where = f"/{language}/mine/pledges/{key}/report/"
    answer = mine.post(where, {"kind": "update", "text_en": "x\0y", "on": "2026-01-05"})

    assert said in answer.content.decode()


def test_the_member_is_called_as_the_page_is_written(mine) -> None:
    assert "Shi Changsgz1" in mine.get("/en/mine/").content.decode()
    assert "史长SGZ1" in mine.get("/zh-hans/mine/").content.decode()

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

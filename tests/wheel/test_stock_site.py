"""The plugin works in a site made by `wagtail start` that follows the install page, no more."""

import json
import re
import shutil
from pathlib import Path

import pytest

from pledge_pages import conf
from tests.house.source import ROOT
from tests.wheel.conftest import INSTALL_PAGE, Host, snippets

# The site has a database file of its own, whatever the other tests run on.
pytestmark = pytest.mark.sqlite

REMOVE_TRIGGERS = "from pledge_pages.embargo import triggers; triggers.remove()"
DRAW_PROGRAMME = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
import django
django.setup()
from django.template.loader import render_to_string
print(render_to_string("pledge_pages/programme_page.html", {"index": {"title": "The plan"}}))
"""
CLOSED = ("drafts", "held", "after trying", "suspended")


@pytest.fixture(scope="module")
def story(host: Host, server: str) -> dict:
    """What was seen while one branch went from drafts to the public and back."""
    texts = host.folder / "snippets.json"
    texts.write_text(json.dumps(snippets()), encoding="utf-8")
    told = host.run(str(Path(__file__).with_name("story.py")), server, str(texts))
    return json.loads(told.splitlines()[-1])


def test_the_plugin_there_comes_from_the_wheel(host: Host, story: dict) -> None:
    assert story["origin"].startswith(str(host.python.parent.parent))
    assert not story["origin"].startswith(str(ROOT))


def test_none_of_our_settings_is_set_there(story: dict) -> None:
    assert story["our settings"] == []
    assert story["localize installed"] is False


def test_checks_and_migrations_have_nothing_to_say(host: Host, story: dict) -> None:
    answer = host.manage("check", "--database", "default", "--fail-level", "WARNING")
    assert "no issues" in answer
    assert "No changes detected" in host.manage("makemigrations", "--check", "--dry-run")


def test_a_missing_trigger_is_named_and_migrate_puts_it_back(host: Host, story: dict) -> None:
    host.manage("shell", "-v0", "-c", REMOVE_TRIGGERS)
    with pytest.raises(AssertionError, match=r"pledge_pages\.E003"):
        host.manage("check", "--database", "default")
    host.manage("migrate", "--verbosity", "0")
    host.manage("check", "--database", "default")


@pytest.mark.parametrize("moment", CLOSED)
def test_what_is_not_approved_answers_as_if_it_were_not_there(story: dict, moment: str) -> None:
    seen = story[moment]
    assert set(seen["statuses"].values()) == {404}
    assert len(seen["plain"]) == len(seen["statuses"])
    assert seen["found"] is False
    assert seen["listed"] == 0


def test_the_leak_check_walks_that_site_and_names_what_it_has_not(host: Host, story: dict) -> None:
    told = host.manage("audit_embargo", "--verbosity", "0")
    for title in ("API v2: lists", "API v3 preview: lists"):
        assert f"not there: {title}" in told
    for title in ("Addresses of hidden pages", "The site's search", "API v1: boards"):
        assert re.search(rf"^ +[1-9]\d*  {title}", told, re.MULTILINE), told
    assert "0 findings, 0 possible ones" in told


def test_staff_work_in_the_admin_of_that_site(story: dict) -> None:
    assert set(story["admin"].values()) == {200}
    assert story["edit"] == 200


def test_approved_pages_are_held_though_the_site_never_said_what_a_workflow_does(
    story: dict,
) -> None:
    assert story["states"] == ["held", "held", "held"]


def test_a_superuser_cannot_publish_there(story: dict) -> None:
    assert story["ways in"] == {
        "publish": "EmbargoError",
        "permitted action": "PublishPagePermissionError",
        "action": "EmbargoError",
        "save": "EmbargoError",
        "update": "IntegrityError",
        "live": "False",
    }


def test_a_quiet_village_reads_its_board_by_a_code_there(story: dict) -> None:
    village = story["village"]
    status, address, _headers, body = village["by code"]
    assert (status, address) == (200, "/v/")
    assert "Sweep the village gate" in body
    assert (village["member"][0], village["photo"][0]) == (200, 200)
    assert village["photo"][2]["Content-Type"] == "image/jpeg"
    assert village["revoked"][0] == village["nothing"][0] == 404
    assert village["revoked"][-1] == village["nothing"][-1]
    for answer in village.values():
        assert answer[2]["Cache-Control"] == "no-store"
        assert answer[2]["X-Robots-Tag"] == "noindex"
        assert answer[2]["Referrer-Policy"] == "no-referrer"
        assert "'unsafe" not in answer[2]["Content-Security-Policy"]


def test_everything_held_goes_public_with_the_pilot(story: dict) -> None:
    assert set(story["public"]["statuses"].values()) == {200}
    assert story["public"]["found"] is True
    assert story["public"]["listed"] == 1
    programme, board, member = story["bodies"]
    assert "Member pledge system" in programme
    for body in (board, member):
        assert story["name"] in body
        assert "Sweep the village gate" in body
        assert "<img" in body


def test_the_plugins_own_templates_and_styles_dress_the_pages(story: dict) -> None:
    for body in story["bodies"]:
        assert '<html lang="en' in body
        assert "mysite.css" not in body
    assert [Path(name).name for name in story["styles"]] == ["pledge_pages.css", "skin.css"]
    for status, length in story["styles"].values():
        assert status == 200
        assert length > 1000


def test_that_site_can_put_a_template_of_its_own_in_the_place_of_the_plugins(host: Host) -> None:
    own = host.folder / "mysite/templates/pledge_pages/base.html"
    own.parent.mkdir()
    own.write_text("OURS {% block content %}{% endblock %}", encoding="utf-8")
    try:
        drawn = host.run("-c", DRAW_PROGRAMME)
    finally:
        shutil.rmtree(own.parent)
    assert drawn.startswith("OURS")
    assert "The plan" in drawn
    assert "OURS" not in host.run("-c", DRAW_PROGRAMME)


def test_photos_lie_beside_the_media_folder_under_a_random_name(story: dict) -> None:
    assert re.fullmatch(r"pledge_pages_private/photos/../[0-9a-f]{32}\.jpg", story["photo file"])


def test_the_install_page_lists_every_setting_with_its_default() -> None:
    text = INSTALL_PAGE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `PLEDGE_PAGES_(\w+)` \| `([^`]*)` \|", text, re.MULTILINE))
    assert listed == {name: str(value) for name, value in conf.DEFAULTS.items()}

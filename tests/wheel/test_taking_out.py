"""A site from which the plugin was taken out is left without its triggers."""

from dataclasses import replace

import pytest
from wagtail.models import Page

from pledge_pages.embargo import triggers
from pledge_pages.embargo.triggers.tables import gated_tables

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _look_again():
    yield
    triggers.forget_verification()


def test_once_the_gates_table_is_gone_migrate_takes_every_trigger_off(monkeypatch) -> None:
    assert triggers.missing() == []
    migrated_to_zero = replace(gated_tables(), gate="no_such_table")
    with monkeypatch.context() as patch:
        patch.setattr(triggers, "gated_tables", lambda: migrated_to_zero)
        triggers.install()
    every_name = set(triggers.missing())
    triggers.remove()
    assert every_name == set(triggers.missing())
    page = Page.objects.filter(depth=2).first()
    page.title = "As before"
    page.save()


def test_while_another_table_is_still_to_come_the_triggers_stay(monkeypatch) -> None:
    half_way = replace(gated_tables(), pilot="not_yet_there")
    monkeypatch.setattr(triggers, "gated_tables", lambda: half_way)
    triggers.install()
    monkeypatch.undo()
    assert triggers.missing() == []

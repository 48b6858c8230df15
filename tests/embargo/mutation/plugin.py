"""A pytest plugin that switches off the guard named in PLEDGE_PAGES_MUTATION, for one run."""

import os
import sys
from importlib import import_module

from django.db import connections

from tests.embargo.mutation import refusals

NAME = os.environ.get("PLEDGE_PAGES_MUTATION", "")
# Before anything of the plugin's is imported.
if NAME.startswith("refusal:"):
    refusals.switch_off(NAME.removeprefix("refusal:"))
elif NAME.startswith("scout:"):
    refusals.note_who_meets_them(NAME.removeprefix("scout:"))

from pledge_pages.apps import PledgePagesConfig  # noqa: E402
from tests.embargo.mutation.guards import GONE, GUARDS, Guard  # noqa: E402

DATABASE = os.environ.get("PLEDGE_PAGES_MUTATION_DATABASE", "")
OURS = ("pledge_pages", "cms", "search", "home")

stock_ready = PledgePagesConfig.ready


def ready(config: PledgePagesConfig) -> None:
    """Switch the guard off before anything is connected with it."""
    if DATABASE:
        connections.settings["default"]["TEST"]["NAME"] = DATABASE
    if NAME.startswith("trigger:"):
        leave_out(NAME.removeprefix("trigger:"))
    elif NAME and not NAME.startswith(("refusal:", "scout:")):
        switch_off(next(guard for guard in GUARDS if guard.target == NAME))
    stock_ready(config)


PledgePagesConfig.ready = ready


def switch_off(guard: Guard) -> None:
    """Put what stands in the guard's place, wherever the guard was imported already."""
    module_name, _colon, path = guard.target.partition(":")
    holder = import_module(module_name)
    *classes, name = path.split(".")
    for part in classes:
        holder = getattr(holder, part)
    if classes:
        assert name in vars(holder), f"{guard.target} is not there any more"
        if guard.instead is GONE:
            delattr(holder, name)
        else:
            setattr(holder, name, guard.instead)
        return
    stock = getattr(holder, name)
    for module in [module for key, module in sys.modules.items() if key.startswith(OURS)]:
        for attribute, value in list(vars(module).items()):
            if value is stock:
                setattr(module, attribute, guard.instead)


def leave_out(trigger: str) -> None:
    """Neither install nor miss one trigger of the database's."""
    from pledge_pages.embargo.triggers import postgresql, sqlite, trail

    for module, name in (
        (sqlite, "statements"),
        (postgresql, "triggers"),
        (trail, "sqlite_statements"),
        (trail, "postgresql_triggers"),
    ):
        stock = getattr(module, name)

        def without(*tables, stock=stock):
            return {key: made for key, made in stock(*tables).items() if key != trigger}

        setattr(module, name, without)


def any_page(page_id: int):
    """Return any page with a gate of its own, or with somebody else's."""
    from wagtail.models import Page

    from pledge_pages.models import GatedPage

    page = Page.objects.filter(pk=page_id).first()
    row = GatedPage.objects.filter(pk=page_id).first() or GatedPage.objects.first()
    return (page.specific, row) if page and row else None

"""Switches a guard off, in a process in which the plugin is loaded and not yet connected."""

from __future__ import annotations

import sys
from importlib import import_module

from tests.embargo.mutation import refusals
from tests.embargo.mutation.row import GONE, Guard

OURS = ("pledge_pages", "cms", "search", "home")


def switch_off(target: str) -> None:
    """Switch off the guard called ``target``: a function or method, a refusal or a trigger."""
    from tests.embargo.mutation.guards import GUARDS

    kind, _colon, name = target.partition(":")
    if kind == "trigger":
        leave_out(name)
    elif kind == "refusal":
        refusals.switch_off(name)
    else:
        replace(next(guard for guard in GUARDS if guard.target == target))


def replace(guard: Guard) -> None:
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

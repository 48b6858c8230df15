"""Every address that the site's URL patterns make, with ids of what is hidden put into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from wagtail.models import Locale, Site

if TYPE_CHECKING:
    from tests.embargo.view import View

ADMIN = "admin/"


@dataclass(frozen=True)
class Route:
    """One URL pattern: as written, its full name, the keywords in it, and what answers."""

    pattern: str
    name: str
    keywords: tuple[str, ...]
    callback: Callable


def routes(resolver: URLResolver | None = None, start="", spaces=(), words=()) -> Iterator[Route]:
    """Yield every URL pattern of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = start + str(entry.pattern).removeprefix("^")
        matched = getattr(entry.pattern, "converters", {}) or entry.pattern.regex.groupindex
        here = (*words, *matched)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry, pattern, inner, here)
        else:
            name = ":".join((*spaces, entry.name)) if entry.name else ""
            yield Route(pattern, name, here, entry.callback)


def ids_of(view: View) -> dict[str, int]:
    """Return ids for the keywords that stand in the admin's addresses."""
    page, state, found = view.page(code="SGZ-M002"), view.review, view.translation
    first = view.page().pk
    return {
        "page_id": first, "parent_page_id": view.board().pk, "page_to_move_id": first,
        "destination_id": view.board().pk, "page_pk": first, "object_id": first,
        "revision_id": view.page().latest_revision_id, "task_id": state.task_id,
        "revision_id_a": view.page().latest_revision_id, "revision_id_b": "latest",
        "task_state_id": state.pk, "workflow_pk": state.workflow_state.workflow_id,
        "workflow_state_id": state.workflow_state_id, "translation_id": found.pk,
        "translation_source_id": found.source_id, "pk": view.town.members["SGZ-M001"].pk,
        "string_segment_id": found.source.stringsegment_set.first().pk,
        "overridable_segment_id": 1, "session_id": 0, "collection_id": 1,
        "image_id": view.town.photo.pk, "document_id": 1, "restriction_id": 1, "site_id": 1,
        "task_pk": page.pk, "redirect_id": 1, "user_id": view.town.editor("SGZ").pk,
        "doc_id": 1, "uploaded_file_id": 1,
    }  # fmt: skip


def rows_of(view: View) -> dict[str, int | UUID]:
    """Return the id of a row that belongs to what is hidden, by the name of its views' space."""
    pilot, state = view.town.pilots["SGZ"], view.review
    return {
        "pledge_boards:wave": pilot.wave_id,
        "pledge_boards:village_link": view.village_link.pk,
        "pledge_boards:village_links": pilot.pk,
        "pledge_boards:rotate_village_link": view.village_link.pk,
        "pledge_boards:revoke_village_link": view.village_link.pk,
        "pledge_boards:village_code": view.village_link.pk,
        "pledge_boards:check": view.check.pk,
        "pledge_boards:checks_due": pilot.pk,
        "pledge_boards:open_check": view.town.members["SGZ-M001"].pk,
        "pledge_boards:settle_print": view.printed_sheet.pk,
        **dict.fromkeys([f"pledge_boards:{name}" for name in RULE_BOOKS], view.rulebook.pk),
        "pledge_boards:begin_rulebook": pilot.programme_id,
        "pledge_boards:ledger": view.point_entry.member_id,
        "pledge_boards:enter_points": view.point_entry.member_id,
        "pledge_boards:reverse_points": view.point_entry.pk,
        "pledge_boards:assignment": view.assignment.pk,
        "pledge_boards:report": view.town.report.pk,
        "pledge_boards": pilot.pk,
        "pledge_programmes": pilot.programme_id,
        "pledge_waves": pilot.wave_id,
        "wagtailusers_users": view.town.editor("SGZ").pk,
        "wagtailusers_groups": Group.objects.get(name="SGZ editors").pk,
        "wagtailsites": Site.objects.get().pk,
        "wagtaillocales": Locale.objects.get(language_code="en").pk,
        "wagtailadmin_workflows:edit_task": state.task_id,
        "wagtailadmin_workflows:disable_task": state.task_id,
        "wagtailadmin_workflows": state.workflow_state.workflow_id,
        "wagtailadmin_pages:revisions_compare": view.page().pk,
        "wagtailadmin_api:pages": view.page().pk,
    }


RULE_BOOKS = (
    "rulebook", "compare_rulebook", "what_if", "draft_rulebook", "change_rulebook",
    "approve_rulebook", "withdraw_rulebook", "add_clause", "clause", "add_grade", "grade",
)  # fmt: skip
TEXTS = {
    "year": 2026, "code": "P1",
    "app_label": "wagtailcore", "model_name": "page", "content_type_app_name": "pledge_pages",
    "content_type_model_name": "branchpage", "action": "delete", "action_name": "approve",
    "mode": "x", "filter_spec": "original", "verb": "approve", "which": "review",
    "app_name": "taggit", "kind": "svg", "step": "answer",
}  # fmt: skip
# An error on purpose; the end of a session.
SKIPPED = ("wagtailadmin_error_test", "wagtailadmin_logout")


def admin_addresses(view: View) -> Iterator[str]:
    """Yield every address of the admin that takes an id, a name or a word."""
    ids, rows = ids_of(view), rows_of(view)
    for route in routes():
        if not route.pattern.startswith(ADMIN) or not route.name or route.name in SKIPPED:
            continue
        values = {word: ids.get(word, TEXTS.get(word)) for word in route.keywords}
        if not values or None in values.values():
            continue
        if "pk" in values:
            known = [space for space in rows if route.name.startswith(space)]
            values["pk"] = rows[max(known, key=len)] if known else values["pk"]
        yield from reversed_or_nothing(route.name, values)
        if "model_name" in values:
            values |= {"app_label": "pledge_pages", "model_name": "memberpledgepage"}
            yield from reversed_or_nothing(route.name, values)


PAGE_WORDS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")


def page_addresses(view: View, nothing: int) -> Iterator[tuple[str, str]]:
    """Yield every address about a page in the admin: of a hidden one, and with the id ``nothing``."""
    ids = ids_of(view) | {"pk": view.page().pk}
    for route in routes():
        space = route.name.partition(":")[0]
        if space != "wagtailadmin_pages" or not {*PAGE_WORDS, "pk"} & {*route.keywords}:
            continue
        values = {word: ids.get(word, TEXTS.get(word)) for word in route.keywords}
        others = {word: nothing for word in values if word in (*PAGE_WORDS, "pk")}
        for address in reversed_or_nothing(route.name, values):
            for other in reversed_or_nothing(route.name, values | others):
                yield address, other


def admin_lists() -> Iterator[str]:
    """Yield every address of the admin that takes nothing."""
    for route in routes():
        named = route.name and route.name not in SKIPPED
        if route.pattern.startswith(ADMIN) and named and not route.keywords:
            yield from reversed_or_nothing(route.name, {})


# What may stand in the public addresses; the names of pages are rows of their own.
PUBLIC_WORDS = {"uidb64": "MQ", "token": "x-x", "key": "x", "spec": "tile", "extension": "jpg",
                "language": "en", "mode": "village", "type_name": "pledge_pages.BranchPage", "type": "x", "code": "SGZ"}  # fmt: skip


def public_addresses(view: View) -> Iterator[str]:
    """Yield every address outside of the admin that takes nothing, or something one may guess."""
    for route in routes():
        if route.pattern.startswith(ADMIN) or not route.name:
            continue
        values = {
            word: PUBLIC_WORDS.get(word, view.page().slug if word in ("public_id", "word") else 1)
            for word in route.keywords
        }
        yield from reversed_or_nothing(route.name, values)


def reversed_or_nothing(name: str, values: dict) -> Iterator[str]:
    """Yield the address of that name, if these values fit it."""
    try:
        yield reverse(name, kwargs=values)
    except NoReverseMatch:
        return

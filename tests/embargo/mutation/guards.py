"""Every guard of the embargo, how it is switched off, and where the test stands that should notice.

A guard is a function, or a method that stands before Wagtail's own. ``GONE`` takes a method away, so
that Wagtail's is left; anything else is what the guard answers from then on. Those of the rooms that
stand around the embargo are in ``rooms.py``; every single refusal, and every view that refuses, is
added to them in ``refusals.py``.
"""

from __future__ import annotations

import shlex
from dataclasses import replace

from tests.embargo.mutation import refusals, scouting
from tests.embargo.mutation.noted import NOTED_BY
from tests.embargo.mutation.rooms import ROOMS
from tests.embargo.mutation.row import (
    GONE,
    Guard,
    answer,
    any_of,
    every,
    first,
    guards,
    nothing,
)

WAYS = "tests/embargo/test_ways.py"
SQL_WAYS = f"{WAYS} -k 'SQL or queryset or bulk_create or bulk_update'"
SURFACES = "tests/embargo/test_surfaces.py"
WORDS = "tests/embargo/test_explanations.py"
STORY = "tests/embargo/test_story.py"
RELEASE = "tests/embargo/test_release.py"
TRIGGERS = "tests/embargo/test_triggers.py"
BRANCHES = "tests/office/test_other_branches.py"
EDITING = "tests/office"
SERVING = "tests/photos/test_serving.py"
API = "tests/api"
ALLOWED = "tests/embargo/test_permissions.py"
PEOPLE = "tests/people"
ROWS = "tests/embargo/test_public_rows.py"
TRAIL = "tests/embargo/test_trail.py"
QUIET = "tests/quiet_words"
RACES = "tests/races/test_races.py"
BUSY = "tests/races/test_busy.py"
SEARCH = "tests/search/test_boards_and_members.py"
VILLAGE = "tests/village"
PRINT = "tests/posters"
PREVIEWS = "tests/boards/test_previews.py"
ANNOUNCED = "tests/announcement"


SAVING = guards(
    "embargo.guards",
    ("guard_page_save", nothing, "births, and changes of public rows", (WORDS, WAYS)),
    ("guard_birth", nothing, "pages are born as drafts, with a gate", (WORDS, WAYS)),
    ("make_gate", nothing, "a new page is tied to its pilot", (STORY, WAYS)),
    ("guard_live_save", nothing, "what is public is changed by approval only", (WORDS, WAYS)),
    ("guard_child_save", nothing, "so are its rows", (WORDS, WAYS)),
    ("guard_child_delete", nothing, "a deleted row is refused", (WORDS, WAYS)),
    ("guard_move", nothing, "pages stay with their pilot", (WORDS, WAYS)),
    ("guard_delete", nothing, "what is approved is withdrawn before it is deleted", (WORDS, WAYS)),
    ("drop_on_unpublish", nothing, "taking down drops the approval", (WORDS, WAYS)),
)

PAGE = guards(
    "embargo.page",
    ("Gated.__str__", GONE, "a page that is hidden has no title in lists and logs", (SURFACES, EDITING)),
    ("Gated.save", GONE, "a translation tool leaves public rows alone", (WORDS, WAYS)),
    ("Gated.publish", GONE, "nobody publishes by hand", (WORDS, WAYS)),
    ("Gated.get_lock", GONE, "a date to wait for locks no draft", ("tests/embargo/test_scheduled.py",)),
    ("Gated.permissions_for_user", GONE, "nobody may publish by hand", (BRANCHES, EDITING, WAYS)),
    ("Gated.route", GONE, "404 while the triggers are missing", (TRIGGERS,)),
    ("Gated.get_view_restrictions", GONE, "an alias is restricted as its source is", ("tests/boards/test_restricted.py", "tests/boards", "tests/api")),
    ("Gated.get_url_parts", GONE, "what is hidden has no address", (SURFACES, EDITING)),
    ("Gated.serve_password_required_response", GONE, "no form that asks for a password", ("tests/boards/test_restricted.py",)),
    ("Gated.get_sitemap_urls", GONE, "no address in a site map", (TRIGGERS,)),
    ("Gated.get_indexed_objects", GONE, "the index holds what is public, however it is built", (SEARCH,)),
)  # fmt: skip

PERMISSIONS = guards(
    "embargo.permissions",
    *((f"GatedPermissionTester.{name}", GONE, says, (ALLOWED,)) for name, says in (
        ("__init__", "permissions from above stop at the gate"),
        ("can_publish", "nobody may publish by hand"),
        ("can_publish_subpage", "nobody may publish below by hand"),
        ("can_reorder_children", "the order is not set by hand"),
        ("can_unpublish", "moderators and leads take down"),
        ("can_delete", "what is approved is not deleted"),
        ("can_move", "a page stays"),
        ("can_move_to", "a page stays"),
        ("can_copy", "one page for a member and language"),
    )),
    ("GatedPermissionTester._steers", answer(True), "moderators and leads withdraw", (ALLOWED, "tests/office", WORDS)),
    ("GatedPagePermissionPolicy.instances_user_has_any_permission_for", GONE, "lists and the explorer stop at the gate", (SURFACES, BRANCHES)),
    ("GatedPagePermissionPolicy.user_has_any_permission_for_instance", GONE, "so does each page", (ALLOWED,)),
    ("GatedPagePermissionPolicy.users_with_any_permission_for_instance", GONE, "so do lists of users", (ALLOWED, "tests/office/test_mail.py")),
)  # fmt: skip

REVIEW = [
    *guards(
        "embargo.moderation",
        ("may_moderate", answer(True), "moderators of the branch only", (WAYS, API)),
        ("wrote", answer(False), "no approval of one's own", (WAYS, API)),
        ("check_action", nothing, "who may approve, and what", (WAYS, API)),
        ("check_unchanged", nothing, "what was overwritten is not approved", (WAYS, STORY)),
        ("states_for", lambda task, user: type(task).task_state_class.objects.filter(task=task), "others' reviews are not listed", (SURFACES, EDITING)),
    ),
    *guards(
        "embargo.workflow",
        ("take_over_finish", nothing, "the end of a workflow holds, and does not publish", (WAYS, STORY)),
        ("take_over_cancel", nothing, "a moderator returns, and does not cancel", (EDITING, WAYS)),
        ("_is_approved", answer(True), "a disabled task is no approval", (WORDS, WAYS)),
        ("take_over_disabling", nothing, "a task at work is not disabled by half", ("tests/office/test_disabling.py",)),
        ("take_over_resume", nothing, "a review that cannot go on stays returned", (API, EDITING)),
    ),
    *guards(
        "embargo.refused_action",
        ("take_over_publish", nothing, "the registry's publish says why not", (API,)),
    ),
]  # fmt: skip

RELEASING = [
    *guards(
        "embargo.approval",
        ("check_snapshot", nothing, "an altered copy is not released", (WORDS, RELEASE, STORY)),
        ("_keep_earlier", nothing, "what is public stays in force until a later date", ("tests/embargo/test_scheduled.py",)),
        ("parent_is_public", answer(True), "a page waits for the one above it", (RELEASE, STORY, "tests/embargo/test_scheduled.py")),
        ("drop", nothing, "what is withdrawn is erased", (WORDS, STORY)),
    ),
    *guards(
        "embargo.models",
        ("ApprovedContent.waits", property(answer(False)), "what is for later waits", ("tests/embargo/test_scheduled.py", RELEASE, STORY)),
        ("ApprovedContent.is_intact", property(answer(True)), "an altered copy is not released", (WORDS, RELEASE)),
    ),
    *guards(
        "embargo.release",
        ("_check_pilot", nothing, "leads only, and with a concurrence", (RELEASE, EDITING)),
        ("publish_on_schedule", lambda page, revision: page.publish(revision), "the scheduler brings what was approved", (WAYS,)),
    ),
    *guards(
        "embargo.hiding",
        ("hide_below", answer([]), "what hangs below a hidden page is hidden", (STORY, EDITING, API)),
    ),
    *guards(
        "embargo.search_index",
        ("forget", nothing, "hidden pages leave the index", ("tests/search", SURFACES)),
    ),
    *guards(
        "embargo.gate",
        ("may_serve", answer(True), "nothing is served without the lock", (TRIGGERS, API)),
        ("without_restricted", first, "restricted pages are on no list", ("tests/boards/test_restricted.py",)),
        ("closed_gate_above", answer(None), "ordinary pages below a closed gate", (WORDS, WAYS)),
    ),
    *guards(
        "embargo.localize",
        ("take_over_translations", nothing, "translations are saved as drafts", (WAYS,)),
    ),
    *guards(
        "embargo.log_file",
        ("leave_out_titles", nothing, "no titles in the log", (SURFACES,)),
    ),
    *guards(
        "embargo.restored",
        ("verified", answer(True), "a restored database serves nothing", ("tests/embargo/test_restored.py",)),
        ("look", nothing, "a restored database is noticed", ("tests/embargo/test_restored.py", "tests/embargo/test_put_back.py")),
    ),
]  # fmt: skip

MEETING = [
    *guards(
        "contention",
        ("is_contention", answer(False), "who is in others' way is tried again, then told", (BUSY, RACES)),
    ),
    *guards(
        "pilots.actions",
        ("lock_programmes", nothing, "two pilots of a programme open and close one by one", (RACES,), "postgresql"),
    ),
    *guards(
        "embargo.gate",
        ("lock_rows", nothing, "a draft saved while a page goes public is kept", (RACES,), "postgresql"),
    ),
    *guards(
        "embargo.guards",
        ("guard_stale_save", nothing, "an old form does not take a page down", (RACES,), "postgresql"),
    ),
]  # fmt: skip

OFFICE = [
    *guards(
        "office.door",
        ("take_over_door", nothing, "every view of the admin asks who may see the page", (SURFACES, EDITING)),
        ("keep_out", nothing, "others' pages are kept from views that ask nothing", (SURFACES,)),
        ("turn_away", answer(None), "views that cannot be used say why", (EDITING,)),
    ),
    *guards(
        "office.choosers",
        ("only_public", first, "choosers offer what is public", (SURFACES, BRANCHES)),
        ("take_over_types_report", nothing, "the report on types", (SURFACES,)),
        ("take_over_translations_report", nothing, "the report on translations", (SURFACES,)),
        ("take_over_redirects", nothing, "the list of redirects", (SURFACES,)),
        ("take_over_chosen_pages", nothing, "forms in which a page was chosen", (SURFACES,)),
    ),
    *guards(
        "office.explorer",
        ("take_over_explorer", nothing, "the explorer says why there is no address", (EDITING,)),
        ("take_over_bulk_screens", nothing, "bulk screens", (EDITING, SURFACES)),
    ),
    *guards(
        "office.members",
        ("MemberForm._may_correct", answer(True), "people on approved pages", (WAYS,)),
    ),
    *guards(
        "office.mail",
        ("take_over_mails", nothing, "mails go to who may know", ("tests/office/test_mail.py", SURFACES)),
    ),
    *guards(
        "office.editing",
        ("before_create", nothing, "publish buttons of handmade requests", (EDITING, WAYS)),
        ("before_edit", answer(None), "publish buttons of handmade requests", (EDITING, WAYS)),
        ("before_bulk_action", answer(None), "bulk actions", (EDITING, WAYS)),
    ),
    *guards(
        "office.sight",
        ("hidden_from", answer(set()), "who sees which page in the admin", (SURFACES,)),
        ("gates_seen_by", every("GatedPage"), "who sees which gate", (SURFACES,)),
    ),
    *guards(
        "office.policies",
        ("MemberPolicy.rows", lambda self, user, action: self.model.objects.all(), "members of other branches", (BRANCHES, SURFACES, EDITING)),
        ("PilotPolicy.rows", lambda self, user, action: self.model.objects.all(), "pilots of others", (SURFACES, EDITING)),
    ),
]  # fmt: skip

READING = [
    *guards(
        "photos.actions",
        ("erase_unwanted", nothing, "a photo nobody may see any more is deleted", ("tests/photos/test_withdrawn.py",)),
    ),
    *guards(
        "photos.serving",
        ("is_photo_public", answer(True), "photos while the pilot is open and consent holds", (SERVING,)),
        ("is_evidence_public", answer(True), "evidence while the pilot is open", (SERVING,)),
        ("on_live_page", answer(True), "photos that a live page shows", (SERVING,)),
        ("in_row_of_live_page", answer(True), "evidence that a live page names", (SERVING,)),
        ("sees_drafts", answer(True), "staff of the branch", (SERVING,)),
    ),
    *guards(
        "people.naming",
        ("name_level", answer("full"), "names as far as consent goes", (PEOPLE,)),
        ("photo_allowed", answer(True), "photos as far as consent goes", (PEOPLE, SERVING)),
        ("counts", answer(True), "consents that were withdrawn or ran out", (PEOPLE,)),
    ),
    *guards(
        "boards.cache",
        ("fingerprint", answer("same"), "a kept board is drawn anew when something changed", ("tests/boards", PEOPLE, SURFACES)),
    ),
    *guards(
        "api.access",
        ("_visible", first, "lists of our own API", (API,)),
        ("is_public", answer(True), "what is public, in our own API", (API,)),
        ("is_staff", answer(True), "who sees drafts, in our own API", (API,)),
        ("gated_page", lambda pk: __import__("tests.embargo.mutation.switching", fromlist=["x"]).any_page(pk), "what is no gated page is not there", (API,)),
    ),
    *guards(
        "api.v2",
        ("BoardsPagesAPIViewSet.get_base_queryset", GONE, "API v2 while the triggers are missing", (API, TRIGGERS)),
    ),
    *guards(
        "api.v3",
        ("as_for_nobody", first, "API v3 answers as for a page that is not there", (SURFACES,)),
        ("to_nowhere", first, "so for a page that a request names", (SURFACES,)),
        ("hide_redirects", nothing, "redirects to hidden pages in API v3", (SURFACES,)),
    ),
    Guard("search.finding:public_pages", lambda site, locale: __import__("wagtail.models").models.Page.objects.filter(locale=locale), "the site's search finds what is public", ("tests/search", SURFACES)),
]  # fmt: skip

TEXTS = [
    Guard("pledge_pages.embargo.objections:check_birth", nothing, "no page is born public with quiet words", (QUIET,)),
    Guard("pledge_pages.embargo.objections:check_public", nothing, "no page goes public with quiet words", (QUIET,)),
    Guard("pledge_pages.embargo.objections:check_review", nothing, "numbers of people stop a review", (QUIET,)),
    Guard("pledge_pages.office.quiet_pages:before_bulk_publish", nothing, "ticked pages are refused together", (QUIET,)),
    Guard("pledge_pages.quiet_words.records:check_record", nothing, "labels, files and redirects are asked before they are saved", (QUIET,)),
    Guard("pledge_pages.quiet_words.records:guard_tags", nothing, "tags of files are asked, too", (QUIET,)),
    Guard("pledge_pages.quiet_words.refusing:may_override", answer(True), "leads alone let a page pass", (QUIET,)),
    Guard("pledge_pages.quiet_words.refusing:_check_lead", nothing, "leads alone change the words", (QUIET,)),
]  # fmt: skip

WALL = [
    *guards(
        "village.models",
        ("VillageLink.is_revoked", property(answer(False)), "what was revoked or replaced opens nothing", (VILLAGE,)),
        ("VillageLink.is_expired", property(answer(False)), "what ran out opens nothing", (VILLAGE,)),
        ("VillageLink.opens", property(answer(True)), "a link opens while its pilot runs", (VILLAGE,)),
    ),
    *guards(
        "village.links",
        ("opens", answer(True), "a link opens while it is valid and the lock is there", (VILLAGE,)),
        ("may_issue", answer(True), "the branch's staff and leads issue links", (VILLAGE,)),
    ),
    *guards(
        "village.guesses",
        ("too_many", answer(False), "whoever guesses has to wait", (VILLAGE,)),
    ),
    *guards(
        "village.answers",
        ("seal", nothing, "nothing is kept, indexed or told to where the reader goes", (VILLAGE,)),
        ("is_below", answer(False), "what others answer and log in its place holds no token", (VILLAGE,)),
    ),
    *guards(
        "village.reading",
        ("Village._open", lambda self, language: self.boards.get(language), "withdrawn and restricted boards, and what has no lock", (VILLAGE,)),
        ("Village.shows_photo", answer(True), "photos that an approved page shows, by consent", (VILLAGE,)),
        ("Village.shows_evidence", answer(True), "evidence that an approved page names, once checked", (VILLAGE,)),
    ),
    *guards(
        "boards.snapshots",
        ("shows_photo", answer(True), "photos of what was approved, and of no draft", (VILLAGE,)),
        ("shows_evidence", answer(True), "evidence of what was approved, and of no draft", (VILLAGE,)),
    ),
    *guards(
        "posters.printing",
        ("may_print", answer(True), "the branch's staff and leads print", (PRINT,)),
        ("_missing_signs", answer([]), "no sign is printed as an empty box", (PRINT,)),
        ("_personal_data", answer(([], [])), "no number of a person is printed", (PRINT,)),
    ),
    *guards(
        "posters.reprints",
        ("_of_the_whole", answer([]), "a sheet with a dead link is named", (PRINT,)),
        ("_of_content", answer([]), "a sheet that shows what was withdrawn is named", (PRINT,)),
    ),
    *guards(
        "office.village",
        ("link_for", any_of("VillageLink"), "links of others are not there", (VILLAGE, SURFACES)),
    ),
    *guards(
        "office.printing",
        ("pilot_to_print", any_of("Pilot"), "print of others is not there", (PRINT, SURFACES)),
    ),
    *guards(
        "embargo.announcement",
        ("Announcement.derive_gate", GONE, "an announcement is tied to its pilot", (ANNOUNCED,)),
    ),
]  # fmt: skip

GUARDS: list[Guard] = [
    *ROOMS, *WALL, *TEXTS, *SAVING, *PAGE, *PERMISSIONS, *REVIEW, *RELEASING, *MEETING, *OFFICE,
    *READING,
]  # fmt: skip


# SQLite finds nothing where PostgreSQL stops.
ON_POSTGRESQL = {
    "boards.models:_find#1", "photos.serving:_check_askable#1",
    "supervision.village_views:about_member#1", "village.views:_check_askable#1",
}  # fmt: skip


def refusal_guards() -> list[Guard]:
    """Return every refusal of the plugin's as a guard."""
    return [
        Guard(
            f"refusal:{name}", GONE, "what the refusal says", (tests_of(name), WAYS, SURFACES),
            only_on="postgresql" if name in ON_POSTGRESQL else "",
        )
        for name in refusals.refusals()
    ]  # fmt: skip


def tests_of(refusal: str) -> str:
    """Return the folder of tests of the room in which a refusal stands."""
    room = refusal.partition(":")[0].partition(".")[0]
    return f"tests/{room}" if (refusals.ROOT / "tests" / room).is_dir() else EDITING


def trigger_guards() -> list[Guard]:
    """Return every trigger of the database in use as a guard."""
    from django.db import connection

    from pledge_pages.embargo.triggers import postgresql, sqlite, tables, trail

    on_sqlite = connection.vendor == "sqlite"
    made = sqlite.statements if on_sqlite else postgresql.triggers
    lines = trail.sqlite_statements if on_sqlite else trail.postgresql_triggers
    return [
        *(
            Guard(f"trigger:{name}", GONE, "one trigger of the gate's", (ROWS, TRIGGERS, SQL_WAYS))
            for name in made(tables.gated_tables())
        ),
        *(Guard(f"trigger:{name}", GONE, "one trigger of the audit trail's", (TRAIL,)) for name in lines()),
    ]  # fmt: skip


def guards_on(vendor: str) -> list[Guard]:
    """Return the guards that are tried on a database: on PostgreSQL its own, on SQLite the rest.

    The tests that met one come before those that are named here.
    """
    listed = [*GUARDS, *refusal_guards()]
    own = [guard for guard in listed if (guard.only_on or "sqlite") == vendor]
    met = scouting.met_by()
    return [
        replace(guard, tests=(*known_to_notice(guard.target, met), *guard.tests))
        for guard in (*own, *trigger_guards())
    ]


def known_to_notice(target: str, met: dict[str, list[str]]) -> list[str]:
    """Return what is likely to notice: what was put down by hand, then what meets the guard."""
    noted = [NOTED_BY[target]] if target in NOTED_BY else []
    return noted + ([" ".join(map(shlex.quote, met[target]))] if target in met else [])

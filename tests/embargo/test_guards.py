"""No guard is left out of the list of those that are switched off, one at a time."""

from importlib import import_module

import pytest

from tests.embargo.mutation import refusals, scouting
from tests.embargo.mutation.guards import GUARDS, refusal_guards
from tests.embargo.mutation.naming import guards_by_name
from tests.embargo.mutation.noted import NOTED_BY
from tests.embargo.mutation.page import name_of

pytestmark = pytest.mark.once

LISTED = {name_of(guard.target) for guard in GUARDS}
BUTTON = "offers a button; the view behind it asks, and the action again"
REPORT = "reports to whoever runs the site, and lets nothing pass"
PART = "a part of methods that are listed"
INPUT = "about dates, numbers and words that cannot be, not about who or what"
ENTRY = (
    "finds what it is about among what the reader sees; the refusals in it are read from the source"
)
# What is called like a guard and is none, and why.
NO_GUARDS = {
    "appraisal.reviews:_check_number": INPUT,
    "appraisal.reviews:check_survey": INPUT,
    "appraisal.reviews:check_votes": INPUT,
    "apps:_check_readiness": "puts rows into a checklist that decides nothing",
    "mine.deciding:OwnDecision.may_appeal": BUTTON,
    "mine.deciding:OwnDecision.may_reply": BUTTON,
    "mine.invitations:_check_address": INPUT,
    "mine.reporting:_check": INPUT,
    "office.point_appeals:DecidePointsAppealView.dispatch": ENTRY,
    "office.tasks:AssignmentStepView.dispatch": ENTRY,
    "rulebook.blanks:check_bounds": INPUT,
    "rulebook.blanks:check_numbers": INPUT,
    "api.access:visible_boards": "asks _visible, which is listed",
    "api.access:visible_members": "asks _visible, which is listed",
    "api.transitions:check_approve": "asks _check_review and embargo.moderation, which are listed",
    "api.transitions:check_reject": "asks _check_review, which is listed",
    "boards.content:check_due": INPUT,
    "boards.content:check_past": INPUT,
    "embargo.checks:check_private_storage": REPORT,
    "embargo.checks:check_restored": REPORT,
    "embargo.checks:check_trail": REPORT,
    "embargo.checks:check_triggers": REPORT,
    "embargo.permissions:GatedPagePermissionPolicy._foreign_tops": PART,
    "embargo.permissions:GatedPagePermissionPolicy._reaches": PART,
    "embargo.permissions:GatedPagePermissionPolicy._without_foreign_gates": PART,
    "office.check_rows:check_rows": "the rows of a list of checks",
    "office.check_rows:check_url": "the address of a check",
    **{
        f"office.check_steps:_may_{step}": BUTTON
        for step in (
            "appeal", "drop", "finalise", "judge", "put", "reply", "state", "take_off", "tell",
        )
    },
    "office.editing:take_over_saved_message": "words about what was saved",
    "office.editing:take_over_status_panel": "words about where a page stands",
    "office.held:HeldPagesView.may_withdraw": BUTTON,
    "mine.reviewed:OwnReview.may_enter_view": BUTTON,
    "office.leak_checks:LeakCheckView.check": "the leak check that a view shows; dispatch asks",
    "office.mail:ReviewNotifier.can_handle": "which mails are ours; take_over_mails is listed",
    "office.policies:ProgrammePolicy.__init__": PART,
    "office.policies:RolePolicy.holds": "answered by each policy, which is listed",
    "office.policies:RolePolicy.rows": "answered by each policy, which is listed",
    "office.policies:RolePolicy.users_with_any_permission": "for Wagtail's lists of users only",
    "office.refusals:refuse": "says a refusal that was decided elsewhere",
    "office.visibility:OwnIndexView._may": BUTTON,
    "photos.actions:check_evidence": "what somebody does who checks evidence; check_staff asks",
    "photos.cleaning:refuse": "makes the error that says what is wrong with a file",
    "transfer.roster_rows:CellsOfRow.check": "puts down what a record says against itself",
    "transfer.sheets:refuse": "makes the error that says what is wrong with a file",
    "posters.files:check": "about files on the disk of whoever runs the command",
}  # fmt: skip


def test_whatever_calls_itself_a_guard_is_switched_off_or_said_to_be_none():
    known = LISTED | NO_GUARDS.keys()
    # One that refuses is switched off refusal by refusal.
    left = [name for name, within in guards_by_name().items() if name not in known and not within]
    assert left == []


def test_what_is_said_to_be_no_guard_is_there_and_not_listed():
    assert NO_GUARDS.keys() - guards_by_name().keys() == set()
    assert NO_GUARDS.keys() & LISTED == set()


def test_every_guard_on_the_list_is_there():
    for guard in GUARDS:
        module, _colon, path = guard.target.partition(":")
        holder = import_module(module)
        *classes, name = path.split(".")
        for part in classes:
            holder = getattr(holder, part)
        assert name in vars(holder), guard.target


def test_every_refusal_of_the_plugins_is_switched_off():
    assert [guard.target for guard in refusal_guards()] == [
        f"refusal:{name}" for name in refusals.refusals()
    ]


def test_what_is_noted_of_a_guard_is_of_one_that_is_there():
    """If not: ``python -m tests.embargo.mutation --scout`` notes it anew."""
    there = {guard.target for guard in (*GUARDS, *refusal_guards())}
    assert scouting.met_by().keys() - there == set()
    assert NOTED_BY.keys() - there == set()


def test_a_refusal_that_is_added_is_found():
    import ast

    written = "class View:\n def dispatch(self):\n  if self.no:\n   raise PermissionDenied\n"
    assert [name for name, _block in refusals.in_tree("office.new", ast.parse(written))] == [
        "office.new:View.dispatch#1"
    ]

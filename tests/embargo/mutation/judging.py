"""The guards of the rooms that judge pledges: outcomes and appeals, points, rules, and reports."""

from __future__ import annotations

from datetime import date

from tests.embargo.mutation.row import GONE, answer, every, guards, nothing

SURFACES = "tests/embargo/test_surfaces.py"
OUTCOMES = "tests/appraisal/outcomes"
LEDGER = "tests/appraisal/test_ledger.py"
RULES = "tests/rulebook"
SUPERVISION = "tests/supervision"
STEPS = "tests/supervision/test_steps.py"
SENDING = "tests/supervision/test_sending.py"


def published_or_not(pilot):
    """Return every report of a branch, as if all were published."""
    from pledge_pages.models import Report

    return Report.objects.filter(pilot=pilot)


def as_said(_field, texts):
    """Return texts trimmed, whatever is in them."""
    return {code: text.strip() for code, text in texts.items() if text and text.strip()}


def any_day(_field, on, *, not_before=None):
    """Return the day that was given, or today."""
    return on or date.today()


DECISIONS = [
    *guards(
        "appraisal.access",
        ("decisions_seen_by", every("OutcomeDecision"), "checks of other branches", (OUTCOMES, SURFACES)),
        ("may_see", answer(True), "who takes part in the checks of a branch", (OUTCOMES,)),
        ("may_check", answer(True), "who may be a checker", (OUTCOMES,)),
        ("is_outside", answer(True), "one checker is from outside", (OUTCOMES,)),
        ("may_write", answer(True), "editors and leads put outcomes on pages", (OUTCOMES,)),
        ("may_judge", answer(True), "who decides an appeal had no part in it", (OUTCOMES,)),
        ("check_seen", nothing, "others open, tell and finalise nothing", (OUTCOMES,)),
        ("check_not_own", nothing, "nobody decides on their own pledge", (OUTCOMES,)),
        ("check_speaks_for", nothing, "the member speaks, or staff for the member", (OUTCOMES,)),
        ("name_for", lambda user, member, **_kwargs: member.staff_name, "verifiers read names as far as consent goes", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.days",
        ("may_be_posted", answer(True), "nothing is posted before the days are over", (OUTCOMES,)),
        ("may_still_appeal", answer(True), "an appeal that comes too late", (OUTCOMES,)),
        ("was_heard", answer(True), "nothing is final before the member was heard", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.branch_outcomes",
        ("_check_checker", nothing, "who leads a pledge of the branch does not judge it", (OUTCOMES,)),
        ("_check_waits", nothing, "what is decided is not decided again", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.branch_proof",
        ("check_review", nothing, "no outcome of the branch in review that nobody decided", (OUTCOMES,)),
        ("public_check", answer(nothing), "no outcome of the branch in public that nobody decided", (OUTCOMES,)),
        ("_check", nothing, "a board says what was decided", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.proof",
        ("check_review", nothing, "no outcome in review that nobody decided", (OUTCOMES,)),
        ("public_check", answer(nothing), "no outcome in public that nobody decided", (OUTCOMES,)),
        ("objection_to", answer(""), "a page says what was decided", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.outcomes",
        ("require", nothing, "one step of a check after the other", (OUTCOMES,)),
        ("_refuse_second", nothing, "one check of a pledge at a time", (OUTCOMES,)),
        ("_state_after", answer("confirmed"), "two have to confirm", (OUTCOMES,)),
        ("check_words", as_said, "no number of a person in what is decided", (OUTCOMES,)),
        ("check_day", any_day, "no decision from tomorrow", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.models",
        ("refuse_rewriting", nothing, "what was decided is not rewritten", (OUTCOMES,)),
        ("Kept.delete", GONE, "what was decided is kept", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.on_page",
        ("_check_writer", nothing, "editors and leads put outcomes on pages", (OUTCOMES,)),
        ("hindrance_to", answer(""), "no draft is carried along unseen", (OUTCOMES,)),
        ("has_newer_draft", answer(False), "no draft is carried along unseen", (OUTCOMES,)),
    ),
    *guards(
        "appraisal.importing",
        ("_check", nothing, "what no paper can make good is not taken over", (OUTCOMES, "tests/appraisal")),
    ),
    *guards(
        "appraisal.ledger",
        ("may_enter", answer(True), "staff and leads enter points", (LEDGER,)),
        ("may_decide", answer(True), "moderators and leads confirm points", (LEDGER,)),
        ("_check_staff", nothing, "staff and leads enter points", (LEDGER,)),
        ("_check_decider", nothing, "moderators and leads confirm points", (LEDGER,)),
        ("_check_other", nothing, "nobody writes in their own ledger", (LEDGER,)),
        ("_check_double", nothing, "nothing is entered twice", (LEDGER,)),
        ("check_day", nothing, "no points from tomorrow", (LEDGER,)),
    ),
    *guards(
        "rulebook.actions",
        ("may_change", answer(True), "leads change the rules", (RULES, "tests/appraisal")),
        ("check_whole", nothing, "rules that say two things are not approved", (RULES,)),
        ("_check_day", nothing, "no rule counts for what is over", (RULES,)),
        ("_check_lead", nothing, "leads change the rules", (RULES,)),
        ("_check_number", nothing, "a version has an end", (RULES,)),
    ),
]  # fmt: skip

REPORTS = [
    *guards(
        "supervision.access",
        ("pilots_supervised_by", every("Pilot"), "the committee of the branch", (STEPS, SUPERVISION)),
        ("pilots_with", every("Pilot"), "who has a part in reports", (STEPS, SUPERVISION)),
        ("reports_seen_by", every("Report"), "reports of others, and about oneself", (SUPERVISION, SURFACES)),
        ("reads_original", answer(True), "the committee alone reads the original", (SUPERVISION,)),
        ("is_named", answer(False), "the person named has no part", (SUPERVISION,)),
        ("may_take", answer(True), "each step is for its roles", (STEPS,)),
        ("fits", answer(True), "nobody publishes their own answer", (STEPS,)),
    ),
    *guards(
        "supervision.actions",
        ("_check_text", nothing, "staff read what was written for the public", (STEPS,)),
    ),
    *guards(
        "supervision.answering",
        ("from_elsewhere", answer(False), "forms of other sites", (SENDING,)),
        ("_is_open", answer(True), "a code asks of what its reader may read", (SUPERVISION,)),
    ),
    *guards(
        "supervision.reading",
        ("published", published_or_not, "reports are public once they were published", (SUPERVISION,)),
    ),
    *guards(
        "supervision.wording",
        ("_numbers", answer([]), "no number of a person in a public text", (STEPS, SUPERVISION)),
        ("_names", answer([]), "nobody is named in a public text", (STEPS, SUPERVISION)),
    ),
    *guards(
        "supervision.retention",
        ("past_retention", lambda on=None: every("Report")().none(), "what came in is erased in time", (SUPERVISION,)),
    ),
    *guards(
        "brake",
        ("Brake.holds", answer(False), "whoever does it too often has to wait", (SENDING, "tests/village")),
        ("client_address", answer("127.0.0.1"), "one who guesses does not shut out the rest", ("tests/village", SENDING)),
    ),
    *guards(
        "village.log_file",
        ("leave_out_tokens", nothing, "no token in a log", ("tests/village",)),
    ),
    *guards(
        "village.views",
        ("_may_be_member", answer(True), "guesses are counted", ("tests/village/test_way_in.py",)),
    ),
]  # fmt: skip

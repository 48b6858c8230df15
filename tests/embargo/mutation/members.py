"""The guards of the year-end reviews, of members' own pages, of tasks and of what is exported."""

from tests.embargo.mutation.row import GONE, answer, every, guards, nothing

REVIEWS = "tests/appraisal/reviews"
MINE = "tests/mine"
TASKS = "tests/tasks"
SURFACES = "tests/embargo/test_surfaces.py"

MEMBERS = [
    *guards(
        "appraisal.access",
        ("may_review", answer(True), "who works on reviews", (REVIEWS,)),
        ("may_grade", answer(True), "who proposes and closes grades", (REVIEWS,)),
    ),
    *guards(
        "appraisal.closing",
        ("_check_grade", nothing, "a correction keeps to the share of a grade", (REVIEWS,)),
        ("_check_heard", nothing, "a lower grade is not given unheard", (REVIEWS,)),
    ),
    *guards(
        "appraisal.grades_on_page",
        ("check_review", nothing, "no grade in review that does not stand", (REVIEWS,)),
        ("_check", nothing, "a page says the grade that stands", (REVIEWS,)),
    ),
    *guards(
        "appraisal.point_appeals",
        ("may_appeal", answer(True), "who appeals against points, and until when", (REVIEWS,)),
        ("may_judge", answer(True), "who decides an appeal had no part in it", (REVIEWS,)),
    ),
    *guards(
        "appraisal.review_grades",
        ("check_places", nothing, "a grade is for a share of the members", (REVIEWS,)),
        ("_check_choice", nothing, "no better grade than the rules allow", (REVIEWS,)),
    ),
    *guards(
        "appraisal.reviews",
        ("reviews_seen_by", every("BranchReview"), "reviews of other branches", (REVIEWS, SURFACES)),
    ),
    *guards(
        "mine.deciding",
        ("check_may_reply", nothing, "a reply that comes too late", ("tests/appraisal/outcomes",)),
    ),
    *guards(
        "mine.invitations",
        ("may_confirm", answer(True), "who gave a link does not confirm it", (MINE, SURFACES)),
        ("may_invite", answer(True), "who gives members accounts", (MINE, SURFACES)),
        ("_check_plain", nothing, "nobody takes over an account that holds a role", (MINE,)),
    ),
    *guards(
        "mine.reporting",
        ("_check_often", nothing, "drafts written by a member in a day", (MINE,)),
    ),
    *guards(
        "mine.signing_in",
        ("PasswordView.dispatch", GONE, "guesses at links are counted", (MINE,)),
    ),
    *guards(
        "office.member_accounts",
        ("AccountForm.may", answer(True), "who finds the forms of accounts", (MINE, SURFACES)),
        ("ConfirmAccountView.may", answer(True), "who finds the form that confirms", (MINE, SURFACES)),
    ),
    *guards(
        "office.reviews",
        ("ReviewStepView.dispatch", GONE, "no form of a step that cannot be taken", (REVIEWS, SURFACES)),
    ),
    *guards(
        "people.actions",
        ("check_speaks_for", nothing, "the member consents, or staff for the member", (MINE, "tests/people")),
    ),
    *guards(
        "tasks.access",
        ("assignments_seen_by", every("Assignment"), "tasks of other branches", (TASKS, SURFACES)),
    ),
    *guards(
        "tasks.actions",
        ("_refuse_second", nothing, "nobody is asked the same twice", (TASKS,)),
    ),
    *guards(
        "tasks.on_page",
        ("check_free", nothing, "no draft is written under a review", (TASKS,)),
    ),
    *guards(
        "transfer.draft_pages",
        ("Drafts._check_board", nothing, "no pledge in a language without a board", ("tests/transfer",)),
        ("Drafts.check_free", nothing, "no draft is written under a review", ("tests/transfer",)),
    ),
    *guards(
        "transfer.sheets",
        ("_check_archive", nothing, "nothing is unpacked to too much", ("tests/transfer",)),
        ("_check_merged", nothing, "merged cells are no rows of their own", ("tests/transfer",)),
    ),
    *guards(
        "transfer.importing",
        ("may_import", answer(True), "who brings people into a branch", ("tests/transfer", SURFACES)),
    ),
    *guards(
        "transfer.exporting",
        ("may_export", answer(True), "who takes a board along", ("tests/transfer", SURFACES)),
    ),
]  # fmt: skip

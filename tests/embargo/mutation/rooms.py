"""The guards of the rooms around the embargo: who holds which role, and what each room lets them do."""

from __future__ import annotations

from tests.embargo.mutation.judging import DECISIONS, REPORTS
from tests.embargo.mutation.members import MEMBERS
from tests.embargo.mutation.row import GONE, Guard, answer, every, first, guards, nothing

SURFACES = "tests/embargo/test_surfaces.py"
WAYS = "tests/embargo/test_ways.py"
RELEASE = "tests/embargo/test_release.py"
BRANCHES = "tests/office/test_other_branches.py"
PILOTS = "tests/office/test_pilots.py"
RECORDS = "tests/office/test_records.py"
POLICIES = "tests/office/test_policies.py"
OUTCOMES = "tests/appraisal/outcomes"
LEDGER = "tests/appraisal/test_ledger.py"
POINTS = "tests/appraisal/test_office.py"
STEPS = "tests/supervision/test_steps.py"
PEOPLE = "tests/people"
PHOTOS = "tests/photos/test_actions.py"
WITHDRAWN = "tests/photos/test_withdrawn.py"
QUIET = "tests/quiet_words"
TRANSLATING = "tests/office/test_translating.py"


def of_whoever_it_was(user):
    """Return the roles of a user, switched off or not."""
    from pledge_pages.models import Role

    return Role.objects.filter(group__user=user.pk)


def every_line(_codes):
    """Return what leaves every line of the trail in."""
    from django.db.models import Q

    return Q()


def all_of_them(self, *_args):
    """Return every row of a policy's model, whoever asks."""
    return self.model._default_manager.all()


def everyone(_request):
    """Return every account."""
    from django.contrib.auth.models import User

    return User.objects.order_by("username")


ROLES = [
    *guards(
        "pilots.roles",
        ("_roles", of_whoever_it_was, "whoever was switched off has no role", (POLICIES, BRANCHES, "tests/api")),
        ("has_role", answer(True), "who is in which group of a branch", (OUTCOMES, STEPS)),
        ("is_lead", answer(True), "leads steer, and nobody else", (RELEASE, PILOTS)),
        ("is_moderator", answer(True), "moderators of the branch only", (WAYS, "tests/api")),
        ("sees_drafts", answer(True), "drafts are for staff of the branch and leads", ("tests/api", "tests/photos/test_serving.py")),
        ("sees_evidence", answer(True), "private evidence is for staff, leads and verifiers", ("tests/photos/test_serving.py", OUTCOMES)),
        ("led_programmes", every("Programme"), "the programmes that one leads", (BRANCHES, SURFACES)),
        ("pilots_seen_by", every("Pilot"), "the pilots of which one sees drafts", (SURFACES, BRANCHES)),
        ("pilots_checked_by", every("Pilot"), "the pilots whose checks one sees", (OUTCOMES,)),
    ),
    *guards(
        "pilots.actions",
        ("may_take", answer(True), "steps are for leads, a concurrence for moderators", (PILOTS, "tests/office/test_pilot_command.py", RELEASE)),
        ("check_step", nothing, "steps follow each other, taken by whom they are for", (PILOTS, RELEASE)),
        ("check_wave", nothing, "a wave waits for the one before", (PILOTS, RELEASE, "tests/embargo")),
        ("check_reason", first, "every step has a reason", (PILOTS, RELEASE)),
        ("concurrence_for", answer(True), "no lead approves alone", (RELEASE, PILOTS)),
    ),
    *guards(
        "office.sight",
        ("has_any_role", answer(True), "lists of the office are for those who have a role", (BRANCHES, SURFACES)),
        ("leads_any", answer(True), "what leads alone open", (BRANCHES, SURFACES)),
        ("programmes_seen_by", every("Programme"), "programmes of others", (POLICIES, SURFACES, BRANCHES)),
        ("pilots_with_role", every("Pilot"), "editors change the members of their branch", (POLICIES, BRANCHES, RECORDS)),
    ),
    *guards(
        "office.pilot_list",
        ("waves_seen_by", every("Wave"), "waves of others", (POLICIES, SURFACES, BRANCHES)),
    ),
    *guards(
        "office.overtaken",
        ("take_over_saving", nothing, "a draft saved meanwhile is not written over", ("tests/office/test_overtaken.py",)),
    ),
    *guards(
        "office.policies",
        ("ProgrammePolicy.rows", all_of_them, "programmes, waves and quiet words of others", (POLICIES, SURFACES, BRANCHES)),
        ("ProgrammePolicy.holds", answer(True), "only administrators open and delete programmes", (RECORDS, BRANCHES)),
        ("RolePolicy.user_has_permission_for_instance", answer(True), "others' rows are not changed", (POLICIES, BRANCHES, SURFACES)),
        ("RolePolicy.instances_user_has_any_permission_for", all_of_them, "others' rows are on no list", (BRANCHES, SURFACES)),
        ("RolePolicy.user_has_permission", answer(True), "lists of the office are for those who have a role", (BRANCHES, SURFACES)),
        ("PilotPolicy.holds", answer(True), "pilots are for staff and leads", (BRANCHES, SURFACES)),
        ("PilotPolicy.user_has_permission", GONE, "no pilot is deleted", (POLICIES, PILOTS, RECORDS, BRANCHES)),
        ("MemberPolicy.holds", answer(True), "editors and leads change members", (RECORDS, BRANCHES)),
        ("MemberPolicy.pilots", every("Pilot"), "members of others", (BRANCHES, RECORDS)),
        ("ReportPolicy.holds", answer(True), "reports are for those who have a part in them", ("tests/supervision/test_office.py", SURFACES)),
        ("ReportPolicy.rows", all_of_them, "reports of others", ("tests/supervision/test_office.py", SURFACES)),
        ("ReferencePolicy.rows", all_of_them, "leads keep what all programmes share", (POLICIES, RECORDS, BRANCHES)),
    ),
    *guards(
        "office.visibility",
        ("OwnRows.get_queryset", GONE, "forms of others' rows are not there", (BRANCHES, SURFACES)),
        ("OwnIndexView.get_base_queryset", GONE, "others' rows are on no list", (BRANCHES, SURFACES)),
        ("OwnInspectView.get_object", GONE, "others' rows are not looked at", (BRANCHES, SURFACES)),
        ("OwnHistoryView.get_base_object_queryset", GONE, "the history of others' rows", (BRANCHES, SURFACES)),
        ("OwnUsageView.get_base_object_queryset", GONE, "the usage of others' rows", (BRANCHES, SURFACES)),
    ),
]  # fmt: skip

PEOPLE_AND_FILES = [
    *guards(
        "people.accounts",
        ("is_account_of", answer(False), "nobody decides on themselves", (LEDGER, OUTCOMES)),
    ),
    *guards(
        "people.actions",
        ("check_staff", nothing, "consents are recorded by the branch's staff", (PEOPLE,)),
        ("_check_days", nothing, "no consent from tomorrow on, or up to yesterday", (PEOPLE,)),
    ),
    *guards(
        "people.models",
        ("Consent.clean", GONE, "a consent says how and when it was given", (PEOPLE,)),
    ),
    *guards(
        "photos.actions",
        ("check_staff", nothing, "files are changed by the branch's staff", (PHOTOS,)),
        ("_delete", lambda row: row.delete(), "a file that a page shows is not deleted", (PHOTOS,)),
    ),
    *guards(
        "photos.models",
        ("refuse_change", nothing, "a stored file never changes", (PHOTOS, "tests/photos")),
        ("EvidenceFile.may_be_shown", property(answer(True)), "evidence is shown once it was checked", ("tests/photos/test_serving.py", "tests/village")),
    ),
    *guards(
        "photos.cleaning",
        ("_check_size", nothing, "pictures that are too large or too small", ("tests/photos/test_cleaning.py", "tests/photos/test_hostile.py")),
        ("read_upload", lambda file: file.read(), "files that are too large", ("tests/photos/test_hostile.py", "tests/photos/test_cleaning.py")),
    ),
    *guards(
        "photos.pdf",
        ("_trim", nothing, "no scripts and notes in a PDF", ("tests/photos/test_pdf.py",)),
        ("without_metadata", first, "no metadata in the photos of a PDF", ("tests/photos/test_pdf.py", "tests/photos/test_metadata.py")),
    ),
    *guards(
        "photos.removal",
        ("delete_file", nothing, "whoever is deleted leaves no file", (WITHDRAWN, "tests/photos")),
    ),
    *guards(
        "boards.models",
        ("MemberPledgePage.clean", GONE, "a page shows no photo of another member", ("tests/office/test_editing.py", "tests/photos", "tests/office")),
        ("_refuse_second", nothing, "one page for a member and language", ("tests/embargo/test_explanations.py", WAYS)),
    ),
    *guards(
        "boards.api_fields",
        ("PageApiForm.clean", GONE, "API v3 changes no more than the editor does", ("tests/api/test_wagtail_v3.py",)),
    ),
]  # fmt: skip

GATE = [
    *guards(
        "embargo.moderation",
        ("check_not_over", nothing, "what is over is not approved", ("tests/embargo/test_scheduled.py", "tests/office/test_decisions.py")),
    ),
    *guards(
        "embargo.confirmation",
        ("may_confirm", answer(True), "leads confirm a restored database", ("tests/office/test_restored.py", "tests/embargo/test_restored.py")),
    ),
    *guards(
        "embargo.hiding",
        ("off_schedule", nothing, "what is hidden waits for no date", ("tests/embargo/test_scheduled.py",)),
        ("hide_all", answer([]), "a restored database shows nothing", ("tests/embargo/test_restored.py", "tests/embargo/test_put_back.py")),
    ),
    *guards(
        "embargo.publication",
        ("is_open_for", answer(True), "publishing is for the gate alone", ("tests/embargo/test_explanations.py", WAYS)),
    ),
    *guards(
        "embargo.trail",
        ("of_programmes", every_line, "leads read the lines of their programmes", ("tests/office/test_trail.py",)),
    ),
    *guards(
        "leak_check.check",
        ("may_check", answer(True), "leads look for leaks", ("tests/office/test_leak_checks.py", "tests/leak_check")),
    ),
    *guards(
        "api.v3",
        ("is_hidden_from", answer(False), "a token without rights finds nothing in API v3", ("tests/api/test_wagtail_v3.py", SURFACES)),
    ),
    *guards(
        "api.transitions",
        ("may_follow", answer(True), "the API offers the steps that may follow", ("tests/api/test_workflow.py",)),
        ("_check_draft", nothing, "the API asks of a draft what the editor does", ("tests/api/test_workflow.py",)),
    ),
]  # fmt: skip

OFFICE = [
    *guards(
        "office.editing",
        ("decides_unread", answer(False), "what was not read is not decided on", ("tests/office/test_decisions.py",)),
        ("may_withdraw", answer(True), "moderators and leads withdraw", ("tests/office/test_decisions.py", "tests/office")),
        ("refuse_taking_down", answer(None), "pages are not taken down in passing", ("tests/office/test_editing.py", "tests/office")),
    ),
    *guards(
        "office.explorer",
        ("take_over_unpublish_button", nothing, "no button takes a page down", ("tests/office/test_offers.py", "tests/office")),
    ),
    *guards(
        "office.translating",
        ("take_over_translating", nothing, "editors of the branch translate, and publish nothing", (TRANSLATING,)),
        ("_take_over_editor", nothing, "a translation is saved as a draft", (TRANSLATING,)),
        ("_take_over_submission", nothing, "editors of the branch begin translations", (TRANSLATING,)),
        ("_take_over_update", nothing, "editors of the branch renew translations", (TRANSLATING,)),
        ("turned_from_translating", answer(None), "editors of the branch translate its pages", (TRANSLATING,)),
    ),
    *guards(
        "office.people_filters",
        ("take_over_people_filters", nothing, "filters name no account of another branch", (SURFACES, BRANCHES)),
        ("owners", everyone, "owners of others' pages", (SURFACES, BRANCHES)),
        ("editors", everyone, "editors of others' pages", (SURFACES, BRANCHES)),
        ("requesters", everyone, "who submitted others' pages", (SURFACES, BRANCHES)),
    ),
    *guards(
        "office.library",
        ("take_over_file_forms", nothing, "forms of files say why a tag is refused", (f"{QUIET}/test_records.py", QUIET)),
    ),
    *guards(
        "office.pilot_steps",
        ("StepForm.check_seen", nothing, "what was read is what is done", (PILOTS,)),
    ),
    *guards(
        "office.quiet_pages",
        ("QuietPageView.may_edit", property(answer(True)), "words are looked at by who may edit the page", (f"{QUIET}/test_override.py", SURFACES)),
    ),
    *guards(
        "office.check_steps",
        ("StepView.dispatch", GONE, "a step's form is for whom the step is for", (OUTCOMES,)),
    ),
    *guards(
        "office.village",
        ("ChangeLinkView.dispatch", GONE, "a link that is revoked is left alone", ("tests/village/test_office.py",)),
    ),
    *guards(
        "office.about_book",
        ("books_seen_by", every("RuleBook"), "rule books of others", (POINTS, "tests/appraisal", SURFACES)),
    ),
    *guards(
        "office.trail_file",
        ("harmless", first, "a cell of the exported trail starts no formula", ("tests/office/test_trail.py",)),
    ),
]  # fmt: skip

WORDS = [
    *guards(
        "quiet_words.records",
        ("guard_record", nothing, "labels, files and redirects that a script saves", (f"{QUIET}/test_records.py",)),
        ("check_tags", nothing, "tags of a file", (f"{QUIET}/test_records.py",)),
        ("_ask_when_cleaned", nothing, "forms of records say what is wrong", (f"{QUIET}/test_records.py", QUIET)),
    ),
    *guards(
        "quiet_words.schedule",
        ("take_over_schedule", nothing, "words are looked at again when a date has come", (f"{QUIET}/test_routes.py", QUIET)),
    ),
    *guards(
        "quiet_words.lint",
        ("check_review", nothing, "numbers of people stop a review", (f"{QUIET}/test_personal_data.py", QUIET)),
    ),
    *guards(
        "quiet_words.watching",
        ("Watch._terms_in", answer(()), "words that are not to be public yet", (f"{QUIET}/test_watching.py",)),
        ("Watch._names_in", answer(()), "names of pilots that are not public", (f"{QUIET}/test_watching.py",)),
        ("Watch._addresses_in", answer(()), "addresses of pages that are not public", (f"{QUIET}/test_watching.py",)),
        ("Watch._records_in", answer(()), "links to pages that are not public", (f"{QUIET}/test_watching.py",)),
    ),
]  # fmt: skip

ROOMS: list[Guard] = [
    *ROLES, *PEOPLE_AND_FILES, *GATE, *OFFICE, *WORDS, *DECISIONS, *REPORTS, *MEMBERS,
]  # fmt: skip

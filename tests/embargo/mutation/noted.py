"""Which tests notice guards that the scout does not meet, or meets in too many tests to tell."""

SURFACES = "tests/embargo/test_surfaces.py"
WAYS = "tests/embargo/test_ways.py"
APPRAISAL = "tests/appraisal/test_office.py"
NOT_THERE = "tests/office/test_not_there.py"
STORY = "tests/embargo/test_story.py"
SCHEDULED = "tests/embargo/test_scheduled.py"
RESTORED = "tests/embargo/test_restored.py"
ANNOUNCED = "tests/announcement/test_announcement.py::test_it_stands_below_a_public_page_of_the_site_and_below_no_board"


def surfaces(words: str, reader: str = "another") -> str:
    """Return the rows of surfaces called ``words``, never public, as ``reader`` sees them."""
    return f"{SURFACES} -k 'NeverPublic and {words} and {reader}'"


NOTED_BY = {
    "pledge_pages.embargo.page:Gated.__str__": f"{STORY} -k no_name_and_no_address",
    "pledge_pages.embargo.page:Gated.get_url_parts": f"{STORY} -k no_name_and_no_address",
    "pledge_pages.embargo.workflow:take_over_cancel": f"{STORY} -k does_not_cancel_it",
    "pledge_pages.embargo.localize:take_over_translations": f"{WAYS} -k transl",
    "pledge_pages.embargo.log_file:leave_out_titles": f"{SURFACES} -k 'NeverPublic and log'",
    "pledge_pages.embargo.moderation:check_not_over": f"{SCHEDULED}::test_a_version_whose_end_came_during_its_review_is_not_approved",
    "pledge_pages.office.door:take_over_door": surfaces("admin"),
    "pledge_pages.office.door:keep_out": surfaces("admin"),
    "pledge_pages.office.door:turn_away": "tests/office/test_editing.py tests/office/test_doors.py tests/office/test_offers.py",
    "pledge_pages.office.choosers:take_over_types_report": surfaces("report"),
    "pledge_pages.office.choosers:take_over_translations_report": surfaces("translations"),
    "pledge_pages.office.choosers:take_over_redirects": surfaces("redirect", "rest"),
    "pledge_pages.office.choosers:take_over_chosen_pages": f"{STORY} -k was_chosen",
    "pledge_pages.office.explorer:take_over_explorer": "tests/office/test_offers.py tests/office/test_editing.py",
    "pledge_pages.office.explorer:take_over_bulk_screens": f"tests/office/test_offers.py {SURFACES} -k 'offers or bulk'",
    "pledge_pages.office.editing:before_create": "tests/office/test_editing.py -k posted_publication",
    "pledge_pages.office.people_filters:take_over_people_filters": surfaces("filters"),
    "pledge_pages.office.people_filters:owners": surfaces("filters"),
    "pledge_pages.office.people_filters:editors": surfaces("filters"),
    "pledge_pages.office.people_filters:requesters": surfaces("filters"),
    "pledge_pages.office.policies:PilotPolicy.rows": "tests/office/test_policies.py",
    "pledge_pages.office.about_book:books_seen_by": f"{APPRAISAL}::test_rule_books_of_others_are_not_seen",
    "pledge_pages.api.v3:is_hidden_from": f"{SURFACES} -k 'NeverPublic and v3'",
    "pledge_pages.api.v3:as_for_nobody": f"{SURFACES} -k 'NeverPublic and v3'",
    "pledge_pages.api.v3:to_nowhere": f"{SURFACES} -k 'NeverPublic and v3'",
    "pledge_pages.api.v3:hide_redirects": f"{SURFACES} -k 'NeverPublic and v3'",
    "pledge_pages.boards.models:_refuse_second": f"{STORY}::test_a_branch_has_one_board_in_a_language",
    "pledge_pages.boards.models:MemberPledgePage.clean": "tests/photos/test_actions.py::test_a_page_takes_no_photo_of_another_member",
    "pledge_pages.office.policies:ReportPolicy.rows": "tests/supervision/test_office.py::test_reports_of_others_are_no_rows_of_anybody",
    "pledge_pages.office.check_steps:StepView.dispatch": "tests/appraisal/outcomes/test_office.py -k cannot_be_taken_yet",
    "pledge_pages.office.reviews:ReviewStepView.dispatch": "tests/appraisal/reviews/test_office.py -k cannot_be_taken_yet",
    "pledge_pages.appraisal.point_appeals:may_appeal": "tests/appraisal/reviews/test_office.py -k raised_once_in_time",
    "pledge_pages.mine.signing_in:PasswordView.dispatch": "tests/mine/test_way_in.py -k open_nothing_has_to_wait",
    "pledge_pages.transfer.draft_pages:Drafts._check_board": "tests/transfer/test_importing.py -k without_a_board",
    "pledge_pages.embargo.approval:parent_is_public": f"{STORY} -k waits_for_it",
    "pledge_pages.embargo.workflow:take_over_resume": f"{STORY} -k stays_returned",
    "pledge_pages.embargo.refused_action:take_over_publish": "tests/quiet_words/test_routes.py -k later_date",
    "pledge_pages.contention:is_contention": "tests/races/test_busy.py -k stays_changed",
    "pledge_pages.pilots.actions:lock_programmes": "tests/races/test_races.py -k 'two_pilots or other_pilot_of'",
    "pledge_pages.embargo.gate:lock_rows": "tests/races/test_races.py -k saved_while",
    "refusal:boards.models:_find#1": "tests/embargo/test_not_found.py -k nul",
    "refusal:photos.serving:_check_askable#1": "tests/photos/test_serving.py -k same_404",
    "refusal:village.views:_check_askable#1": "tests/village/test_reading.py -k whole_address",
    "refusal:supervision.village_views:about_member#1": "tests/supervision/test_sending.py -k nul_below",
    # Wagtail's own finds the same, with more queries.
    "pledge_pages.embargo.page:Gated.get_view_restrictions": "tests/boards/test_read_path.py",
    "pledge_pages.appraisal.branch_outcomes:_check_waits": "tests/appraisal/outcomes/test_branch.py -k given_up",
    "pledge_pages.appraisal.importing:_check": "tests/appraisal/outcomes/test_outcomes.py -k no_paper",
    "pledge_pages.rulebook.actions:_check_number": "tests/rulebook -k has_an_end",
    "refusal:appraisal.ledger:open_year#1": f"{APPRAISAL}::test_points_are_opened_by_staff_of_the_branch_only",
    "refusal:appraisal.point_appeals:import_appeals#1": f"{APPRAISAL}::test_nobody_but_leads_takes_over_appeals_and_reviews_from_before",
    "refusal:appraisal.review_import:import_review#1": f"{APPRAISAL}::test_nobody_but_leads_takes_over_appeals_and_reviews_from_before",
    "refusal:contention:in_one_transaction.run#1": "tests/races/test_busy.py",
    "refusal:embargo.announcement:Announcement.derive_gate#1": ANNOUNCED,
    "refusal:embargo.announcement:announce#2": ANNOUNCED,
    "refusal:embargo.approval:publish_held#1": "tests/embargo/test_release.py -k without_the_lock",
    "refusal:embargo.approval:withdraw#1": f"{STORY}::test_an_approval_is_withdrawn_by_those_who_steer_and_once",
    "refusal:embargo.approval:withdraw#2": f"{STORY}::test_an_approval_is_withdrawn_by_those_who_steer_and_once",
    "refusal:embargo.confirmation:confirm#1": f"{RESTORED} tests/office/test_restored.py -k confirm",
    "refusal:embargo.confirmation:_confirm#1": f"{RESTORED} tests/office/test_restored.py -k confirm",
    "refusal:embargo.guards:new_gate_for#1": "tests/announcement -k alias_of_an_ordinary",
    "refusal:embargo.moderation:check_action#3": f"{STORY}::test_a_version_that_nobody_is_known_to_have_written_is_not_approved",
    "refusal:embargo.moderation:decide#1": f"{STORY}::test_who_decides_upon_a_review_that_is_over_is_told_so",
    "refusal:embargo.moderation:check_not_over#1": f"{SCHEDULED}::test_a_version_whose_end_came_during_its_review_is_not_approved",
    "refusal:village.views:evidence#1": "tests/village/test_reading.py -k whole_address",
    "refusal:supervision.views:find#2": "tests/supervision/test_sending.py -k about_a_single_pledge",
    "refusal:pilots.actions:check_step#1": f"{STORY}::test_a_step_that_does_not_exist_is_not_taken",
    "refusal:office.checks:OpenCheckView.pledge#1": NOT_THERE,
    "refusal:office.dossier:dossier#1": NOT_THERE,
    "refusal:office.exporting:ExportView.pilot#1": NOT_THERE,
    "refusal:office.held_preview:held_preview#1": NOT_THERE,
    "refusal:office.page_lists:WaitingListView.dispatch#1": NOT_THERE,
    "refusal:office.pilot_steps:StepForm.verb#1": NOT_THERE,
    "refusal:office.pilot_steps:WaveStepView.dispatch#1": NOT_THERE,
    "refusal:office.pledge_library:LibraryView.dispatch#1": NOT_THERE,
    "refusal:office.printing:pilot_to_print#1": NOT_THERE,
    "refusal:office.printing:preview#1": NOT_THERE,
    "refusal:office.printing:settle#1": NOT_THERE,
    "refusal:office.translating:TranslationView.gated_page#1": NOT_THERE,
    "refusal:office.translating:TranslationView.dispatch#1": "tests/office/test_translating.py -k may_not_edit",
    "refusal:office.withdrawal:WithdrawView.gated_page#1": NOT_THERE,
    "refusal:office.point_appeals:DecidePointsAppealView.appeal#1": f"{APPRAISAL}::test_no_appeal_is_decided_that_nobody_raised",
    "refusal:office.rule_book_forms:OneBookForm.dispatch#1": f"{APPRAISAL}::test_what_is_approved_is_not_edited_or_compared_with_nothing",
    "refusal:office.rule_books:CompareView.other#1": f"{APPRAISAL}::test_what_is_approved_is_not_edited_or_compared_with_nothing",
    "refusal:office.village:link_for#1": "tests/village/test_office.py",
}  # fmt: skip

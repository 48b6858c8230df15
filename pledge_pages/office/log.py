"""What the audit log calls our actions."""

from django.utils.translation import gettext_lazy as _

# Action -> (what is done, what was done).
LOG_ACTIONS = {
    "hold": (_("Hold"), _("Approved and held until the pilot is approved")),
    "publish": (_("Publish what was approved"), _("Published what was approved")),
    "unpublish": (_("Take down"), _("Taken down")),
    "withdraw": (_("Withdraw the approval"), _("Approval withdrawn")),
    "suspend": (_("Suspend"), _("Hidden: the pilot was suspended")),
    "hide": (_("Hide"), _("Hidden with the page above it")),
    "refuse_schedule": (_("Refuse a schedule"), _("Taken off the schedule: not approved")),
    "record_consent": (_("Record consent"), _("Consent recorded")),
    "import_consents": (_("Take over consents"), _("Consents of before taken over")),
    "withdraw_consent": (_("Withdraw consent"), _("Consent withdrawn")),
    "invite_member": (_("Invite a member"), _("Account for a member made, or a new way into it")),
    "revoke_account": (_("Close an account"), _("Account of a member closed")),
    "open_account": (_("Open an account"), _("Password of a member’s account set")),
    "report_progress": (_("Report progress"), _("Progress reported by the member")),
    "add_photo": (_("Add photo"), _("Photo added")),
    "delete_photo": (_("Delete photo"), _("Photo deleted")),
    "add_evidence": (_("Add evidence"), _("Evidence added")),
    "check_evidence": (_("Check evidence"), _("Evidence checked")),
    "delete_evidence": (_("Delete evidence"), _("Evidence deleted")),
    "issue_village_link": (_("Issue a village link"), _("Village link issued")),
    "rotate_village_link": (_("Replace a village link"), _("Village link replaced by a new one")),
    "revoke_village_link": (_("Revoke a village link"), _("Village link revoked")),
    "print": (_("Print"), _("Sheets printed")),
    "export_board": (_("Export a board"), _("Board exported to a spreadsheet")),
    "settle_print": (_("Settle a printed sheet"), _("Printed sheet taken down or printed anew")),
    "enter_report": (_("Enter a report"), _("Report entered")),
    "import_report": (_("Import a report"), _("Earlier report taken over")),
    "accept_report": (_("Accept a report"), _("Report accepted")),
    "reject_report": (_("Do not take up a report"), _("Report not taken up")),
    "redact_report": (_("Write a report’s public text"), _("Public text of a report written")),
    "ask_report": (_("Ask the member"), _("Member asked about a report")),
    "answer_report": (_("Answer a report"), _("Report answered")),
    "publish_report": (_("Publish question and answer"), _("Question and answer published")),
    "withdraw_report": (
        _("Withdraw question and answer"),
        _("Question and answer taken out of public view"),
    ),
    "close_report": (_("Close a report"), _("Report closed")),
    "erase_report": (_("Erase a report’s original"), _("Original and contact of a report erased")),
    "set_quiet_term": (_("Change a quiet word"), _("Quiet word added, changed or deleted")),
    "override_quiet_words": (
        _("Let quiet words pass"),
        _("Let pass what quiet words would have held back"),
    ),
    "draft_rulebook": (_("Draft rules"), _("Version of the rules drafted")),
    "change_rulebook": (_("Change rules"), _("Draft of the rules changed")),
    "approve_rulebook": (_("Approve rules"), _("Version of the rules approved")),
    "withdraw_rulebook": (_("Withdraw rules"), _("Draft of the rules withdrawn")),
    "import_rulebooks": (
        _("Bring in rules"),
        _("Versions of the rules from before this site brought in"),
    ),
    "enter_points": (_("Enter points"), _("Points entered")),
    "confirm_points": (_("Confirm points"), _("Points confirmed")),
    "reverse_points": (_("Take points back"), _("Points taken back")),
    "import_points": (_("Bring in points"), _("Points from before this site brought in")),
    "open_check": (_("Open a check"), _("Check of a pledge opened")),
    "state_check": (_("Make a statement"), _("Statement of a checker")),
    "drop_check": (_("Give up a check"), _("Check given up")),
    "tell_outcome": (_("Tell the member"), _("Member told what the check found")),
    "record_reply": (_("Record the member's account"), _("Member's own account recorded")),
    "finalise_outcome": (_("Make an outcome final"), _("Outcome made final")),
    "put_on_page": (_("Put an outcome on the page"), _("Version with an outcome submitted")),
    "take_off_page": (
        _("Take an outcome off the page"),
        _("Version without an outcome submitted"),
    ),
    "raise_appeal": (_("Appeal"), _("Appeal raised: the outcome is frozen")),
    "decide_appeal": (_("Decide an appeal"), _("Appeal decided")),
    "import_outcomes": (_("Take over older outcomes"), _("Older outcomes taken over")),
    "hide_restored": (
        _("Hide after a restore"),
        _("Hidden: the database was put back from a copy"),
    ),
    "confirm_restore": (_("Confirm a restored database"), _("Restored database confirmed")),
}


def register(registry) -> None:
    """Register every action of the plugin with Wagtail's log."""
    for name, (label, message) in LOG_ACTIONS.items():
        registry.register_action(f"pledge_pages.{name}", label, message)

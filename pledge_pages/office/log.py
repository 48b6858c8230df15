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
    "withdraw_consent": (_("Withdraw consent"), _("Consent withdrawn")),
    "add_photo": (_("Add photo"), _("Photo added")),
    "delete_photo": (_("Delete photo"), _("Photo deleted")),
    "add_evidence": (_("Add evidence"), _("Evidence added")),
    "check_evidence": (_("Check evidence"), _("Evidence checked")),
    "delete_evidence": (_("Delete evidence"), _("Evidence deleted")),
    "issue_village_link": (_("Issue a village link"), _("Village link issued")),
    "rotate_village_link": (_("Replace a village link"), _("Village link replaced by a new one")),
    "revoke_village_link": (_("Revoke a village link"), _("Village link revoked")),
    "print": (_("Print"), _("Sheets printed")),
    "settle_print": (_("Settle a printed sheet"), _("Printed sheet taken down or printed anew")),
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

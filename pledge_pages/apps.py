"""Wiring: signals, checks, the gate's hold on Wagtail."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks
from django.core.signals import request_started
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_migrate, pre_save
from django.utils.translation import gettext_lazy as _

# The apps with tables of the audit trail.
TRAIL_APPS = ("pledge_pages", "wagtailcore")


class PledgePagesConfig(AppConfig):
    """Public promises of a body's members, private until their pilot is approved."""

    name = "pledge_pages"
    label = "pledge_pages"
    verbose_name = _("Pledge boards")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.models import Page
        from wagtail.permissions import register_permission_policy
        from wagtail.signals import page_unpublished, pre_page_move

        from .embargo import guards
        from .embargo.gate import gated_types
        from .embargo.permissions import GatedPagePermissionPolicy
        from .embargo.triggers.tables import gated_child_models

        # No sender: a move saves the base Page, a publication the specific class.
        pre_save.connect(guards.guard_page_save, dispatch_uid="pledge_pages.guard_page_save")
        post_save.connect(guards.make_gate, dispatch_uid="pledge_pages.make_gate")
        pre_page_move.connect(guards.guard_move, dispatch_uid="pledge_pages.guard_move")
        page_unpublished.connect(guards.drop_on_unpublish, dispatch_uid="pledge_pages.drop")
        for model in gated_types():
            pre_delete.connect(
                guards.guard_delete, sender=model, dispatch_uid=f"pledge_pages.delete.{model}"
            )
        pre_delete.connect(guards.guard_delete, sender=Page, dispatch_uid="pledge_pages.delete")
        for model in gated_child_models():
            pre_save.connect(
                guards.guard_child_save, sender=model, dispatch_uid=f"pledge_pages.row.{model}"
            )
            pre_delete.connect(
                guards.guard_child_delete, sender=model, dispatch_uid=f"pledge_pages.gone.{model}"
            )
        register_permission_policy(Page, GatedPagePermissionPolicy())
        _let_follow()
        _take_over()
        _watch_words()
        _ask_for_proof()
        _remark()
        _offer_previews()
        _check_readiness()
        pre_migrate.connect(_drop_triggers, sender=self)
        post_migrate.connect(_install_triggers, sender=self)
        _keep_trail()
        _register_checks()


def _let_follow() -> None:
    """Let rooms below do what follows from what is done in a room that does not know them."""
    from .appraisal import outcomes, points_of_outcomes
    from .boards import searched
    from .people import actions as people_actions
    from .photos import actions as photo_actions
    from .photos import papers, removal
    from .supervision import searching

    removal.connect()
    searched.connect()
    searching.connect()
    people_actions.after_withdrawal(photo_actions.erase_unwanted)
    people_actions.after_withdrawal(papers.erase_withdrawn)
    outcomes.after_final(points_of_outcomes.enter)
    outcomes.after_fall(points_of_outcomes.take_back)


def _take_over() -> None:
    """Wrap what of Wagtail and wagtail-localize has no other seam."""
    from .api import v3
    from .embargo import localize, log_file, workflow
    from .village.log_file import leave_out_tokens

    workflow.take_over_finish()
    workflow.take_over_cancel()
    workflow.take_over_resume()
    workflow.take_over_disabling()
    localize.take_over_translations()
    log_file.leave_out_titles()
    leave_out_tokens()
    v3.take_over()


def _offer_previews() -> None:
    """Let drafts be seen with the eyes of each kind of reader."""
    from .boards import previews
    from .posters.previews import PREVIEW as PRINTED
    from .village.previews import PREVIEW as FOR_THE_VILLAGE

    previews.register(FOR_THE_VILLAGE)
    previews.register(PRINTED)


def _check_readiness() -> None:
    """Let each room add to the checklist of a pilot what it can count."""
    from .appraisal import readiness as appraisal
    from .boards import readiness as boards
    from .pilots import readiness
    from .rulebook import readiness as rulebook
    from .supervision import readiness as supervision

    readiness.register(*boards.ROWS, *appraisal.ROWS, *supervision.ROWS, *rulebook.ROWS)


def _watch_words() -> None:
    """Let nothing go public that says what is quiet, and no review begin with people's numbers."""
    from .embargo import objections
    from .quiet_words import lint, records, refusing, schedule

    objections.register(before_public=refusing.public_check, before_review=lint.check_review)
    schedule.take_over_schedule()
    records.watch_records()


def _ask_for_proof() -> None:
    """Let no outcome or grade be reviewed or go public that nobody decided, or that does not stand."""
    from .appraisal import branch_proof, grades_on_page, proof
    from .embargo import objections

    for room in (proof, branch_proof, grades_on_page):
        objections.register(before_public=room.public_check, before_review=room.check_review)


def _remark() -> None:
    """Let boards say at once what the record says beside an outcome."""
    from .appraisal.remarks import remarked
    from .boards import remarks

    remarks.register(remarked)


def _keep_trail() -> None:
    """Let lines of the audit trail be stamped, and a restored database be noticed by them."""
    from wagtail.models import ModelLogEntry, PageLogEntry

    from .appraisal import branch_models, ledger_models, models, review_models
    from .embargo import marks, restored, trail
    from .embargo.triggers.trail import keep
    from .photos.storage import private_storage
    from .pilots.models import Transition

    for model in (PageLogEntry, ModelLogEntry):
        pre_save.connect(trail.stamp_line, sender=model, dispatch_uid=f"pledge_pages.{model}")
    for model in (Transition, PageLogEntry, ModelLogEntry):
        uid = f"pledge_pages.restored.{model}"
        pre_save.connect(restored.before_line, sender=model, dispatch_uid=uid)
        post_save.connect(restored.after_line, sender=model, dispatch_uid=uid)
    request_started.connect(restored.look, dispatch_uid="pledge_pages.look")
    for room in (models, branch_models, ledger_models, review_models):
        keep(room.kept_lines)
    marks.keep_in(lambda: private_storage().inner)


def _register_checks() -> None:
    from .embargo import checks as embargo_checks

    for check in (
        embargo_checks.check_triggers,
        embargo_checks.check_trail,
        embargo_checks.check_restored,
    ):
        checks.register(check, checks.Tags.database)
    checks.register(embargo_checks.check_private_storage, checks.Tags.security)


def _drop_triggers(using: str, plan: Sequence = (), **kwargs) -> None:
    """Make way for migrations: on SQLite all triggers, for nothing else lets it rebuild tables.

    PostgreSQL keeps the gate's, and drops those of the audit trail if a migration may rewrite it.
    """
    from django.db import connections

    from .embargo import triggers

    if connections[using].vendor == "sqlite":
        triggers.remove(using)
    elif any(migration.app_label in TRAIL_APPS for migration, _backwards in plan):
        triggers.remove_trail(using)


def _install_triggers(using: str, **kwargs) -> None:
    from django.db import connections

    from .embargo import restored, triggers
    from .embargo.triggers.tables import gated_tables

    triggers.install(using)
    if gated_tables().exist(connections[using]):
        restored.settle_in(using)

"""Wiring: signals, checks, the gate's hold on Wagtail."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_migrate, pre_save
from django.utils.translation import gettext_lazy as _


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

        from .embargo import checks as embargo_checks
        from .embargo import guards, localize, log_file, workflow
        from .embargo.gate import gated_types
        from .embargo.permissions import GatedPagePermissionPolicy
        from .embargo.triggers.tables import gated_child_models
        from .photos import removal

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
        removal.connect()
        workflow.take_over_finish()
        localize.take_over_translations()
        log_file.leave_out_titles()
        pre_migrate.connect(_drop_triggers, sender=self)
        post_migrate.connect(_install_triggers, sender=self)
        checks.register(embargo_checks.check_triggers, checks.Tags.database)
        checks.register(embargo_checks.check_private_storage, checks.Tags.security)


def _drop_triggers(using: str, **kwargs) -> None:
    """Make way for migrations that rebuild tables: on SQLite only, where nothing else works."""
    from django.db import connections

    from .embargo import triggers

    if connections[using].vendor == "sqlite":
        triggers.remove(using)


def _install_triggers(using: str, **kwargs) -> None:
    from .embargo import triggers

    triggers.install(using)

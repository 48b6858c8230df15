"""Wiring with Wagtail's admin."""

from wagtail import hooks

from .office import log

hooks.register("register_log_actions", log.register)

"""What there is in the installed software today, to be compared with the catalogue."""

import ast
import importlib
import inspect
import pkgutil
import weakref
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import wagtail.actions
from django.core.management import get_commands
from django.db.models import signals as model_signals
from django.dispatch import Signal
from ninja import NinjaAPI
from wagtail import hooks
from wagtail import signals as wagtail_signals
from wagtail.actions import action_registry
from wagtail.actions.base import BaseAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, get_page_models
from wagtail.workflows import get_task_types

from tests.embargo.addresses import routes
from tests.embargo.catalogue.requested import named

# The packages that write pages.
PACKAGES = ("wagtail", "wagtail_localize", "modelcluster", "treebeard")
OURS = "pledge_pages."
# What says in a source that a page becomes public, is scheduled, or is born so.
PUBLISHING = {"live", "keep_live", "approved_go_live_at", "publish"}


def url_patterns() -> set[str]:
    """Return every URL pattern of the site."""
    return {named(route.pattern) for route in routes()}


def operations() -> set[str]:
    """Return (method and path) of every operation of our own API and of API v3."""
    from wagtail.api.v3.urls import api as v3

    from pledge_pages.api.v1 import api as v1

    return {*_operations(v1), *_operations(v3)}


def _operations(api: NinjaAPI) -> Iterator[str]:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path.lstrip('/').replace('{', '<').replace('}', '>')}"


def name_of(thing) -> str:
    """Return the dotted name of a class, a function, or an instance that can be called."""
    thing = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{thing.__module__}.{thing.__qualname__}"


def actions() -> set[str]:
    """Return Wagtail's action classes, and what its registry and its admin's API name."""
    found = set()
    for module in pkgutil.iter_modules(wagtail.actions.__path__, "wagtail.actions."):
        for _name, cls in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if cls.__module__ == module.name and hasattr(cls, "execute") and cls is not BaseAction:
                found.add(cls.__qualname__)
    for model, by_name in action_registry.actions.items():
        if issubclass(Page, model):
            found |= {f"registry: {name}" for name in by_name}
    found |= {f"admin API: {name}" for name in PagesAdminAPIViewSet.actions}
    return found | bulk_actions() | task_actions()


def bulk_actions() -> set[str]:
    """Return what can be done with many ticked rows at once."""
    bulk_action_registry._scan_for_bulk_actions()
    return {
        f"bulk: {app}.{model} {name}"
        for app, models in bulk_action_registry.actions.items()
        for model, names in models.items()
        for name in names
    }


def task_actions() -> set[str]:
    """Return the types of workflow tasks, and what a task's state can be told."""
    from wagtail.models import TaskState, WorkflowState

    found = {f"task: {name_of(cls)}" for cls in get_task_types()}
    for cls in (TaskState, WorkflowState):
        for name, method in vars(cls).items():
            if inspect.isfunction(method) and "user" in inspect.signature(method).parameters:
                found.add(f"{cls.__name__}.{name}()")
    return found


def commands() -> set[str]:
    """Return every management command, but Django's own."""
    return {name for name, app in get_commands().items() if not str(app).startswith("django.")}


def page_hooks() -> set[str]:
    """Return what others than ourselves run along with pages, by Wagtail's hooks."""
    hooks.search_for_hooks()
    return {
        f"{hook}: {name_of(function)}"
        for hook, registered in hooks._hooks.items()
        if hook.startswith(("before_", "after_", "on_", "construct_", "register_page_", "filter_"))
        for function, _order in registered
        if not name_of(function).startswith(OURS)
    }


def receivers() -> set[str]:
    """Return what others than ourselves run along with the signals that pages send."""
    pages = {id(model) for model in (Page, *get_page_models())} | {id(None)}
    found = set()
    for module in (model_signals, wagtail_signals):
        for name, signal in inspect.getmembers(module, lambda entry: isinstance(entry, Signal)):
            for (_id, sender), receiver, *_rest in signal.receivers:
                function = receiver() if isinstance(receiver, weakref.ReferenceType) else receiver
                if function is None or (module is model_signals and sender not in pages):
                    continue
                if "migrate" not in name and not name_of(function).startswith(OURS):
                    found.add(f"{name}: {name_of(function)}")
    return found


def log_actions() -> set[str]:
    """Return what others than ourselves can put down in the log of a page or of another row."""
    log_registry.scan_for_actions()
    return {name for name, _label in log_registry.get_choices() if not name.startswith(OURS)}


def publishing_code() -> set[str]:
    """Return the functions of the installed packages that make something live, or schedule it."""
    return {entry for package in PACKAGES for entry in _publishing_in(package)}


def _publishing_in(package: str) -> Iterator[str]:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if {"tests", "test", "migrations"} & set(parts) or path.name.startswith("test"):
            continue
        module = ".".join((package, *path.relative_to(root).with_suffix("").parts))
        for name, node in _functions(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.endswith("__init__") and any(map(_publishes, _own(node))):
                yield f"{module.removesuffix('.__init__')}: {name}"


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield f"{prefix}{node.name}", node
            yield from _functions(node, f"{prefix}{node.name}.")
        else:
            yield from _functions(node, prefix)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a function itself, not in those inside of it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
            yield from _own(node)


def _publishes(node: ast.AST) -> bool:
    """Return whether a piece of source sets what makes public, or calls what publishes."""
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Attribute) and t.attr in PUBLISHING for t in node.targets)
    if not isinstance(node, ast.Call):
        return False
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called in {"filter", "exclude", "get", "Q"}:
        return False
    names = {keyword.arg for keyword in node.keywords}
    return called == "publish" or bool(names & PUBLISHING)

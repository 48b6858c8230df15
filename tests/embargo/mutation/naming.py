"""What calls itself a guard in the plugin's source, whether it is listed or not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.embargo.mutation import refusals

# What asks, keeps out, or narrows down to what somebody may see, by its name.
ASKS = re.compile(
    r"_?(check|may|refuse|guard|sees|can|is_hidden|is_named|keep_out|turn_away|visible)(_\w+)?"
    r"|_?take_over_\w+|leave_out_\w+"
    r"|\w+_(seen|checked|supervised)_by|hidden_from|leads_any|has_any_role|led_programmes"
)
# What a view or a policy answers before anything else is asked of it.
BEFORE = {
    "dispatch", "test_func", "has_permission", "has_view_permission", "user_has_permission",
    "permissions_for_user",
}  # fmt: skip
# Classes by which Wagtail asks for permission: each of their methods is a guard.
POLICY = re.compile(r"\w*(PermissionTester|PermissionPolicy|Policy|PermissionMixin)")


def guards_by_name() -> dict[str, list[str]]:
    """Return what calls itself a guard, with the refusals in it."""
    found: dict[str, list[str]] = {}
    known = refusals.refusals()
    for path in sorted(refusals.PLUGIN.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        module = refusals.module_of(path)
        for where in _in_tree(ast.parse(path.read_text(encoding="utf-8")), ()):
            name = f"{module}:{where}"
            within = (f"{name}#", f"{name}.")
            found[name] = [refusal for refusal in known if refusal.startswith(within)]
    return found


def _in_tree(node: ast.AST, path: tuple[str, ...]) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _in_tree(child, (*path, child.name))
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            # What stands in a function is switched off with it.
            of_policy = bool(path) and bool(POLICY.fullmatch(path[-1]))
            if ASKS.fullmatch(child.name) or child.name in BEFORE or of_policy:
                yield ".".join((*path, child.name))

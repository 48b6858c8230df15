"""Modules are named after what happens in them, and stay small enough to be read."""

import pytest

from tests.house.source import ROOT, files, functions, modules, name_of

pytestmark = pytest.mark.once

HIDING = {
    "utils", "util", "helpers", "helper", "services", "service", "mixins", "mixin",
    "managers", "manager", "constants", "common", "misc",
}  # fmt: skip
MODULE_LINES = 400
FUNCTION_LINES = 40

# Name (of a module, or module:function) and why it may be longer.
LONGER: dict[str, str] = {}


def test_no_module_has_a_name_that_hides_its_purpose() -> None:
    named = [path for path in files() if path.suffix == ".py"]
    hiding = [
        name_of(path)
        for path in named
        if HIDING.intersection({path.stem, *path.relative_to(ROOT).parent.parts})
    ]
    assert hiding == []


def test_no_module_is_over_400_lines() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()
    }
    long = {name: n for name, n in lengths.items() if n > MODULE_LINES and name not in LONGER}
    assert long == {}


def test_no_function_is_over_40_lines() -> None:
    long = {
        name: lines
        for path in modules()
        for name, lines in functions(path)
        if lines > FUNCTION_LINES and name not in LONGER
    }
    assert long == {}


def test_exceptions_are_still_needed() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()
    }
    long = {name for name, n in lengths.items() if n > MODULE_LINES}
    long |= {n for path in modules() for n, lines in functions(path) if lines > FUNCTION_LINES}
    assert set(LONGER) - long == set()

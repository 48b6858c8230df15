"""The wheel holds the whole plugin, compiled catalogues among it, and nothing else."""

import email
import zipfile
from pathlib import Path

import pytest

from tests.house.source import ROOT, files

pytestmark = pytest.mark.once


def test_the_wheel_holds_the_plugin_and_nothing_else(wheel: Path) -> None:
    own = [path.relative_to(ROOT) for path in files()]
    own = [path for path in own if path.parts[0] == "pledge_pages"]
    wanted = {path.as_posix() for path in own if path.suffix not in {".po", ".pot"}}
    wanted |= {path.with_suffix(".mo").as_posix() for path in own if path.suffix == ".po"}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == wanted
    for kind in (".html", ".css", ".svg", "/0001_initial.py"):
        assert any(name.endswith(kind) for name in held), kind


def test_the_wheel_says_what_it_needs_and_under_which_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        facts = email.message_from_bytes(archive.read(name))
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    needed = [row for row in facts.get_all("Requires-Dist", []) if "extra ==" not in row]
    assert facts["License-Expression"] == "BSD-3-Clause"
    for package in ("Django<5.3,>=5.2", "wagtail<9,>=8.0", "wagtail-localize<2,>=1.14"):
        assert package.lower() in [row.lower() for row in needed]
    assert not any(row.lower().startswith("gunicorn") for row in needed)

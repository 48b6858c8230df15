"""A pytest plugin that writes what came of each row of the matrix into a file: see ``document``."""

import json
import os
from pathlib import Path

import pytest

FILE = os.environ.get("PLEDGE_PAGES_EMBARGO_REPORT", "")
_cells: list[dict[str, str]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what a test said of itself, and whether it passed."""
    cell = dict(report.user_properties)
    if report.when == "call" and "row" in cell:
        _cells.append(cell | {"outcome": report.outcome})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write everything down, in the process that heard of all tests."""
    if FILE and not hasattr(session.config, "workerinput"):
        Path(FILE).write_text(json.dumps(_cells, ensure_ascii=False), encoding="utf-8")

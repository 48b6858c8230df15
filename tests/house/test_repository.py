"""What must not get into the repository."""

import pytest

from tests.house.source import ROOT, files, name_of

pytestmark = pytest.mark.once

# Written in two parts, so that this file does not hold them.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "registry.yarnpkg" + ".com",
    "deb.debian" + ".org",
    "security.debian" + ".org",
]


def texts() -> list[tuple[str, str]]:
    """Return (name, text) of every text file."""
    found = []
    for path in files():
        try:
            found.append((name_of(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert [name for name, text in texts() if host in text.lower()] == []


def test_there_is_no_lock_file_that_names_the_registry() -> None:
    assert not (ROOT / "uv.lock").exists()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_requirement_has_a_version_and_a_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    rows = [row for row in text.splitlines() if row and not row.startswith("#")]
    assert rows
    assert [row for row in rows if "==" not in row or "--hash=sha256:" not in row] == []


def test_generated_files_are_not_committed() -> None:
    generated = (".mo", ".pyc", ".sqlite3")
    assert [name_of(path) for path in files() if path.name.endswith(generated)] == []

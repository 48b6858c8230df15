"""The scripts behind `make`: what they say when something is in the way."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cms.settings.secret import kept_secret
from tests.house.source import ROOT

pytestmark = pytest.mark.once

Program = Callable[..., str]


def run(*command: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHON": sys.executable, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(".ci/check-port", port)
    assert result.returncode != 0
    assert f"Port {port} on 127.0.0.1 is already in use" in result.stderr
    assert "make demo PORT=" in result.stderr


@pytest.mark.parametrize("port", ["", "abc", "0", "70000"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    result = run(".ci/check-port", port)
    assert result.returncode != 0
    assert "is not a port number" in result.stderr


def test_make_demo_touches_nothing_when_its_port_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(), encoding="utf-8")
    (tmp_path / ".ci").symlink_to(ROOT / ".ci")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("make", "demo", f"PORT={taken.getsockname()[1]}", folder=tmp_path)
    assert result.returncode != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".ci", "Makefile"]


def test_a_python_that_is_too_old_or_missing_is_named() -> None:
    result = run(".ci/find-python", PYTHON="/no/such/python")
    assert result.returncode != 0
    assert "PYTHON=/no/such/python is not a Python between 3.11 and 3.14" in result.stderr


def test_catalogues_are_compiled_without_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "plugin/locale/zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    text = f'{head}\nmsgid "Pledge"\nmsgstr "承诺"\n\n#, fuzzy\nmsgid "Post"\nmsgstr "柱"\n'
    (folder / "django.po").write_text(text, encoding="utf-8")
    script = str(ROOT / ".ci/compile_messages.py")
    result = run(sys.executable, script, folder=tmp_path, PATH="")
    assert result.returncode == 0, result.stderr
    compiled = (folder / "django.mo").read_bytes()
    assert "承诺".encode() in compiled
    assert "柱".encode() not in compiled


def test_the_private_postgres_is_gone_when_its_command_has_failed(needs_program: Program) -> None:
    if run(".ci/find-postgres").returncode:
        needs_program("initdb")
    with tempfile.TemporaryDirectory() as folder:
        # PostgreSQL runs as another user if the tests are root's.
        Path(folder).chmod(0o755)
        command = 'echo "$DATABASE_URL"; exit 3'
        result = run(".ci/with-postgres", "sh", "-c", command, TMPDIR=folder)
        assert list(Path(folder).iterdir()) == []
    assert result.returncode == 3, result.stderr
    address = result.stdout.strip()
    assert address.startswith("postgres://pledge_pages:")
    port = int(address.rpartition(":")[2].partition("/")[0])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    secret = kept_secret(path)
    assert len(secret) >= 50
    assert kept_secret(path) == secret
    assert path.stat().st_mode & 0o077 == 0
    assert [found.name for found in path.parent.iterdir()] == ["secret_key"]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.touch()
    with pytest.raises(RuntimeError, match="is empty"):
        kept_secret(path)

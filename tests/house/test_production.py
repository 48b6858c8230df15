"""The production settings refuse to start half set up, and are safe when they do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

pytestmark = pytest.mark.once

ENVIRONMENT = {
    "SECRET_KEY": "0123456789abcdefghijABCDEFGHIJ!?-+*/=<>(){}[]~'_.:,;#",
    "ALLOWED_HOSTS": "pledges.example",
    "BASE_URL": "https://pledges.example",
}


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with the production settings and nothing but ``environment``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "cms.settings.production",
            "VAR_DIR": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_it_refuses_to_start_without_what_it_needs(name: str, tmp_path: Path) -> None:
    rest = {key: value for key, value in ENVIRONMENT.items() if key != name}
    result = manage(tmp_path, "check", **rest)
    assert result.returncode != 0
    assert f"Set the environment variable {name}" in result.stderr


def test_it_refuses_a_short_secret(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", **{**ENVIRONMENT, "SECRET_KEY": "short"})
    assert result.returncode != 0
    assert "SECRET_KEY is too short" in result.stderr


def test_djangos_deployment_check_has_nothing_to_say(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **ENVIRONMENT)
    assert result.returncode == 0, result.stderr


def shown(folder: Path, code: str, **environment: str) -> str:
    """Return what ``code`` prints in a Django shell with the production settings."""
    result = manage(folder, "shell", "-v0", "-c", code, **{**ENVIRONMENT, **environment})
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


V3 = (
    "from django.urls import get_resolver; "
    "print(any('v3' in str(p.pattern) for p in get_resolver().url_patterns))"
)


def test_the_preview_api_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert shown(tmp_path, V3) == "False"
    assert shown(tmp_path, V3, PLEDGE_PAGES_API_V3="1") == "True"


def test_databases_caches_and_storage_come_from_the_environment(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s; print(s.DEBUG, s.DATABASES['default']['NAME'],"
        " s.CACHES['default']['LOCATION'], s.PLEDGE_PAGES_PRIVATE_STORAGE, s.EMAIL_HOST)"
    )
    environment = {
        "DATABASE_URL": "postgres://user:word@db.example/town",
        "REDIS_URL": "redis://cache.example/0",
        "S3_BUCKET": "town",
        "EMAIL_URL": "smtp+tls://mail.example:587",
    }
    expected = "False town redis://cache.example/0 pledge_pages_private mail.example"
    assert shown(tmp_path, code, **environment) == expected

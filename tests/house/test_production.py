"""The production settings refuse to start half set up, and are safe when they do."""

import ast
import os
import re
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


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the production settings and nothing but ``environment``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
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


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in the same way."""
    return python(folder, "manage.py", *arguments, **environment)


def setting(folder: Path, expression: str, **environment: str) -> str:
    """Return ``expression`` of the settings ``s``, without starting Django."""
    code = f"import cms.settings.production as s; print({expression})"
    result = python(folder, "-c", code, **{**ENVIRONMENT, **environment})
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_it_refuses_to_start_without_what_it_needs(name: str, tmp_path: Path) -> None:
    rest = {key: value for key, value in ENVIRONMENT.items() if key != name}
    result = manage(tmp_path, "check", **rest)
    assert result.returncode != 0
    assert f"Set the environment variable {name}" in result.stderr


WRONG = {
    "SECRET_KEY": ["short", "a" * 60, "ab" * 30, f"django-insecure-{'x1Y!z9' * 9}"],
    "SECRET_KEY_FALLBACKS": ["short"],
    "ALLOWED_HOSTS": ["*", "pledges.example,*"],
    "BASE_URL": ["pledges.example", "http://pledges.example", "https://pledges.example/board/"],
    "DATABASE_URL": ["nonsense", "oops://user:hunter2@db.example/town"],
    "EMAIL_URL": ["nonsense", "smtp+tls://user:hunter2@mail.example:587"],
    "SENDFILE_BACKEND": ["nginx", "django_sendfile.backends.none"],
    "HTTPS": ["maybe"],
    "SECURE_HSTS_SECONDS": ["a year"],
    "LOG_LEVEL": ["loud"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_it_refuses_a_value_that_will_not_do(name: str, value: str, tmp_path: Path) -> None:
    result = manage(tmp_path, "check", **{**ENVIRONMENT, name: value})
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert name in last
    assert "hunter2" not in result.stderr


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
        "EMAIL_URL": "submission://mail.example",
    }
    expected = "False town redis://cache.example/0 pledge_pages_private mail.example"
    assert shown(tmp_path, code, **environment) == expected


def test_mail_is_sent_encrypted_and_does_not_hang(tmp_path: Path) -> None:
    mail = "s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_TIMEOUT"
    assert setting(tmp_path, mail, EMAIL_URL="submission://mail.example") == "587 True 10"


HEADERS = (
    "from django.conf import settings as s; from django.test import Client;"
    "host = {'host': 'pledges.example'};"
    "safe = Client(headers=host).get('/robots.txt', secure=True);"
    "plain = Client(headers=host).get('/robots.txt');"
    "print(safe.status_code, safe.get('Strict-Transport-Security'), plain.status_code,"
    " plain.get('Location'), s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    " 'upgrade-insecure-requests' in safe['Content-Security-Policy'],"
    " s.SECOND_FACTOR_COMPULSORY)"
)


def test_everything_goes_by_https_and_staff_need_a_second_factor(tmp_path: Path) -> None:
    expected = "200 max-age=31536000 301 https://pledges.example/robots.txt True True True True"
    assert shown(tmp_path, HEADERS) == expected


def test_a_closed_network_can_do_without_https(tmp_path: Path) -> None:
    environment = {"HTTPS": "0", "BASE_URL": "http://pledges.example"}
    assert shown(tmp_path, HEADERS, **environment) == "200 None 200 None False False False True"


def test_only_a_proxys_word_for_addresses_is_taken(tmp_path: Path) -> None:
    proxies = "getattr(s, 'ALLAUTH_TRUSTED_PROXY_COUNT', 0)"
    assert setting(tmp_path, proxies) == "0"
    assert setting(tmp_path, proxies, BEHIND_PROXY="1") == "1"


IMAGES = "*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'][2:]"


@pytest.mark.parametrize(
    ("environment", "origins"),
    [
        ({"S3_BUCKET": "town"}, "https://town.s3.amazonaws.com"),
        (
            {"S3_BUCKET": "town", "S3_REGION": "cn-north-1"},
            "https://town.s3.amazonaws.com.cn https://town.s3.cn-north-1.amazonaws.com.cn",
        ),
        (
            {"S3_BUCKET": "town", "S3_ENDPOINT_URL": "https://store.example:9000"},
            "https://store.example:9000",
        ),
        ({}, ""),
    ],
)
def test_pictures_may_come_from_the_bucket(
    environment: dict[str, str], origins: str, tmp_path: Path
) -> None:
    assert setting(tmp_path, IMAGES, **environment) == origins


def read_from_the_environment() -> set[str]:
    """Return the name of every variable that the settings read."""
    calls = [
        node
        for path in (ROOT / "cms/settings").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    return {
        call.args[0].value
        for call in calls
        if re.fullmatch(r"needed|env\.\w+", ast.unparse(call.func))
    }


def test_every_variable_is_in_the_page_about_deployment() -> None:
    page = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)`", page, re.M))
    read = read_from_the_environment() - {"DEBUG"}
    assert {"SECRET_KEY", "DATABASE_URL", "S3_BUCKET", "VAR_DIR"} <= read
    assert named == read

"""The wheel holds the whole plugin and nothing else, and works in a site that knows none of ours."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.source import ROOT, files

HOST_SETTINGS = """
from pathlib import Path

HERE = Path(__file__).parent
SECRET_KEY = "only for this test"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "pledge_pages",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "host_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HERE / "db.sqlite3"}}
STATIC_URL = "/static/"
LANGUAGE_CODE = "en-gb"
USE_TZ = True
WAGTAIL_SITE_NAME = "Host"
WAGTAILADMIN_BASE_URL = "http://localhost"
"""

HOST_URLS = """
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls

urlpatterns = [
    path("admin/", include(admin_urls)),
    path("", include("pledge_pages.urls")),
    path("", include(wagtail_urls)),
]
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def host(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Wagtail site with the plugin from the wheel, none of our settings, and an empty database."""
    folder = tmp_path_factory.mktemp("host")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    (folder / "host_settings.py").write_text(HOST_SETTINGS, encoding="utf-8")
    (folder / "host_urls.py").write_text(HOST_URLS, encoding="utf-8")
    manage(folder, "migrate", "--verbosity", "0")
    return folder


def manage(folder: Path, *arguments: str) -> str:
    """Run a command of Django's in ``folder``; return what it prints."""
    result = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "host_settings",
             "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_wheel_holds_the_plugin_and_nothing_else(wheel: Path) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in files()
        if path.relative_to(ROOT).parts[0] == "pledge_pages" and path.suffix not in {".po", ".pot"}
    }
    catalogues = {
        path.relative_to(ROOT).with_suffix(".mo").as_posix()
        for path in files()
        if path.relative_to(ROOT).parts[0] == "pledge_pages" and path.suffix == ".po"
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == wanted | catalogues


def test_it_works_in_a_site_with_none_of_our_settings(host: Path) -> None:
    manage(host, "check", "--database", "default", "--fail-level", "ERROR")
    assert "No changes detected" in manage(host, "makemigrations", "--check", "--dry-run")
    origin = "import pledge_pages; print(pledge_pages.__file__)"
    assert manage(host, "shell", "-v0", "-c", origin).startswith(str(host))


def test_its_triggers_are_in_place_there(host: Path) -> None:
    code = "from pledge_pages.embargo import triggers; print(triggers.missing())"
    assert manage(host, "shell", "-v0", "-c", code) == "[]"


def test_its_pages_and_the_sites_own_answer_there(host: Path) -> None:
    code = (
        "from django.test import Client; c = Client();"
        "print([c.get(a).status_code for a in ('/', '/admin/login/', '/no-such-page/')])"
    )
    assert manage(host, "shell", "-v0", "-c", code) == "[200, 200, 404]"

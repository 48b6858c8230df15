"""What all tests share: clean state, a site to stand on, and programs that may be missing."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tests.staging import _on_stage, by_what_stands, pytest_generate_tests  # noqa: F401

MISSING = "missing software: "
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Program = Callable[..., str]


def do_without(what: str) -> None:
    """Skip the test because ``what`` is not installed; fail it if everything is required."""
    if os.environ.get("PLEDGE_PAGES_REQUIRE_ALL"):
        pytest.fail(f"{MISSING}{what}", pytrace=False)
    pytest.skip(f"{MISSING}{what}")


def find_program(*names: str) -> str:
    """Return the path of the first of ``names`` that can be run, or do without the first."""
    for name in names:
        if path := shutil.which(
            name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
        ):
            return path
    do_without(names[0])
    raise AssertionError


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database, and on PostgreSQL what needs none; sort the rest."""
    postgres = "postgres" in settings.DATABASES["default"]["ENGINE"]
    left_out = {"sqlite", "once"} if postgres else {"postgres"}
    away = [item for item in items if any(item.get_closest_marker(mark) for mark in left_out)]
    if away:
        config.hook.pytest_deselected(items=away)
        items[:] = [item for item in items if item not in away]
    by_what_stands(items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List by name what was not run for want of a program."""
    rows = [
        f"{report.nodeid}: {reason.partition(MISSING)[2]}"
        for report in terminalreporter.getreports("skipped")
        if MISSING in (reason := str(report.longrepr))
    ]
    if rows:
        terminalreporter.section("Not run for missing software")
        for row in sorted(rows):
            terminalreporter.line(row.rstrip("')"))


def pytest_unconfigure() -> None:
    """Leave no uploads behind."""
    settings.TEST_FOLDER.cleanup()


@pytest.fixture(scope="session", autouse=True)
def _look_once() -> Iterator[None]:
    """Let no second look at where the database lies fall between queries that a test counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pledge_pages.embargo.restored.BELIEVED", 86_400)
        yield


@pytest.fixture(autouse=True)
def _clean_state() -> Iterator[None]:
    """Start every test with an empty cache and the default language."""
    cache.clear()
    yield
    translation.deactivate()


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A function that returns a client signed in as the given user."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _site_to_stand_on(request: pytest.FixtureRequest) -> None:
    """Make the root, home page and site again: tests with real transactions empty all tables."""
    marker = request.node.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server"}.intersection(request.fixturenames)
    if not fixtures and not (marker and marker.kwargs.get("transaction")):
        return
    request.getfixturevalue("transactional_db")

    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Collection, Locale, Page, Site

    from home.models import HomePage

    ContentType.objects.clear_cache()
    if Page.objects.exists():
        return
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=HomePage(title="首页", slug="home"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


@pytest.fixture(scope="session")
def needs_program() -> Program:
    """A function that returns the path of the first program given that is installed.

    Without any of them the test is skipped and named in the summary.
    """
    return find_program


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium: $CHROMIUM, or the first one found."""
    given = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else []
    return find_program(
        *given, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
    )


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator:
    """A running Chromium, as a playwright browser.

    It lasts for one module: while it runs, this thread has an event loop, which Django and
    other tests must not see.
    """
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture
def browser_page(browser) -> Iterator:
    """A new page (1280 x 800) in a context of its own: no cookies, nothing stored."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    yield context.new_page()
    context.close()


def spare_port() -> int:
    """Return a free port on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of the tests' own, which keeps nothing."""
    program = find_program("redis-server")
    port = spare_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        [program, *options, "--dir", str(tmp_path_factory.mktemp("redis"))],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if "Ready to accept connections" in line:
            break
    else:
        pytest.fail("redis-server did not start", pytrace=False)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.stdout.close()
    server.wait(timeout=10)

"""A site made by `wagtail start`, with the plugin from its wheel, set up as the docs say."""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.source import ROOT

INSTALL_PAGE = ROOT / "docs" / "how-to" / "install.md"
START = "from wagtail.bin.wagtail import main; main()"


def snippets() -> dict[str, str]:
    """Return the Python of the install page by the first line of each snippet, its comment."""
    text = INSTALL_PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n# ([^\n]+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return dict(blocks)


@dataclass(frozen=True)
class Host:
    """The site: its folder and the Python of its own virtual environment."""

    folder: Path
    python: Path

    def run(self, *arguments: str, text: str | None = None) -> str:
        """Run its Python in its folder, and return what it prints; AssertionError if it fails."""
        result = subprocess.run(
            [self.python, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.strip()

    def manage(self, *arguments: str) -> str:
        """Run a management command."""
        return self.run("manage.py", *arguments)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: nothing of this project's settings and paths."""
        ours = ("PYTHON", "DJANGO", "DATABASE_URL", "REDIS_URL", "VAR_DIR", "PYTEST", "COVERAGE")
        return {key: value for key, value in os.environ.items() if not key.startswith(ours)}


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def host(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A new site with its own virtual environment, migrated, with an administrator."""
    folder = tmp_path_factory.mktemp("host")
    site = Host(folder / "site", new_environment(folder / "venv"))
    site.folder.mkdir()
    # No index: fails unless everything that the wheel says it needs is here.
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", site.python, "install", "--quiet", "--no-index",
         "--disable-pip-version-check", str(wheel)],
        check=True,
        env=site.environment,
    )  # fmt: skip
    site.run("-c", START, "start", "mysite", ".")
    follow_the_docs(site.folder)
    # What visitors get: pages without the debugger.
    (site.folder / "mysite/settings/local.py").write_text("DEBUG = False\n", encoding="utf-8")
    site.manage("migrate", "--verbosity", "0")
    return site


def new_environment(folder: Path) -> Path:
    """Make a virtual environment that sees the packages installed here; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "what-is-here.pth").write_text("\n".join(sorted(packages)), encoding="utf-8")
    return folder / "bin" / "python"


def follow_the_docs(folder: Path) -> None:
    """Put into the site's files what the install page says, and nothing else."""
    for title, code in snippets().items():
        name, _comma, place = title.partition(", ")
        if place == "at the end":
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(f"\n{code}")


@pytest.fixture(scope="session")
def server(host: Host) -> Iterator[str]:
    """The address at which the site answers over HTTP."""
    command = ["-u", "manage.py", "runserver", "--noreload", "--insecure", "127.0.0.1:0"]
    process = subprocess.Popen(
        [host.python, *command],
        cwd=host.folder,
        env=host.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            break
    else:
        pytest.fail("the site's server did not start", pytrace=False)
    yield found.group()
    process.terminate()
    process.stdout.close()
    process.wait(timeout=10)

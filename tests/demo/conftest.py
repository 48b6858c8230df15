"""What the demo's tests share."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as site_settings

from home.demo.loading import load
from home.demo.progress import Silence
from home.demo.sample import Sample, read_sample


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The sample town's file."""
    return read_sample()


@pytest.fixture
def var_dir(tmp_path: Path, settings) -> Path:
    """A folder of the test's own for passwords, marks and private files."""
    settings.VAR_DIR = tmp_path
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    return tmp_path


@pytest.fixture
def small_town(db, sample: Sample, var_dir: Path):
    """A function that loads the town as of a day, without pictures and with few members."""

    def load_it(on: date, members_per_village: int | None = 2, with_pictures: bool = False):
        return load(
            sample,
            on,
            progress=Silence(),
            with_pictures=with_pictures,
            members_per_village=members_per_village,
        )

    assert site_settings.VAR_DIR == var_dir
    return load_it

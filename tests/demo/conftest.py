"""What the demo's tests share."""

from datetime import date
from pathlib import Path

import pytest

from home.demo.loading import load
from home.demo.progress import Silence
from home.demo.sample import Sample, read_sample


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The sample town's file."""
    return read_sample()


@pytest.fixture(scope="session")
def three_villages(sample: Sample) -> Sample:
    """The sample town without four of its villages: one of each wave is left."""
    kept = {"SGZ", "LSW", "DQS"}
    waves = [
        {**wave, "villages": [code for code in wave["villages"] if code in kept]}
        for wave in sample["programme"]["waves"]
    ]
    data = {**sample.data, "programme": {**sample["programme"], "waves": waves}}
    data["villages"] = [village for village in data["villages"] if village["id"] in kept]
    for name in ("members", "pledges", "branch_pledges", "liaison"):
        data[name] = [row for row in data[name] if row["village"] in kept]
    data["users"] = [row for row in data["users"] if row.get("village", "SGZ") in kept]
    return Sample(data)


@pytest.fixture
def var_dir(tmp_path: Path, settings) -> Path:
    """A folder of the test's own for passwords, marks and private files."""
    settings.VAR_DIR = tmp_path
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    return tmp_path


@pytest.fixture
def small_town(db, sample: Sample, three_villages: Sample, var_dir: Path):
    """A function that loads few members as of a day: of three villages, unless all are wanted."""

    def load_it(
        on: date,
        members_per_village: int | None = 2,
        *,
        all_villages: bool = False,
        with_pictures: bool = False,
    ):
        return load(
            sample if all_villages else three_villages,
            on,
            progress=Silence(),
            with_pictures=with_pictures,
            members_per_village=members_per_village,
        )

    return load_it

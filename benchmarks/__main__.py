"""Runs every benchmark against its peer and prints the ratios; exit 1 if a target is missed."""

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial

ROUNDS = 15
RELEASE_ROUNDS = 3
PRINT_ROUNDS = 5
# As many empty sheets as a printed board may cost.
PRINT_LIMIT = 60
FEW, FEW_LIMIT = 40, 60


def main() -> int:
    """Set up a throw-away database, measure, print, clean up. Returns the exit code."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner

    # Not setup_test_environment(): it makes every template copy its context.
    media = settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="pledge-pages-bench.")
    # Before anything is built: a database whose private files are gone is taken for a copy.
    private = settings.PLEDGE_PAGES_PRIVATE_ROOT = tempfile.mkdtemp(prefix="pledge-pages-bench.")
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        from benchmarks.towns import build_ours

        print("Building both boards …", flush=True)
        town = build_ours()
        return 0 if all([measure_board(town), measure_print(town), measure_release(town)]) else 1
    finally:
        runner.teardown_databases(databases)
        for folder in (media, private):
            shutil.rmtree(folder, ignore_errors=True)


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that ``work`` took."""
    start = time.process_time()
    work()
    return time.process_time() - start


def clock(work: Callable[[], object]) -> float:
    """Return the seconds that somebody waits for ``work``."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def verdict(name: str, ratio: float, target: float) -> bool:
    """Print one result and return whether it meets its target (times faster than the peer)."""
    met = ratio >= target
    print(f"{name}: {ratio:.1f} x (target {target:g} x) {'ok' if met else 'MISSED'}", flush=True)
    return met


def measure_board(town) -> bool:
    """Board of 200: processor time of a request, the tutorial's against ours."""
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.towns import MEMBERS, build_tutorial

    tutorial = build_tutorial(town.home["en"])
    addresses = {"ours": "/en/work-plan/village-1/", "tutorial": tutorial.url}
    client = Client()
    for name, address in addresses.items():
        client.get(address)  # first request: renditions, templates, site roots
        with CaptureQueriesContext(connection) as queries:
            body = client.get(address).content.decode()
        named = sum(f"Wang Zhong{index}<" in body for index in range(MEMBERS))
        if named != MEMBERS:
            print(f"{name} names {named} of {MEMBERS} members: not comparable")
            return False
        print(f"{name}: {len(queries)} queries, {len(body) // 1024} KiB, all {named} members named")
    reset_queries()
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for _round in range(ROUNDS):
        for name in random.sample(list(addresses), len(addresses)):
            times[name].append(cpu(lambda name=name: client.get(addresses[name])))
    medians = {name: statistics.median(values) for name, values in times.items()}
    cold = measure_cold_board(client, addresses["ours"])
    print(f"Board of 200 right after a change: {medians['tutorial'] / cold:.1f} x")
    return verdict("Board of 200, CPU a request", medians["tutorial"] / medians["ours"], 8)


def measure_cold_board(client, address: str) -> float:
    """Return the processor time of a request for which the board has to be drawn anew."""
    from django.core.cache import cache

    times = []
    for _round in range(ROUNDS):
        cache.clear()
        client.get("/en/work-plan/")  # site roots are cached as well
        times.append(cpu(lambda: client.get(address)))
    return statistics.median(times)


def print_works() -> dict[str, Callable[[], object]]:
    """Return what draws the boards of 200 and 40, and an empty sheet, by name."""
    import typst

    from pledge_pages.models import Pilot
    from pledge_pages.posters import drawing, fonts, printing
    from pledge_pages.posters.wish import Wish

    pilot, wish = Pilot.objects.get(code="SGZ"), Wish(size="A1", languages=("en",))
    empty = b"#set page(width: 594mm, height: 841mm)\n."
    few = Wish(size="A3", languages=("en",))

    def print_few() -> bytes:
        made = printing.make(pilot, few, by=None).sheet
        made.values["cards"] = made.values["cards"][:FEW]
        return drawing.pdf(made)

    return {
        "board": lambda: drawing.pdf(printing.make(pilot, wish, by=None).sheet),
        "few": print_few,
        "empty": lambda: typst.compile(
            empty, format="pdf", font_paths=fonts.loaded(), ignore_system_fonts=True
        ),
    }


def measure_print(town) -> bool:
    """Boards of 200 and 40 in print, photos and all: processor time against that of an empty sheet."""
    from benchmarks.towns import MEMBERS, draw_photos

    works = print_works()
    times: dict[str, list[float]] = {name: [] for name in works}
    # Where the private files are already: a database whose marks had gone would be taken for a copy.
    draw_photos()
    for work in works.values():
        work()  # fonts are read once for a process
    seconds = {name: clock(works[name]) for name in ("board", "few")}
    for _round in range(PRINT_ROUNDS):
        for name, work in works.items():
            times[name].append(cpu(work))
    medians = {name: statistics.median(values) for name, values in times.items()}
    results = []
    for name, members, limit in (("board", MEMBERS, PRINT_LIMIT), ("few", FEW, FEW_LIMIT)):
        ratio = medians[name] / medians["empty"]
        results.append(ratio <= limit)
        print(f"Board of {members} in print takes {seconds[name]:.2f} s")
        print(f"Board of {members} in print, CPU: {ratio:.0f} empty sheets (target: at most "
              f"{limit}) {'ok' if results[-1] else 'MISSED'}", flush=True)  # fmt: skip
    return all(results)


def measure_release(town) -> bool:
    """Release and suspension of 200 pages against Wagtail's loops over the very same pages."""
    from benchmarks.towns import hold_crowd
    from pledge_pages.embargo.release import approve_pilots, suspend_pilots
    from pledge_pages.models import BranchPage, Pilot
    from pledge_pages.pilots.actions import take_step

    board = BranchPage.objects.get(pilot__code="SGZ", locale__language_code="en")
    ids = [page.pk for page in hold_crowd(town, board)]
    times: dict[str, list[float]] = {"release": [], "suspend": [], "publish": [], "unpublish": []}
    for _round in range(RELEASE_ROUNDS):
        times["unpublish"].append(cpu(lambda: unpublish_loop(ids)))
        times["publish"].append(cpu(lambda: publish_loop(ids)))
        pilots = list(Pilot.objects.filter(code="SGZ"))
        step = {"by": town.lead, "reason": "bench"}
        times["suspend"].append(cpu(partial(suspend_pilots, pilots, **step)))
        take_step(pilots[0], "resume", **step)
        take_step(pilots[0], "concur", by=town.moderator("SGZ"), reason="bench")
        times["release"].append(cpu(partial(approve_pilots, pilots, **step)))
    medians = {name: statistics.median(values) for name, values in times.items()}
    return all(
        [
            verdict("Release of 200, CPU", medians["publish"] / medians["release"], 1),
            verdict("Suspension of 200, CPU", medians["unpublish"] / medians["suspend"], 50),
        ]
    )


def publish_loop(ids: list[int]) -> None:
    """Publish the latest revision of each page as Wagtail does, let through the gate."""
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    from pledge_pages.embargo.publication import publication
    from pledge_pages.models import MemberPledgePage

    for page in MemberPledgePage.objects.filter(pk__in=ids):
        with publication([page.pk]):
            PublishPageRevisionAction(page.get_latest_revision()).execute()


def unpublish_loop(ids: list[int]) -> None:
    """Unpublish each page as Wagtail does, let through the gate."""
    from pledge_pages.embargo.publication import publication
    from pledge_pages.models import MemberPledgePage

    for page in MemberPledgePage.objects.filter(pk__in=ids):
        with publication([page.pk]):
            page.unpublish()


if __name__ == "__main__":
    sys.exit(main())

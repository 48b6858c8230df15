"""What is printed at every start: where the demo stands, its addresses and its accounts."""

import os
from collections.abc import Iterator

from django.conf import settings

from pledge_pages.boards.models import ProgrammePage
from pledge_pages.labels import label_in
from pledge_pages.pilots.models import Pilot
from pledge_pages.pilots.stages import Stage
from pledge_pages.village import links
from pledge_pages.village.models import VillageLink

from .accounts import ACCOUNTS, EDITOR_VILLAGES, accounts
from .sample import LANGUAGES
from .state import Loaded

API = "/api/v1/boards/"


def lines(town: Loaded) -> Iterator[str]:
    """Yield what is to be printed about the sample town, line by line."""
    pilots = list(Pilot.objects.filter(programme=town.programme))
    yield f"The sample town was loaded as of {town.as_of}."
    yield from stage_lines(pilots)
    yield ""
    for title, addresses in address_lines(town):
        yield f"  {title:<16}{'  '.join(addresses)}"
    yield ""
    found = accounts()
    width = max(len(account.password or account.note) for account in found)
    for account in found:
        secret = account.password or account.note
        yield f"  {account.name:<12}{secret:<{width}}  {purpose(account.name, pilots)}"


def stage_lines(pilots: list[Pilot]) -> Iterator[str]:
    """Yield one line for each stage at which pilots stand now."""
    for stage in Stage:
        names = [named(pilot) for pilot in pilots if pilot.stage == stage]
        if names:
            yield f"  {stage.value:<16}{', '.join(names)}"


def address_lines(town: Loaded) -> Iterator[tuple[str, list[str]]]:
    """Yield (title, addresses) of what can be opened in a browser."""
    base = settings.BASE_URL
    yield "Site", [f"{base}/{language}/" for language in LANGUAGES]
    live = ProgrammePage.objects.filter(programme=town.programme, live=True).select_related(
        "locale"
    )
    boards = {page.locale.language_code: page.slug for page in live}
    if boards:
        addresses = [f"{base}/{code}/{boards[code]}/" for code in LANGUAGES if code in boards]
        yield "Boards", addresses
    village = village_address(town)
    if village:
        yield "Village view", [village]
    yield "Administration", [f"{base}/admin/"]
    yield "API", [f"{base}{API}"]
    if "BASE_URL" not in os.environ:
        yield (
            "",
            [f"(BASE_URL is not set; `make demo PORT=8001` serves at that port instead of {base})"],
        )


def village_address(town: Loaded) -> str:
    """Return the address in the code of one village: a quiet one, that has an editor, if any is."""
    valid = VillageLink.objects.filter(pilot__programme=town.programme, revoked_at=None)
    found = sorted(
        (link for link in valid.select_related("pilot").order_by("pilot__code") if link.opens),
        key=lambda link: (link.pilot.is_public, link.pilot.code not in EDITOR_VILLAGES),
    )
    if not found:
        return ""
    try:
        return f"{links.address_of(found[0])}  {named(found[0].pilot)}"
    except links.LinkError as error:
        return f"{named(found[0].pilot)}: {' '.join(error.messages)}"


def purpose(name: str, pilots: list[Pilot]) -> str:
    """Return what the account ``name`` is for, as things stand now."""
    own = [pilot for code in EDITOR_VILLAGES for pilot in pilots if pilot.code == code]
    places = ", ".join(f"{named(pilot)}: {pilot.stage}" for pilot in own)
    return ACCOUNTS[name].format(places=places)


def named(pilot: Pilot) -> str:
    """Return name and code of ``pilot`` in English, the language of this command."""
    return f"{label_in(pilot.name, 'en')} ({pilot.code})"

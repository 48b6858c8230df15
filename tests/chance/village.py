"""What the readers of a branch's printed code should see, and whether they do."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from pledge_pages.models import VillageLink
from pledge_pages.photos.renditions import SPECS
from pledge_pages.village.admission import Admission, admit
from tests.chance import eyes
from tests.chance.ground import Ground, marks_in
from tests.chance.model import BOARD, MEMBER, Model, PageState, Version
from tests.worlds import LANGUAGES

# The stages at which a code opens the board.
OPEN = ("quiet", "reviewed", "approved")


# What should be seen: nothing here asks the plugin ------------------------------------------------


def seen_of(model: Model, page: PageState) -> Version | None:
    """Return the version of ``page`` that its village reads, without asking for the board."""
    if model.pilots[page.branch].stage == "approved":
        return page.public
    version = None if page.is_alias else model.in_force(page)
    if version is None or version.waits(model.now) or version.is_over(model.now):
        return None
    return version


def board_for(model: Model, branch: str, language: str) -> PageState | None:
    """Return the board that a reader gets who would like ``language``."""
    boards = [
        page for page in model.pages.values()
        if page.kind == BOARD and page.branch == branch and seen_of(model, page)
    ]  # fmt: skip
    boards.sort(key=lambda page: (page.language != language, LANGUAGES.index(page.language)))
    return boards[0] if boards else None


def members_on(model: Model, board: PageState) -> list[tuple[PageState, Version]]:
    """Return the members' pages below a board that its village reads, each in its version."""
    found = [
        (page, seen_of(model, page))
        for page in model.pages.values()
        if page.kind == MEMBER and page.parent is board
    ]
    return [(page, version) for page, version in found if version is not None]


def names_of(model: Model, members: list[tuple[PageState, Version]]) -> frozenset[str]:
    return frozenset(
        model.members[page.member].given[page.language]
        for page, _version in members
        if page.member not in model.unnamed
    )


def photos_of(model: Model, members: list[tuple[PageState, Version]]) -> frozenset[str]:
    return frozenset(
        model.members[page.member].token
        for page, version in members
        if version.photo and not model.members[page.member].erased
    )


# What is seen ------------------------------------------------------------------------------------


def reader_by(link: VillageLink) -> Client:
    """Return the browser of somebody who came by a link while it was open."""
    client, response = Client(raise_request_exception=False), HttpResponse()
    admit(response, Admission(link))
    client.cookies.update(response.cookies)
    return client


def look(ground: Ground, branch: str, language: str) -> None:
    """Read by every link of a branch: those that are valid show what they should, others nothing."""
    model = ground.model
    for link in VillageLink.objects.filter(pilot__code=branch):
        reader = reader_by(link)
        valid = link.pk in model.codes.get(branch, ()) and model.pilots[branch].stage in OPEN
        if valid:
            look_at_board(ground, reader, branch, language)
        else:
            refused(ground, reader, branch)
    refused(ground, Client(raise_request_exception=False), branch)


def refused(ground: Ground, client: Client, branch: str) -> None:
    """See that there is nothing at any address of the branch's village view."""
    people = [member for member in ground.model.members.values() if member.branch == branch]
    slugs = {page.slug for page in ground.model.pages.values() if page.kind == MEMBER}
    paths = ["/v/", *(f"/v/{slug}/" for slug in sorted(slugs)[:2])]
    paths += [f"/v/photos/{m.token}/{next(iter(SPECS))}.jpg" for m in people if m.token]
    for path in paths:
        status, text = eyes.text_of(client, path)
        eyes.expect(f"{path} without a code", (status, marks_in(text)), (404, frozenset()))


def look_at_board(ground: Ground, reader: Client, branch: str, language: str) -> None:
    """Read the board, the members' pages and the photos of a branch by its code."""
    model, where = ground.model, f"village view of {branch} in {language}"
    board = board_for(model, branch, language)
    members = members_on(model, board) if board is not None else []
    version = seen_of(model, board) if board is not None else None
    wanted = version.marks.union(*(entry.head for _page, entry in members)) if version else set()
    status, text = eyes.text_of(reader, f"/v/?lang={language}")
    eyes.expect(f"{where}: status", status, 200)
    eyes.expect(f"{where}: words", marks_in(text), frozenset(wanted))
    eyes.expect(f"{where}: names", eyes.names_in(ground, text), names_of(model, members))
    eyes.expect(f"{where}: photos", set(eyes.TOKEN.findall(text)), photos_of(model, members))
    for page in [entry for entry in model.pages.values() if entry.kind == MEMBER]:
        if page.language == (board.language if board else language):
            look_at_member(ground, reader, page, dict(members).get(page), version)
    shown = {
        token
        for code in LANGUAGES
        for found in boards_in(model, branch, code)
        for token in photos_of(model, members_on(model, found))
    }
    for member in model.members.values():
        if member.token:
            path = f"/v/photos/{member.token}/{next(iter(SPECS))}.jpg"
            status = reader.get(path).status_code
            eyes.expect(f"{where}: {path}", status, 200 if member.token in shown else 404)


def boards_in(model: Model, branch: str, language: str) -> list[PageState]:
    board = board_for(model, branch, language)
    return [board] if board is not None and board.language == language else []


def look_at_member(
    ground: Ground,
    reader: Client,
    page: PageState,
    version: Version | None,
    board: Version | None,
) -> None:
    """Read one member's page by a code: its own words and the board's title, or nothing."""
    status, text = eyes.text_of(reader, f"/v/{page.slug}/?lang={page.language}")
    if version is None or board is None:
        own = {page.language for page in ground.model.pages.values() if page.slug in text}
        assert status in (404, 200), f"{page} by a code answers {status}"
        if status == 200:  # there is one in the other language only
            other = [
                entry for entry in ground.model.pages.values()
                if entry.slug == page.slug and entry is not page
            ]  # fmt: skip
            assert any(seen_of(ground.model, entry) for entry in other), f"{page} {own}"
        return
    eyes.expect(f"{page} by a code: status", status, 200)
    eyes.expect(f"{page} by a code: words", marks_in(text), version.marks | board.head)
    wanted = names_of(ground.model, [(page, version)])
    eyes.expect(f"{page} by a code: names", eyes.names_in(ground, text), wanted)

"""What can be seen: by the database's own word, by a visitor, and by the staff of a branch."""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import quote

from django.test import Client
from django.urls import reverse
from wagtail.models import Page, WorkflowState

from pledge_pages.embargo.gate import gated_types
from pledge_pages.models import (
    BranchPage,
    BranchPledge,
    MemberPledgePage,
    Pilot,
    Pledge,
    ProgrammePage,
    ProgressUpdate,
)
from pledge_pages.photos.renditions import SPECS
from tests.chance.ground import Ground, marks_in
from tests.chance.model import BOARD, MEMBER, PROGRAMME, PageState
from tests.embargo.view import all_of, normal
from tests.worlds import LANGUAGES

V2 = "/api/v2/pages/?fields=*&limit=50"
TYPES = ("ProgrammePage", "BranchPage", "MemberPledgePage")
TOKEN = re.compile(r"/photos/([^/\"]+)/")


class Seen(AssertionError):
    """Something is seen that should not be, or is not seen that should be."""


def expect(where: str, found, wanted) -> None:
    """Raise Seen unless what was found is what should be there."""
    if found == wanted:
        return
    if isinstance(found, dict):
        differ = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
        found, wanted = ({key: side.get(key) for key in differ} for side in (found, wanted))
    raise Seen(f"{where}: found {found!r}, should be {wanted!r}")


# The database ------------------------------------------------------------------------------


def look_at_rows(ground: Ground) -> None:
    """Compare every live row of the gated types, its words and its photo, with the model."""
    model = ground.model
    found = {str(model.pages.get(pk, pk)): seen for pk, seen in public_words().items()}
    expect("live pages", found, {
        str(page): (page.public.marks, page.public.photo) for page in model.public_pages()
    })  # fmt: skip
    expect(
        "stages",
        dict(Pilot.objects.values_list("code", "stage")),
        {code: pilot.stage for code, pilot in model.pilots.items()},
    )
    expect(
        "open reviews",
        set(WorkflowState.objects.active().values_list("object_id", "status")),
        {
            (str(page.pk), "needs_changes" if page.review.returned else "in_progress")
            for page in model.pages.values()
            if page.review is not None
        },
    )


def public_words() -> dict[int, tuple[frozenset[str], bool]]:
    """Return the marks of every live page of a gated type, and whether it has a photo."""
    words: dict[int, set[str]] = defaultdict(set)
    live = Page.objects.filter(live=True).type(*gated_types())
    for pk, *texts in live.order_by().values_list("pk", "title", "seo_title", "slug"):
        words[pk] |= marks_in(" ".join(texts))
    for rows, link, names in (
        (ProgrammePage.objects, "pk", ("introduction",)),
        (BranchPage.objects, "pk", ("introduction", "not_listed")),
        (Pledge.objects, "page", ("text", "measure")),
        (ProgressUpdate.objects, "page", ("text",)),
        (BranchPledge.objects, "page", ("text",)),
    ):
        found = rows.filter(**{f"{link}__in": list(words)}).order_by().values_list(link, *names)
        for pk, *texts in found:
            words[pk] |= marks_in(" ".join(texts))
    photos = set(
        MemberPledgePage.objects.filter(pk__in=list(words), photo__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return {pk: (frozenset(found), pk in photos) for pk, found in words.items()}


# A visitor ---------------------------------------------------------------------------------


def text_of(client: Client, path: str) -> tuple[int, str]:
    """Return status and everything of the answer at an address, readable."""
    answer = client.get(path)
    assert answer.status_code < 500, f"{path} answers {answer.status_code}"
    return answer.status_code, normal(all_of(answer))


def names_in(ground: Ground, text: str) -> frozenset[str]:
    """Return every given name, in either script, that stands in a text."""
    given = {name for member in ground.model.members.values() for name in member.given.values()}
    return frozenset(name for name in given if name in text)


def look_at_page(ground: Ground, page: PageState) -> None:
    """Read the page's address as a visitor: all that should be there, and nothing else."""
    status, text = text_of(Client(raise_request_exception=False), page.address)
    model, where = ground.model, f"{page} at {page.address}"
    if page.public is None:
        expect(f"{where} status", status, 404)
        expect(f"{where} words", marks_in(text), frozenset())
        expect(f"{where} names", names_in(ground, text), frozenset())
        return
    expect(f"{where} status", status, 200)
    expect(f"{where} words", marks_in(text), model.marks_on(page))
    expect(f"{where} names", names_in(ground, text), model.names_on(page))
    expect(f"{where} photos", frozenset(TOKEN.findall(text)), model.photos_on(page))


def look_at_search(ground: Ground, mark: str, language: str) -> None:
    """Search for a mark: the pages whose public version holds it, and no other."""
    wanted = {
        page.address
        for page in ground.model.public_pages()
        if page.language == language and mark in page.public.marks
    }
    expect(f"search in {language} for {mark}", found_by(mark, language), wanted)


def look_for_name(ground: Ground, code: str, language: str) -> None:
    """Search for a member's given name."""
    member = ground.model.members[code]
    wanted = {
        page.address
        for page in ground.model.public_pages(MEMBER)
        if page.language == language and page.member == code and ground.model.shows_name(code)
    }
    found = found_by(member.given[language], language)
    expect(f"search in {language} for {member.given[language]}", found, wanted)


def found_by(words: str, language: str) -> set[str]:
    """Return the addresses that a search finds."""
    answer = Client().get(f"/{language}/search/?q={quote(words)}")
    assert answer.status_code == 200
    addresses = {
        result.url.removeprefix("http://testserver") for result in answer.context["results"]
    }
    assert answer.context["total"] == len(addresses), "the count tells of more than is listed"
    return addresses


def look_at_api(ground: Ground) -> None:
    """Read the list of boards of our own API."""
    answer = Client().get("/api/v1/boards/?limit=100")
    assert answer.status_code == 200
    body = answer.json()
    boards = ground.model.public_pages(BOARD)
    expect("API v1 boards", {(row["code"], row["language"]) for row in body["results"]},
           {(page.branch, page.language) for page in boards})  # fmt: skip
    expect("API v1 count", body["count"], len(boards))
    named = [*boards, *(page.parent for page in boards if page.parent.public)]
    shown = {mark for page in named for mark in page.public.head}
    expect("API v1 words", marks_in(answer.content.decode()), frozenset(shown))


def look_at_board_by_api(ground: Ground, board: PageState) -> None:
    """Read one board by our own API."""
    status, text = text_of(
        Client(raise_request_exception=False),
        f"/api/v1/boards/{board.branch}/?language={board.language}",
    )
    model = ground.model
    if board.public is None:
        expect(f"API v1 {board}", (status, marks_in(text)), (404, frozenset()))
        return
    expect(f"API v1 {board} status", status, 200)
    expect(f"API v1 {board} words", marks_in(text), model.marks_on(board))
    expect(f"API v1 {board} names", names_in(ground, text), model.names_on(board))
    expect(f"API v1 {board} photos", frozenset(TOKEN.findall(text)), model.photos_on(board))


def look_everywhere(ground: Ground) -> None:
    """Read every public surface once: pages, lists, search, site map, photos."""
    model = ground.model
    for page in model.pages.values():
        look_at_page(ground, page)
        if page.kind == BOARD:
            look_at_board_by_api(ground, page)
    look_at_api(ground)
    shown = frozenset(mark for page in model.public_pages() for mark in page.public.marks)
    visitor, stranger = Client(raise_request_exception=False), ground.programs["nobody"]
    for client in (visitor, stranger):
        _status, text = text_of(client, "/api/v3-preview/pages/?limit=50")
        expect("API v3 words", marks_in(text) - shown, frozenset())
        expect("API v3 names", names_in(ground, text) - all_names(ground), frozenset())
    texts = [text_of(visitor, f"{V2}&type=pledge_pages.{name}")[1] for name in TYPES]
    expect("API v2 words", marks_in("".join(texts)), shown)
    expect("API v2 names", names_in(ground, "".join(texts)) - all_names(ground), frozenset())
    _status, text = text_of(visitor, "/sitemap.xml")
    hidden = [page for page in model.pages.values() if page.public is None]
    expect("site map", [page for page in hidden if f"{page.address}<" in text], [])
    for language in LANGUAGES:
        _status, text = text_of(visitor, f"/{language}/")
        expect(f"/{language}/", marks_in(text), frozenset())
        for code in model.members:
            look_for_name(ground, code, language)
    look_at_photos(ground)


def all_names(ground: Ground) -> frozenset[str]:
    """Return every given name that may be read anywhere."""
    model = ground.model
    return frozenset().union(*(model.names_on(page) for page in model.public_pages()))


def look_at_photos(ground: Ground) -> None:
    """Fetch each member's photo: it is sent while a public page shows it, and they agreed."""
    model = ground.model
    for member in model.members.values():
        if not member.token:
            continue
        shown = any(
            page.member == member.code and page.public.photo and model.shows_photo(member.code)
            for page in model.public_pages(MEMBER)
        )
        answer = Client().get(f"/photos/{member.token}/{next(iter(SPECS))}.jpg")
        expect(f"photo of {member.code}", answer.status_code, 200 if shown else 404)


# Staff -------------------------------------------------------------------------------------


def look_as_staff(ground: Ground, page: PageState, who: str) -> None:
    """See that ``who`` may see what their role allows of the page, and not a word more."""
    model = ground.model
    own = model.is_staff(who, page)
    status, text = text_of(ground.programs[who], f"/api/v1/pages/{page.pk}/workflow/")
    wanted = 200 if own else 403 if page.public is not None else 404
    expect(f"{who} asks API v1 for {page}", status, wanted)
    if not own and page.public is None:
        expect(f"{who} reads of {page}", marks_in(text), frozenset())
    if page.kind == MEMBER:
        look_at_member_by_api(ground, page, who)
    look_in_admin(ground, page, who)


def look_at_member_by_api(ground: Ground, page: PageState, who: str) -> None:
    """Read a member's page with a token: staff read what is held or drafted, others what all may."""
    model = ground.model
    own = model.is_staff(who, page)
    member = MemberPledgePage.objects.get(pk=page.pk).member
    status, text = text_of(
        ground.programs[who], f"/api/v1/members/{member.public_id}/?language={page.language}"
    )
    if own:
        expect(f"{who} reads {page}", status, 200)
        version = page.public or (None if page.altered else page.approved) or page.draft
        if version is not None and not page.is_alias:
            found = marks_in(text)
            assert version.marks <= found, f"{who} reads {found} and not {version.marks}"
        return
    secret = {mark for entry in staff_words(ground, page.branch) for mark in entry.marks}
    public = {mark for entry in model.public_pages() for mark in entry.public.marks}
    expect(f"{who} reads of {page}", marks_in(text) & (secret - public), set())


def staff_words(ground: Ground, branch: str) -> list:
    """Return every version of a branch's pages that anybody works on."""
    pages = [page for page in ground.model.pages.values() if page.branch == branch]
    versions = [version for page in pages for version in (page.draft, page.approved)]
    return [version for version in versions if version is not None]


def look_in_admin(ground: Ground, page: PageState, who: str) -> None:
    """Open the explorer at the page's board, and the page's editor."""
    model = ground.model
    browser = ground.browsers[who]
    board = page.parent if page.kind == MEMBER else page
    if page.kind == PROGRAMME or board is None:
        return
    secret = {mark for entry in staff_words(ground, page.branch) for mark in entry.marks}
    secret -= {mark for entry in model.public_pages() for mark in entry.public.marks}
    own = model.is_staff(who, page)
    status, text = text_of(browser, reverse("wagtailadmin_explore", args=[board.pk]))
    listed = f"/admin/pages/{page.pk}/" in text
    if own:
        expect(f"{who} lists {board}", (status, listed), (200, True))
    else:
        expect(f"{who} lists {board}", (status == 200, marks_in(text) & secret), (False, set()))
    status, text = text_of(browser, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    if not own:
        expect(f"{who} edits {page}", (status == 200, marks_in(text) & secret), (False, set()))
    elif model.edits(who, page) and not page.is_alias:
        expect(f"{who} edits {page}", status, 200)

"""The table of surfaces, second part: the APIs, by Wagtail and our own."""

from datetime import timedelta

from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from tests.embargo.view import (
    ADMIN_TOKEN,
    ANYONE,
    PUBLIC,
    TOKENS,
    VILLAGE,
    View,
    surface,
)
from tests.worlds import LANGUAGES

V2 = "/api/v2/pages/"
V3 = "/api/v3-preview/pages/"
ALL_TOKENS = (ANYONE, *TOKENS)
NOWHERE = 987_654

# Wagtail's APIs ----------------------------------------------------------------------------


@surface("API v2: lists", open_shows=("pledge", "board", "member", "programme"), readers=PUBLIC)
def v2_lists(view: View):
    """With every field, by every type."""
    view.get(V2)
    view.get(V2, fields="*", limit=50)
    for model in ("ProgrammePage", "BranchPage", "MemberPledgePage"):
        view.get(V2, type=f"pledge_pages.{model}", fields="*", limit=50)
    view.get(V2, slug="work-plan")
    view.get(V2, order="-title", locale="en", limit=50)


@surface("API v2: search")
def v2_search(view: View):
    """Words, and how many pages have them."""
    for words in ("SGZ", "打扫村", "Sweep", "党员承", "长S"):
        answer = view.get(V2, search=words)
        if view.town.hides_everything:
            assert answer.json()["meta"]["total_count"] == 0, words


@surface("API v2: one page", open_shows=("board", "member", "grade"))
def v2_detail(view: View):
    """By its id, and by its address."""
    for page in view.hidden_pages:
        view.get(f"{V2}{page.pk}/", fields="*")
    for address in view.addresses():
        view.get(f"{V2}find/", html_path=address.partition("/")[2].partition("/")[2])


@surface("API v2: relatives")
def v2_relatives(view: View):
    """Children, ancestors and translations of a page by its id."""
    for page in view.hidden_pages:
        for relation in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
            view.get(V2, **{relation: page.pk})


@surface("API v3: lists", readers=ALL_TOKENS, open_shows=("board", "member"),
         staff_sees=("board", "member"), staff=ADMIN_TOKEN)  # fmt: skip
def v3_lists(view: View):
    """With every field, by every type."""
    view.get(V3, limit=50)
    for model in ("ProgrammePage", "BranchPage", "MemberPledgePage"):
        view.get(V3, type=f"pledge_pages.{model}", limit=50)
    view.get(V3, slug="work-plan")
    for words in ("SGZ", "打扫村", "Sweep", "党员承"):
        view.get(V3, search=words)


@surface("API v3: one page", readers=ALL_TOKENS, open_shows=("board", "member"),
         staff_sees=("board", "member"), staff=ADMIN_TOKEN)  # fmt: skip
def v3_detail(view: View):
    """By its id, by its address, as a draft."""
    for page in view.hidden_pages:
        view.get(f"{V3}{page.pk}/")
        view.get(f"{V3}{page.pk}/", version="draft", rich_text_format="html")
    for address in view.addresses():
        view.get(f"{V3}find/", html_path=address.partition("/")[2].partition("/")[2])


@surface("API v3: relatives", readers=ALL_TOKENS)
def v3_relatives(view: View):
    """Children, ancestors and translations of a page by its id."""
    for page in view.hidden_pages:
        for relation in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
            view.get(V3, **{relation: page.pk})


@surface("API v3: revisions", readers=ALL_TOKENS, staff_sees=("member",), staff=ADMIN_TOKEN)
def v3_revisions(view: View):
    """Drafts and older versions."""
    for page in view.hidden_pages:
        view.get(f"{V3}{page.pk}/revisions/")
        view.get(f"{V3}{page.pk}/revisions/{page.latest_revision_id}/")


@surface("API v3: actions", readers=ALL_TOKENS)
def v3_actions(view: View):
    """Every action answers with the page, or with a reason."""
    for page in view.hidden_pages:
        for action in ("publish", "unpublish", "copy", "move", "revert", "convert_alias",
                       "create_alias", "copy_for_translation"):  # fmt: skip
            view.send(
                "post", f"{V3}{page.pk}/actions/{action}/",
                {"destination_id": view.town.home["zh-hans"].pk, "revision_id": 1, "locale": "en"},
                content_type="application/json",
            )  # fmt: skip
        for kind in ("pledge_pages.BranchPage", "pledge_pages.MemberPledgePage", "home.NewsPage"):
            view.send(
                "patch", f"{V3}{page.pk}/", {"meta": {"type": kind}, "title": "x"},
                content_type="application/json",
            )  # fmt: skip


@surface("API v3: its description", readers=ALL_TOKENS)
def v3_description(view: View):
    """Types and their fields; choices may hold data."""
    view.get("/api/v3-preview/openapi.json")
    view.get("/api/v3-preview/schema/")
    view.get("/api/v3-preview/sites/")


# Our own API -------------------------------------------------------------------------------


@surface("API v1: boards", readers=(*ALL_TOKENS, VILLAGE), open_shows=("name", "board", "pledge"),
         staff_sees=("board",), staff=ADMIN_TOKEN)  # fmt: skip
def v1_boards(view: View):
    """The list, and one board."""
    view.get("/api/v1/boards/", limit=50)
    for language in LANGUAGES:
        view.get("/api/v1/boards/", language=language)
        view.get("/api/v1/boards/SGZ/", language=language)
    view.get("/api/v1/boards/SGZ/")


@surface("API v1: members", readers=(*ALL_TOKENS, VILLAGE), open_shows=("name", "pledge", "grade"),
         staff_sees=("pledge", "grade"), staff=ADMIN_TOKEN)  # fmt: skip
def v1_members(view: View):
    """One member in both languages."""
    for language in LANGUAGES:
        view.get(f"/api/v1/members/{view.page().slug}/", language=language)


@surface("API v1: questions", readers=ALL_TOKENS, open_shows=("name", "question"))
def v1_questions(view: View):
    """What was asked and answered, by the branch's code."""
    for language in LANGUAGES:
        view.get("/api/v1/boards/SGZ/questions/", language=language)
    view.get("/api/v1/boards/SGZ/questions/", limit=1, offset=1)


@surface("API v1: workflow", readers=ALL_TOKENS)
def v1_workflow(view: View):
    """State and steps of a page's review."""
    for page in view.hidden_pages:
        view.get(f"/api/v1/pages/{page.pk}/workflow/")
        for step in ("submit", "approve", "reject", "withdraw"):
            view.send(
                "post", f"/api/v1/pages/{page.pk}/workflow/{step}", {"comment": "because"},
                content_type="application/json",
            )  # fmt: skip


@surface("API v1: its description", readers=ALL_TOKENS)
def v1_description(view: View):
    """What the programme is called is no part of it."""
    view.get("/api/v1/openapi.json")
    view.get("/api/v1/")


# What is open in the APIs beside pages ------------------------------------------------------


def old_addresses(view: View) -> list[Redirect]:
    """Return redirects to the hidden pages, as Wagtail makes them when an address changes."""
    return Redirect.objects.bulk_create(
        Redirect(
            old_path=Redirect.normalise_path(f"{address}before"),
            redirect_page=page,
            automatically_created=True,
        )
        for address, page in zip(sorted(view.addresses()), view.hidden_pages, strict=False)
    )


@surface("API v3: redirects", readers=ALL_TOKENS, open_shows=("address",))
def v3_redirects(view: View):
    """Everyone may list them: old addresses, and ids of the pages they lead to."""
    base = "/api/v3-preview/redirects/"
    for row in old_addresses(view):
        view.get(base, limit=50)
        view.get(base, redirect_page=row.redirect_page_id)
        view.get(base, order="-old_path", automatically_created="true")
        for answer in (
            view.get(f"{base}{row.pk}/"),
            view.get(f"{base}find/", id=row.pk),
            view.get(f"{base}find/", html_path=row.old_path),
        ):
            if view.town.hides_everything:
                assert answer.status_code == 404
        for method in ("put", "delete"):
            view.send(
                method, f"{base}{row.pk}/", {"old_path": "/x", "redirect_link": "http://x.example/"},
                content_type="application/json",
            )  # fmt: skip
    view.send(
        "post", base, {"old_path": "/y", "redirect_page_id": view.hidden_pages[0].pk},
        content_type="application/json",
    )  # fmt: skip


@surface("API v3: whether a page is there", readers=ALL_TOKENS)
def v3_existence(view: View):
    """Each operation answers for a hidden page as for one that does not exist."""
    for page in (view.board(), view.page()):
        for method, path, body in operations(view.town.news.pk):
            hidden = [view.send(method, f"{V3}{path.format(page.pk)}", fill(body, page.pk),
                                content_type="application/json")]  # fmt: skip
            nothing = [view.send(method, f"{V3}{path.format(NOWHERE)}", fill(body, NOWHERE),
                                 content_type="application/json")]  # fmt: skip
            if view.town.hides_everything:
                for one, other in zip(hidden, nothing, strict=True):
                    seen, unseen = (answer.status_code for answer in (one, other))
                    assert seen == unseen, f"{method} {path}"
                    assert one.content == other.content, f"{method} {path}"


HERE = "{}"


def operations(news: int) -> list[tuple[str, str, dict]]:
    """Return (method, path, body) of every operation on a page; ``{}`` stands for the page's id."""
    actions = {
        "publish": {}, "unpublish": {}, "copy": {"slug": "x"}, "convert_alias": {},
        "move": {"destination_id": news}, "revert": {"revision_id": 1}, "create_alias": {},
        "copy_for_translation": {"locale": "en"},
    }  # fmt: skip
    return [
        ("get", "{}/", {}),
        ("get", "{}/revisions/", {}),
        ("get", "{}/revisions/1/", {}),
        ("delete", "{}/", {}),
        ("delete", "{}/actions/delete/", {}),
        ("patch", "{}/", {"title": "x"}),
        *(("post", f"{{}}/actions/{name}/", body) for name, body in actions.items()),
        ("post", f"{news}/actions/move/", {"destination_id": HERE}),
        ("post", f"{news}/actions/copy/", {"destination_id": HERE, "slug": "y"}),
        ("post", f"{news}/actions/create_alias/", {"destination_id": HERE, "slug": "z"}),
        ("post", "", {"meta": {"type": "home.NewsPage", "parent_id": HERE}, "title": "x"}),
    ]


def fill(body: dict, pk: int) -> dict:
    """Return ``body`` with the page's id where it belongs."""
    if "meta" in body:
        return body | {"meta": fill(body["meta"], pk)}
    return {key: pk if value == HERE else value for key, value in body.items()}


@surface("API v3: who one is, sites, types, snippets", readers=ALL_TOKENS)
def v3_rest(view: View):
    """Everything of it that is not about pages."""
    base = "/api/v3-preview/"
    for path in ("", "docs/", "whoami/", "sites/1/", "schema/pledge_pages.BranchPage/",
                 "schema/pledge_pages.MemberPledgePage/", "snippets/x/", "snippets/x/1/",
                 "snippets/pledge_pages.Pledge/", "snippets/pledge_pages.Pledge/1/",
                 "documents/", "documents/1/", "images/", "images/1/",
                 "documents/?search=SGZ", "images/?search=SGZ"):  # fmt: skip
        view.get(f"{base}{path}")
    for site in view.town.home["zh-hans"].sites_rooted_here.all():
        view.get(f"{base}sites/{site.pk}/")


@surface("APIs: how many, and in which order", readers=ALL_TOKENS)
def counts(view: View):
    """Counts, filters and orders tell of no more pages than are shown."""
    for base, orders in ((V2, ("title", "-id", "random")), (V3, ("title", "-pk"))):
        totals = [view.get(base).json()]
        totals += [view.get(base, order=order, ordering=order).json() for order in orders]
        totals.append(view.get(base, limit=1, offset=1).json())
        for answer in totals:
            total = answer.get("meta", answer).get("total_count", answer.get("count"))
            if view.town.hides_everything and total is not None:
                hidden = {page.pk for page in view.hidden_pages}
                assert total <= len(view.public_ids | view.own_ids), base
                ids = {item["id"] for item in answer.get("items", ())}
                assert not ids & (hidden - view.own_ids), base
    for query in ({"slug": "village-1"}, {"title": "SGZ村"}, {"show_in_menus": "true"},
                  {"ancestor_of": view.page().pk}, {"locale": "en"}):  # fmt: skip
        view.get(V2, **query)
        view.get(V3, **query)


@surface("API v1: copies that were kept", readers=(ANYONE,))
def v1_conditional(view: View):
    """Whoever kept a copy and asks whether it is still good."""
    long_ago = (timezone.now() + timedelta(days=300)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    for address in ("/api/v1/boards/", "/api/v1/boards/SGZ/", "/api/v1/openapi.json",
                    f"/api/v1/members/{view.page().slug}/"):  # fmt: skip
        view.send("get", address, headers={"if-none-match": "*", "if-modified-since": long_ago})
        view.send("head", address)
        view.send("options", address)

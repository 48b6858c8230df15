"""The table of surfaces: every place where something of a page can be seen, public ones first.

A surface looks, and keeps what it saw; what must not be in it stands in ``tests.embargo.view``.
A new surface is a new row.
"""

import logging

from django.core import mail
from django.test import TestCase
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from tests.embargo.view import (
    ADMIN_TOKEN,
    ANYONE,
    NO_RIGHTS,
    OTHER_BRANCH,
    PUBLIC,
    SITE_EDITOR,
    TOKENS,
    View,
    surface,
)
from tests.worlds import LANGUAGES

V2 = "/api/v2/pages/"
V3 = "/api/v3-preview/pages/"
ALL_TOKENS = (ANYONE, *TOKENS)

# Pages -------------------------------------------------------------------------------------


@surface(
    "pages at their own addresses", open_shows=("name", "pledge", "board", "file", "programme")
)
def pages(view: View):
    """Programme, board and member's page, in both languages."""
    for address in view.addresses():
        view.get(address)


@surface("pages with a query", open_shows=("name", "pledge", "board"))
def pages_with_query(view: View):
    """Years, previews and other questions."""
    for address in view.addresses():
        view.get(address, year=2026)
        view.get(address, preview="1", in_preview_panel="true", mode="", token="x")


@surface("pages under the other language's prefix")
def pages_in_other_language(view: View):
    """The address of one language with the prefix of the other, and without any."""
    for page in view.hidden_pages:
        tail = page.url_path.strip("/").partition("/")[2]
        for prefix in ("/zh-hans/", "/en/", "/", "/zh/", "/en/home/", "/zh-hans/home/"):
            view.get(f"{prefix}{tail}/")


@surface("pages with another spelling")
def pages_spelt_otherwise(view: View):
    """Capitals, missing and doubled slashes, more path, dots."""
    for address in view.addresses():
        for spelt in (
            address.upper(), address.rstrip("/"), f"{address}more/", f"{address}/",
            address.replace("village", "VILLAGE"), f"{address}../", f"{address}.json",
            f"{address}amp/", address.replace("/work", "//work"),
        ):  # fmt: skip
            view.get(spelt)


@surface("pages by other methods")
def pages_by_other_methods(view: View):
    """HEAD, OPTIONS, POST, PUT, DELETE."""
    for address in view.addresses():
        for method in ("head", "options", "post", "put", "delete", "patch"):
            view.send(method, address)


@surface("the front pages", open_shows=())
def front_pages(view: View):
    """Sections, menus, news and the language switch; the programme marked for menus."""
    Page.objects.filter(pk__in=[page.pk for page in view.hidden_pages], live=False).update(
        show_in_menus=True
    )
    for language in LANGUAGES:
        view.get(f"/{language}/")
    view.get("/")


@surface("a news page that links to the pages", open_shows=("member", "address"))
def linked_from_news(view: View):
    """Rich text resolves links when it is shown."""
    news = view.town.news
    links = "".join(
        f'<a linktype="page" id="{page.pk}">more</a><embed embedtype="image" id="{page.pk}"/>'
        for page in view.hidden_pages
    )
    type(news).objects.filter(pk=news.pk).update(body=f"<p>{links}</p>")
    view.get("/zh-hans/brief/")
    view.get(f"{V2}{news.pk}/", fields="*")
    view.get("/api/v2/pages/", fields="*", type="home.NewsPage")
    for output in ("html", "markdown", "db_markdown", "db_html"):
        view.get(f"{V3}{news.pk}/", rich_text_format=output)


@surface("redirects to the pages", open_shows=("member", "address"))
def redirects(view: View):
    """Old addresses, as Wagtail makes them by itself."""
    for page in view.hidden_pages:
        Redirect.objects.create(
            old_path=f"/zh-hans/old-{page.pk}", redirect_page=page, is_permanent=True,
            automatically_created=True,
        )  # fmt: skip
        view.get(f"/zh-hans/old-{page.pk}/")
        view.get(f"/zh-hans/old-{page.pk}")


@surface("the form that asks for a password")
def password_form(view: View):
    """It shows the page's title and address to everyone."""
    for page in view.hidden_pages:
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type="password", password="x"
        )
        other = PageViewRestriction.objects.create(
            page=Page.objects.get(pk=view.town.news.pk), restriction_type="password", password="x"
        )
        for row in (restriction, other):
            address = f"/zh-hans/_util/authenticate_with_password/{row.pk}/{page.pk}/"
            view.get(address)
            view.send("post", address, {"password": "wrong", "return_url": "/"})


# Search, feeds, files ----------------------------------------------------------------------


@surface("the site's search", open_shows=("name", "pledge", "board"))
def search(view: View):
    """Names, promises and titles in both languages; counts, too."""
    for language in LANGUAGES:
        for words in ("史长", "打扫村", "Chang", "Sweep the", "SGZ", "党员承", "done once"):
            answer = view.get(f"/{language}/search/", q=words)
            if view.town.hides_everything:
                assert not answer.context or not answer.context.get("results"), words


@surface("the site map", open_shows=("address",))
def site_map(view: View):
    """For search engines."""
    view.get("/sitemap.xml")


@surface("photos and evidence")
def files(view: View):
    """Their addresses, known or guessed."""
    for address in (*view.photo_addresses(), f"/photos/evidence/{view.town.evidence.token}.jpg"):
        answer = view.get(address)
        if view.town.hides_everything:
            assert answer.status_code == 404, address
        view.send("head", address)


@surface("files where the web server keeps them")
def stored_files(view: View):
    """The folders of uploads."""
    for name in (view.town.photo.file.name, view.town.evidence.file.name):
        for prefix in ("/media/", "/media/../private/", "/static/", "/documents/1/"):
            answer = view.get(f"{prefix}{name}")
            assert answer.status_code >= 300, prefix


@surface("lists of images and documents", readers=(*PUBLIC, *TOKENS))
def media_lists(view: View):
    """Wagtail's own libraries."""
    for path in ("images/", "documents/", "images/?fields=*", "documents/?fields=*"):
        view.get(f"/api/v2/{path}")


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


@surface("API v2: one page", open_shows=("board", "member"))
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
                       "create_alias", "copy_for_translation", "delete"):  # fmt: skip
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


@surface("API v1: boards", readers=ALL_TOKENS, open_shows=("name", "board", "pledge"),
         staff_sees=("board",), staff=ADMIN_TOKEN)  # fmt: skip
def v1_boards(view: View):
    """The list, and one board."""
    view.get("/api/v1/boards/", limit=50)
    for language in LANGUAGES:
        view.get("/api/v1/boards/", language=language)
        view.get("/api/v1/boards/SGZ/", language=language)
    view.get("/api/v1/boards/SGZ/")


@surface("API v1: members", readers=ALL_TOKENS, open_shows=("name", "pledge"),
         staff_sees=("pledge",), staff=ADMIN_TOKEN)  # fmt: skip
def v1_members(view: View):
    """One member in both languages."""
    for language in LANGUAGES:
        view.get(f"/api/v1/members/{view.page().slug}/", language=language)


@surface("API v1: workflow", readers=ALL_TOKENS)
def v1_workflow(view: View):
    """State and steps of a page's review."""
    for page in view.hidden_pages:
        view.get(f"/api/v1/pages/{page.pk}/workflow/")
        for step in ("submit", "approve", "reject", "withdraw"):
            view.send(
                "post", f"/api/v1/pages/{page.pk}/workflow/{step}", {"reason": "because"},
                content_type="application/json",
            )  # fmt: skip


@surface("API v1: its description", readers=ALL_TOKENS)
def v1_description(view: View):
    """What the programme is called is no part of it."""
    view.get("/api/v1/openapi.json")
    view.get("/api/v1/")


# Elsewhere ---------------------------------------------------------------------------------


@surface("health", readers=(ANYONE,))
def health(view: View):
    """What a monitor reads."""
    view.get("/-/health/")


@surface("admin addresses without a session", readers=(ANYONE, NO_RIGHTS))
def admin_without_session(view: View):
    """A log-in page, and no more."""
    for page in view.hidden_pages:
        for view_name in ("edit", "view_draft", "history", "usage", "move", "copy", "delete"):
            view.get(f"/admin/pages/{page.pk}/{view_name}/")
        view.get(f"/admin/api/main/pages/{page.pk}/")
    view.get("/admin/choose-page/")
    view.get("/admin/reports/site-history/")


@surface("mails about a review", readers=(SITE_EDITOR,), allowed=("board",))
def mails(view: View):
    """Submitted, returned, submitted again, approved: read by the branch's own, on any screen."""
    town, page = view.town, view.page(code="SGZ-M002")
    editor, moderator = town.editor("SGZ"), town.moderator("SGZ")
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision(user=editor)
        page.get_workflow().start(page, editor)
        state = view.page(code="SGZ-M002").current_workflow_task_state
        state.task.specific.on_action(state, moderator, "reject", comment="no measure")
        page = view.page(code="SGZ-M002")
        page.current_workflow_state.resume(user=editor)
        town.approve(page, moderator)
    for message in mail.outbox:
        parts = [message.subject, message.body, *(str(part) for part in message.alternatives)]
        view.keep(f"mail {message.subject}", "\n".join(parts))


@surface("the log file", readers=(SITE_EDITOR,))
def log_file(view: View):
    """What is logged from INFO upwards while pages are written, approved, opened and closed."""
    lines: list[str] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: lines.append(record.getMessage())
    root, wagtail = logging.getLogger(), logging.getLogger("wagtail")
    levels = root.level, wagtail.level
    root.setLevel(logging.INFO)
    wagtail.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        for page in view.hidden_pages:
            page = page.specific.get_latest_revision_as_object()
            page.save_revision(user=view.town.admin)
            if not page.live:
                page.save()
        town = view.town
        page = town.submit(view.page(code="SGZ-M002"), town.editor("SGZ"))
        town.approve(page, town.moderator("SGZ"))
    finally:
        root.removeHandler(handler)
        root.setLevel(levels[0])
        wagtail.setLevel(levels[1])
    view.keep("log", "\n".join(lines))


@surface("a page of the other branch's own staff", readers=(OTHER_BRANCH,))
def own_branch(view: View):
    """What their own dashboard, board and pages show of others."""
    board = view.town.boards["LSW", "zh-hans"].pk
    page = view.town.pages["LSW-M001", "zh-hans"].pk
    for address in (f"/admin/pages/{board}/", f"/admin/pages/{page}/edit/", "/admin/",
                    f"/admin/pages/add/pledge_pages/memberpledgepage/{board}/"):  # fmt: skip
        view.get(address)

"""The table of surfaces: every place where something of a page can be seen; the site's own first.

A surface looks, and keeps what it saw; what must not be in it stands in ``tests.embargo.view``.
A new surface is a new row.
"""

import logging
from io import StringIO
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from django.core import mail
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import VillageLink
from pledge_pages.supervision import receipts
from pledge_pages.village import links
from tests.embargo.addresses import public_addresses
from tests.embargo.view import (
    ANYONE,
    EXPIRED,
    MEMBER,
    NO_RIGHTS,
    OTHER_BRANCH,
    OTHER_MEMBER,
    OTHER_VILLAGE,
    PUBLIC,
    REVOKED,
    SITE_EDITOR,
    TOKENS,
    VILLAGE,
    View,
    surface,
)
from tests.worlds import LANGUAGES

V2 = "/api/v2/pages/"
V3 = "/api/v3-preview/pages/"

# Pages -------------------------------------------------------------------------------------


@surface(
    "pages at their own addresses",
    open_shows=("name", "pledge", "board", "file", "programme", "question", "grade"),
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


@surface("branches, categories and members compared", open_shows=("name", "pledge", "board"))
def compared(view: View):
    """The counts, the pledges of a category, and the hidden branch and its members asked for."""
    picked = [view.page().slug, view.page(code="SGZ-M002").slug]
    for page in view.town.programme_pages.values():
        base = f"/{page.locale.language_code}/work-plan/compare/"
        for address in (base, f"{base}category/sanitation/", f"{base}members/"):
            view.get(address)
            view.get(address, year=2026, p=2)
            view.get(address, year=1999)
        view.get(f"{base}members/", branch="village-1", member=picked)
        for word in ("x/", "village-1/", f"members/{picked[0]}/", "category/village-1/"):
            answer = view.get(f"{base}{word}")
            assert answer.status_code == 404, word


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
            f"{address}amp/", address.replace("/work", "//work"), f"{address}%00/", f"{address}x%00",
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
    look_for_words(view)


def look_for_words(view: View) -> None:
    for language in LANGUAGES:
        for words in ("史长", "打扫村", "Chang", "Sweep the", "SGZ", "党员承", "done once"):
            answer = view.get(f"/{language}/search/", q=words)
            if view.town.hides_everything:
                assert not answer.context or not answer.context.get("results"), words


@surface("the site's search, its index built anew", readers=(ANYONE,), open_shows=("name", "board"))
def search_rebuilt(view: View):
    """The command goes through every page there is."""
    call_command("wagtail_update_index", verbosity=0)
    look_for_words(view)


@surface("the site map", open_shows=("address",))
def site_map(view: View):
    """For search engines."""
    view.get("/sitemap.xml")


@surface("what robots are told, and the pages for signing in")
def robots_and_log_in(view: View):
    """With what is asked for among the words of the address."""
    view.get("/robots.txt")
    for address in ("/admin/login/", "/account/second-factor/", "/account/password/"):
        for page in view.hidden_pages:
            view.get(address, next=f"/admin/pages/{page.pk}/edit/")


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


@surface("mails about a review", readers=(SITE_EDITOR,), allowed=("account", "board"))
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
    """What is logged from INFO upwards while pages are written, approved, opened, moved and closed."""
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
        board = Page.objects.get(pk=view.board().pk).specific
        board.slug = "another-place"
        board.save(clean=False)
        town.open("SGZ")
        call_command("publish_scheduled", verbosity=0)
        withdraw(view.page(code="SGZ-M002"), by=town.lead, reason="a test")
        town.close("SGZ")
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


@surface("a site whose front page it is", readers=(ANYONE,))
def front_page(view: View):
    """The board or the programme at the site's bare address."""
    for page in (view.board(), *view.town.programme_pages.values()):
        if not view.town.hides_everything:
            continue
        Site.objects.update(root_page=page)
        Site.clear_site_root_paths_cache()
        for address in ("/", "/zh-hans/", "/en/", "/sitemap.xml", f"{V2}", f"{V3}"):
            view.get(address)
    view.get("/api/v1/boards/")


@surface("every other address there is", readers=(ANYONE, NO_RIGHTS))
def every_public_address(view: View):
    """Each pattern outside of the admin that takes nothing, or a number, a word, a name."""
    for address in public_addresses(view):
        view.get(address)


# Supervision ---------------------------------------------------------------------------------


@surface("supervision: the form", open_shows=("name", "board", "pledge"))
def supervision_form(view: View):
    """About the board, a member and a pledge; with other words, languages and methods."""
    for address in view.form_addresses():
        for method in ("get", "head", "post", "put"):
            answer = view.send(method, address)
            if view.town.hides_everything:
                assert answer.status_code == 404, address
    view.get(f"/supervision/{view.page().slug}/more/")


@surface("supervision: the form sent")
def supervision_sent(view: View):
    """Filled in, by somebody who kept an open form."""
    data = {"kind": "report", "text": "anything", "form": receipts.new_form()}
    for address in view.form_addresses():
        answer = view.send("post", address, data)
        if view.town.hides_everything:
            assert answer.status_code == 404, address


@surface("supervision: a receipt", open_shows=())
def supervision_receipt(view: View):
    """With the right code of what was asked in the hidden village, and with wrong ones."""
    view.get("/supervision/receipt/")
    for code in (view.town.receipt, "2222-2222-2222-2222", ""):
        answer = view.send("post", "/supervision/receipt/", {"code": code})
        if view.town.hides_everything:
            assert answer.status_code == 404, code


@surface(
    "supervision in the village view",
    readers=(*PUBLIC, OTHER_VILLAGE, REVOKED, EXPIRED),
    staff_sees=("name", "pledge", "board", "question"),
    staff=VILLAGE,
)
def village_supervision(view: View):
    """Its forms, receipts, questions and answers, without the village's own code or an old one."""
    pledge = view.page().pledges.first().key
    member = f"/v/supervision/{view.page().slug}/"
    own = ["/v/supervision/"] if view.reader == OTHER_VILLAGE else []
    for address in ("/v/supervision/", member, f"{member}?pledge={pledge}"):
        data = {"kind": "praise", "text": "well done", "form": receipts.new_form()}
        answers = [view.get(address), view.send("post", address, data)]
        if view.reader != VILLAGE and address not in own:
            assert {answer.status_code for answer in answers} == {404}, address
    view.get("/v/supervision/receipt/")
    view.send("post", "/v/supervision/receipt/", {"code": view.town.receipt})
    for address in view.village_addresses()[:2]:
        view.get(address)


# The village view ----------------------------------------------------------------------------


@surface(
    "the village view",
    readers=(*PUBLIC, OTHER_VILLAGE, REVOKED, EXPIRED),
    staff_sees=("name", "pledge", "board", "member", "file"),
    staff=VILLAGE,
)
def village_view(view: View):
    """The board, a member's page and files, read without the village's own code or with an old one."""
    own = ["/v/"] if view.reader == OTHER_VILLAGE else []
    for address in view.village_addresses():
        for path in (address, f"{address}?lang=en", f"{address}?year=2026"):
            for method in ("get", "head"):
                answer = view.send(method, path)
                if view.reader != VILLAGE and address not in own:
                    assert answer.status_code == 404, path


@surface("codes of a village", readers=PUBLIC)
def village_codes(view: View):
    """Made up, and those of links that are over."""
    old = [links.issue(view.town.pilots["SGZ"], by=view.town.lead) for _i in range(2)]
    addresses = [urlsplit(links.address_of(link)).path for link in old]
    links.revoke(old[0], by=view.town.lead, reason="lost")
    VillageLink.objects.filter(pk=old[1].pk).update(expires_at=timezone.now())
    for address in (*addresses, f"/v/{'x' * 27}/", f"/v/{'x' * 27}", "/v/x", "/v/%00/"):
        for method in ("get", "head"):
            assert view.send(method, address).status_code == 404, address
            assert not view.client.cookies.get("village")


@surface("public places, asked with the cookie of the village", readers=(VILLAGE, ANYONE))
def with_the_cookie(view: View):
    """It opens nothing but the village view, even if a browser sent it everywhere."""
    for look in (pages, pages_with_query, files, stored_files, look_for_words, site_map):
        look(view)
    for language in LANGUAGES:
        view.get(f"/{language}/")
    for address in ("/api/v1/boards/", "/api/v1/members/", f"{V2}?fields=*", V3, "/admin/"):
        view.get(address)


# Members' own pages ---------------------------------------------------------------------------


@surface(
    "a member's own pages",
    readers=(*PUBLIC, OTHER_MEMBER),
    staff_sees=("name", "pledge", "board", "file"),
    staff=MEMBER,
)
def own_pages(view: View):
    """Read and written by somebody else's account, or by none."""
    for address in (*view.own_addresses(), *view.own_things()):
        answers = [view.get(address), view.send("head", address), view.send("post", address, {})]
        if view.reader not in (MEMBER, OTHER_MEMBER):
            assert {answer.status_code for answer in answers} == {302}, address
        if view.reader == OTHER_MEMBER and address in view.own_things():
            assert {answer.status_code for answer in answers} <= {404, 405}, address
    for name in ("?draft", "village/?draft", "print/?draft", "other/"):
        view.get(f"/en/mine/seen/{name}")
    view.get(f"/zh-hans/mine/{view.page().slug}/")


@surface("signing in to members' own pages", readers=(*PUBLIC, OTHER_MEMBER))
def own_sign_in(view: View):
    """The form, wrong passwords, links that open nothing."""
    for language in LANGUAGES:
        base = f"/{language}/mine"
        for page in view.hidden_pages:
            view.get(f"{base}/sign-in/", next=f"/{page.url_path}")
        data = {"username": "SGZ-M001", "password": "wrong"}
        view.send("post", f"{base}/sign-in/", data)
        view.get(f"{base}/password/MQ/x-x/")
        view.send("post", f"{base}/password/MQ/set-password/", {"new_password1": "x"})
        view.send("get", f"{base}/sign-out/")
        view.send("post", f"{base}/sign-out/")


@surface("what an invitation says", readers=(SITE_EDITOR,))
def invitation(view: View):
    """The mail, read on any screen, and what the command prints; the account is called by a code."""
    out = StringIO()
    with TestCase.captureOnCommitCallbacks(execute=True):
        for more in ({}, {"email": "somebody@example.org"}):
            call_command("invite_member", "SGZ-M001", by="editor_sgz", stdout=out, **more)
    message = mail.outbox[-1]
    view.keep("mail", f"{message.subject}\n{message.body}")
    view.keep("invite_member", out.getvalue())


@surface("what an import of a roster prints", readers=(SITE_EDITOR,))
def roster_command(view: View):
    """Row by row what would be done, by numbers of people and without a name."""
    member, out = view.town.members["SGZ-M001"], StringIO()
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write(f"编号,姓名,职务\n{member.code},{member.staff_name},sec\n".encode())
        file.flush()
        call_command("import_roster", file.name, branch="SGZ", dry_run=True, stdout=out)
    view.keep("import_roster", out.getvalue())


@surface("other places, asked with a member's account", readers=(OTHER_MEMBER,))
def with_a_members_account(view: View):
    """It opens its own pages and nothing else."""
    for look in (pages, pages_with_query, files, stored_files, look_for_words, site_map):
        look(view)
    for language in LANGUAGES:
        view.get(f"/{language}/")
    for address in ("/api/v1/boards/", "/api/v1/members/", f"{V2}?fields=*", V3, "/admin/",
                    "/admin/pledge-boards/members/", "/admin/pledge-boards/checks/",
                    "/v/", *view.village_addresses(), *view.form_addresses()):  # fmt: skip
        view.get(address)


# Answers that differ in nothing but how one asked --------------------------------------------


@surface("pages asked for conditionally")
def conditional(view: View):
    """Whoever kept a copy and asks whether it is still good; parts of a page; compressed ones."""
    later = "Fri, 01 Jan 2100 00:00:00 GMT"
    for address in (*view.addresses(), *view.photo_addresses()):
        for headers in (
            {"if-none-match": "*"}, {"if-modified-since": later}, {"range": "bytes=0-99"},
            {"accept-encoding": "gzip"}, {"if-match": '"x"', "if-unmodified-since": later},
        ):  # fmt: skip
            answer = view.send("get", address, headers=headers)
            if view.town.hides_everything:
                assert answer.status_code == 404, f"{address} {headers}"


@surface("pages on other hosts")
def other_hosts(view: View):
    """By another name of the server, through a proxy, as another site."""
    for address in view.addresses():
        view.send("get", address, headers={"host": "localhost"})
        view.send(
            "get", address, headers={"x-forwarded-host": "localhost", "x-forwarded-for": "::1"}
        )
        view.send("get", address, headers={"accept-language": "en", "accept": "application/json"})


@surface("signing in, and on to a page", readers=(ANYONE,))
def sign_in(view: View):
    """The way back after signing in names where one came from, and no more."""
    for address in view.addresses():
        for form in ("/admin/login/", "/zh-hans/_util/login/", "/admin/password_reset/"):
            view.get(form, next=address)
            view.send("post", form, {"username": "x", "password": "y", "next": address})


@surface("errors", open_shows=())
def errors(view: View):
    """Pages that are not there, requests that are not right."""
    for address in ("/nothing/", "/zh-hans/nothing/", "/en/nothing/", "/photos/x/y.jpg",
                    "/photos/evidence/x.pdf", "/documents/1/x.pdf", "/favicon.ico",
                    "/.well-known/security.txt", "/zh-hans/?\0=x", "/zh-hans/work-plan\0/",
                    "/documents/authenticate_with_password/1/"):  # fmt: skip
        view.get(address)

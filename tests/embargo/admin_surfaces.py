"""The table of surfaces, third part: Wagtail's admin, read by people of other branches."""

from datetime import date
from io import StringIO

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Task, Workflow

from pledge_pages.appraisal.review_hearing import tell_member
from pledge_pages.models import BranchOutcome, Member, Report
from pledge_pages.office.check_steps import BY_VERB
from pledge_pages.office.review_steps import ENTRY_STEPS, REVIEW_STEPS
from pledge_pages.office.tasks import STEPS
from tests.embargo.addresses import admin_addresses, admin_lists
from tests.embargo.view import ADMIN, OTHER_MEMBER, PUBLIC, SITE_EDITOR, STAFF, View, surface
from tests.mine.conftest import give_account
from tests.worlds import make_user

# The kinds that a superuser finds on a page's own views.
TITLES = ("board", "name")


def page_views(name: str, *views: str, staff_sees: tuple[str, ...] = ()) -> None:
    """Add a row that opens some of the views that every page has."""

    @surface(f"admin: {name}", readers=STAFF, staff_sees=staff_sees)
    def look(view: View):
        """The views of each hidden page."""
        for page in view.hidden_pages:
            for one in views:
                view.get(f"/admin/pages/{page.pk}/{one}")


page_views("edit", "edit/", "edit/preview/", staff_sees=("pledge", *TITLES))
page_views("preview of the draft", "view_draft/", staff_sees=("pledge", "board"))
page_views("history", "history/", "history/results/", "revisions/", "workflow_history/",
           staff_sees=TITLES)  # fmt: skip
page_views("usage", "usage/", staff_sees=TITLES)
page_views("move and copy", "move/", "copy/", "delete/", "unpublish/", "convert_alias/")
page_views("privacy and locks", "privacy/", "lock/", "unlock/")
page_views("add below", "add_subpage/")
page_views("listing", "", "results/", staff_sees=("board",))


@surface("admin: listing from the top", readers=STAFF, staff_sees=("programme",))
def explorer(view: View):
    """The explorer's first page, and what stands below the site's."""
    view.get("/admin/pages/")
    view.get(f"/admin/pages/{view.town.home['zh-hans'].pk}/")


@surface("admin: old versions", readers=STAFF, staff_sees=("board",))
def versions(view: View):
    """One version, two side by side, and going back to one."""
    for page in view.hidden_pages:
        base, revision = f"/admin/pages/{page.pk}/revisions", page.latest_revision_id
        view.get(f"{base}/{revision}/view/")
        view.get(f"{base}/compare/earliest...latest/")
        view.get(f"{base}/compare/live...{revision}/")
        view.get(f"{base}/{revision}/revert/")
        view.get(f"{base}/{revision}/unschedule/")


@surface("admin: review", readers=STAFF)
def review(view: View):
    """Preview of what was submitted, and the forms of a decision."""
    state = view.review
    page = view.page(code="SGZ-M002").pk
    for address in (
        f"workflow/preview/{page}/{state.task_id}/",
        f"workflow/action/{page}/approve/{state.pk}/",
        f"workflow/action/{page}/reject/{state.pk}/",
        f"workflow/collect_action_data/{page}/reject/{state.pk}/",
        f"workflow/confirm_cancellation/{page}/",
        f"{page}/workflow_history/detail/{state.workflow_state_id}/",
    ):
        view.get(f"/admin/pages/{address}")


@surface("admin: page chooser", readers=STAFF, staff_sees=())
def chooser(view: View):
    """Browsed from the top, from each page, by type and for moving."""
    view.get("/admin/choose-page/")
    for model in ("ProgrammePage", "BranchPage", "MemberPledgePage"):
        view.get("/admin/choose-page/", page_type=f"pledge_pages.{model}")
    for page in view.hidden_pages:
        view.get(f"/admin/choose-page/{page.pk}/")
        view.get(f"/admin/choose-page/{page.pk}/", user_perms="copy_to")
        view.get("/admin/choose-page/", **{"target_pages[]": page.pk, "user_perms": "move_to"})


@surface("admin: page chooser's search", readers=STAFF)
def chooser_search(view: View):
    """Titles that begin so."""
    for words in ("SGZ", "党员", "Member", view.page().slug[:4]):
        view.get("/admin/choose-page/search/", q=words)
        view.get("/admin/choose-page/search/", q=words, page_type="pledge_pages.BranchPage")


@surface("admin: pages chosen", readers=STAFF)
def chosen(view: View):
    """Ids in, titles out."""
    ids = [page.pk for page in view.hidden_pages]
    view.get("/admin/choose-page/chosen-multiple/", id=ids)
    for pk in ids:
        view.get("/admin/choose-page/chosen-multiple/", id=[pk])


@surface("admin: a link's address turned into a page", readers=STAFF)
def link_conversion(view: View):
    """The link form knows the site's own addresses."""
    for address in view.addresses():
        view.send(
            "post", "/admin/choose-external-link/",
            {"external-link-chooser-url": f"http://testserver{address}",
             "external-link-chooser-link_text": "x"},
        )  # fmt: skip


@surface("admin: search", readers=STAFF)
def search(view: View):
    """Every page, by words and by type."""
    for words in ("SGZ", "党员", "Member", ""):
        view.get("/admin/pages/search/", q=words)
        view.get("/admin/pages/search/results/", q=words)
        view.get("/admin/pages/search/", q=words, content_type="pledge_pages.branchpage")
        view.get("/admin/pages/search/", q=words, ordering="-latest_revision_created_at")


@surface("admin: pages of a type", readers=STAFF, staff_sees=TITLES)
def by_type(view: View):
    """All boards, all members' pages; where a new one could stand."""
    for model in ("programmepage", "branchpage", "memberpledgepage"):
        view.get(f"/admin/pages/usage/pledge_pages/{model}/")
        view.get(f"/admin/pages/usage/pledge_pages/{model}/results/")
        view.get(f"/admin/pages/create/pledge_pages/{model}")


@surface("admin: ticked pages", readers=STAFF)
def bulk(view: View):
    """The confirmation of a bulk action names the pages, even those one may not touch."""
    ids = [page.pk for page in view.hidden_pages]
    for action in ("publish", "unpublish", "delete", "move"):
        view.get(f"/admin/bulk/wagtailcore/page/{action}/", id=ids, next="/admin/")
        view.get(f"/admin/bulk/wagtailcore/page/{action}/", id="all", childOf=view.board().pk,
                 next="/admin/")  # fmt: skip


@surface("admin API: pages", readers=STAFF, staff_sees=("board", "member"))
def admin_api(view: View):
    """What the explorer's menu reads."""
    base = "/admin/api/main/pages/"
    view.get(base, limit=50)
    view.get(base, for_explorer=1, limit=50, child_of=view.town.home["zh-hans"].pk)
    view.get(base, search="SGZ")
    for page in view.hidden_pages:
        view.get(f"{base}{page.pk}/")
        view.get(base, child_of=page.pk, for_explorer=1)
        for relation in ("ancestor_of", "descendant_of", "translation_of"):
            view.get(base, **{relation: page.pk})


@surface("admin API: actions", readers=STAFF)
def admin_api_actions(view: View):
    """Every action answers with the page, or with a reason."""
    for page in view.hidden_pages:
        for action in ("publish", "unpublish", "copy", "move", "convert_alias", "create_alias",
                       "copy_for_translation", "revert_to_page_revision", "delete"):  # fmt: skip
            view.send(
                "post", f"/admin/api/main/pages/{page.pk}/action/{action}/",
                {"destination_page_id": view.town.home["zh-hans"].pk, "revision_id": 1,
                 "locale": "en"},
                content_type="application/json",
            )  # fmt: skip


@surface("admin: reports", readers=STAFF, staff_sees=TITLES)
def reports(view: View):
    """Lists over the whole site, on the screen and as spreadsheets."""
    assert view.review
    for report in ("workflow", "workflow_tasks", "site-history", "aging-pages", "locked",
                   "page-types-usage"):  # fmt: skip
        view.get(f"/admin/reports/{report}/")
        view.get(f"/admin/reports/{report}/", export="csv")
        view.get(f"/admin/reports/{report}/", export="xlsx")


@surface("admin: filters by person", readers=STAFF, staff_sees=("account",), allowed=())
def filters_by_person(view: View):
    """Whose pages, whose edits, who submitted: the accounts of a branch are its own affair."""
    assert view.review
    home = view.town.home["zh-hans"].pk
    for address in ("pages/", f"pages/{home}/", "pages/search/", "reports/site-history/",
                    "reports/workflow/"):  # fmt: skip
        view.get(f"/admin/{address}")


@surface("admin: site history by name", readers=STAFF)
def history_by_name(view: View):
    """A filter that counts is an answer, too."""
    for words in ("SGZ", "长", "党员"):
        view.get("/admin/reports/site-history/", label=words)


@surface("admin: dashboard", readers=STAFF)
def dashboard(view: View):
    """What waits, what was edited, what is locked."""
    assert view.review
    view.get("/admin/")
    view.get("/admin/account/")


@surface("admin: workflows and tasks", readers=STAFF)
def workflows(view: View):
    """Where a workflow is used; the chooser of tasks."""
    workflow, task = Workflow.objects.first(), Task.objects.first()
    for address in ("list/", f"usage/{workflow.pk}/", f"edit/{workflow.pk}/", "tasks/index/",
                    f"tasks/edit/{task.pk}/", "task_chooser/", f"task_chooser/{task.pk}/"):  # fmt: skip
        view.get(f"/admin/workflows/{address}")


@surface("admin: who else is editing", readers=STAFF)
def editing_sessions(view: View):
    """The editor's heartbeat."""
    for page in view.hidden_pages:
        view.send("post", f"/admin/editing-sessions/ping/wagtailcore/page/{page.pk}/0/")


@surface("admin: where a document is used", readers=STAFF)
def document_usage(view: View):
    """A document that a hidden board links to."""
    document = get_document_model().objects.create(title="leaflet", file="x.pdf")
    board = view.board()
    if not board.live:
        board.introduction = f'<p><a linktype="document" id="{document.pk}">leaflet</a></p>'
        board.save()
    view.get(f"/admin/documents/usage/{document.pk}/")
    view.get(f"/admin/documents/edit/{document.pk}/")


@surface("admin: translations", readers=STAFF, staff_sees=("member",))
def translations(view: View):
    """The report of wagtail-localize, its forms and its files."""
    found = view.translation
    view.get("/admin/localize/reports/translations/")
    view.get("/admin/localize/reports/translations/results/")
    view.get("/admin/localize/reports/translations/", export="csv")
    view.get(f"/admin/localize/update/{found.source_id}/")
    for page in view.hidden_pages:
        view.get(f"/admin/localize/submit/page/{page.pk}/")
        view.get(f"/admin/localize/page/{page.pk}/convert_to_alias/")
        view.get(f"/admin/pledge-boards/pages/{page.pk}/translation/")
    for name in ("pofile/download/", "preview/", "machine_translate/", "disable/"):
        view.get(f"/admin/localize/translate/{found.pk}/{name}")
    segment = found.source.stringsegment_set.first()
    view.send(
        "put", f"/admin/localize/translate/{found.pk}/strings/{segment.pk}/edit/", "value=x",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip


@surface("admin: redirects", readers=STAFF)
def redirects(view: View):
    """A redirect's target is named in the list."""
    from wagtail.contrib.redirects.models import Redirect

    for page in view.hidden_pages:
        row = Redirect.objects.create(old_path=f"/x-{page.pk}", redirect_page=page)
        view.get(f"/admin/redirects/{row.pk}/")
    view.get("/admin/redirects/")
    view.get("/admin/redirects/", export="csv")


@surface("admin: pledge boards", readers=STAFF, staff_sees=("board",))
def our_own(view: View):
    """Pilots, held pages, members and what waits."""
    pilot, page = view.town.pilots["SGZ"], view.page()
    base = "/admin/pledge-boards"
    for address in ("pilots/", "pilots/results/", "held/", "held/results/", f"pilots/{pilot.pk}/",
                    f"pilots/{pilot.pk}/edit/", f"pilots/{pilot.pk}/approve/",
                    f"pilots/{pilot.pk}/announce/",
                    f"waves/{pilot.wave_id}/", f"waves/{pilot.wave_id}/approve/",
                    f"pages/{page.pk}/held/", f"pages/{page.pk}/withdraw/",
                    "trail/", "trail/file/", "look-through/", "restored/"):  # fmt: skip
        view.get(f"{base}/{address}")


@surface("admin: accounts of members", readers=STAFF, staff_sees=("name",))
def member_accounts(view: View):
    """Where they are given, with the link that is shown once, and closed."""
    base, pk = "/admin/pledge-boards/members", view.town.members["SGZ-M001"].pk
    answers = [
        view.get(f"{base}/inspect/{pk}/"),
        view.get(f"{base}/account/{pk}/"),
        view.send("post", f"{base}/account/{pk}/", {"email": ""}),
        view.get(f"{base}/account/{pk}/close/"),
        view.send("post", f"{base}/account/{pk}/close/", {"reason": "x"}),
        view.get(f"{base}/account/{pk}/confirm/"),
        view.send("post", f"{base}/account/{pk}/confirm/", {"reason": "x"}),
    ]
    if view.reader != ADMIN:
        assert {answer.status_code for answer in answers} <= {302, 404}
        assert not Member.objects.filter(pk=pk, user__isnull=False).exists()


@surface("admin: accounts to confirm", readers=STAFF, staff_sees=("name",))
def waiting_accounts(view: View):
    """Whose account waits until somebody says that it is theirs: at home, and as a list."""
    give_account(view.town.members["SGZ-M001"], view.town.editor("SGZ"))
    view.get("/admin/")
    view.get("/admin/pledge-boards/waiting/accounts/")


@surface("admin: scans of consents", readers=(*PUBLIC, OTHER_MEMBER), staff_sees=())
def consent_papers(view: View):
    """The scan itself."""
    answer = view.get(f"/admin/pledge-boards/members/consent/paper/{view.consent_paper.pk}/")
    if view.reader != ADMIN:
        assert answer.status_code in (302, 404)


@surface("admin: village links", readers=STAFF, staff_sees=("board",))
def village_links(view: View):
    """Where they are issued, printed, replaced and revoked; the codes themselves."""
    base, link = "/admin/pledge-boards", view.village_link.pk
    view.get(f"{base}/pilots/{view.town.pilots['SGZ'].pk}/village/")
    for name in ("", "replace/", "revoke/", "code.svg", "code.png"):
        answer = view.get(f"{base}/village-links/{link}/{name}")
        if view.reader != ADMIN:
            assert answer.status_code != 200, name


@surface("admin: pledges of the branch", readers=STAFF, staff_sees=("board", "pledge"))
def branch_checks(view: View):
    """What the branch promised and what was found of it, and each of the steps."""
    pledge, pilot = view.branch_pledge, view.town.pilots["SGZ"]
    base = f"/admin/pledge-boards/checks/branch/{pilot.pk}/"
    view.get(base)
    answers = []
    for step in ("put/", f"{pledge.key}/find/", f"{pledge.key}/confirm/",
                 f"{pledge.key}/drop/"):  # fmt: skip
        view.get(f"{base}{step}")
        given = {
            "outcome": "partly", "method_zh_hans": "x", "method_en": "x", "reason_zh_hans": "x",
            "reason_en": "x", "checked_on": "2026-01-05", "reason": "x",
        }  # fmt: skip
        answers.append(view.send("post", f"{base}{step}", given))
    if view.reader != ADMIN:
        assert {answer.status_code for answer in answers} <= {302, 404}
        assert BranchOutcome.objects.get().confirmed_by is None
        assert BranchOutcome.objects.get().dropped_by is None


@surface("admin: checks", readers=STAFF, staff_sees=("pledge", "name"))
def checks(view: View):
    """What is checked, what is due, one check with its appeal, and each of its steps."""
    base, check = "/admin/pledge-boards/checks", view.check
    view.get(f"{base}/")
    view.get(f"{base}/", branch="SGZ", state="frozen")
    answers = [
        view.get(f"{base}/due/{check.pilot_id}/"),
        view.get(f"{base}/open/{check.member_id}/{check.pledge_key}/"),
        view.get(f"{base}/{check.pk}/"),
        *[view.get(f"{base}/{check.pk}/{verb}/") for verb in BY_VERB],
        view.send("post", f"{base}/{check.pk}/decide/", {"verdict": "upheld", "reason": "x"}),
    ]
    view.get("/admin/pledge-boards/waiting/checks/")
    if view.reader != ADMIN:
        assert {answer.status_code for answer in answers} <= {302, 404}


@surface("admin: pledges from the library", readers=STAFF, staff_sees=TITLES)
def library(view: View):
    """The list beside each hidden page's editor, and a pledge taken from it."""
    for page in view.hidden_pages:
        address = f"/admin/pledge-boards/pages/{page.pk}/library/"
        answer = view.get(address)
        if view.reader != ADMIN:
            sent = {"take": "T1", "year": "2026", "due": "2026-12-31"}
            assert view.send("post", address, sent).status_code == answer.status_code == 404


@surface("admin: tasks", readers=STAFF, staff_sees=("pledge", "name", "board"))
def tasks(view: View):
    """What was assigned, one task with its steps, assigning, and the pledges that are late."""
    base, task = "/admin/pledge-boards/assignments", view.assignment
    view.get(f"{base}/")
    view.get(f"{base}/", branch="SGZ", state="offered")
    answers = [
        view.get(f"{base}/new/{task.pilot_id}/"),
        view.get(f"{base}/late/{task.pilot_id}/"),
        view.get(f"{base}/{task.pk}/"),
        *[view.get(f"{base}/{task.pk}/{verb}/") for verb in STEPS],
        view.send("post", f"{base}/new/{task.pilot_id}/", {"members": str(task.member_id)}),
        view.send("post", f"{base}/{task.pk}/decline/", {"reason": "x", "on": "2026-03-05"}),
    ]
    view.get("/admin/")
    if view.reader != ADMIN:
        assert {answer.status_code for answer in answers} <= {302, 404}
        assert type(task).objects.get(pk=task.pk).state == "offered"


@surface("mails about what waits", readers=(SITE_EDITOR,), allowed=("account", "board"))
def waiting_mails(view: View):
    """A report, a review and an appeal wait, and a member is told of their grade; and what is printed."""
    from pledge_pages.management.commands.mail_waiting import Command

    entry, out = view.member_review, StringIO()
    assert view.check
    Report.objects.filter(pk=view.town.report.pk).update(
        state="accepted", published_on=None, received_on=date(2026, 1, 2),
        state_since=date(2026, 1, 2),
    )  # fmt: skip
    type(entry).objects.filter(pk=entry.pk).update(told_on=None)
    user = make_user("account_sgz")
    Member.objects.filter(pk=entry.member_id).update(user=user)
    entry = type(entry).objects.get(pk=entry.pk)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tell_member(entry, by=view.town.moderator("SGZ"), how="account")
    type(entry).objects.filter(pk=entry.pk).update(told_on=date(2026, 1, 2))
    Command(stdout=out).handle(dry_run=False)
    view.keep("mail_waiting", out.getvalue())
    assert len(mail.outbox) > 2
    for message in mail.outbox:
        view.keep(f"mail {message.subject}", message.body)


@surface("mails that remind", readers=(SITE_EDITOR,), allowed=("account", "board"))
def reminding_mails(view: View):
    """Read by members and the branch's own, on any screen; and what the command prints."""
    from pledge_pages.management.commands.nudge import Command

    assert view.assignment
    out = StringIO()
    Command(stdout=out).handle(dry_run=False)
    view.keep("nudge", out.getvalue())
    assert mail.outbox
    for message in mail.outbox:
        view.keep(f"mail {message.subject}", message.body)


@surface("admin: print", readers=STAFF, staff_sees=("board",))
def printed(view: View):
    """What is printed and how it looks; the sheets that hang, and taking one down."""
    base, sheet = "/admin/pledge-boards", view.printed_sheet
    pilot = view.town.pilots["SGZ"].pk
    answers = [
        view.get(f"{base}/pilots/{pilot}/print/", size="A4"),
        view.get(f"{base}/pilots/{pilot}/print/preview.png", size="A4"),
        view.send("post", f"{base}/pilots/{pilot}/print/", {"size": "A4"}),
        view.send("post", f"{base}/printed-sheets/{sheet.pk}/settle/", {"as": "x"}),
    ]
    if view.reader != ADMIN:
        assert [answer.status_code for answer in answers if answer.status_code == 200] == []


@surface("admin: at a glance", readers=STAFF, staff_sees=("board", "name", "pledge"))
def at_a_glance(view: View):
    """The checklist and trend of each pilot, its dossier, and its board as a spreadsheet."""
    base, pilot = "/admin/pledge-boards", view.town.pilots["SGZ"].pk
    view.get(f"{base}/overview/")
    form = {"language": "zh-hans", "kind": "xlsx"}
    answers = [
        view.get(f"{base}/pilots/{pilot}/dossier/"),
        view.get(f"{base}/pilots/{pilot}/export/"),
        view.send("post", f"{base}/pilots/{pilot}/export/", form),
        view.send("post", f"{base}/pilots/{pilot}/export/", {**form, "kind": "zip"}),
    ]
    if view.reader != ADMIN:
        assert [answer.status_code for answer in answers if answer.status_code == 200] == []


@surface("admin: a roster imported", readers=STAFF, staff_sees=("name",))
def roster(view: View):
    """The form, and what a file would do in another branch, whose people it names by number."""
    pilot, member = view.town.pilots["SGZ"].pk, view.town.members["SGZ-M001"]
    address = f"/admin/pledge-boards/pilots/{pilot}/import/"
    file = SimpleUploadedFile(
        "r.csv", f"编号,姓名,职务\n{member.code},{member.staff_name},sec\n".encode()
    )
    answers = [
        view.get(address),
        view.send("post", address, {"file": file}),
        view.send("post", address, {"take_in": "1", "file": "x"}),
    ]
    if view.reader != ADMIN:
        assert [answer.status_code for answer in answers if answer.status_code == 200] == []


@surface("admin: rule book", readers=STAFF, staff_sees=("board", "name"))
def rule_book(view: View):
    """The versions are for all staff of the programme; the years scored by them for each branch's."""
    base, book = "/admin/pledge-boards/rule-books", view.rulebook
    assert view.point_entry
    view.get(f"{base}/")
    for name in ("", "compare/", "draft/", "edit/", "approve/", "withdraw/", "clauses/new/",
                 "clauses/P1/", "grades/new/", "grades/all/"):  # fmt: skip
        answer = view.get(f"{base}/{book.pk}/{name}")
        if view.reader == SITE_EDITOR:
            assert answer.status_code != 200, name
    view.get(f"{base}/begin/{book.programme_id}/")
    view.get(f"{base}/{book.pk}/what-if/")
    view.get(f"{base}/{book.pk}/what-if/", pilot="SGZ", year=2026)


@surface("admin: points", readers=STAFF, staff_sees=("board", "name", "pledge"))
def points(view: View):
    """The ledgers of a branch, and the forms with which points are entered and taken back."""
    base, entry = "/admin/pledge-boards/points", view.point_entry
    branch, member = f"{base}/{view.town.pilots['SGZ'].pk}/2026", entry.member_id
    view.get(f"{base}/")
    answers = [
        view.get(f"{branch}/"),
        view.get(f"{branch}/waiting/"),
        view.get(f"{base}/members/{member}/2026/"),
        view.get(f"{base}/members/{member}/2026/enter/"),
        view.get(f"{base}/entries/{entry.pk}/reverse/"),
        view.get(f"{base}/entries/{entry.pk}/appeal/"),
        view.get(f"{base}/entries/{entry.pk}/decide/"),
        view.send("post", f"{branch}/open/"),
        view.send("post", f"{branch}/waiting/", {"entry": str(entry.pk)}),
        view.send("post", f"{base}/entries/{entry.pk}/reverse/", {"ref": "x"}),
        view.send("post", f"{base}/members/{member}/2026/enter/", {"clause": "P1"}),
    ]
    if view.reader != ADMIN:
        assert [answer.status_code for answer in answers if answer.status_code in (200, 302)] == []
        assert not hasattr(type(entry).objects.get(pk=entry.pk), "confirmation")


@surface("admin: reviews", readers=STAFF, staff_sees=("board", "name", "pledge"))
def reviews(view: View):
    """The reviews of branches, one with a member in it, and each of the steps with both."""
    base, entry = "/admin/pledge-boards/reviews", view.member_review
    view.get("/admin/")
    view.get("/admin/pledge-boards/waiting/reviews/")
    one, member = f"{base}/{entry.review_id}", f"{base}/{entry.review_id}/members/{entry.pk}"
    view.get(f"{base}/")
    answers = [
        view.get(f"{base}/open/{entry.member.pilot_id}/"),
        view.get(f"{one}/"),
        view.get(f"{member}/"),
        *[view.get(f"{one}/{step.verb}/") for step in REVIEW_STEPS],
        *[view.get(f"{member}/{step.verb}/") for step in ENTRY_STEPS],
        view.send("post", f"{one}/grades/", {}),
        view.send("post", f"{one}/close/", {}),
        view.send("post", f"{member}/reply/", {"text_en": "x", "on": "2026-12-01"}),
        view.send("post", f"{member}/sanction/", {"what": "x", "basis": "x", "on": "2026-12-01"}),
    ]
    if view.reader != ADMIN:
        assert {answer.status_code for answer in answers} <= {302, 404}
        assert type(entry).objects.get(pk=entry.pk).reply == {}


@surface("admin: supervision", readers=STAFF, staff_sees=("question", "name"))
def supervision(view: View):
    """The list, a report with original and contact, its steps, and entering one."""
    base, report = "/admin/pledge-boards/supervision", view.town.report
    for address in ("", "results/", "enter/", "?state=answered", f"?pilot={report.pilot_id}"):
        view.get(f"{base}/{address}")
    answers = [view.get(f"{base}/{report.pk}/")]
    for step in ("redact", "answer", "withdraw"):
        answers.append(view.get(f"{base}/{report.pk}/{step}/"))
        answers.append(view.send("post", f"{base}/{report.pk}/{step}/", {"version": 1}))
    if view.reader != ADMIN:
        assert [answer.status_code for answer in answers if answer.status_code == 200] == []


def found_title(view: View):
    """Keep a leak check that found the title of a hidden board."""
    from pledge_pages.models import LeakCheck

    board = view.board()
    return LeakCheck.objects.create(
        source="command", finished_at=timezone.now(), certain=1,
        findings=[{"surface": "pages", "what": "found", "key": f"title:{board.pk}:0",
                   "kind": "title", "certain": True, "programme": view.town.programme.pk,
                   "detail": {}, "places": ["/zh-hans/brief/"], "count": 1}],
    )  # fmt: skip


@surface("admin: leak check", readers=STAFF, staff_sees=("board",))
def leak_check(view: View):
    """The reports, and what one of them found."""
    check = found_title(view)
    for address in ("", f"{check.pk}/", "begin/"):
        view.get(f"/admin/pledge-boards/leak-checks/{address}")


@surface("what the leak check prints", readers=(SITE_EDITOR,))
def leak_check_output(view: View):
    """Mails of cron and logs of servers keep it."""
    from pledge_pages.management.commands.audit_embargo import Command

    out = StringIO()
    Command(stdout=out).report(found_title(view), show=False)
    view.keep("audit_embargo", out.getvalue())


@surface("admin: every address there is", readers=STAFF)
def every_address(view: View):
    """Each pattern of the admin that takes an id, opened with ids of what is hidden."""
    for address in admin_addresses(view):
        view.send("get", address, headers={"x-requested-with": "XMLHttpRequest"})


@surface("admin: every list there is", readers=STAFF)
def every_list(view: View):
    """Each pattern of the admin that takes nothing: lists, their results, choosers, forms."""
    assert view.review
    assert view.translation
    for address in admin_lists():
        view.get(address)
        view.get(address, q="SGZ", search="SGZ", label="SGZ")

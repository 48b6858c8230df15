"""Tasks in the admin: for editors and leads of the branch, and not there for anybody else."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from pledge_pages.models import Assignment, PledgeTemplate
from tests.office.conftest import speak_english
from tests.tasks.conftest import CODE, asked, drafts_of, fresh

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"pledge_boards:{name}", args=args)


def signed_in(user) -> Client:
    speak_english(user)
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def jpeg() -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(kept, "JPEG")
    return SimpleUploadedFile("paper.jpg", kept.getvalue(), "image/jpeg")


def addresses(assignment: Assignment) -> list[str]:
    pilot = assignment.pilot_id
    return [
        url("assign", pilot),
        url("late", pilot),
        url("assignment", assignment.pk),
        *[url("assignment_step", assignment.pk, v) for v in ("accept", "decline", "withdraw")],
    ]


def sent(town, *codes: str, **changes) -> dict:
    """What the form sends."""
    members = [town.members[code].pk for code in codes or (CODE,)]
    return {"members": members, "number_checks": "4", "number_days": "3", "post": "",
            "year": "2026", "due": "2026-12-31", **changes}  # fmt: skip


def taking(town, template) -> str:
    return f"{url('assign', town.pilots['SGZ'].pk)}?template={template.pk}"


# Who ------------------------------------------------------------------------------------------


def test_for_other_branches_and_for_who_does_not_write_there_is_nothing(town, with_account) -> None:
    (assignment,) = asked(town)
    for user in (town.editor("LSW"), town.moderator("SGZ"), town.verifier("SGZ"), with_account()):
        client = signed_in(user)
        nothing = client.get(url("assignment", 987_654))
        for address in addresses(assignment):
            for answer in (client.get(address), client.post(address, {"reason": "x"})):
                assert answer.status_code in (nothing.status_code, 405), address
                if answer.status_code == 404:
                    assert answer.content == nothing.content
        listed = client.get(url("assignments"), {"branch": "SGZ"})
        assert "SGZ" not in listed.content.decode()
        assert "hazards" not in listed.content.decode()
    assert fresh(assignment).state == "offered"
    for address in (url("assignments"), *addresses(assignment)):
        assert Client().get(address).headers["Location"].startswith("/admin/login/")


def test_the_menu_offers_tasks_to_editors_and_leads_alone(town) -> None:
    for user, offered in (
        (town.editor("SGZ"), True), (town.lead, True), (town.moderator("SGZ"), False),
        (town.verifier("SGZ"), False),
    ):  # fmt: skip
        assert (url("assignments") in text_of(signed_in(user), "/admin/")) is offered


# Assigning ------------------------------------------------------------------------------------


def test_a_template_is_taken_filled_in_and_assigned_to_many(town, template) -> None:
    client = signed_in(town.editor("SGZ"))
    page = text_of(client, url("assign", town.pilots["SGZ"].pk))
    assert "RD-1 Work-safety responsibility document" in page
    page = text_of(client, taking(town, template))
    assert "Look for hazards {checks} times a month" in page
    assert 'name="number_checks"' in page
    assert "LSW-M001" not in page
    answer = client.post(taking(town, template), sent(town, CODE, "SGZ-M002"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Assignment.objects.count() == 2
    listed = text_of(client, answer.headers["Location"])
    assert "2 members are asked." in listed
    assert listed.count("Look for hazards 4 times a month") == 2


def test_what_is_refused_is_said_at_its_field_and_nobody_is_asked(town, template) -> None:
    client = signed_in(town.editor("SGZ"))
    for changes, field in (
        ({"number_checks": "9"}, "number_checks"),
        ({"number_days": ""}, "number_days"),
        ({"due": "2025-01-01"}, "due"),
        ({"year": "1999"}, "year"),
        ({"members": []}, "members"),
        ({"members": [town.members["LSW-M001"].pk]}, "members"),
    ):
        answer = client.post(taking(town, template), sent(town, **changes))
        assert list(answer.context["form"].errors) == [field]
    assert not Assignment.objects.exists()
    assert client.get(f"{url('assign', town.pilots['SGZ'].pk)}?template=x").status_code == 404


def test_a_text_of_ones_own_or_a_post_alone_is_assigned(town) -> None:
    address = url("assign", town.pilots["SGZ"].pk)
    own = {"text_en": "Keep the gate clear", "measure_en": "seen"}
    client = signed_in(town.lead)
    answer = client.post(address, sent(town, **own))
    assert list(answer.context["form"].errors) == ["category"]
    template = PledgeTemplate.objects.get()
    answer = client.post(address, sent(town, category=template.category_id, **own))
    assert answer.status_code == 302, answer.context["form"].errors
    post = town.members[CODE].posts.get()
    answer = client.post(address, sent(town, post=post.pk))
    assert answer.status_code == 302, answer.context["form"].errors
    found = Assignment.objects.order_by("pk")
    assert [row.text.get("en") for row in found] == ["Keep the gate clear", None]
    assert "Flood watch" in text_of(client, url("assignments"))
    # The page is approved: only a lead may.
    answer = signed_in(town.editor("SGZ")).post(address, sent(town, "SGZ-M002", post=post.pk))
    assert "only a lead" in str(answer.context["form"].non_field_errors())


# Answers on paper -----------------------------------------------------------------------------


def test_an_answer_on_paper_is_entered_with_its_scan(town) -> None:
    (assignment,) = asked(town)
    client = signed_in(town.editor("SGZ"))
    page = text_of(client, url("assignment", assignment.pk))
    for verb in ("accept", "decline", "withdraw"):
        assert url("assignment_step", assignment.pk, verb) in page
    answer = client.post(
        url("assignment_step", assignment.pk, "accept"), {"on": "2026-03-05", "scan": jpeg()}
    )
    assert answer.headers["Location"] == url("assignment", assignment.pk)
    done = fresh(assignment)
    assert (done.state, done.answered_how, done.scan.public) == ("accepted", "paper", False)
    page = text_of(client, url("assignment", assignment.pk))
    assert done.scan.token in page
    assert url("assignment_step", assignment.pk, "decline") not in page
    assert len(drafts_of(town)["en"].pledges.all()) == 2


def test_a_paper_that_cannot_be_entered_leaves_no_scan(town) -> None:
    (assignment,) = asked(town)
    town.submit(drafts_of(town)["en"], town.editor("SGZ"))
    answer = signed_in(town.editor("SGZ")).post(
        url("assignment_step", assignment.pk, "accept"), {"on": "2026-03-05", "scan": jpeg()}
    )
    assert "the page is in review" in str(answer.context["form"].non_field_errors())
    assert not town.pilots["SGZ"].evidence_files.exists()
    assert fresh(assignment).state == "offered"


def test_declined_and_withdrawn_keep_their_reasons(town) -> None:
    first, second = asked(town, CODE, "SGZ-M002")
    client = signed_in(town.editor("SGZ"))
    address = url("assignment_step", first.pk, "decline")
    assert list(client.post(address, {"on": "2026-03-05"}).context["form"].errors) == ["reason"]
    client.post(address, {"on": "2026-03-05", "reason": "I am away until May"})
    assert "I am away until May" in text_of(client, url("assignment", first.pk))
    client.post(url("assignment_step", second.pk, "withdraw"), {"reason": "not meant"})
    assert fresh(second).state == "withdrawn"
    assert client.get(address).status_code == 404


def test_whoever_is_asked_and_edits_the_branch_does_not_enter_a_paper_of_their_own(town) -> None:
    (assignment,) = asked(town)
    editor = town.editor("SGZ")
    type(town.members[CODE]).objects.filter(code=CODE).update(user=editor)
    client = signed_in(editor)
    page = text_of(client, url("assignment", assignment.pk))
    assert url("assignment_step", assignment.pk, "accept") not in page
    assert client.get(url("assignment_step", assignment.pk, "accept")).status_code == 404


# Lists ----------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_branch_state_and_year(town) -> None:
    asked(town)
    asked(town, "LSW-M001")
    lead = signed_in(town.lead)
    assert len(lead.get(url("assignments")).context["rows"]) == 2
    for query, count in (
        ({"branch": "LSW"}, 1), ({"state": "offered"}, 2), ({"state": "accepted"}, 0),
        ({"year": "2026"}, 2), ({"year": "2027"}, 0), ({"branch": "nowhere", "p": "x"}, 2),
    ):  # fmt: skip
        assert len(lead.get(url("assignments"), query).context["rows"]) == count, query


def test_what_is_late_or_unanswered_stands_on_the_editors_home(town, clock) -> None:
    asked(town)
    for language in ("en", "zh-hans"):
        draft = drafts_of(town, "SGZ-M002")[language]
        pledge = draft.pledges.first()
        pledge.progress = "in_progress"
        draft.pledges = [pledge]
        draft.save_revision(user=town.editor("SGZ"))
        draft.get_workflow().start(draft, town.editor("SGZ"))
        town.approve(draft, town.moderator("SGZ"))
    clock.move_to("2026-05-20T01:00:00Z")
    home = text_of(signed_in(town.editor("SGZ")), "/admin/")
    assert "Pledges without a report for 90 days" in home
    assert "Tasks without an answer" in home
    assert "Overdue pledges" not in home
    late = text_of(signed_in(town.editor("SGZ")), url("late", town.pilots["SGZ"].pk))
    assert "Sweep the village gate SGZ-M002" in late
    assert "No report, wanted by 2026-04-15" in late
    for user in (town.editor("LSW"), town.moderator("SGZ"), town.lead):
        assert "Tasks without an answer" not in text_of(signed_in(user), "/admin/")


def test_lists_take_as_many_queries_for_one_task_as_for_many(town) -> None:
    client = signed_in(town.editor("SGZ"))

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    (assignment,) = asked(town)
    lists = [url("assignments"), url("assign", town.pilots["SGZ"].pk), "/admin/"]
    few = [queries(address) for address in lists]
    asked(town, "SGZ-M002")
    assert [queries(address) for address in lists] == few
    assert queries(url("assignment", assignment.pk)) <= 40


def test_bounds_of_a_templates_numbers_are_lines_in_its_form(town, template) -> None:
    client = signed_in(town.lead)
    address = reverse("pledge_templates:edit", args=[template.pk])
    assert "checks 1 8\ndays 1 7" in text_of(client, address)
    values = {
        "code": "RD-1", "kind": "responsibility", "category": template.category_id,
        "document_zh_hans": "责任书", "document_en": "Document", "text_zh_hans": "检查{checks}次",
        "text_en": "Look {checks} times", "measure_zh_hans": "表", "measure_en": "a sheet",
        "active": "on",
    }  # fmt: skip
    for lines in ("checks 1", "checks 9 1", "checks a b", "walks 1 2", "checks 1 2 3"):
        answer = client.post(address, {**values, "numbers": lines})
        assert list(answer.context["form"].errors) == ["numbers"], lines
    answer = client.post(address, {**values, "numbers": "checks 2 6\n"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert PledgeTemplate.objects.get().numbers == {"checks": [2, 6]}

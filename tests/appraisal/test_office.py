"""Rules and points in the admin: for the branch's staff and leads, and for nobody else."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledge_pages.appraisal import ledger
from pledge_pages.appraisal.point_appeals import import_appeals
from pledge_pages.appraisal.review_import import import_review
from pledge_pages.models import (
    BranchReview,
    Clause,
    Member,
    Pilot,
    PledgeTemplate,
    PointEntry,
    RuleBook,
)
from pledge_pages.office.about_book import books_seen_by
from pledge_pages.rulebook import actions
from tests.office.conftest import speak_english
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 4)


def url(name: str, *args) -> str:
    return reverse(f"pledge_boards:{name}", args=args)


def signed_in(user) -> Client:
    speak_english(user)
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def member(code: str = "SGZ-M002") -> Member:
    return Member.objects.get(code=code)


def entry(town, clause: str = "P1") -> PointEntry:
    return ledger.enter_points(member(), year=2026, clause=clause, on=MAY, by=town.editor("SGZ"))


def branch_addresses(town) -> list[str]:
    pilot, one = town.pilots["SGZ"].pk, member().pk
    return [
        url("branch_points", pilot, 2026), url("waiting_points", pilot, 2026),
        url("ledger", one, 2026), url("enter_points", one, 2026),
        url("reverse_points", entry(town).pk),
    ]  # fmt: skip


# Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "editor", "moderator", "admin"])
def test_the_branchs_staff_and_leads_reach_every_screen_of_points(town, who) -> None:
    users = {"lead": town.lead, "admin": town.admin, "editor": town.editor("SGZ"),
             "moderator": town.moderator("SGZ")}  # fmt: skip
    client = signed_in(users[who])
    for address in [url("points"), *branch_addresses(town)]:
        assert client.get(address).status_code == 200, address


def test_for_other_branches_there_is_no_such_ledger(town) -> None:
    addresses = branch_addresses(town)
    for user in (town.editor("LSW"), town.moderator("LSW")):
        client = signed_in(user)
        nothing = client.get(url("reverse_points", 987_654)).content
        for address in addresses:
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, nothing), address
            sent = {"clause": "P1", "on": "2026-05-04", "reason": "x"}
            assert client.post(address, sent).status_code in (404, 405), address
        assert "SGZ" not in text_of(client, url("points"))
    assert PointEntry.objects.count() == 1


def test_what_if_shows_the_readers_own_branches_only(town) -> None:
    ledger.confirm_entries([entry(town)], by=town.moderator("SGZ"))
    book = RuleBook.objects.get(version="0.9")
    own = text_of(signed_in(town.editor("SGZ")), url("what_if", book.pk))
    assert member().staff_name in own
    other = signed_in(town.editor("LSW"))
    for address in (url("what_if", book.pk), url("what_if", book.pk) + "?pilot=SGZ&year=2026"):
        assert member().staff_name not in text_of(other, address)


def test_staff_read_the_rules_and_only_leads_change_them(town) -> None:
    book = RuleBook.objects.get(version="1.0")
    draft = actions.draft_from(book, by=town.admin, version="1.1")
    forms = [url("draft_rulebook", book.pk), *(
        url(name, draft.pk)
        for name in ("change_rulebook", "approve_rulebook", "withdraw_rulebook", "add_clause",
                     "add_grade")
    ), url("clause", draft.pk, "P1"), url("grade", draft.pk, "excellent")]  # fmt: skip
    editor, lead = signed_in(town.editor("SGZ")), signed_in(town.lead)
    for address in (url("rulebooks"), url("rulebook", book.pk), url("compare_rulebook", draft.pk)):
        assert editor.get(address).status_code == lead.get(address).status_code == 200
    for address in forms:
        assert editor.get(address).status_code == 404, address
        assert editor.post(address, {"reason": "x", "drop": "1"}).status_code == 404, address
        assert lead.get(address).status_code == 200, address
    draft.refresh_from_db()
    assert (draft.status, draft.clauses.count()) == ("draft", book.clauses.count())


# The rules ------------------------------------------------------------------------------------


def test_a_lead_drafts_a_version_changes_a_clause_and_another_approves_it(town) -> None:
    book, lead = RuleBook.objects.get(version="1.0"), signed_in(town.lead)
    tomorrow = timezone.localdate() + timedelta(days=1)
    head = {
        "version": "1.1", "effective_on": tomorrow.isoformat(), "base": "80", "spared": ["sec"],
        "summary_en": "Flood watch",
    }  # fmt: skip
    answer = lead.post(url("draft_rulebook", book.pk), head)
    draft = RuleBook.objects.get(version="1.1")
    assert answer.headers["Location"] == url("rulebook", draft.pk)
    assert (draft.spared, draft.summary) == (["sec"], {"en": "Flood watch"})
    clause = {"code": "E1", "points": "3", "cap": "6", "cap_period": "year", "trigger": "hand",
              "in_force": "on", "rank": "50", "text_en": "Flood watch"}  # fmt: skip
    assert lead.post(url("add_clause", draft.pk), clause).status_code == 302
    again = lead.post(url("add_clause", draft.pk), clause)
    assert again.context["form"].errors["code"] == ["There is one with this code already."]
    assert lead.post(url("clause", draft.pk, "K1"), {"drop": "1"}).status_code == 302
    compared = text_of(lead, url("compare_rulebook", draft.pk))
    assert "Flood watch" in compared
    assert "removed" in compared
    refused = lead.post(url("approve_rulebook", draft.pk), {"reason": "good"})
    assert "Whoever drafted a version" in refused.content.decode()
    actions.change(draft, by=town.lead, change_reason={"en": "asked for"})
    done = signed_in(town.admin).post(url("approve_rulebook", draft.pk), {"reason": "good"})
    assert done.status_code == 302
    draft.refresh_from_db()
    assert draft.status == "approved"
    assert lead.get(url("change_rulebook", draft.pk)).status_code == 404


def test_what_a_clause_lacks_is_said_at_its_field(town) -> None:
    draft = actions.draft_from(RuleBook.objects.get(version="1.0"), by=town.lead, version="1.1")
    sent = {"points": "", "cap_period": "year", "trigger": "hand", "rank": "5"}
    form = signed_in(town.lead).post(url("clause", draft.pk, "D2"), sent).context["form"]
    assert set(form.errors) >= {"points"}
    assert Clause.objects.get(rulebook=draft, code="D2").points == -2


def test_a_programme_without_rules_begins_with_base_and_counter_entry(town) -> None:
    from pledge_pages.models import Programme

    bare = Programme.objects.create(code="ZZ", neutral_name={"en": "Another"})
    admin = signed_in(town.admin)
    assert url("begin_rulebook", bare.pk) in text_of(admin, url("rulebooks"))
    answer = admin.post(url("begin_rulebook", bare.pk), {"version": "0.1", "base": "100"})
    book = RuleBook.objects.get(programme=bare)
    assert answer.headers["Location"] == url("rulebook", book.pk)
    assert [clause.trigger for clause in book.clauses.all()] == ["base", "counter"]
    assert signed_in(town.lead).get(url("begin_rulebook", bare.pk)).status_code == 404


# Points ---------------------------------------------------------------------------------------


def test_points_are_entered_by_one_and_confirmed_by_another_on_the_screen(town) -> None:
    editor, moderator = signed_in(town.editor("SGZ")), signed_in(town.moderator("SGZ"))
    form = {"clause": "P1", "on": "2026-05-04", "reason_zh_hans": "扫路", "ref": "log 3"}
    assert editor.post(url("enter_points", member().pk, 2026), form).status_code == 302
    made = PointEntry.objects.get()
    assert (made.points, made.ref, made.entered_by) == (6, "log 3", town.editor("SGZ"))
    ledger_page = text_of(editor, url("ledger", member().pk, 2026))
    assert "waits for somebody else to confirm it" in ledger_page
    waiting = url("waiting_points", town.pilots["SGZ"].pk, 2026)
    assert 'type="checkbox" name="entry"' not in text_of(editor, waiting)
    editor.post(waiting, {"entry": str(made.pk)})
    assert not hasattr(PointEntry.objects.get(), "confirmation")
    assert 'type="checkbox" name="entry"' in text_of(moderator, waiting)
    moderator.post(waiting, {"entry": ["x", "9" * 30, str(made.pk)]})
    assert PointEntry.objects.get().confirmation.by == town.moderator("SGZ")
    assert "0 base + 6 added − 0 deducted = 6" in text_of(editor, url("ledger", member().pk, 2026))


def test_an_entry_is_taken_back_on_the_screen_with_a_reason(town) -> None:
    made = entry(town)
    ledger.confirm_entries([made], by=town.moderator("SGZ"))
    address = url("reverse_points", made.pk)
    moderator = signed_in(town.moderator("SGZ"))
    assert moderator.post(address, {"reason": ""}).context["form"].errors["reason"]
    refused = signed_in(town.editor("SGZ")).post(address, {"reason": "no"})
    assert "Only moderators" in refused.content.decode()
    assert moderator.post(address, {"reason": "log of another", "ref": "AP-1"}).status_code == 302
    page = text_of(moderator, url("ledger", member().pk, 2026))
    assert "log of another" in page
    assert "takes back the entry of 2026-05-04" in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"clause": "K1", "on": "2026-05-04"}, "clause"),
        ({"clause": "P1", "on": "2023-05-04"}, "on"),
        ({"clause": "P1", "on": "yesterday"}, "on"),
        ({"clause": "P1", "on": "2026-05-04", "ref": "x" * 201}, "ref"),
        ({}, "clause"),
    ],
)
def test_what_cannot_be_entered_is_said_at_its_field(town, form, field) -> None:
    answer = signed_in(town.editor("SGZ")).post(url("enter_points", member().pk, 2026), form)
    assert field in answer.context["form"].errors
    assert not PointEntry.objects.exists()


def test_the_base_of_a_branch_is_entered_with_one_button(town) -> None:
    editor, pilot = signed_in(town.editor("SGZ")), town.pilots["SGZ"].pk
    address = url("open_points", pilot, timezone.localdate().year)
    assert editor.post(address).status_code == 302
    assert PointEntry.objects.filter(clause="A0", member__pilot=pilot).count() == 2
    assert editor.get(address).status_code == 405


@pytest.mark.parametrize("year", [1999, 2101, 99_999])
def test_years_that_are_none_are_not_there(town, year) -> None:
    editor = signed_in(town.editor("SGZ"))
    for name, pk in (("branch_points", town.pilots["SGZ"].pk), ("ledger", member().pk),
                     ("enter_points", member().pk)):  # fmt: skip
        assert editor.get(url(name, pk, year)).status_code == 404


def test_lists_ask_as_much_for_many_entries_as_for_few(town) -> None:
    def fill(*codes: str) -> None:
        for number, code in enumerate(codes):
            for clause in ("P1", "P2"):
                ledger.enter_points(
                    member(code), year=2026, clause=clause, on=MAY, by=town.editor("SGZ"),
                    reason={"en": f"log {len(codes)}.{number}"},
                )  # fmt: skip

    editor = signed_in(town.editor("SGZ"))
    pilot, book = town.pilots["SGZ"].pk, RuleBook.objects.get(version="0.9").pk
    addresses = [
        url("points"), url("branch_points", pilot, 2026), url("waiting_points", pilot, 2026),
        url("ledger", member().pk, 2026), url("what_if", book), url("rulebooks"),
        url("rulebook", book),
    ]  # fmt: skip

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(address).status_code == 200
        return len(queries)

    fill("SGZ-M002")
    before = [asked(address) for address in addresses for _twice in range(2)][1::2]
    fill("SGZ-M001", "SGZ-M002", "SGZ-M001")
    actions.draft_from(RuleBook.objects.get(version="1.0"), by=town.admin, version="1.1")
    assert [asked(address) for address in addresses] == before
    assert max(before) < 45


def test_leads_keep_the_pledge_library(town) -> None:
    lead = signed_in(town.lead)
    category = town.pages["SGZ-M001", "en"].specific.pledges.first().category
    row = PledgeTemplate.objects.create(code="T1", category=category, text={"en": "Sweep ___ m"})
    assert "Sweep ___ m" in text_of(lead, reverse("pledge_templates:index"))
    assert lead.get(reverse("pledge_templates:edit", args=[row.pk])).status_code == 200
    assert signed_in(town.editor("SGZ")).get(reverse("pledge_templates:index")).status_code in (
        302, 403,
    )  # fmt: skip


# What is not there ------------------------------------------------------------------------------


def test_points_are_opened_by_staff_of_the_branch_only(town) -> None:
    pilot = Pilot.objects.select_related("programme").get(code="SGZ")
    with pytest.raises(PermissionDenied):
        ledger.open_year(pilot, 2026, on=MAY, by=town.editor("LSW"))
    assert not PointEntry.objects.exists()
    assert ledger.open_year(pilot, 2026, on=MAY, by=town.editor("SGZ")) == 2
    # Nor are they told that everybody has it already.
    with pytest.raises(PermissionDenied):
        ledger.open_year(pilot, 2026, on=MAY, by=town.editor("LSW"))


def test_nobody_but_leads_takes_over_appeals_and_reviews_from_before(town) -> None:
    pilot = Pilot.objects.select_related("programme").get(code="SGZ")
    for by in (town.moderator("SGZ"), town.editor("SGZ")):
        with pytest.raises(PermissionDenied):
            import_appeals(pilot, [], by=by)
        with pytest.raises(PermissionDenied):
            import_review(pilot, 2025, [], by=by, held_on=MAY, present=1)
    assert not BranchReview.objects.exists()


def test_rule_books_of_others_are_not_seen(town) -> None:
    assert books_seen_by(town.lead).exists()
    assert not books_seen_by(make_user("nobody")).exists()


def test_what_is_approved_is_not_edited_or_compared_with_nothing(town) -> None:
    book, lead = RuleBook.objects.filter(approved_at__isnull=False).first(), signed_in(town.lead)
    assert lead.get(url("rulebook", book.pk)).status_code == 200
    assert lead.get(url("change_rulebook", book.pk)).status_code == 404
    for asked in ("abc", "9" * 19, "²"):
        assert lead.get(url("compare_rulebook", book.pk), {"with": asked}).status_code == 404


def test_no_appeal_is_decided_that_nobody_raised(town) -> None:
    address = url("decide_points_appeal", entry(town).pk)
    assert signed_in(town.lead).get(address).status_code == 404

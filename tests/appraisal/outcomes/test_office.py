"""Checks in the admin: who sees them, what they show of a pledge, and each step by its form."""

import io

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from pledge_pages.appraisal import appeals
from pledge_pages.appraisal.on_page import put_on_page
from pledge_pages.models import EvidenceFile, OutcomeDecision
from pledge_pages.photos.actions import add_evidence
from tests.appraisal.outcomes.conftest import (
    CODE,
    METHOD,
    REASON,
    approve_all,
    confirmed,
    final,
    fresh,
    opened,
    page_of,
    pass_days,
    told,
)
from tests.office.conftest import speak_english

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


def jpeg() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(kept, "JPEG")
    return kept.getvalue()


def take(client: Client, decision, verb: str, data: dict | None = None):
    """Send the form of one step; what went wrong is an assertion."""
    answer = client.post(url("check_step", decision.pk, verb), data or {})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.headers["Location"] == url("check", decision.pk)
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert not [text for text in told if "cannot be taken" in text]
    return fresh(decision)


def opening(**changes) -> dict:
    """What is sent to open a check."""
    return {
        "outcome": "partly", "checked_on": "2026-12-01",
        "method_zh_hans": METHOD["zh-hans"], "method_en": METHOD["en"],
        "reason_zh_hans": REASON["zh-hans"], "reason_en": REASON["en"], **changes,
    }  # fmt: skip


def addresses(town, decision) -> list[str]:
    key = page_of(town).pledges.get().key
    return [
        url("checks_due", town.pilots["SGZ"].pk),
        url("open_check", town.members[CODE].pk, key),
        url("check", decision.pk),
        *[url("check_step", decision.pk, verb) for verb in ("statement", "drop", "tell", "reply")],
    ]


# Who ------------------------------------------------------------------------------------------


def test_staff_leads_and_verifiers_of_the_branch_see_its_checks(town) -> None:
    decision = opened(town)
    for user in (town.editor("SGZ"), town.moderator("SGZ"), town.verifier("SGZ"), town.lead):
        client = signed_in(user)
        assert "Sweep the village gate" in text_of(client, url("checks"))
        assert "Sweep the village gate" in text_of(client, url("check", decision.pk))


def test_for_others_there_are_none(town) -> None:
    decision = opened(town)
    for user in (town.editor("LSW"), town.moderator("LSW"), town.verifier("LSW")):
        client = signed_in(user)
        nothing = client.get(url("check", 987_654)).content
        for address in addresses(town, decision):
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, nothing), address
            assert client.post(address, {"reason": "x"}).status_code in (404, 405), address
        listed = text_of(client, url("checks"))
        assert "Sweep the village gate" not in listed
        assert "SGZ" not in listed
        assert "SGZ" not in text_of(client, url("checks"), branch="SGZ", state="checking")
    assert fresh(decision).state == "checking"


def test_without_signing_in_one_is_sent_to_do_so(town) -> None:
    for address in (url("checks"), *addresses(town, opened(town))):
        assert Client().get(address).headers["Location"].startswith("/admin/login/")


def test_a_verifier_reads_the_pledge_as_approved_and_never_a_draft(town) -> None:
    draft = page_of(town).get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "Nobody has approved this"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    decision = opened(town)
    client = signed_in(town.verifier("SGZ"))
    for address in (url("checks"), url("checks_due", town.pilots["SGZ"].pk),
                    *addresses(town, decision)[1:3]):  # fmt: skip
        assert "Nobody has approved" not in text_of(client, address)
    assert client.get(f"/admin/pages/{draft.pk}/edit/").status_code == 404
    assert client.get(f"/admin/pages/{draft.pk}/view_draft/").status_code == 404


def test_a_verifier_reads_the_name_that_may_be_shown_in_the_village(town) -> None:
    decision = opened(town)
    member = town.members[CODE]
    name = member.given_name_latin
    assert name in text_of(signed_in(town.verifier("SGZ")), url("check", decision.pk))
    member.consents.filter(subject="name", scope="village_qr").update(state="withdrawn")
    verifier = text_of(signed_in(town.verifier("SGZ")), url("check", decision.pk))
    assert name not in verifier
    assert member.given_name not in verifier
    assert name not in text_of(signed_in(town.verifier("SGZ")), url("checks"))
    assert member.staff_name in text_of(signed_in(town.editor("SGZ")), url("check", decision.pk))


def test_private_evidence_opens_for_who_checks_the_branch_and_for_no_other(town) -> None:
    file = add_evidence(
        town.pilots["SGZ"], io.BytesIO(jpeg()), by=town.editor("SGZ"), kind="register",
        title={"en": "The register"},
    )  # fmt: skip
    assert signed_in(town.verifier("SGZ")).get(file.get_url()).status_code == 200
    nothing = Client().get("/photos/nothing/").content
    for client in (Client(), signed_in(town.verifier("LSW")), signed_in(town.editor("LSW"))):
        answer = client.get(file.get_url())
        assert (answer.status_code, answer.content) == (404, nothing)


def test_a_verifier_finds_no_photo_of_a_branch_that_is_not_public(town) -> None:
    town.close("SGZ")
    client = signed_in(town.verifier("SGZ"))
    assert client.get(f"/photos/{town.photo.token}/tile.jpg").status_code == 404


# The way through ------------------------------------------------------------------------------


def test_a_pledge_that_is_not_kept_from_its_day_to_the_public_page(town, clock) -> None:
    pass_days(clock, 31)
    editor, verifier = signed_in(town.editor("SGZ")), signed_in(town.verifier("SGZ"))
    due = text_of(verifier, url("checks_due", town.pilots["SGZ"].pk))
    key = page_of(town).pledges.get().key
    address = url("open_check", town.members[CODE].pk, key)
    assert address in due
    answer = verifier.post(address, opening(evidence=[town.evidence.pk]))
    decision = OutcomeDecision.objects.get()
    assert answer.headers["Location"] == url("check", decision.pk)
    assert decision.evidence.get().file == town.evidence
    assert address not in text_of(verifier, url("checks_due", town.pilots["SGZ"].pk))
    for client in (editor, verifier):
        assert "Checks that wait for you" in text_of(client, "/admin/")
        decision = take(client, decision, "statement", {"agrees": "yes", "text": "Seen."})
    assert decision.state == "confirmed"
    take(editor, decision, "tell", {"how": "in_person", "on": "2027-01-01"})
    assert "/finalise/" not in text_of(editor, url("check", decision.pk))
    scan = SimpleUploadedFile("paper.jpg", jpeg(), "image/jpeg")
    said = {"text_en": "It rained.", "on": "2027-01-01", "scan": scan}
    decision = take(editor, decision, "reply", said)
    assert not decision.reply_scan.public
    assert take(editor, decision, "finalise").state == "final"
    pass_days(clock, 15)
    take(signed_in(town.editor("SGZ")), decision, "put")
    approve_all(town)
    html = Client().get(page_of(town).url).content.decode()
    for words in ("Partly fulfilled", REASON["en"], "It rained.", "Outcome decided"):
        assert words in html
    assert decision.reply_scan.token not in html


def test_the_scan_of_a_paper_is_for_staff(town) -> None:
    decision = told(town)
    scan = SimpleUploadedFile("paper.jpg", jpeg(), "image/jpeg")
    said = {"ground": "It rained.", "on": "2026-12-01", "scan": scan}
    take(signed_in(town.editor("SGZ")), decision, "appeal", said)
    file = decision.appeals.get().scan
    assert file.token in text_of(signed_in(town.moderator("SGZ")), url("check", decision.pk))
    assert file.token not in text_of(signed_in(town.verifier("SGZ")), url("check", decision.pk))


def test_what_is_refused_is_said_at_its_field_and_leaves_nothing(town) -> None:
    key = page_of(town).pledges.get().key
    editor = signed_in(town.editor("SGZ"))
    address = url("open_check", town.members[CODE].pk, key)
    for changes, field in (
        ({"reason_en": ""}, "reason"),
        ({"method_zh_hans": "打电话13800138000"}, "method"),
        ({"checked_on": "2027-05-05"}, "checked_on"),
        ({"outcome": "wonderful"}, "outcome"),
    ):
        answer = editor.post(address, opening(**changes))
        assert list(answer.context["form"].errors) == [field]
    assert not OutcomeDecision.objects.exists()
    decision = told(town)
    before = EvidenceFile.objects.count()
    scan = SimpleUploadedFile("paper.jpg", jpeg(), "image/jpeg")
    answer = editor.post(
        url("check_step", decision.pk, "reply"), {"text_en": "", "on": "2026-12-01", "scan": scan}
    )
    assert list(answer.context["form"].errors) == ["text"]
    assert EvidenceFile.objects.count() == before


def test_a_form_sent_twice_does_it_once(town) -> None:
    decision = opened(town)
    client = signed_in(town.verifier("SGZ"))
    data = {"agrees": "yes", "text": "Seen."}
    for _time in range(2):
        client.post(url("check_step", decision.pk, "statement"), data)
    assert decision.statements.count() == 1
    key = page_of(town, code="SGZ-M002").pledges.get().key
    editor = signed_in(town.editor("SGZ"))
    for _time in range(2):
        editor.post(url("open_check", town.members["SGZ-M002"].pk, key), opening())
    assert OutcomeDecision.objects.filter(member=town.members["SGZ-M002"]).count() == 1


@pytest.mark.parametrize(
    ("prepare", "wanted"),
    [
        (opened, {"statement", "drop"}),
        (lambda town: confirmed(town, "partly"), {"tell", "drop"}),
        (confirmed, {"finalise", "drop"}),
        (told, {"reply", "appeal", "drop"}),
    ],
)
def test_only_what_is_possible_is_offered(town, prepare, wanted) -> None:
    decision = prepare(town)
    answer = signed_in(town.editor("SGZ")).get(url("check", decision.pk))
    assert {step["url"].split("/")[-2] for step in answer.context["steps"]} == wanted


def test_an_appeal_is_decided_by_a_moderator_and_the_outcome_taken_off_by_hand(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    for language in ("en", "zh-hans"):
        draft = page_of(town, language).get_latest_revision_as_object()
        pledge = draft.pledges.first()
        pledge.text += "!"
        draft.pledges = [pledge]
        draft.save_revision(user=town.editor("SGZ"))
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It was my brother.")
    editor, moderator = signed_in(town.editor("SGZ")), signed_in(town.moderator("SGZ"))
    answer = editor.post(url("check_step", decision.pk, "take-off"), {})
    assert "newer draft" in str(answer.context["form"].non_field_errors())
    take(editor, decision, "take-off", {"with_draft": "on"})
    approve_all(town)
    assert "Checks that wait for you" in text_of(moderator, "/admin/")
    decided = take(moderator, decision, "decide", {"verdict": "upheld", "reason": "It was."})
    assert decided.state == "overturned"


# What waits -----------------------------------------------------------------------------------


def test_what_waits_is_listed_for_whom_it_waits_with_its_delay(town, clock) -> None:
    opened(town)
    pass_days(clock, 20)
    listed = text_of(signed_in(town.verifier("SGZ")), url("waiting", "checks"))
    assert "late since 2026-12-15" in listed
    for user in (town.verifier("LSW"), town.editor("LSW"), town.lead):
        assert "Sweep" not in text_of(signed_in(user), url("waiting", "checks"))


def test_the_list_is_narrowed_by_branch_and_state(town) -> None:
    opened(town)
    opened(town, code="LSW-M001")
    lead = signed_in(town.lead)
    rows = lead.get(url("checks"), {"branch": "LSW"}).context["rows"]
    assert [row.decision.pilot.code for row in rows] == ["LSW"]
    assert len(lead.get(url("checks"), {"state": "open"}).context["rows"]) == 2
    assert lead.get(url("checks"), {"state": "final"}).context["rows"] == []


def test_history_that_was_taken_over_says_what_is_not_known(town) -> None:
    decision = town.take_over_outcome(page_of(town), outcome="partly", reason=REASON)
    page = text_of(signed_in(town.editor("SGZ")), url("check", decision.pk))
    assert "Taken over from before" in page
    assert "no record that the member was told" in page
    assert "rep_1" in page


def test_lists_take_as_many_queries_for_one_check_as_for_many(town) -> None:
    client = signed_in(town.verifier("SGZ"))

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    opened(town)
    lists = [url("checks"), url("waiting", "checks"), url("checks_due", town.pilots["SGZ"].pk)]
    few = [queries(address) for address in lists]
    opened(town, code="SGZ-M002")
    assert [queries(address) for address in lists] == few


@pytest.mark.parametrize("verb", ["tell", "reply"])
def test_a_step_that_cannot_be_taken_yet_leads_back_and_says_so(town, verb) -> None:
    decision, editor = opened(town), signed_in(town.editor("SGZ"))
    answer = editor.get(url("check_step", decision.pk, verb), follow=True)
    assert answer.redirect_chain == [(url("check", decision.pk), 302)]
    assert "This step cannot be taken now, or not by you." in answer.content.decode()

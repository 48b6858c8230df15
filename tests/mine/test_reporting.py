"""What a member reports, replies and allows by their own account, and what becomes of it."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image
from wagtail.models import ModelLogEntry, Page

from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.mine import reporting
from pledge_pages.mine.invitations import invite_member
from pledge_pages.mine.reporting import report_progress
from pledge_pages.models import Consent, EvidenceFile, HeldApproval, MemberPledgePage
from tests.mine.conftest import OWN
from tests.office.conftest import speak_english

WORDS = {"zh-hans": "修好了村口的路灯", "en": "Mended the lamp at the gate"}


@pytest.fixture(autouse=True)
def _english():
    """Let refusals be said in English, so that tests can read them."""
    with translation.override("en"):
        yield


def key_of(member):
    return MemberPledgePage.objects.filter(member=member).first().pledges.get().key


def pages(member) -> dict[str, MemberPledgePage]:
    rows = MemberPledgePage.objects.filter(member=member).select_related("locale")
    return {page.locale.language_code: page for page in rows}


def newest(member, language: str = "zh-hans") -> MemberPledgePage:
    return pages(member)[language].get_latest_revision_as_object()


def report(member, **values):
    values = {"text": WORDS, "percent": 40, "by": member.user, **values}
    return report_progress(member, key_of(member), **values)


def picture(kind: str = "JPEG") -> io.BytesIO:
    content = io.BytesIO()
    image = Image.new("RGB", (320, 240), "teal")
    exif = image.getexif()
    exif[0x010E] = "taken-at-home"
    image.save(content, kind, exif=exif)
    content.seek(0)
    content.name = "evidence.jpg"
    return content


def test_what_is_reported_becomes_a_draft_by_the_member_and_nothing_more(town, member) -> None:
    before = {
        page.pk: HeldApproval.objects.get(page=page).snapshot for page in pages(member).values()
    }

    written = report(member)

    assert len(written) == 2
    for language, words in WORDS.items():
        draft = newest(member, language)
        update = list(draft.updates.all())[-1]
        assert (update.text, update.percent) == (words, 40)
        assert draft.pledges.get(key=key_of(member)).percent == 40
        page = pages(member)[language]
        assert page.latest_revision.user == member.user
        assert not page.workflow_in_progress
        assert not page.live
        assert HeldApproval.objects.get(page=page).snapshot == before[page.pk]
    one, other = (list(newest(member, code).updates.all())[-1] for code in WORDS)
    assert one.translation_key == other.translation_key


def test_one_language_is_enough_and_leaves_the_other_page_alone(town, member) -> None:
    before = pages(member)["en"].latest_revision_id

    assert len(report(member, text={"zh-hans": "好了", "en": " "})) == 1
    assert pages(member)["en"].latest_revision_id == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": {}}, "text"),
        ({"text": {"en": "x" * 501}}, "text"),
        ({"text": {"fr": "fait"}}, "text"),
        ({"text": {"en": "call me: 13912345678"}}, "text"),
        ({"percent": 101}, "percent"),
        ({"kind": "check_note"}, "kind"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"on": date(2020, 1, 1)}, "on"),
    ],
)
def test_what_will_not_do_names_its_field_and_leaves_nothing(town, member, values, field) -> None:
    before = [page.latest_revision_id for page in pages(member).values()]
    files = EvidenceFile.objects.count()

    with pytest.raises(ValidationError) as error:
        report(member, file=picture(), **values)

    assert list(error.value.error_dict) == [field]
    assert [page.latest_revision_id for page in pages(member).values()] == before
    assert EvidenceFile.objects.count() == files


def test_evidence_is_private_unchecked_and_without_metadata(town, member, mine, sign_in) -> None:
    report(member, file=picture())
    file = EvidenceFile.objects.latest("pk")

    assert (file.public, file.checked, file.pilot) == (False, False, member.pilot)
    with file.file.open("rb") as stored:
        assert b"taken-at-home" not in stored.read()
    path = f"/photos/evidence/{file.token}.{file.extension}"
    assert mine.get(path).status_code == 200
    assert sign_in(town.editor("SGZ")).get(path).status_code == 200
    assert sign_in(town.editor("LSW")).get(path).status_code == 404
    assert sign_in(town.members["LSW-M001"].user).get(path).status_code == 404


def test_a_page_in_review_takes_no_report_and_says_why(town, member, mine) -> None:
    report(member)
    page = pages(member)["zh-hans"]
    page.get_workflow().start(page, town.editor("SGZ"))

    with pytest.raises(ValidationError, match="being reviewed"):
        report(member)
    answer = mine.get(f"/en/mine/pledges/{key_of(member)}/report/")
    assert "being reviewed" in answer.content.decode()
    assert "<textarea" not in answer.content.decode()


def test_a_locked_page_takes_no_report(town, member) -> None:
    Page.objects.filter(pk=pages(member)["zh-hans"].pk).update(locked=True)
    with pytest.raises(ValidationError, match="locked"):
        report(member)


def test_nobody_reports_in_a_members_name(town, member) -> None:
    for by in (town.editor("SGZ"), town.lead, town.members["LSW-M001"].user):
        with pytest.raises(PermissionDenied):
            report(member, by=by)


def test_who_submits_a_members_draft_does_not_approve_it(town, member) -> None:
    report(member)
    both = town.moderator("SGZ")
    page = pages(member)["zh-hans"]
    page.get_workflow().start(page, both)
    page = pages(member)["zh-hans"]
    state = page.current_workflow_task_state

    with pytest.raises(EmbargoError):
        state.task.specific.on_action(state, both, "approve")
    with pytest.raises(EmbargoError):
        state.task.specific.on_action(state, member.user, "approve")


def test_the_branch_submits_and_another_approves_what_was_reported(town, member) -> None:
    report(member)
    page = pages(member)["zh-hans"]
    page.get_workflow().start(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))

    texts = [row["text"] for row in HeldApproval.objects.get(page=page).snapshot["updates"]]
    assert WORDS["zh-hans"] in texts


def test_reports_without_end_are_refused(town, member, monkeypatch) -> None:
    monkeypatch.setattr(reporting, "MOST_A_DAY", 2)
    report(member)
    with pytest.raises(ValidationError, match="enough for today"):
        report(member)


def test_a_member_reports_by_the_form(town, member, mine) -> None:
    where = f"/en/mine/pledges/{key_of(member)}/report/"
    data = {
        "kind": "completion_report", "text_zh-hans": "都做完了", "text_en": "", "percent": "100",
        "on": timezone.localdate().isoformat(),
    }  # fmt: skip
    wrong = mine.post(where, {**data, "percent": "400", "file": picture()})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors.keys() == {"percent"}

    answer = mine.post(where, {**data, "file": picture()})

    assert answer.headers["Location"] == "/en/mine/"
    draft = newest(member)
    assert draft.pledges.get(key=key_of(member)).progress == "claimed_done"
    assert list(draft.updates.all())[-1].evidence is not None
    assert "Kept as a draft" in mine.get("/en/mine/").content.decode()


def test_a_report_of_a_file_that_is_none_is_an_error_at_the_form(town, member, mine) -> None:
    file = io.BytesIO(b"MZ" * 400)
    file.name = "photo.jpg"
    data = {
        "kind": "update",
        "text_en": "done",
        "on": timezone.localdate().isoformat(),
        "file": file,
    }
    answer = mine.post(f"/en/mine/pledges/{key_of(member)}/report/", data)

    assert answer.status_code == 200
    assert answer.context["form"].errors


# What may be shown ---------------------------------------------------------------------------


def consents(**changes: str) -> dict[str, str]:
    """What the form sends: everything in full, but for ``changes``."""
    data = {f"{scope}-{subject}": "full" for scope in ("village_print", "village_qr", "public_web")
            for subject in ("name", "photo")}  # fmt: skip
    return {**data, **{name.replace("__", "-"): value for name, value in changes.items()}}


def test_a_member_withdraws_and_allows_again_at_once(town, member, mine) -> None:
    def allowed(scope: str) -> tuple[str, str, str]:
        row = member.consents.get(scope=scope, subject="name", current=True)
        return row.state, row.level, row.method

    mine.post(f"{OWN}consent/", consents(public_web__name="none", village_qr__name="surname_only"))

    assert allowed("public_web")[0] == "withdrawn"
    assert allowed("village_qr") == ("granted", "surname_only", Consent.Method.ONLINE)
    assert allowed("village_print")[0] == "granted"
    lines = ModelLogEntry.objects.filter(user=member.user, action__endswith="_consent")
    assert sorted(line.action for line in lines) == [
        "pledge_pages.record_consent", "pledge_pages.withdraw_consent",
    ]  # fmt: skip
    mine.post(f"{OWN}consent/", consents())
    assert allowed("public_web") == ("granted", "full", Consent.Method.ONLINE)


def test_a_photo_allowed_nowhere_is_deleted_and_the_member_is_told(town, member, mine) -> None:
    none = {f"{scope}__photo": "none" for scope in ("village_print", "village_qr", "public_web")}
    answer = mine.post("/en/mine/consent/", consents(**none), follow=True)

    assert "The files of the photo are deleted." in answer.content.decode()
    assert not member.photos.exclude(file="").exists()


def test_a_photo_has_no_surname(town, member, mine) -> None:
    before = member.consents.count()
    answer = mine.post(f"{OWN}consent/", consents(public_web__photo="surname_only"))

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert member.consents.count() == before


# What is seen --------------------------------------------------------------------------------


def test_a_member_sees_what_is_not_public_marked_as_such(town, member, mine) -> None:
    invite_member(town.members["SGZ-M002"], by=town.lead)
    for mode in ("public", "village"):
        text = mine.get(f"/en/mine/seen/{mode}/").content.decode()
        assert f"Sweep the village gate {member.code}" in text
        assert "Sweep the village gate SGZ-M002" not in text
        # Not announced yet: the neutral name.
        assert "Member pledge system" not in text
    assert "held until the pilot is approved" in mine.get("/en/mine/seen/").content.decode()


def test_a_draft_is_shown_only_where_it_is_asked_for(town, member, mine) -> None:
    report(member)

    assert WORDS["en"] not in mine.get("/en/mine/seen/").content.decode()
    draft = mine.get("/en/mine/seen/public/?draft").content.decode()
    assert WORDS["en"] in draft
    assert "nobody has approved it" in draft


def test_names_and_photos_are_those_that_each_reader_may_see(town, member, mine) -> None:
    mine.post(f"{OWN}consent/", consents(public_web__name="none", public_web__photo="none"))

    public = mine.get("/en/mine/seen/public/").context["view"].tile
    village = mine.get("/en/mine/seen/village/").context["view"].tile
    assert (public.name, public.photo) == ("Name not shown", None)
    assert village.name == "Shi Changsgz1"
    assert mine.get(village.photo.url).status_code == 200


def test_the_print_preview_is_a_picture(town, mine) -> None:
    assert mine.get("/en/mine/seen/print/").context["picture"]


def test_the_number_of_queries_is_the_same_for_every_branch(
    town, mine, django_assert_max_num_queries
) -> None:
    for path, most in (("", 25), ("seen/", 17), ("outcomes/", 8), ("consent/", 6), ("points/", 5)):
        mine.get(f"{OWN}{path}")
        with django_assert_max_num_queries(most):
            assert mine.get(f"{OWN}{path}").status_code == 200


def test_a_consent_that_has_run_out_is_said_to_the_member_and_to_staff(
    town, member, mine, sign_in
) -> None:
    ended = timezone.localdate() - timedelta(days=30)
    name = member.consents.get(scope="village_qr", subject="name", current=True)
    Consent.objects.filter(pk=name.pk).update(expires_on=ended, given_on=ended)
    own = mine.get("/en/mine/consent/").content.decode()
    assert own.count("What you had agreed to ran out on") == 1
    staff = sign_in(town.editor("SGZ"))
    speak_english(town.editor("SGZ"))
    record = staff.get(reverse("pledge_members:inspect", args=[member.pk])).content.decode()
    assert record.count("Has run out") == 1

"""What the village reads, and when: held pages while it is quiet, public ones later, no drafts."""

import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.models import digest_of
from pledge_pages.models import (
    BranchPage,
    Consent,
    EvidenceFile,
    HeldApproval,
    MemberPhoto,
    MemberPledgePage,
    Pilot,
    VillageLink,
)
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.photos.addresses import evidence_url, photo_url
from pledge_pages.pilots.actions import take_step
from pledge_pages.village import links
from pledge_pages.village.reading import EVIDENCE_VIEW, PHOTO_VIEW
from tests.village.conftest import path_of
from tests.worlds import Town

pytestmark = pytest.mark.django_db

NAME = "史长SGZ1"
PLEDGE = "每周三打扫村口 SGZ-M001"


def text_of(client: Client, path: str = "/v/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def member_path(town: Town, code: str = "SGZ-M001") -> str:
    return f"/v/{town.members[code].public_id}/"


def photo_path(town: Town) -> str:
    return photo_url(town.photo.token, "tile", PHOTO_VIEW)


def evidence_path(town: Town) -> str:
    return evidence_url(town.evidence.token, "jpg", EVIDENCE_VIEW)


def everything(town: Town) -> list[str]:
    """Every address that a reader of SGZ opens."""
    return ["/v/", member_path(town), photo_path(town), evidence_path(town)]


def answers(client: Client, town: Town) -> set[int]:
    return {client.get(path).status_code for path in everything(town)}


# Quiet ----------------------------------------------------------------------------------------


def test_a_quiet_village_reads_its_board_by_the_code(reader, town) -> None:
    board = text_of(reader)
    assert NAME in board
    assert PLEDGE in board
    assert f'href="{member_path(town)}"' in board
    assert f'src="{photo_path(town)}"' in board


def test_a_members_page_shows_pledges_progress_and_evidence(reader, town) -> None:
    page = text_of(reader, member_path(town))
    assert NAME in page
    assert PLEDGE in page
    assert "done once zh-hans" in page
    assert f'href="{evidence_path(town)}"' in page
    assert 'href="/v/"' in page


def test_every_members_page_is_that_members(reader, town) -> None:
    for number in (1, 2):
        page = text_of(reader, member_path(town, f"SGZ-M00{number}"))
        assert f"史长SGZ{number}" in page
        assert f"史长SGZ{3 - number}" not in page


def test_a_file_is_found_by_its_whole_address_only(reader, town) -> None:
    path = evidence_path(town)
    tokens = ("x" * 32, "%00")
    for wrong in (
        path.replace(".jpg", ".pdf"),
        *(path.replace(town.evidence.token, token) for token in tokens),
        *(photo_path(town).replace(town.photo.token, token) for token in tokens),
    ):
        assert reader.get(wrong).status_code == 404


def test_photos_and_evidence_are_sent(reader, town) -> None:
    for path in (photo_path(town), evidence_path(town)):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_drafts_are_never_shown(reader, town) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "nobody approved this"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    for path in ("/v/", member_path(town)):
        assert "nobody approved" not in text_of(reader, path)
        assert PLEDGE in text_of(reader, path)


def test_a_newer_approval_is_shown(reader, town) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "每周五也打扫"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    page.get_workflow().start(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))
    assert "每周五也打扫" in text_of(reader)


def test_a_member_whose_approval_is_withdrawn_is_gone(reader, town) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    withdraw(page, by=town.moderator("SGZ"), reason="a mistake")
    withdraw(
        MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk),
        by=town.moderator("SGZ"),
        reason="a mistake",
    )
    assert NAME not in text_of(reader)
    assert "史长SGZ2" in text_of(reader)
    for path in everything(town)[1:]:
        assert reader.get(path).status_code == 404, path


def test_without_an_approved_board_there_is_a_page_that_says_so(reader, town) -> None:
    for language in ("zh-hans", "en"):
        board = BranchPage.objects.get(pk=town.boards["SGZ", language].pk)
        withdraw(board, by=town.moderator("SGZ"), reason="a mistake")
    page = text_of(reader)
    assert "SGZ村" in page
    assert NAME not in page
    for path in everything(town)[1:]:
        assert reader.get(path).status_code == 404, path


def test_what_was_altered_since_it_was_approved_is_not_shown(reader, town) -> None:
    held = HeldApproval.objects.get(page=town.pages["SGZ-M001", "zh-hans"].pk)
    held.snapshot["pledges"][0]["text"] = "altered by hand"
    HeldApproval.objects.filter(pk=held.pk).update(snapshot=held.snapshot)
    assert "altered by hand" not in text_of(reader)
    assert NAME not in text_of(reader)


@pytest.mark.parametrize(
    ("field", "shown_before", "shown_after"),
    [("go_live_at", False, True), ("expire_at", True, False)],
)
def test_approved_for_a_time_is_shown_at_that_time(
    reader, town, field, shown_before, shown_after
) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M002", "zh-hans"].pk)
    draft = page.get_latest_revision_as_object()
    moment = timezone.now() + timezone.timedelta(days=2)
    setattr(draft, field, moment)
    draft.save_revision(user=town.editor("SGZ"))
    if field == "go_live_at":
        withdraw(page, by=town.moderator("SGZ"), reason="anew")
    page.get_workflow().start(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))
    assert ("史长SGZ2" in text_of(reader)) is shown_before
    with time_machine.travel(moment + timezone.timedelta(hours=1)):
        assert ("史长SGZ2" in text_of(reader)) is shown_after


def test_a_pledge_of_a_category_that_is_gone_is_left_out_and_no_error(reader, town) -> None:
    held = HeldApproval.objects.get(page=town.pages["SGZ-M001", "zh-hans"].pk)
    held.snapshot["pledges"][0]["category"] = 987654
    HeldApproval.objects.filter(pk=held.pk).update(
        snapshot=held.snapshot, digest=digest_of(held.snapshot)
    )
    assert NAME not in text_of(reader)


def test_a_photo_that_was_deleted_leaves_initials(reader, town) -> None:
    MemberPhoto.objects.all().delete()
    board = text_of(reader)
    assert NAME in board
    assert "<img" not in board


def test_a_password_on_the_board_closes_it(reader, town) -> None:
    for language in ("zh-hans", "en"):
        PageViewRestriction.objects.create(
            page_id=town.boards["SGZ", language].pk, restriction_type="password", password="x"
        )
    assert NAME not in text_of(reader)
    for path in everything(town)[1:]:
        assert reader.get(path).status_code == 404, path


@pytest.mark.parametrize("opened", [False, True])
def test_a_password_on_a_members_page_closes_that_one(town, reader, opened) -> None:
    if opened:
        town.open("SGZ")
    for language in ("zh-hans", "en"):
        PageViewRestriction.objects.create(
            page_id=town.pages["SGZ-M001", language].pk, restriction_type="password", password="x"
        )
    board = text_of(reader)
    assert NAME not in board
    assert "史长SGZ2" in board
    for path in everything(town)[1:]:
        assert reader.get(path).status_code == 404, path


# Stages ---------------------------------------------------------------------------------------


def test_it_is_open_while_the_pilot_runs_and_closed_otherwise(town, link, reader) -> None:
    seen = {}
    for stage in ("proposed", "agreed", "quiet", "reviewed", "suspended", "ended"):
        Pilot.objects.filter(code="SGZ").update(stage=stage)
        seen[stage] = answers(reader, town)
    assert seen == {
        "proposed": {404},
        "agreed": {404},
        "quiet": {200},
        "reviewed": {200},
        "suspended": {404},
        "ended": {404},
    }


def test_once_public_it_shows_the_public_pages(town, reader) -> None:
    town.open("SGZ")
    assert answers(reader, town) == {200}
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    withdraw(page, by=town.moderator("SGZ"), reason="a mistake")
    assert NAME not in text_of(reader)
    # What an approval that nobody released says is not read any more.
    assert text_of(reader).count("pp-tile-head") == 1


def test_a_suspension_closes_all_of_it_and_a_return_opens_it(town, reader) -> None:
    town.open("SGZ")
    town.close("SGZ")
    assert answers(reader, town) == {404}
    take_step(Pilot.objects.get(code="SGZ"), "resume", by=town.lead, reason="mended")
    assert answers(reader, town) == {200}


def test_while_the_gate_has_no_lock_it_is_closed(town, link, reader, monkeypatch) -> None:
    monkeypatch.setattr("pledge_pages.embargo.gate.may_serve", lambda: False)
    assert answers(reader, town) == {404}
    assert reader.get(path_of(link)).status_code == 404


# Links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["quiet", "approved"])
@pytest.mark.parametrize("act", ["revoke", "rotate", "expire"])
def test_a_link_that_ends_closes_pages_and_photos_at_once(town, link, reader, act, state) -> None:
    if state == "approved":
        town.open("SGZ")
    assert answers(reader, town) == {200}
    if act == "expire":
        VillageLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    else:
        getattr(links, act)(link, by=town.editor("SGZ"), reason="photographed")
    assert answers(reader, town) == {404}


def test_the_link_of_another_village_opens_nothing_of_this_one(town, reader_of) -> None:
    town.to_stage("LSW", "agreed")
    Pilot.objects.filter(code="LSW").update(stage="quiet")
    other = links.issue(town.pilots["LSW"], by=town.lead)
    neighbour = reader_of(other)
    assert NAME not in text_of(neighbour)
    for path in everything(town)[1:]:
        assert neighbour.get(path).status_code == 404, path


def test_what_only_one_village_may_see_is_not_seen_by_another_when_both_are_public(
    town, reader_of
) -> None:
    town.hold_branch("LSW")
    for code in ("SGZ", "LSW"):
        town.open(code)
    neighbour = reader_of(links.issue(town.pilots["LSW"], by=town.lead))
    assert neighbour.get("/v/").status_code == 200
    for path in everything(town)[1:]:
        assert neighbour.get(path).status_code == 404, path


def test_two_links_of_one_village_end_apart(town, link, reader, reader_of) -> None:
    second = reader_of(links.issue(town.pilots["SGZ"], by=town.lead))
    links.revoke(link, by=town.lead, reason="lost")
    assert answers(reader, town) == {404}
    assert answers(second, town) == {200}


# People ---------------------------------------------------------------------------------------


def test_names_are_those_agreed_for_the_village_not_for_the_web(town, reader) -> None:
    member = town.members["SGZ-M001"]
    withdraw_consent(member, by=town.editor("SGZ"), scope="public_web", subject="name")
    assert NAME in text_of(reader)
    town.open("SGZ")
    assert NAME in text_of(reader)
    assert NAME not in Client().get("/zh-hans/work-plan/village-1/").content.decode()


@pytest.mark.parametrize("opened", [False, True])
def test_a_name_withdrawn_for_the_village_is_gone_at_once(town, reader, opened) -> None:
    if opened:
        town.open("SGZ")
    member = town.members["SGZ-M001"]
    withdraw_consent(member, by=town.editor("SGZ"), scope="village_qr", subject="name")
    for path in ("/v/", member_path(town)):
        assert NAME not in text_of(reader, path)


@pytest.mark.parametrize("opened", [False, True])
def test_a_photo_withdrawn_for_the_village_is_gone_at_once(town, reader, opened) -> None:
    if opened:
        town.open("SGZ")
    member = town.members["SGZ-M001"]
    withdraw_consent(member, by=town.editor("SGZ"), scope="village_qr", subject="photo")
    assert photo_path(town) not in text_of(reader)
    assert reader.get(photo_path(town)).status_code == 404
    if opened:
        assert Client().get(photo_url(town.photo.token, "tile")).status_code == 200


def test_surname_only_is_surname_only(town, reader) -> None:
    Consent.objects.filter(
        member=town.members["SGZ-M001"], scope="village_qr", subject="name"
    ).update(level="surname_only")
    for path in ("/v/", member_path(town)):
        assert NAME not in text_of(reader, path)
        assert "长SGZ1" not in text_of(reader, path)


@pytest.mark.parametrize("mark", ["public", "checked"])
@pytest.mark.parametrize("opened", [False, True])
def test_evidence_is_shown_only_if_public_and_checked(town, reader, mark, opened) -> None:
    if opened:
        town.open("SGZ")
    EvidenceFile.objects.update(**{mark: False})
    assert evidence_path(town) not in text_of(reader, member_path(town))
    assert reader.get(evidence_path(town)).status_code == 404


# Words ----------------------------------------------------------------------------------------

TERMS = ("党员承诺制", "承诺制", "亮承诺", "member pledge system", "pledge pilot", "chengnuozhi")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_programme_has_its_neutral_name_until_the_first_approval(
    town, reader, language
) -> None:
    neutral = town.programme.neutral_name[language]
    for path in ("/v/", member_path(town)):
        page = text_of(reader, f"{path}?lang={language}")
        assert neutral in page
        assert not [term for term in TERMS if term in page.lower()]


def test_after_the_first_approval_it_has_its_public_name(town, reader) -> None:
    town.open("SGZ")
    assert "党员承诺制" in text_of(reader)


def test_it_says_that_the_code_is_a_hint_and_no_lock(reader, town) -> None:
    assert "a hint, not a lock" in text_of(reader, "/v/?lang=en")


@pytest.mark.parametrize("opened", [False, True])
def test_links_stay_in_the_village_or_lead_to_what_is_public(town, reader, opened) -> None:
    if opened:
        town.open("SGZ")
    for path in ("/v/", member_path(town)):
        page = text_of(reader, path)
        for target in re.findall(r'(?:href|src)="([^"]+)"', page):
            if target.startswith(("/v/", "?", "#", "data:", "/static/")):
                continue
            assert opened, target
            assert Client().get(target).status_code == 200, target


# Languages ------------------------------------------------------------------------------------


def test_the_language_is_that_of_the_browser_until_another_is_chosen(town, link, reader_of) -> None:
    english = reader_of(link, **{"accept-language": "en-GB,en;q=0.8"})
    assert "Sweep the village gate" in text_of(english)
    assert '<html lang="en"' in text_of(english)
    assert PLEDGE in text_of(english, "/v/?lang=zh-hans")
    assert PLEDGE in text_of(english), "the choice is kept"
    assert PLEDGE in text_of(english, member_path(town))


def test_the_switch_keeps_to_the_page_and_the_year(town, reader) -> None:
    assert 'href="?year=2026&amp;lang=en"' in text_of(reader, "/v/?year=2026")
    assert 'href="?lang=en"' in text_of(reader, member_path(town))


def test_an_unknown_language_is_as_none(town, reader) -> None:
    assert PLEDGE in text_of(reader, "/v/?lang=xx")


def test_a_board_approved_in_one_language_is_shown_in_that_one(town, reader) -> None:
    for code in ("SGZ-M001", "SGZ-M002"):
        withdraw(
            MemberPledgePage.objects.get(pk=town.pages[code, "zh-hans"].pk),
            by=town.moderator("SGZ"),
            reason="anew",
        )
    withdraw(
        BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk),
        by=town.moderator("SGZ"),
        reason="anew",
    )
    assert "Sweep the village gate" in text_of(reader)

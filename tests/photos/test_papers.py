# ruff: noqa: F811 (fixtures of other rooms)
"""The scan of a consent on paper: for staff and leads, and only as long as the consent counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import ModelLogEntry

from pledge_pages.models import Consent, ConsentPaper
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.photos.papers import record_consent_on_paper
from tests.photos.pictures import jpeg, pdf
from tests.village.conftest import town  # noqa: F401

pytestmark = pytest.mark.django_db


def scan(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("Li Ming signed.jpg", content or jpeg())


def recorded(town, **values) -> Consent:
    values = {
        "scope": "public_web", "subject": "name", "level": "full", "method": "paper",
        "given_on": timezone.localdate(), "scan": scan(), "by": town.editor("SGZ"), **values,
    }  # fmt: skip
    return record_consent_on_paper(town.members["SGZ-M001"], **values)


def address(paper: ConsentPaper) -> str:
    return f"/admin/pledge-boards/members/consent/paper/{paper.pk}/"


def read_by(user, paper: ConsentPaper):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(address(paper))


def test_staff_and_leads_open_it_and_nobody_else(town) -> None:
    paper = recorded(town).paper
    for user in (town.editor("SGZ"), town.moderator("SGZ"), town.lead):
        answer = read_by(user, paper)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    for user in (None, town.editor("LSW"), town.verifier("SGZ")):
        assert read_by(user, paper).status_code in (302, 404)
    assert "Li Ming" not in paper.file.name


def test_a_pdf_is_a_download_and_what_is_neither_is_refused(town) -> None:
    paper = recorded(town, scan=scan(pdf())).paper
    answer = read_by(town.editor("SGZ"), paper)
    assert answer.headers["Content-Disposition"] == "attachment"
    before = Consent.objects.count()
    for values in ({"scan": scan(b"<html>")}, {"method": "in_person"}):
        with pytest.raises(ValidationError) as caught:
            recorded(town, **values)
        assert list(caught.value.error_dict) == ["scan"]
    with pytest.raises(PermissionDenied):
        recorded(town, by=town.editor("LSW"))
    assert Consent.objects.count() == before


def gone(paper: ConsentPaper) -> bool:
    there = ConsentPaper.objects.filter(pk=paper.pk).exists()
    return not there and not paper.file.storage.exists(paper.file.name)


def test_it_is_deleted_when_the_consent_is_withdrawn(town) -> None:
    paper = recorded(town).paper
    with TestCase.captureOnCommitCallbacks(execute=True):
        withdraw_consent(town.members["SGZ-M001"], by=town.editor("SGZ"), subject="name")
    assert gone(paper)
    assert Consent.objects.filter(pk=paper.consent_id).exists()
    line = ModelLogEntry.objects.get(action="pledge_pages.delete_consent_paper")
    assert line.user == town.editor("SGZ")


def test_it_stays_while_another_consent_is_withdrawn(town) -> None:
    paper = recorded(town).paper
    withdraw_consent(town.members["SGZ-M001"], by=town.editor("SGZ"), subject="photo")
    assert ConsentPaper.objects.filter(pk=paper.pk).exists()


def test_it_is_deleted_when_another_paper_replaces_it(town) -> None:
    first = recorded(town).paper
    with TestCase.captureOnCommitCallbacks(execute=True):
        second = recorded(town).paper
    assert gone(first)
    assert ConsentPaper.objects.filter(pk=second.pk).exists()


def test_what_ran_out_or_was_replaced_otherwise_goes_with_the_timer(town) -> None:
    over = recorded(town, scope="village_qr").paper
    kept = recorded(town, scope="village_print").paper
    yesterday = timezone.localdate() - timedelta(days=1)
    replaced = recorded(town).paper
    Consent.objects.filter(pk=over.consent_id).update(expires_on=yesterday)
    record_consent(
        town.members["SGZ-M001"], by=town.editor("SGZ"), scope="public_web", subject="name",
        level="full", method="in_person", given_on=yesterday,
    )  # fmt: skip
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("erase_photos", verbosity=0)
    assert gone(over)
    assert gone(replaced)
    assert ConsentPaper.objects.filter(pk=kept.pk).exists()


def test_it_is_entered_and_found_in_the_admin(town) -> None:
    client, member = Client(), town.members["SGZ-M001"]
    client.force_login(town.editor("SGZ"))
    data = {
        "scope": "public_web", "subject": "name", "level": "full", "state": "granted",
        "given_on": "2026-01-05", "method": "paper", "scan": scan(),
    }  # fmt: skip
    answer = client.post(f"/admin/pledge-boards/members/consent/{member.pk}/", data, follow=True)
    paper = ConsentPaper.objects.get()
    assert address(paper) in answer.content.decode()
    data["method"], data["scan"] = "in_person", scan()
    refused = client.post(f"/admin/pledge-boards/members/consent/{member.pk}/", data)
    assert refused.status_code == 200
    assert "scan" in refused.context["form"].errors

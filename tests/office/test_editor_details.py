"""Details of the editors that people stumble over."""

import io
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from pledge_pages.models import Consent, Member, MemberPhoto, Office
from tests.office.test_editing import form_of, url

pytestmark = pytest.mark.django_db


def jpeg():
    out = io.BytesIO()
    Image.effect_noise((200, 260), 60).convert("RGB").save(out, "JPEG")
    out.seek(0)
    out.name = "a.jpg"
    return out


def test_the_same_photo_is_stored_once_whatever_the_number_of_autosaves(town, sign_in, member_page):
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, member_page())
    photo = jpeg()
    for _i in range(3):
        photo.seek(0)
        client.post(
            url("edit", member_page().pk),
            data | {"new_photo": photo},
            headers={"accept": "application/json"},
        )
    assert MemberPhoto.objects.count() == 1


@pytest.mark.parametrize("year", ["0", "1999", "9999"])
def test_a_year_that_cannot_be_is_one_error_at_the_year(town, sign_in, member_page, year):
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, member_page()) | {"pledges-0-year": year, "action-submit": "true"}
    response = client.post(url("edit", member_page().pk), data)
    errors = response.context["form"].formsets["pledges"].errors
    assert list(errors[0]) == ["year"]


@pytest.mark.parametrize(
    ("due", "error"),
    [
        ("2025-12-31", "before the pledge's year, 2026"),
        ("2026-01-01", None),
        ("2027-02-28", None),
        ("2027-03-01", "may fall due on 2027-02-28 at the latest"),
    ],
)
def test_a_due_date_lies_in_the_year_of_its_pledge_or_two_months_after(
    town, sign_in, member_page, due, error
):
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, member_page()) | {"pledges-0-due": due, "action-submit": "true"}
    response = client.post(url("edit", member_page().pk), data)
    if error is None:
        assert response.status_code == 302
        assert member_page().get_latest_revision_as_object().pledges.get().due.isoformat() == due
        return
    errors = response.context["form"].formsets["pledges"].errors
    assert list(errors[0]) == ["due"]
    assert error in unescape(str(errors[0]["due"]))
    assert not member_page().workflow_in_progress


def test_photos_are_asked_for_and_refused_with_the_same_list_of_types(town, sign_in, member_page):
    client = sign_in(town.editor("SGZ"))
    field = client.get(url("edit", member_page().pk)).context["form"].fields["new_photo"]
    text = io.BytesIO(b"no photo at all")
    text.name = "a.jpg"
    data = form_of(client, member_page()) | {"new_photo": text}
    form = client.post(url("edit", member_page().pk), data).context["form"]
    kinds = ["JPEG", "PNG", "WebP", "HEIC", "AVIF"]
    for words in (str(field.help_text), str(form.errors["new_photo"])):
        assert [kind for kind in kinds if kind in words] == kinds


def test_the_name_that_a_member_consents_to_is_a_person_s_name():
    with override("zh-hans"):
        assert Consent.Subject.NAME.label == "姓名"
    with override("en"):
        assert Consent.Subject.NAME.label == "Name"


def test_a_member_who_has_a_page_is_an_error_at_the_field(town, sign_in, board):
    data = {"member": town.members["SGZ-M001"].pk}
    for name in ("pledges", "tasks", "updates", "amendments"):
        data |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    response = sign_in(town.editor("SGZ")).post(
        url("add", "pledge_pages", "memberpledgepage", board().pk), data
    )
    assert response.status_code == 200
    assert response.context["form"].errors["member"]


def test_an_english_draft_is_previewed_in_english(town, sign_in, member_page):
    page = member_page(language="en")
    body = sign_in(town.editor("SGZ")).get(url("view_draft", page.pk)).content.decode()
    assert "Reported done, being checked" in body
    assert "搜索" not in body


def test_the_board_s_editor_syncs_its_title_with_no_missing_slug_field(town, sign_in, board):
    assert "w-sync" not in sign_in(town.editor("SGZ")).get(url("edit", board().pk)).content.decode()


def test_leads_do_not_read_other_programmes_members_in_the_site_history(town, sign_in):
    from wagtail.log_actions import log

    from pledge_pages.models import Pilot, Programme

    other = Pilot.objects.create(programme=Programme.objects.create(code="Q"), code="QQ")
    member = Member.objects.create(
        code="QQ-1", pilot=other, surname="秘", given_name="密", office=Office.objects.first()
    )
    log(instance=member, action="pledge_pages.record_consent", user=town.admin)
    assert (
        "秘密"
        not in sign_in(town.lead).get(reverse("wagtailadmin_reports:site_history")).content.decode()
    )

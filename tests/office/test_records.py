"""Members with their consents, reference data, new branches and programmes."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Locale

from pledge_pages.models import (
    BranchPage,
    Category,
    Consent,
    Member,
    Office,
    Pilot,
    Programme,
    ProgrammePage,
    Role,
    Wave,
)
from tests.worlds import make_user

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(name, args=args)


# Members ------------------------------------------------------------------------------------


def test_each_reader_sees_the_members_of_their_own_branches(town, sign_in):
    for user, expected in (
        (town.editor("SGZ"), {"SGZ"}),
        (town.moderator("LSW"), {"LSW"}),
        (town.lead, {"SGZ", "LSW"}),
    ):
        rows = sign_in(user).get(url("pledge_members:index")).context["object_list"]
        assert {member.pilot.code for member in rows} == expected


@pytest.mark.parametrize("view", ["inspect", "edit", "delete", "history", "usage"])
def test_another_branch_s_member_is_not_found(town, sign_in, view):
    address = url(f"pledge_members:{view}", town.members["SGZ-M001"].pk)
    response = sign_in(town.editor("LSW")).get(address)
    assert response.status_code in (302, 404)
    assert "SGZ" not in response.content.decode().replace(address, "")


def test_an_editor_adds_and_changes_members_of_their_branch_only(town, sign_in):
    client = sign_in(town.editor("SGZ"))
    data = {
        "pilot": town.pilots["SGZ"].pk, "code": "SGZ-M050", "surname": "方", "given_name": "圆",
        "office": Office.objects.get(code="mem").pk, "active": "on",
    }  # fmt: skip
    assert client.post(url("pledge_members:add"), data).status_code == 302
    member = Member.objects.get(code="SGZ-M050")
    foreign = client.post(
        url("pledge_members:add"), data | {"pilot": town.pilots["LSW"].pk, "code": "X1"}
    )
    assert "pilot" in foreign.context["form"].errors
    twice = client.post(url("pledge_members:add"), data | {"code": "sgz-m050"})
    assert "already" in str(twice.context["form"].errors["code"])
    changed = data | {"given_name": "园", "pilot": town.pilots["LSW"].pk}
    client.post(url("pledge_members:edit", member.pk), changed)
    member.refresh_from_db()
    assert member.given_name == "园"
    assert member.pilot == town.pilots["SGZ"]


def test_what_approved_pages_say_of_a_person_is_for_leads_to_change(town, sign_in, member_page):
    town.hold(member_page(), "SGZ")
    member, office = town.members["SGZ-M001"], Office.objects.get(code="mem")
    data = {
        "pilot": member.pilot_id, "code": member.code, "surname": "方", "given_name": "圆",
        "office": office.pk, "posts": [],
    }  # fmt: skip

    def after(user):
        sign_in(user).post(url("pledge_members:edit", member.pk), data)
        now = Member.objects.get(pk=member.pk)
        return now.surname, now.office.code, now.posts.count(), now.active

    form = sign_in(town.editor("SGZ")).get(url("pledge_members:edit", member.pk)).context["form"]
    assert "a lead of the programme corrects it" in form.fields["office"].help_text
    assert after(town.editor("SGZ")) == ("史", "sec", 1, True)
    assert after(town.lead) == ("方", "mem", 0, False)


def test_a_moderator_reads_members_and_changes_none(town, sign_in):
    client = sign_in(town.moderator("SGZ"))
    pk = town.members["SGZ-M001"].pk
    assert client.get(url("pledge_members:inspect", pk)).status_code == 200
    assert client.get(url("pledge_members:edit", pk)).status_code == 302
    assert client.get(url("pledge_members:add")).status_code == 302
    assert (
        url("pledge_members:edit", pk)
        not in client.get(url("pledge_members:index")).content.decode()
    )


def test_consent_is_recorded_and_withdrawn_and_the_earlier_record_stays(town, sign_in):
    member = town.members["SGZ-M001"]
    client = sign_in(town.editor("SGZ"))
    response = client.post(
        url("pledge_members:record_consent", member.pk),
        {
            "scope": "public_web", "subject": "name", "level": "surname_only", "state": "granted",
            "given_on": "2026-01-05", "method": "paper", "witness": "罗静宜",
        },
    )  # fmt: skip
    assert response.status_code == 302
    current = member.consents.get(scope="public_web", subject="name", current=True)
    assert current.level == "surname_only"
    assert member.consents.filter(scope="public_web", subject="name").count() == 2
    body = client.get(url("pledge_members:inspect", member.pk)).content.decode()
    assert "Surname only" in body
    assert "Earlier records" in body
    client.post(
        url("pledge_members:withdraw_consent", member.pk), {"subject": "photo", "scope": ""}
    )
    assert member.consents.filter(subject="photo", state="withdrawn").count() == 3


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        (["expires_on"], {"expires_on": "2025-01-05"}),
        (["given_on", "method"], {"given_on": "", "method": ""}),
        (["given_on"], {"given_on": "2026-02-31"}),
        (["state"], {"level": "none"}),
    ],
)
def test_a_consent_that_cannot_have_been_given_so_is_an_error_at_its_field(
    town, sign_in, fields, what
):
    member = town.members["SGZ-M001"]
    asked = {
        "scope": "public_web", "subject": "name", "level": "full", "state": "granted",
        "given_on": "2026-01-05", "method": "paper",
    }  # fmt: skip
    response = sign_in(town.editor("SGZ")).post(
        url("pledge_members:record_consent", member.pk), {**asked, **what}
    )
    assert list(response.context["form"].errors) == fields
    assert Consent.objects.filter(member=member).count() == 6


def test_a_member_with_a_page_is_not_deleted(town, sign_in):
    address = url("pledge_members:delete", town.members["SGZ-M001"].pk)
    response = sign_in(town.lead).post(address, follow=True)
    assert "not deleted" in response.content.decode()
    assert Member.objects.filter(code="SGZ-M001").exists()


# Reference data -------------------------------------------------------------------------------


def test_leads_keep_reference_data_and_others_do_not_see_it(town, sign_in):
    data = {"code": "reading", "name_zh_hans": "读报", "name_en": "Reading", "rank": 5}
    assert sign_in(town.editor("SGZ")).post(url("pledge_categories:add"), data).status_code == 302
    assert not Category.objects.filter(code="reading").exists()
    sign_in(town.lead).post(url("pledge_categories:add"), data)
    assert Category.objects.get(code="reading").name == {"zh-hans": "读报", "en": "Reading"}
    for name in ("categories", "posts", "offices", "waves", "programmes"):
        assert sign_in(town.lead).get(url(f"pledge_{name}:index")).status_code == 200
        assert sign_in(town.editor("SGZ")).get(url(f"pledge_{name}:index")).status_code == 302


def test_a_lead_adds_a_wave_to_their_own_programme_only(town, sign_in):
    other = Programme.objects.create(code="Q", neutral_name={"en": "Other"})
    client = sign_in(town.lead)
    data = {"programme": town.programme.pk, "number": 7, "name_zh_hans": "第七批"}
    client.post(url("pledge_waves:add"), data)
    assert Wave.objects.filter(programme=town.programme, number=7).exists()
    client.post(url("pledge_waves:add"), data | {"programme": other.pk})
    assert not Wave.objects.filter(programme=other).exists()


def test_the_names_of_a_programme_are_changed_and_its_code_is_not(town, sign_in):
    client = sign_in(town.lead)
    address = url("pledge_programmes:edit", town.programme.pk)
    assert client.get(address).status_code == 200
    client.post(
        address,
        {
            "code": "OTHER", "public_name_zh_hans": "公开", "public_name_en": "Public",
            "neutral_name_zh_hans": "安排", "neutral_name_en": "Plan",
        },
    )  # fmt: skip
    town.programme.refresh_from_db()
    assert town.programme.code == "PP"
    assert town.programme.neutral_name["en"] == "Plan"
    assert client.get("/admin/pledge-boards/programmes/new/").status_code == 404


# Branches and programmes -----------------------------------------------------------------------


def branch(town, **changes) -> dict:
    data = {
        "programme": town.programme.pk, "code": "TJP", "name_zh_hans": "唐家坪村",
        "name_en": "Tangjiaping", "slug": "village-9", "wave": Wave.objects.first().pk,
        "lead": town.lead.pk, "liaison_zh_hans": "罗静宜", "reason": "the village asked for it",
    }  # fmt: skip
    return data | changes


def test_a_lead_opens_a_branch_with_board_groups_and_history(town, sign_in):
    response = sign_in(town.lead).post(url("pledge_boards:open_branch"), branch(town))
    pilot = Pilot.objects.get(code="TJP")
    assert response.url == url("pledge_boards:pilot", pilot.pk)
    assert pilot.stage == "proposed"
    assert pilot.transitions.get().reason == "the village asked for it"
    assert BranchPage.objects.filter(pilot=pilot, live=False).count() == 2
    assert set(Role.objects.filter(pilot=pilot).values_list("kind", flat=True)) == {
        "editor", "moderator", "verifier", "supervisor",
    }  # fmt: skip


def test_a_bad_branch_form_names_its_field_and_makes_nothing(town, sign_in):
    before = Pilot.objects.count(), BranchPage.objects.count()
    client = sign_in(town.lead)
    for changes, field in (
        ({"code": "sgz"}, "code"),
        ({"code": "a b"}, "code"),
        ({"code": ""}, "code"),
        ({"slug": "village-1"}, "slug"),
        ({"name_zh_hans": "", "name_en": ""}, "name"),
    ):
        response = client.post(url("pledge_boards:open_branch"), branch(town, **changes))
        assert response.context["form"].errors[field], changes
    assert (Pilot.objects.count(), BranchPage.objects.count()) == before


def test_only_leads_open_branches_and_only_administrators_programmes(town, sign_in):
    sign_in(town.moderator("SGZ")).post(url("pledge_boards:open_branch"), branch(town))
    assert not Pilot.objects.filter(code="TJP").exists()
    assert sign_in(town.lead).get(url("pledge_boards:open_programme")).status_code == 302


def test_an_administrator_opens_a_programme_with_its_pages_and_group(town, sign_in):
    parents = {
        f"parent_{Locale.objects.get(language_code=language).pk}": page.pk
        for language, page in town.home.items()
    }
    data = {
        "code": "UNION", "public_name_zh_hans": "工会承诺", "neutral_name_zh_hans": "工会安排",
        "slug": "union-plan", **parents,
    }  # fmt: skip
    client = sign_in(town.admin)
    assert client.get(url("pledge_boards:open_programme")).status_code == 200
    assert client.post(url("pledge_boards:open_programme"), data).status_code == 302
    pages = ProgrammePage.objects.filter(programme__code="UNION")
    assert pages.count() == 2
    assert not pages.filter(live=True).exists()
    assert Role.objects.filter(programme__code="UNION", kind="lead").exists()
    again = client.post(url("pledge_boards:open_programme"), data)
    assert again.context["form"].errors["code"]
    nowhere = {key: value for key, value in data.items() if not key.startswith("parent")}
    response = client.post(url("pledge_boards:open_programme"), nowhere | {"code": "Z"})
    assert "Choose a parent page" in response.content.decode()


@pytest.mark.parametrize("kind", ["verifier", "supervisor"])
def test_who_checks_from_outside_sees_no_drafts_and_no_people(town, sign_in, kind):
    checker = make_user(f"the-{kind}")
    checker.groups.add(Role.objects.get(pilot__code="SGZ", kind=kind).group)
    client = sign_in(checker)
    page = town.pages["SGZ-M001", "en"]
    assert client.get(url("wagtailadmin_pages:edit", page.pk)).status_code != 200
    assert client.get(url("pledge_members:index")).status_code != 200
    assert page.slug not in client.get(url("wagtailadmin_explore_root")).content.decode()


def test_lists_say_yes_and_no_and_count_what_they_list(town, sign_in, member_page, monkeypatch):
    client = sign_in(town.lead)
    body = client.get(url("pledge_programmes:index")).content.decode()
    assert "False" not in body
    assert re.search(r">\s*No\s*<", body)
    monkeypatch.setattr("pledge_pages.office.page_lists.WaitingListView.paginate_by", 1)
    for code in ("SGZ-M001", "SGZ-M002"):
        town.submit(member_page(code), town.editor("SGZ"))
    body = sign_in(town.moderator("SGZ")).get(url("pledge_boards:waiting", "review"))
    assert "2 pages" in body.content.decode()
    assert "ask state" not in body.content.decode()

"""Wagtail's preview of API v3: drafts only for who may edit them, no way past the gate, no 500."""

import json

import pytest
from django.db import transaction
from wagtail.models import Page

from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import HeldApproval, MemberPhoto

pytestmark = pytest.mark.django_db

PAGES = "/api/v3-preview/pages/"
SECRETS = ("LSW", "village-2")
GATED = "pledge_pages.{}".format


def page_of(town, code="LSW-M001", language="en") -> Page:
    return Page.objects.get(pk=town.pages[code, language].pk).specific


@pytest.fixture
def people(bearer, half_open_town):
    """The API by who asks it, the public among them."""
    town = half_open_town
    users = {
        "editor": town.editor("LSW"), "other editor": town.editor("SGZ"),
        "moderator": town.moderator("LSW"), "lead": town.lead, "admin": town.admin,
    }  # fmt: skip
    return {name: bearer(user) for name, user in users.items()}


def questions(pk: int, parent: int) -> list[str]:
    return [
        f"{pk}/", f"{pk}/?version=draft", f"find/?id={pk}", f"find/?id={pk}&version=draft",
        f"?child_of={parent}", f"?descendant_of={parent}", f"?ancestor_of={pk}",
        f"?translation_of={pk}", f"{pk}/revisions/", f"{pk}/revisions/1/",
    ]  # fmt: skip


def test_a_hidden_page_answers_every_question_as_one_that_does_not_exist(
    public, people, half_open_town
) -> None:
    hidden = page_of(half_open_town)
    asked = questions(hidden.pk, half_open_town.boards["LSW", "en"].pk)
    asked += ["find/?html_path=/en/work-plan/village-2/", f"?slug={hidden.slug}"]
    unknown = questions(999_998, 999_999)
    unknown += ["find/?html_path=/en/work-plan/village-9/", "?slug=abcdefghjk"]
    for reader in (public, people["other editor"]):
        for first, second in zip(asked, unknown, strict=True):
            one, other = reader.get(PAGES + first), reader.get(PAGES + second)
            assert one.status_code in (200, 401, 404, 422), first
            assert (one.status_code, one.content) == (other.status_code, other.content), first


def test_no_list_or_search_has_anything_of_a_hidden_branch(public, people, half_open_town) -> None:
    live = Page.objects.filter(live=True, depth__gt=1).values_list("pk", flat=True)
    paths = [*(f"{pk}/?version=draft" for pk in live), "?limit=100", "?search=LSW", "?locale=en"]
    paths += [f"?type=pledge_pages.{name}" for name in ("BranchPage", "MemberPledgePage")]
    for reader in (public, people["other editor"]):
        for path in paths:
            text = reader.get(PAGES + path).content.decode()
            assert not any(secret in text for secret in SECRETS), path


def test_drafts_are_for_who_may_edit_them(public, people, half_open_town) -> None:
    page = page_of(half_open_town)
    allowed = {
        name: reader.get(f"{PAGES}{page.pk}/?version=draft").status_code
        for name, reader in people.items()
    }
    assert allowed == {
        "editor": 200, "other editor": 404, "moderator": 404, "lead": 404, "admin": 200,
    }  # fmt: skip
    assert public.get(f"{PAGES}{page.pk}/?version=draft").status_code == 404


def test_a_draft_shows_the_draft_to_its_editor_and_nothing_of_it_to_others(
    public, people, bearer, half_open_town
) -> None:
    page = page_of(half_open_town, "SGZ-M001")
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "not yet"
    draft.pledges = [pledge]
    draft.save_revision(user=half_open_town.editor("SGZ"))
    path = f"{PAGES}{page.pk}/?version=draft"
    assert people["other editor"].get(path).json()["pledge_list"][0]["text"] == "not yet"
    assert "not yet" not in public.get(path).content.decode()
    assert people["editor"].get(path).status_code == 404


def test_a_public_page_shows_the_same_as_in_v2(public, half_open_town) -> None:
    page = page_of(half_open_town, "SGZ-M001")
    new, old = public.get(f"{PAGES}{page.pk}/").json(), public.get(f"/api/v2/pages/{page.pk}/")
    for field in ("title", "name", "office", "posts", "photo_renditions", "counts", "pledge_list"):
        assert new[field] == old.json()[field], field


def steps(town) -> list[tuple[str, str, dict | None]]:
    """Return (method, path, body) of everything that v3 lets one do with a page."""
    found = []
    pages = [town.pages["LSW-M001", "en"], town.pages["SGZ-M001", "en"], town.boards["LSW", "en"],
             town.programme_pages["en"]]  # fmt: skip
    homes = [town.home["en"].pk, town.boards["SGZ", "en"].pk, town.boards["LSW", "en"].pk]
    for page in pages:
        latest = Page.objects.get(pk=page.pk).latest_revision_id
        for verb, bodies in {
            "publish": [None],
            "unpublish": [{}, {"recursive": True}],
            "copy": [{"slug": "x"}, {"slug": "x", "recursive": True, "keep_live": True}]
            + [{"destination_id": pk, "slug": "y"} for pk in homes],
            "move": [
                {"destination_id": pk, "position": position}
                for pk in homes for position in ("first-child", "left")
            ],
            "create_alias": [{}, *({"destination_id": pk, "recursive": True} for pk in homes)],
            "copy_for_translation": [
                {"locale": "zh-hans"},
                {"locale": "zh-hans", "alias": True, "copy_parents": True, "recursive": True},
            ],
            "convert_alias": [None],
            "revert": [{"revision_id": latest}],
        }.items():  # fmt: skip
            found += [("POST", f"{page.pk}/actions/{verb}/", body) for body in bodies]
        found += [
            ("PATCH", f"{page.pk}/", {"title": "x", "meta": {"action": "publish"}}),
            ("PATCH", f"{page.pk}/", {"meta": {"action": "publish"}}),
            ("DELETE", f"{page.pk}/", None),
            ("DELETE", f"{page.pk}/actions/delete/", None),
        ]
    for name, parents in {
        "MemberPledgePage": [town.boards["LSW", "en"].pk, town.boards["SGZ", "en"].pk],
        "BranchPage": [town.programme_pages["en"].pk],
        "ProgrammePage": [town.home["en"].pk],
        "HomePage": [town.home["en"].pk],
    }.items():
        label = f"home.{name}" if name == "HomePage" else GATED(name)
        for parent in parents:
            for action in (None, "publish"):
                meta = {"type": label, "parent_id": parent, "action": action}
                found.append(("POST", "", {"title": "x", "meta": meta}))
    return found


@pytest.mark.parametrize("who", ["editor", "other editor", "admin"])
def test_nothing_goes_public_by_any_step_and_none_breaks_the_server(
    people, half_open_town, who
) -> None:
    public = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    held = HeldApproval.objects.filter(withdrawn_at__isnull=True).count()
    for method, path, body in steps(half_open_town):
        before = transaction.savepoint()
        content = b"" if body is None else json.dumps(body).encode()
        answer = people[who].send(method, PAGES + path, content)
        assert answer.status_code in (200, 201, 204, 403, 404, 422), (method, path, body)
        live = set(Page.objects.filter(live=True, gate__isnull=False).values_list("pk", flat=True))
        assert live <= public, (method, path, body)
        approved = HeldApproval.objects.filter(withdrawn_at__isnull=True).count()
        assert approved <= held, (method, path, body)
        transaction.savepoint_rollback(before)


def test_publishing_is_refused_for_everyone(people, half_open_town) -> None:
    for page in (page_of(half_open_town), page_of(half_open_town, "SGZ-M001")):
        for name, reader in people.items():
            answer = reader.post(f"{PAGES}{page.pk}/actions/publish/")
            assert answer.status_code == 403, name
            assert answer.json()["detail"]
        answer = people["admin"].post(f"{PAGES}{page.pk}/actions/publish/")
        assert "submit it for moderation" in answer.json()["detail"]


def test_a_page_that_others_hang_from_hides_them_when_it_is_withdrawn(
    public, half_open_town
) -> None:
    town = half_open_town
    member = f"{PAGES}{page_of(town, 'SGZ-M001').pk}/"
    assert public.get(member).status_code == 200
    withdraw(town.programme_pages["en"].specific, by=town.lead, reason="its name was wrong")
    for page in (town.boards["SGZ", "en"], page_of(town, "SGZ-M001")):
        answer = public.get(f"{PAGES}{page.pk}/")
        assert answer.status_code == 404
        assert "Member pledge system" not in answer.content.decode()


@pytest.mark.parametrize("position", ["first-sibling", "last-sibling", "left", "right"])
def test_nobody_reorders_the_pages_of_a_board(people, half_open_town, position) -> None:
    first, second = page_of(half_open_town, "SGZ-M001"), page_of(half_open_town, "SGZ-M002")
    paths = Page.objects.get(pk=first.pk).path, Page.objects.get(pk=second.pk).path
    for reader in (people["editor"], people["admin"]):
        answer = reader.send(
            "POST", f"{PAGES}{first.pk}/actions/move/",
            json.dumps({"destination_id": second.pk, "position": position}).encode(),
        )  # fmt: skip
        assert answer.status_code >= 400
    assert (Page.objects.get(pk=first.pk).path, Page.objects.get(pk=second.pk).path) == paths


def test_only_what_the_admin_offers_can_be_written(people, half_open_town) -> None:
    board, page = half_open_town.boards["LSW", "en"], page_of(half_open_town)
    for target, field, value in (
        (page, "title", "史长LSW1"), (page, "slug", "shi"), (page, "seo_title", "史长LSW1"),
        (page, "search_description", "x"), (page, "show_in_menus", True), (board, "slug", "x"),
        (board, "seo_title", "x"), (board, "search_description", "x"),
    ):  # fmt: skip
        for who in ("editor", "admin"):
            answer = people[who].send(
                "PATCH", f"{PAGES}{target.pk}/", json.dumps({field: value}).encode()
            )
            assert answer.status_code == 422, field
            assert answer.json()["errors"][0]["loc"] == [field]
    assert Page.objects.get(pk=board.pk).slug == "village-2"
    title = people["editor"].send("PATCH", f"{PAGES}{board.pk}/", b'{"title": "Better"}')
    assert title.status_code == 200
    assert Page.objects.get(pk=board.pk).specific.standing_approval.snapshot["title"] != "Better"


def test_neither_member_nor_photo_nor_pledges_can_be_written(people, half_open_town) -> None:
    page = page_of(half_open_town)
    other = half_open_town.members["SGZ-M001"]
    photo = MemberPhoto(member=other, title="x", width=1, height=1, file="photos/x.jpg")
    MemberPhoto.objects.bulk_create([photo])
    body = {
        "member": other.pk, "photo": photo.pk, "new_photo": "x", "pledges": [], "updates": [],
        "name": "x", "pledge_list": [],
    }  # fmt: skip
    people["editor"].send("PATCH", f"{PAGES}{page.pk}/", json.dumps(body).encode())
    content = page_of(half_open_town).get_latest_revision().content
    assert content["member"] == page.member_id
    assert content["photo"] is None
    assert content["pledges"][0]["text"] == "Sweep the village gate LSW-M001"


def test_a_members_page_is_not_made_without_its_member(people, half_open_town) -> None:
    meta = {"type": GATED("MemberPledgePage"), "parent_id": half_open_town.boards["LSW", "en"].pk}
    body = {"title": "x", "member": half_open_town.members["LSW-M001"].pk, "meta": meta}
    answer = people["editor"].post(PAGES, body)
    assert answer.status_code == 422
    assert "admin" in answer.json()["errors"][0]["msg"]


def test_what_can_be_written_is_described_so(people) -> None:
    for name in ("ProgrammePage", "BranchPage", "MemberPledgePage"):
        schema = people["admin"].get(f"/api/v3-preview/schema/pledge_pages.{name}/").json()
        for direction in ("create", "patch"):
            assert set(schema[direction]["properties"]) == {
                "meta", "title", "slug", "seo_title", "search_description", "show_in_menus",
            }  # fmt: skip

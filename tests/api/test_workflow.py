"""The review over the API: the admin's steps, under exactly the admin's permissions."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, TaskState

from pledge_pages.api.states import states_of
from pledge_pages.embargo import moderation
from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import BranchPage, MemberPledgePage, Pledge, ProgrammePage, Role
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

STEPS = ("submit", "approve", "reject", "withdraw")
REVIEWERS = "Only a moderator of this branch may review the page."
WHO_MAY = {
    "submit": "Only editors of this branch may submit the page.",
    "approve": REVIEWERS,
    "reject": REVIEWERS,
    "withdraw": "Only moderators of the branch and leads may withdraw an approval.",
}


def path(page, step: str = "") -> str:
    return f"pages/{page.pk}/workflow/{step}"


def decide(who, page, step: str, body: dict | None = None):
    """Take a step of a review with what is under review now, as somebody who has just read it."""
    under_review = who.get(path(page)).json().get("under_review") or {}
    decides = step in ("approve", "reject") and under_review
    seen = {"version": under_review["version"]} if decides else {}
    return who.post(path(page, step), seen | (body or {}))


def names(answer) -> list[str]:
    return [step["name"] for step in answer.json()["transitions"]]


def fresh(page) -> Page:
    return Page.objects.get(pk=page.pk).specific


@pytest.fixture
def page(quiet_town) -> MemberPledgePage:
    return quiet_town.pages["SGZ-M001", "en"]


@pytest.fixture
def editor(bearer, quiet_town):
    return bearer(quiet_town.editor("SGZ"))


@pytest.fixture
def moderator(bearer, quiet_town):
    return bearer(quiet_town.moderator("SGZ"))


def test_a_page_goes_from_draft_to_held_and_back_by_its_own_links(editor, moderator, page) -> None:
    shown = editor.get(path(page))
    assert (shown.json()["type"], shown.json()["title"]) == ("member", page.member.public_id)
    assert (shown.json()["review_state"], names(shown)) == ("private", ["submit"])
    link = shown.json()["transitions"][0]
    assert (link["method"], link["needs_comment"]) == ("POST", False)
    submitted = editor.post(link["href"])
    assert (submitted.json()["review_state"], names(submitted)) == ("pending", [])

    review = moderator.get(path(page))
    assert names(review) == ["approve", "reject"]
    links = {step["name"]: step for step in review.json()["transitions"]}
    assert links["reject"]["needs_comment"] is True
    seen = review.json()["under_review"]
    assert {"field": "pledges[0].text", "text": page.pledges.get().text} in seen["texts"]
    said = {"version": seen["version"], "comment": "No measure."}
    returned = moderator.post(links["reject"]["href"], said)
    assert returned.json()["review_state"] == "private"
    assert editor.get(path(page)).json()["last_return"]["comment"] == "No measure."

    assert editor.post(path(page, "submit")).json()["review_state"] == "pending"
    held = decide(moderator, page, "approve", {"comment": "Good."})
    assert held.status_code == 200
    assert (held.json()["review_state"], held.json()["draft_state"]) == ("held", "none")
    assert "published" not in held.content.decode()
    assert held.json()["last_return"] is None
    assert not fresh(page).live

    assert names(held) == ["withdraw"]
    gone = moderator.post(path(page, "withdraw"), {"comment": "A mistake."})
    assert gone.json()["review_state"] == "withdrawn"
    assert fresh(page).standing_approval is None
    assert names(editor.get(path(page))) == ["submit"]


def test_an_approval_in_an_open_pilot_publishes_at_once(bearer, public, half_open_town) -> None:
    page = fresh(half_open_town.pages["SGZ-M001", "en"])
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "better"
    draft.pledges = [pledge]
    draft.save_revision(user=half_open_town.editor("SGZ"))
    editor = bearer(half_open_town.editor("SGZ"))
    moderator = bearer(half_open_town.moderator("SGZ"))
    shown = editor.post(path(page, "submit")).json()
    assert (shown["review_state"], shown["draft_state"]) == ("published", "pending")
    assert "better" not in public.get(f"members/{page.slug}/?language=en").content.decode()
    titles = [row["title"] for row in moderator.get(path(page)).json()["transitions"]]
    assert "Approve and publish" in titles
    done = decide(moderator, page, "approve").json()
    assert (done["review_state"], done["draft_state"]) == ("published", "none")
    assert "better" in public.get(f"members/{page.slug}/?language=en").content.decode()


def test_withdrawing_what_is_public_hides_it_at_once(bearer, public, half_open_town) -> None:
    page = fresh(half_open_town.pages["SGZ-M001", "en"])
    moderator = bearer(half_open_town.moderator("SGZ"))
    done = moderator.post(path(page, "withdraw"), {"comment": "The member left."})
    assert done.json()["review_state"] == "withdrawn"
    assert public.get(f"members/{page.slug}/?language=en").status_code == 404
    assert len(public.get("boards/SGZ/?language=en").json()["members"]) == 1


def test_who_may_see_the_page_but_not_take_the_step_is_told_so(editor, moderator, page) -> None:
    for who, step in ((editor, "approve"), (editor, "reject"), (editor, "withdraw"),
                      (moderator, "submit")):  # fmt: skip
        answer = who.post(path(page, step), {"comment": "x"})
        assert (answer.status_code, answer.json()["detail"]) == (403, WHO_MAY[step])
    assert fresh(page).review_state == "private"
    editor.post(path(page, "submit"))
    for step in ("approve", "reject"):
        answer = decide(editor, page, step, {"comment": "x"})
        assert (answer.status_code, answer.json()["detail"]) == (403, WHO_MAY[step])
    assert fresh(page).review_state == "pending"


def test_who_may_not_see_the_page_cannot_tell_it_from_none(bearer, quiet_town, page) -> None:
    outsiders = [
        quiet_town.editor("LSW"),
        quiet_town.moderator("LSW"),
        make_user("nobody"),
        make_user("staff", is_staff=True),
    ]
    for user in outsiders:
        reader = bearer(user)
        for step in ("", *STEPS):
            send = reader.post if step else reader.get
            hidden, unknown = send(path(page, step)), send(f"pages/999999/workflow/{step}")
            assert hidden.status_code == 404
            assert hidden.content == unknown.content
            assert dict(hidden.headers) == dict(unknown.headers)
        # An ordinary page has no review here.
        assert reader.get(path(quiet_town.home["en"])).content == unknown.content


def test_without_a_token_every_page_answers_alike(public, quiet_town, page) -> None:
    for step in ("", *STEPS):
        send = public.post if step else public.get
        answer = send(path(page, step))
        assert answer.status_code == 401
        assert answer.content == send(f"pages/999999/workflow/{step}").content


def test_strangers_may_see_a_public_page_but_not_its_review(bearer, half_open_town) -> None:
    page = half_open_town.pages["SGZ-M001", "en"]
    stranger = bearer(half_open_town.moderator("LSW"))
    for step in ("", *STEPS):
        answer = (stranger.post if step else stranger.get)(path(page, step))
        assert answer.status_code == 403, step
        assert "review_state" not in answer.json()


def test_a_step_that_cannot_follow_is_a_conflict(bearer, quiet_town, editor, moderator, page):
    def conflict(who, step: str) -> str:
        answer = decide(who, page, step, {"comment": "x"})
        assert answer.status_code == 409, step
        return answer.json()["detail"]

    no_review, nothing_approved = "The page is not in review.", "Nothing of this page is approved."
    assert conflict(moderator, "approve") == conflict(moderator, "reject") == no_review
    assert conflict(moderator, "withdraw") == nothing_approved
    assert editor.post(path(page, "submit")).status_code == 200
    assert conflict(editor, "submit") == "The page is in review already."
    assert decide(moderator, page, "approve").status_code == 200
    assert conflict(moderator, "approve") == no_review
    assert conflict(editor, "submit") == "There is nothing newer than what was approved."
    assert names(editor.get(path(page))) == []
    assert moderator.post(path(page, "withdraw"), {"comment": "x"}).status_code == 200
    assert conflict(moderator, "withdraw") == nothing_approved


def test_a_decision_is_about_the_version_that_was_read(quiet_town, editor, moderator, page) -> None:
    editor.post(path(page, "submit"))
    read = moderator.get(path(page)).json()["under_review"]["version"]
    fresh(page).current_workflow_state.cancel(user=quiet_town.editor("SGZ"))
    draft = fresh(page).get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "nobody has read this"
    draft.pledges = [pledge]
    draft.save_revision(user=quiet_town.editor("SGZ"))
    editor.post(path(page, "submit"))
    for step in ("approve", "reject"):
        late = moderator.post(path(page, step), {"version": read, "comment": "x"})
        assert (late.status_code, "not the one" in late.json()["detail"]) == (409, True)
        blind = moderator.post(path(page, step), {"comment": "x"})
        assert [error["field"] for error in blind.json()["errors"]] == ["version"]
    assert fresh(page).review_state == "pending"
    assert decide(moderator, page, "approve").json()["review_state"] == "held"


def test_a_locked_page_cannot_be_submitted(editor, quiet_town, page) -> None:
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=quiet_town.lead)
    answer = editor.post(path(page, "submit"))
    assert answer.status_code == 409
    assert "locked" in answer.json()["detail"]
    assert names(editor.get(path(page))) == []


@pytest.mark.parametrize("step", ["reject", "withdraw"])
def test_a_missing_reason_is_named_and_changes_nothing(quiet_town, moderator, page, step) -> None:
    quiet_town.submit(page, quiet_town.editor("SGZ"))
    if step == "withdraw":
        quiet_town.approve(page, quiet_town.moderator("SGZ"))
    before = moderator.get(path(page)).json()
    for body in ({}, {"comment": ""}, {"comment": " \n\t"}):
        answer = decide(moderator, page, step, body)
        assert answer.status_code == 422, body
        assert [error["field"] for error in answer.json()["errors"]] == ["comment"]
        assert moderator.get(path(page)).json() == before


def test_nobody_approves_or_returns_what_they_wrote(bearer, quiet_town, page) -> None:
    quiet_town.submit(page, quiet_town.admin)
    admin = bearer(quiet_town.admin)
    assert names(admin.get(path(page))) == []
    for step in ("approve", "reject"):
        answer = admin.post(path(page, step), {"comment": "x"})
        assert answer.status_code == 403
        assert "wrote" in answer.json()["detail"]
    assert fresh(page).review_state == "pending"


def test_a_version_changed_after_it_was_submitted_is_not_approved(
    quiet_town, moderator, page
) -> None:
    quiet_town.submit(page, quiet_town.editor("SGZ"))
    revision = fresh(page).get_latest_revision()
    draft = revision.as_object()
    pledge = draft.pledges.first()
    pledge.text = "slipped in"
    draft.pledges = [pledge]
    draft.save_revision(user=revision.user, overwrite_revision=revision)
    answer = decide(moderator, page, "approve")
    assert answer.status_code == 409
    assert "changed" in answer.json()["detail"]
    assert names(moderator.get(path(page))) == ["reject"]
    assert fresh(page).standing_approval is None


def test_a_draft_that_the_admin_would_not_take_cannot_be_submitted(
    editor, quiet_town, page
) -> None:
    draft = fresh(page).get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text, pledge.due = "", date(2031, 1, 1)
    draft.pledges = [pledge]
    draft.save_revision(user=quiet_town.editor("SGZ"), clean=False)
    answer = editor.post(path(page, "submit"))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["pledges[0].text"]
    pledge.text = "Sweep"
    draft.pledges = [pledge]
    draft.save_revision(user=quiet_town.editor("SGZ"), clean=False)
    answer = editor.post(path(page, "submit"))
    assert [error["field"] for error in answer.json()["errors"]] == ["pledges[0].due"]
    pledge.due, pledge.percent = date(2026, 12, 31), 40
    draft.pledges = [pledge]
    update = draft.updates.first()
    update.on = timezone.localdate() + timedelta(days=1)
    draft.updates = [update]
    draft.save_revision(user=quiet_town.editor("SGZ"), clean=False)
    answer = editor.post(path(page, "submit"))
    assert {error["field"] for error in answer.json()["errors"]} == {
        "pledges[0].percent", "updates[0].on",
    }  # fmt: skip
    assert fresh(page).review_state == "private"


def test_what_is_reviewed_is_the_newest_draft_under_its_own_authors_name(
    editor, moderator, quiet_town, page
) -> None:
    draft = fresh(page).get_latest_revision_as_object()
    draft.pledges = [
        Pledge(
            year=2026, category=draft.pledges.first().category, text="newest", measure="1",
            due=date(2026, 12, 1), locale=draft.locale,
        )
    ]  # fmt: skip
    draft.save_revision(user=quiet_town.editor("SGZ"))
    revisions = fresh(page).revisions.count()
    editor.post(path(page, "submit"))
    assert fresh(page).revisions.count() == revisions
    decide(moderator, page, "approve")
    approval = fresh(page).standing_approval
    assert approval.snapshot["pledges"][0]["text"] == "newest"
    assert approval.author == quiet_town.editor("SGZ")
    assert approval.approved_by == quiet_town.moderator("SGZ")


def test_a_remark_on_an_approval_is_kept(editor, moderator, page) -> None:
    editor.post(path(page, "submit"))
    decide(moderator, page, "approve", {"comment": "Well said."})
    assert TaskState.objects.get(status="approved").comment == "Well said."


def test_the_programmes_page_is_for_its_leads_and_moderators(bearer, quiet_town) -> None:
    page = ProgrammePage.objects.get(pk=quiet_town.programme_pages["en"].pk)
    admin, lead = bearer(quiet_town.admin), bearer(quiet_town.lead)
    assert admin.get(path(page)).json()["type"] == "programme"
    assert admin.post(path(page, "submit")).json()["review_state"] == "pending"
    assert bearer(quiet_town.editor("SGZ")).get(path(page)).status_code == 404
    assert decide(lead, page, "approve").json()["review_state"] == "held"


def test_a_group_that_may_edit_the_board_in_the_admin_may_submit_it_here(
    bearer, quiet_town
) -> None:
    board = BranchPage.objects.get(pk=quiet_town.boards["SGZ", "en"].pk)
    group = Group.objects.create(name="proof-readers")
    GroupPagePermission.objects.create(
        group=group, page=board,
        permission=Permission.objects.get(
            content_type__app_label="wagtailcore", codename="change_page"
        ),
    )  # fmt: skip
    reader = make_user("reader")
    assert bearer(reader).get(path(board)).status_code == 404
    reader.groups.add(group)
    assert bearer(reader).post(path(board, "submit")).json()["review_state"] == "pending"


def test_permissions_given_above_the_gate_do_not_reach_through_it(bearer, quiet_town, page):
    group = Group.objects.create(name="site editors")
    for codename in ("add_page", "change_page", "publish_page", "lock_page"):
        GroupPagePermission.objects.create(
            group=group, page=Page.get_first_root_node(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            ),
        )  # fmt: skip
    user = make_user("site_editor")
    user.groups.add(group)
    assert bearer(user).get(path(page)).status_code == 404
    assert bearer(user).post(path(page, "submit")).status_code == 404


def test_who_loses_the_role_loses_the_steps(bearer, quiet_town, page, moderator) -> None:
    quiet_town.submit(page, quiet_town.editor("SGZ"))
    Role.objects.get(pilot__code="SGZ", kind="moderator").group.user_set.clear()
    assert decide(moderator, page, "approve").status_code == 404


def test_each_step_offered_can_be_taken_and_no_other(bearer, quiet_town, page) -> None:
    people = [
        quiet_town.editor("SGZ"), quiet_town.moderator("SGZ"), quiet_town.lead, quiet_town.admin,
    ]  # fmt: skip
    stages = [
        lambda: None,
        lambda: quiet_town.submit(page, quiet_town.editor("SGZ")),
        lambda: quiet_town.approve(page, quiet_town.moderator("SGZ")),
    ]
    for go_on in stages:
        go_on()
        for user in people:
            reader = bearer(user)
            offered = names(reader.get(path(page)))
            for step in STEPS:
                before = transaction.savepoint()
                answer = decide(reader, page, step, {"comment": "x"})
                transaction.savepoint_rollback(before)
                assert (answer.status_code == 200) == (step in offered), (user, step)
                assert answer.status_code in (200, 403, 409)


def test_the_states_of_many_pages_are_those_of_each(half_open_town) -> None:
    town = half_open_town
    pages = {key: fresh(page) for key, page in town.pages.items()}
    town.submit(pages["LSW-M002", "en"], town.editor("LSW"))
    pages["SGZ-M001", "en"].save_revision(user=town.editor("SGZ"))
    withdraw(pages["LSW-M001", "en"], by=town.lead, reason="a test")
    withdraw(pages["SGZ-M002", "en"], by=town.lead, reason="a test")
    town.submit(fresh(pages["SGZ-M002", "en"]), town.editor("SGZ"))
    rows = [fresh(page) for page in Page.objects.filter(gate__isnull=False)]
    states = states_of(rows)
    found = {(states[row.pk].review_state, states[row.pk].draft_state) for row in rows}
    assert {
        (row.review_state, row.draft_state) for row in rows
    } == found >= {("published", "none"), ("published", "private"), ("held", "pending"),
                   ("held", "none"), ("withdrawn", "private"), ("pending", "pending")}  # fmt: skip
    for row in rows:
        state = states[row.pk]
        assert (state.review_state, state.draft_state) == (row.review_state, row.draft_state)


def test_a_step_taken_by_two_at_once_is_taken_once(quiet_town, moderator, page, monkeypatch):
    """The second one has read the review while it was open, and finds it decided."""
    quiet_town.submit(page, quiet_town.editor("SGZ"))
    stock = moderation.check_unchanged

    def decided_meanwhile(state) -> None:
        stock(state)
        TaskState.objects.filter(pk=state.pk).update(status=TaskState.STATUS_REJECTED)

    monkeypatch.setattr(moderation, "check_unchanged", decided_meanwhile)
    assert decide(moderator, page, "approve").status_code == 409
    assert fresh(page).standing_approval is None

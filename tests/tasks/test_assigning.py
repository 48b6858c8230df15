"""Who may ask whom for what, with which numbers; and what becomes of an answer."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image
from wagtail.models import ModelLogEntry, PageLogEntry

from pledge_pages.models import (
    Assignment,
    Category,
    HeldApproval,
    MemberPledgePage,
    PledgeTemplate,
    Post,
)
from pledge_pages.photos.actions import add_evidence, check_evidence
from pledge_pages.tasks import actions, offers
from tests.tasks.conftest import CODE, DUE, asked, drafts_of, fresh, offer_of
from tests.worlds import LANGUAGES

pytestmark = pytest.mark.django_db


def refused(act) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as told:
        act()
    error = told.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def paper(town, *, public: bool = False):
    kept = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(kept, "JPEG")
    kept.seek(0)
    file = add_evidence(town.pilots["SGZ"], kept, by=town.editor("SGZ"), kind="document",
                        title={"en": "An answer"})  # fmt: skip
    if public:
        check_evidence(file, by=town.editor("SGZ"), public=True)
    return file


# The numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ({"checks": 4}, "days"),
        ({"checks": 9, "days": 3}, "checks"),
        ({"checks": 0, "days": 3}, "checks"),
        ({"checks": "4", "days": 3}, "checks"),
        ({"checks": True, "days": 3}, "checks"),
        ({"checks": 4, "days": 3, "others": 1}, "others"),
    ],
)
def test_a_number_that_is_missing_or_out_of_bounds_is_named(town, numbers, named) -> None:
    told = refused(lambda: offer_of(numbers))
    assert list(told) == ["numbers"]
    assert [named in text for text in told["numbers"]] == [True]


def test_three_underscores_are_one_number_in_text_and_measure_and_another_in_the_first_task(
    town,
) -> None:
    template = PledgeTemplate(
        code="T1", category=Category.objects.get(), text={"en": "Visit ___ households"},
        measure={"en": "___ records"}, first_task={"en": "Ask for ___ forms"},
    )  # fmt: skip
    template.full_clean()
    assert list(template.open_numbers()) == ["number", "first"]
    offer = offers.from_template(template, {"number": 12, "first": 20})
    assert (offer.text, offer.measure, offer.first_task) == (
        {"en": "Visit 12 households"}, {"en": "12 records"}, {"en": "Ask for 20 forms"},
    )  # fmt: skip
    assert offer.kind == "assigned"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"numbers": {"checks": [5, 1], "days": [1, 7]}}, "numbers"),
        ({"numbers": {"checks": [1]}}, "numbers"),
        ({"numbers": {"checks": [1, "x"]}}, "numbers"),
        ({"numbers": {"walks": [1, 2]}}, "numbers"),
        ({"numbers": []}, "numbers"),
        ({"text": {"zh-hans": "每月检查", "en": "Look {checks} times"}}, "text"),
        ({"document": {}}, "document"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_at_its_field(
    template, changes, field
) -> None:
    for name, value in changes.items():
        setattr(template, name, value)
    assert list(refused(template.full_clean)) == [field]


# Who asks whom ------------------------------------------------------------------------------


def test_many_are_asked_at_once_and_each_is_written_down(town) -> None:
    made = asked(town, "SGZ-M001", "SGZ-M002", "SGZ-M001")
    assert [row.member.code for row in made] == ["SGZ-M001", "SGZ-M002"]
    first = fresh(made[0])
    assert first.text == {"zh-hans": "每月检查4次", "en": "Look for hazards 4 times a month"}
    assert (first.state, first.kind, first.pilot.code) == ("offered", "responsibility", "SGZ")
    lines = ModelLogEntry.objects.filter(action="pledge_pages.assign_task")
    assert sorted(line.data["member"] for line in lines) == ["SGZ-M001", "SGZ-M002"]
    assert not any("长SGZ" in f"{line.label}{line.data}" for line in lines)


def test_only_editors_and_leads_of_the_branch_assign(town, with_account) -> None:
    asked(town, by=town.lead)
    for by in (
        town.moderator("SGZ"), town.verifier("SGZ"), town.editor("LSW"), with_account("SGZ-M002"),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            asked(town, "SGZ-M002", by=by)
    assert Assignment.objects.count() == 1


def test_it_is_all_of_them_or_nobody(town) -> None:
    asked(town, "SGZ-M002")
    told = refused(lambda: asked(town, "SGZ-M001", "SGZ-M002"))
    assert told == {"members": ["Asked already: SGZ-M002."]}
    assert "different branches" in str(refused(lambda: asked(town, CODE, "LSW-M001", by=town.lead)))
    town.members[CODE].active = False
    assert "active" in str(refused(lambda: asked(town)))
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": 1999}, "year"),
        ({"due": date(2025, 12, 31)}, "due"),
        ({"due": date(2027, 6, 1)}, "due"),
    ],
)
def test_a_year_or_day_that_cannot_be_is_named(town, changes, field) -> None:
    assert list(refused(lambda: asked(town, **changes))) == [field]
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("text", "measure", "field"),
    [
        ({}, {"en": "x"}, "text"),
        ({"en": "Sweep", "zh-hans": "扫"}, {"en": "x"}, "measure"),
        ({"en": "Call 13800138000"}, {"en": "x"}, "text"),
        ({"en": "x" * 501}, {"en": "x"}, "text"),
        ({"en": "Sweep"}, {"en": "x" * 256}, "measure"),
    ],
)
def test_a_text_of_ones_own_that_no_pledge_could_say_is_refused(town, text, measure, field) -> None:
    category = Category.objects.get()
    assert list(refused(lambda: offers.from_text(text, measure, category))) == [field]
    assert list(refused(lambda: offers.from_text(text, measure, None))) == ["category"]


def test_a_template_that_is_not_offered_is_not_assigned(template) -> None:
    template.active = False
    assert list(refused(lambda: offers.from_template(template, {}))) == ["template"]


# Answers ------------------------------------------------------------------------------------


def test_an_accepted_task_becomes_a_pledge_in_a_draft_in_both_languages(town, with_account) -> None:
    account = with_account()
    (assignment,) = asked(town)
    held = dict(HeldApproval.objects.values_list("page", "digest"))
    done = actions.accept(assignment, by=account)
    assert (done.state, done.answered_how, done.answered_by) == ("accepted", "account", account)
    pledges = {}
    for language, draft in drafts_of(town).items():
        pledges[language] = pledge = draft.pledges.all()[1]
        assert (pledge.key, pledge.kind) == (done.pledge_key, "responsibility")
        assert (pledge.year, pledge.due, pledge.agreed_on) == (2026, DUE, date(2026, 3, 5))
        assert draft.tasks.get().pledge_key == done.pledge_key
        draft.full_clean()
    assert pledges["en"].text == "Look for hazards 4 times a month"
    assert pledges["zh-hans"].measure == "3天内整改"
    assert len({pledge.translation_key for pledge in pledges.values()}) == 1
    # Nothing is submitted or public by it.
    assert dict(HeldApproval.objects.values_list("page", "digest")) == held
    for language in LANGUAGES:
        page = MemberPledgePage.objects.get(pk=town.pages[CODE, language].pk)
        assert not page.workflow_in_progress
        assert page.pledges.count() == 1
    lines = PageLogEntry.objects.filter(action="pledge_pages.write_task")
    assert lines.count() == 2


def test_the_draft_is_submitted_and_approved_like_any_other(town) -> None:
    (assignment,) = asked(town)
    done = actions.accept(assignment, by=town.editor("SGZ"))
    page = drafts_of(town)["en"]
    page.get_workflow().start(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))
    public = MemberPledgePage.objects.get(pk=page.pk)
    assert public.pledges.get(key=done.pledge_key).kind == "responsibility"


def test_a_draft_that_nobody_has_approved_yet_is_kept(town) -> None:
    draft = drafts_of(town)["en"]
    pledge = draft.pledges.first()
    pledge.text = "Somebody is at work on this"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    actions.accept(asked(town)[0], by=town.editor("SGZ"))
    texts = [pledge.text for pledge in drafts_of(town)["en"].pledges.all()]
    assert texts == ["Somebody is at work on this", "Look for hazards 4 times a month"]


def test_while_the_page_is_in_review_nothing_is_accepted(town) -> None:
    (assignment,) = asked(town)
    page = drafts_of(town)["en"]
    town.submit(page, town.editor("SGZ"))
    told = refused(lambda: actions.accept(assignment, by=town.editor("SGZ")))
    assert told == {"": ["English: the page is in review. Have it approved or returned first."]}
    assert fresh(assignment).state == "offered"
    assert [len(draft.pledges.all()) for draft in drafts_of(town).values()] == [1, 1]


def test_a_locked_page_is_left_alone(town) -> None:
    (assignment,) = asked(town)
    MemberPledgePage.objects.filter(pk=town.pages[CODE, "en"].pk).update(locked=True)
    told = refused(lambda: actions.accept(assignment, by=town.editor("SGZ")))
    assert "the page is locked" in str(told)
    assert fresh(assignment).state == "offered"


def test_without_a_page_in_the_language_it_is_said(town) -> None:
    offer = offers.from_text({"fr": "x"}, {"fr": "x"}, Category.objects.get())
    (assignment,) = asked(town, offer=offer)
    told = refused(lambda: actions.accept(assignment, by=town.editor("SGZ")))
    assert "no page in a language" in str(told)


def test_a_text_in_one_language_becomes_a_pledge_in_that_language_alone(town) -> None:
    offer = offers.from_text({"en": "Sweep"}, {"en": "seen"}, Category.objects.get())
    done = actions.accept(asked(town, offer=offer)[0], by=town.editor("SGZ"))
    found = {language: len(draft.pledges.all()) for language, draft in drafts_of(town).items()}
    assert found == {"en": 2, "zh-hans": 1}
    assert drafts_of(town)["en"].pledges.all()[1].key == done.pledge_key
    assert done.kind == "assigned"


def test_only_the_member_or_an_editor_with_the_paper_answers(town, with_account) -> None:
    (assignment,) = asked(town)
    for by in (
        town.moderator("SGZ"), town.verifier("SGZ"), town.editor("LSW"), with_account("SGZ-M002"),
    ):  # fmt: skip
        for act in (actions.accept, lambda row, by: actions.decline(row, by=by, reason="no")):
            with pytest.raises(PermissionDenied):
                act(assignment, by=by)
    assert fresh(assignment).state == "offered"


def test_a_paper_has_its_day_and_scan(town) -> None:
    (assignment,) = asked(town)
    editor, scan = town.editor("SGZ"), paper(town)
    for on in (date(2026, 3, 6), date(2026, 3, 4)):
        told = refused(lambda on=on: actions.accept(assignment, by=editor, on=on, scan=scan))
        assert list(told) == ["on"]
    shown = paper(town, public=True)
    assert list(refused(lambda: actions.accept(assignment, by=editor, scan=shown))) == ["scan"]
    done = actions.accept(assignment, by=editor, on=date(2026, 3, 5), scan=scan)
    assert (done.answered_how, done.scan, done.answered_on) == ("paper", scan, date(2026, 3, 5))


def test_whoever_declines_says_why_and_may_be_asked_again(town, with_account) -> None:
    account = with_account()
    (assignment,) = asked(town)
    assert list(refused(lambda: actions.decline(assignment, by=account, reason=" "))) == ["reason"]
    done = actions.decline(assignment, by=account, reason="I work in the city until May")
    assert (done.state, done.reason) == ("declined", "I work in the city until May")
    line = ModelLogEntry.objects.get(action="pledge_pages.decline_task")
    assert "city" not in str(line.data)
    assert len(drafts_of(town)["en"].pledges.all()) == 1
    asked(town)


def test_what_was_answered_or_withdrawn_is_not_answered_again(town) -> None:
    editor = town.editor("SGZ")
    (assignment,) = asked(town)
    actions.accept(assignment, by=editor)
    for act in (
        lambda: actions.accept(assignment, by=editor),
        lambda: actions.decline(assignment, by=editor, reason="x"),
        lambda: actions.withdraw(assignment, by=editor, reason="x"),
    ):
        assert "cannot be done now" in str(refused(act))
    assert len(drafts_of(town)["en"].pledges.all()) == 2
    (other,) = asked(town, "SGZ-M002")
    with pytest.raises(PermissionDenied):
        actions.withdraw(other, by=town.editor("LSW"), reason="x")
    assert refused(lambda: actions.withdraw(other, by=editor, reason=" "))
    assert actions.withdraw(other, by=editor, reason="the wrong person").state == "withdrawn"
    assert "cannot be done now" in str(refused(lambda: actions.accept(other, by=editor)))


# Posts --------------------------------------------------------------------------------------


def test_a_post_is_entered_once_it_is_accepted(town, with_account) -> None:
    post = Post.objects.create(code="gate", name={"en": "Gate watch"})
    (assignment,) = asked(town, offer=offers.Offer(post=post), by=town.lead)
    member = town.members[CODE]
    assert post not in member.posts.all()
    actions.accept(assignment, by=with_account())
    assert post in member.posts.all()
    assert len(drafts_of(town)["en"].pledges.all()) == 1


def test_on_an_approved_page_a_post_is_a_leads_decision(town) -> None:
    post = Post.objects.create(code="gate", name={"en": "Gate watch"})
    with pytest.raises(PermissionDenied):
        asked(town, offer=offers.Offer(post=post))
    pages = HeldApproval.objects.filter(page__memberpledgepage__member=town.members[CODE])
    kept = list(pages.values_list("pk", flat=True))
    pages.update(withdrawn_at="2026-03-05T00:00:00Z")
    (assignment,) = asked(town, offer=offers.Offer(post=post))
    # The page was approved after an editor had asked.
    HeldApproval.objects.filter(pk__in=kept).update(withdrawn_at=None)
    with pytest.raises(PermissionDenied):
        actions.accept(assignment, by=town.editor("SGZ"))
    assert fresh(assignment).state == "offered"
    assert post not in town.members[CODE].posts.all()

"""A member's page says nothing that cannot be: its editor names the field and the reason."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override

from pledge_pages.models import MemberPledgePage, PledgeAmendment, PledgeTask
from tests.office.test_editing import form_of, url
from tests.photos import pictures

pytestmark = pytest.mark.django_db

TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


@pytest.fixture
def page(town, member_page) -> MemberPledgePage:
    """A draft with one row of each kind."""
    draft = member_page().get_latest_revision_as_object()
    about = {"pledge_key": draft.pledges.get().key, "locale": draft.locale}
    draft.tasks = [PledgeTask(text="find a spade", **about)]
    draft.amendments = [
        PledgeAmendment(on=date(2026, 1, 10), old_text="a", new_text="b", reason="c", **about)
    ]
    draft.save_revision(user=town.editor("SGZ"))
    return member_page()


def errors_of(response) -> dict[str, list[str]]:
    """Return the errors of an editor's rows by the name of their field."""
    form = response.context["form"]
    with override("en"):  # they are put into words here, after the answer
        return {
            row.add_prefix(name): [str(text) for text in texts]
            for formset in form.formsets.values()
            for row in formset
            for name, texts in row.errors.items()
        }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("pledges-0-due", "2026-02-31", "This is no date. Write it as YYYY-MM-DD."),
        ("pledges-0-due", "03/05/2026", "This is no date. Write it as YYYY-MM-DD."),
        ("tasks-0-done_on", TOMORROW, "This day has not come yet."),
        ("updates-0-on", TOMORROW, "This day has not come yet."),
        ("amendments-0-on", TOMORROW, "This day has not come yet."),
        ("tasks-0-due", "2027-01-01", "The pledge itself is due earlier, on 2026-12-31."),
        ("pledges-0-percent", "40", "The newest update says 10."),
        (
            "pledges-0-progress", "not_started",
            "Something was done about it already, so it has been started.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(town, sign_in, page, field, value, words):
    client, before = sign_in(town.editor("SGZ")), page.latest_revision_id
    answer = client.post(url("edit", page.pk), form_of(client, page) | {field: value})
    assert errors_of(answer) == {field: [words]}
    page.refresh_from_db()
    assert page.latest_revision_id == before


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
def test_a_moment_that_is_none_is_refused_too(town, sign_in, page, name):
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, page) | {name: "2026-02-31 10:00"}
    answer = client.post(url("edit", page.pk), data)
    words = "This is no date and time. Write them as YYYY-MM-DD HH:MM."
    with override("en"):
        assert answer.context["form"].errors == {name: [words]}


def test_today_and_a_row_that_is_to_be_deleted_are_no_mistakes(town, sign_in, page):
    client = sign_in(town.editor("SGZ"))
    today = timezone.localdate().isoformat()
    data = form_of(client, page) | {
        "pledges-0-progress": "not_started", "pledges-0-percent": "0", "updates-0-DELETE": "1",
        "amendments-0-on": today,
    }  # fmt: skip
    answer = client.post(url("edit", page.pk), data)
    assert answer.status_code == 302, errors_of(answer)


def test_the_percentage_follows_the_newest_update(town, sign_in, page):
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, page) | {"updates-0-percent": "35"}
    answer = client.post(url("edit", page.pk), data)
    assert answer.status_code == 302, errors_of(answer)
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().pledges.get().percent == 35


def test_a_photo_that_was_chosen_beside_a_mistake_has_to_be_chosen_again(town, sign_in, page):
    client = sign_in(town.editor("SGZ"))
    editor = client.get(url("edit", page.pk)).context["form"]
    for words in ("12.0", "40 million pixels", "200 pixels or more", "consent"):
        assert words in str(editor.fields["new_photo"].help_text)
    for mistake in ({"pledges-0-percent": "40"}, {"pledges-0-due": "soon"}):
        data = form_of(client, page) | mistake
        data["new_photo"] = SimpleUploadedFile("me.jpg", pictures.jpeg(), "image/jpeg")
        answer = client.post(url("edit", page.pk), data)
        [said] = answer.context["form"].errors["new_photo"]
        assert "choose it again" in said
    assert not page.member.photos.exists()


def test_a_text_that_is_too_long_is_an_error_and_not_cut_short(town, sign_in, page):
    client = sign_in(town.editor("SGZ"))
    form = client.get(url("edit", page.pk)).context["form"]
    row = form.formsets["pledges"].forms[0]
    assert "maxlength" not in str(row["text"]) + str(row["measure"])
    assert "At most 500 characters." in str(row.fields["text"].help_text)
    assert str(row.fields["measure"].help_text).endswith(" At most 255 characters.")
    answer = client.post(
        url("edit", page.pk), form_of(client, page) | {"pledges-0-text": "x" * 501}
    )
    assert "501" in errors_of(answer)["pledges-0-text"][0]

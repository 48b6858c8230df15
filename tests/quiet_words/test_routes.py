"""Nothing goes public that says what is quiet, by whatever route; the draft is kept."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import APIToken, GroupApprovalTask, Page, Revision, Workflow, WorkflowTask

from home.models import HomePage, NewsPage
from pledge_pages.quiet_words.refusing import QuietWordsError
from tests.quiet_words.conftest import TERM
from tests.worlds import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(programme_only) -> Town:
    return programme_only


@pytest.fixture
def telling(news) -> NewsPage:
    """A draft that says the name of the quiet programme."""
    return news(body=f"<p>我镇试行{TERM}。</p>")


def is_public(page: Page) -> bool:
    row = NewsPage.objects.get(pk=page.pk)
    return row.live or TERM in NewsPage.objects.filter(pk=page.pk, live=True).values_list("body")


def fresh(page: Page) -> NewsPage:
    return NewsPage.objects.get(pk=page.pk)


def say_publicly(page: NewsPage) -> NewsPage:
    """Make it public as it was before anybody entered the term: by a statement of its own."""
    NewsPage.objects.filter(pk=page.pk).update(live=True)
    return fresh(page)


# By script -----------------------------------------------------------------------------------

SCRIPTS = {
    "revision.publish": lambda page: page.save_revision().publish(),
    "page.publish": lambda page: page.publish(page.save_revision()),
    "action": lambda page: PublishPageRevisionAction(page.save_revision()).execute(),
    "save": lambda page: (setattr(page, "live", True), page.save()),
    "save of one field": lambda page: (
        setattr(page, "live", True),
        page.save(update_fields=["live"]),
    ),
    "save of the plain page": lambda page: _save_plain(page),
}


def _save_plain(page: Page) -> None:
    plain = Page.objects.get(pk=page.pk)
    plain.live, plain.title = True, f"{TERM}简报"
    plain.save()


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_makes_it_public(telling, script: str) -> None:
    with pytest.raises(QuietWordsError, match="“党员承诺制”"):
        SCRIPTS[script](fresh(telling))
    assert not is_public(telling)


def test_no_page_is_born_public_with_it(town) -> None:
    home = HomePage.objects.get(pk=town.home["zh-hans"].pk)
    with pytest.raises(QuietWordsError):
        home.add_child(instance=NewsPage(title=TERM, slug="x"))
    assert not NewsPage.objects.exists()


def test_no_copy_and_no_alias_of_it_is_public(town, telling) -> None:
    page = say_publicly(telling)
    with pytest.raises(QuietWordsError):
        CopyPageAction(page, keep_live=True, update_attrs={"slug": "copy"}).execute()
    with pytest.raises(QuietWordsError):
        CreatePageAliasAction(page, update_slug="alias").execute()
    assert NewsPage.objects.count() == 1


def test_no_alias_takes_it_over_from_its_source(town, news) -> None:
    page = news(body="<p>x</p>")
    page.save_revision().publish()
    alias = CreatePageAliasAction(fresh(page), update_slug="alias").execute()
    page = fresh(page)
    page.body = f"<p>{TERM}</p>"
    with pytest.raises(QuietWordsError):
        page.save_revision().publish()
    assert TERM not in fresh(page).body + fresh(alias).body


def test_a_public_page_is_not_changed_to_say_it(news) -> None:
    page = news(body="<p>x</p>")
    page.save_revision().publish()
    page = fresh(page)
    page.body = f"<p>{TERM}</p>"
    with pytest.raises(QuietWordsError):
        page.save()
    assert fresh(page).body == "<p>x</p>"


def test_what_stands_already_does_not_stop_what_changes_nothing(telling) -> None:
    page = say_publicly(telling)
    page.locked = True
    page.save()
    assert fresh(page).locked
    page.save_revision()
    fresh(page).unpublish()
    assert not fresh(page).live


def test_the_scheduler_takes_it_off_and_brings_the_others(news, telling, caplog) -> None:
    fine = news(slug="fine", body="<p>x</p>")
    due = timezone.now() - timedelta(minutes=5)
    for page, minutes in ((telling, 2), (fine, 1)):
        revision = page.save_revision()
        Revision.objects.filter(pk=revision.pk).update(
            approved_go_live_at=due - timedelta(minutes=minutes)
        )
    caplog.set_level("INFO")
    call_command("publish_scheduled")
    assert not is_public(telling)
    assert fresh(fine).live
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert f"Page {telling.pk} was taken off the schedule" in caplog.text
    assert TERM not in caplog.text
    assert "承诺" not in caplog.text


# In the admin --------------------------------------------------------------------------------


def form_of(page: NewsPage, **more: str) -> dict[str, str]:
    rich = {
        "blocks": [
            {"key": "a", "text": page.body.removeprefix("<p>").removesuffix("</p>"),
             "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
        ],
        "entityMap": {},
    }  # fmt: skip
    return {
        "title": page.title, "slug": page.slug, "seo_title": "", "search_description": "",
        "published_on": "2026-03-01", "introduction": page.introduction, "body": json.dumps(rich),
        "go_live_at": "", "expire_at": "", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "", **more,
    }  # fmt: skip


def said_in(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_the_editor_keeps_the_draft_and_says_where_and_what_to_write(sign_in, town, news) -> None:
    client, page = sign_in(town.admin), news(body="<p>x</p>")
    page.body = f"<p>我镇试行{TERM}。</p>"
    answer = client.post(edit_url(page), form_of(page), follow=True)
    said = said_in(answer)
    assert "Text, character 5, “党员承诺制” must not appear yet" in said
    assert "Write “村支部年度工作安排” instead" in said
    assert "must not be held back" in said
    assert TERM in fresh(page).get_latest_revision_as_object().body
    answer = client.post(edit_url(page), form_of(page, **{"action-publish": "1"}), follow=True)
    assert "Not published" in said_in(answer)
    assert answer.redirect_chain[-1][0] == edit_url(page)
    assert not is_public(page)


def test_a_new_page_is_kept_as_a_draft(sign_in, town) -> None:
    home = town.home["zh-hans"]
    page = NewsPage(title=f"{TERM}简报", slug="new", body="<p>x</p>")
    url = reverse("wagtailadmin_pages:add", args=["home", "newspage", home.pk])
    answer = sign_in(town.admin).post(url, form_of(page, **{"action-publish": "1"}), follow=True)
    made = NewsPage.objects.get(slug="new")
    assert not made.live
    assert made.first_published_at is None
    assert answer.redirect_chain[-1][0] == edit_url(made)
    assert "Title, character 1, “党员承诺制”" in said_in(answer)


def test_pages_ticked_together_are_refused_together(sign_in, town, news, telling) -> None:
    fine = news(slug="fine", body="<p>x</p>")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = sign_in(town.admin).post(
        f"{url}?id={fine.pk}&id={telling.pk}", {"include_descendants": ""}, follow=True
    )
    assert "工作简报: Not published" in said_in(answer)
    assert "“党员承诺制”" in said_in(answer)
    assert not is_public(telling)
    assert not fresh(fine).live


def test_the_last_approval_of_an_ordinary_workflow_is_refused(sign_in, town, telling) -> None:
    task = GroupApprovalTask.objects.create(name="Look")
    workflow = Workflow.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(telling, town.admin)
    state = telling.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[telling.pk, "approve", state.pk])
    answer = sign_in(town.admin).post(url, {}, follow=True)
    assert "“党员承诺制”" in said_in(answer)
    state.refresh_from_db()
    assert state.status == state.STATUS_IN_PROGRESS
    assert not is_public(telling)


def test_a_copy_made_in_the_admin_is_a_draft(sign_in, town, telling) -> None:
    page = say_publicly(telling)
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = {
        "new_title": "copy", "new_slug": "copy", "publish_copies": "on",
        "new_parent_page": town.home["zh-hans"].pk,
    }  # fmt: skip
    answer = sign_in(town.admin).post(url, form, follow=True)
    assert not NewsPage.objects.get(slug="copy").live
    assert "“党员承诺制”" in said_in(answer)


# In other languages -------------------------------------------------------------------------


def test_no_translation_of_it_is_public(town, news, django_capture_on_commit_callbacks) -> None:
    from wagtail_localize.models import TranslationSource

    page = news(title="x", body="<p>x</p>")
    page.save_revision().publish()
    source, _created = TranslationSource.update_or_create_from_instance(fresh(page))
    english = town.home["en"].locale
    with django_capture_on_commit_callbacks(execute=True):
        source.create_or_update_translation(english, publish=True, fallback=True)
    assert NewsPage.objects.get(locale=english).live
    page = fresh(page)
    NewsPage.objects.filter(pk=page.pk).update(introduction=TERM)
    source, _created = TranslationSource.update_or_create_from_instance(fresh(page))
    with pytest.raises(QuietWordsError):
        source.create_or_update_translation(english, publish=True, fallback=True)
    assert NewsPage.objects.get(locale=english).introduction == ""


# By API --------------------------------------------------------------------------------------


def test_the_admins_api_refuses_to_publish_it(sign_in, town, telling, caplog) -> None:
    caplog.set_level("INFO")
    url = f"/admin/api/main/pages/{telling.pk}/action/publish/"
    answer = sign_in(town.admin).post(url)
    assert answer.status_code == 403
    assert "党员承诺制" in answer.json()["detail"]
    assert "must not be held back" in answer.json()["detail"]
    assert not is_public(telling)
    assert "承诺" not in caplog.text


def test_the_public_api_refuses_to_publish_it_also_for_a_later_date(town, telling) -> None:
    _token, key = APIToken.create_token(user=town.admin, name="x")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    url = f"/api/v3-preview/pages/{telling.pk}/actions/publish/"
    for later in (False, True):
        if later:
            page = fresh(telling)
            page.go_live_at = timezone.now() + timedelta(days=1)
            page.save_revision()
        answer = client.post(url, {}, content_type="application/json")
        assert answer.status_code == 403
        assert "党员承诺制" in answer.content.decode()
        assert not is_public(telling)
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()

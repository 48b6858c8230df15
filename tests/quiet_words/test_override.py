"""A lead lets exactly one content pass, with a reason that the trail keeps."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import GroupPagePermission, ModelLogEntry, PageLogEntry

from home.models import NewsPage
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.models import QuietTerm
from pledge_pages.pilots.errors import StageError
from pledge_pages.quiet_words.refusing import (
    OVERRIDE,
    QuietWordsError,
    override,
    remove_term,
    set_term,
)
from tests.office.conftest import speak_english
from tests.quiet_words.conftest import TERM
from tests.worlds import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def telling(news) -> NewsPage:
    return news(body=f"<p>村务公开目录第三项:{TERM}经费。</p>")


def draft(page) -> NewsPage:
    return NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def publish(page) -> None:
    NewsPage.objects.get(pk=page.pk).get_latest_revision().publish()


def test_a_lead_lets_it_pass_and_the_trail_says_who_and_why_and_no_word(town, telling) -> None:
    passed = override(draft(telling), by=town.lead, reason="the law asks for it")
    assert [issue.quote for issue in passed] == [TERM]
    publish(telling)
    assert NewsPage.objects.get(pk=telling.pk).live
    line = PageLogEntry.objects.get(action=OVERRIDE)
    assert (line.user, line.page_id) == (town.lead, telling.pk)
    assert line.data["reason"] == "the law asks for it"
    assert line.data["programme"] == "PP"
    assert TERM not in str(line.data)


def test_nobody_else_does_and_nobody_without_a_reason(town, telling) -> None:
    for user in (town.editor("SGZ"), town.moderator("SGZ"), make_user("other", is_staff=True)):
        with pytest.raises(EmbargoError):
            override(draft(telling), by=user, reason="please")
    with pytest.raises(StageError):
        override(draft(telling), by=town.lead, reason=" ")
    with pytest.raises(QuietWordsError):
        publish(telling)


@pytest.mark.parametrize(
    "change",
    [
        {"body": f"<p>{TERM}</p>"},
        {"title": "别的"},
        {"seo_title": "x"},
        {"search_description": TERM},
    ],
)
def test_whoever_changes_a_word_has_to_ask_again(town, telling, change: dict) -> None:
    override(draft(telling), by=town.lead, reason="the law asks for it")
    page = draft(telling)
    for field, value in change.items():
        setattr(page, field, value)
    page.save_revision()
    with pytest.raises(QuietWordsError):
        publish(telling)


def test_it_does_not_hold_for_another_page_or_for_a_word_entered_later(town, news, telling) -> None:
    override(draft(telling), by=town.lead, reason="the law asks for it")
    same = news(slug="same", body=telling.body)
    with pytest.raises(QuietWordsError):
        publish(same)
    QuietTerm.objects.create(programme=town.programme, text="经费")
    with pytest.raises(QuietWordsError):
        publish(telling)


def test_it_holds_for_an_alias_of_the_page(town, telling) -> None:
    override(draft(telling), by=town.lead, reason="the law asks for it")
    publish(telling)
    alias = CreatePageAliasAction(
        NewsPage.objects.get(pk=telling.pk), update_slug="other"
    ).execute()
    assert NewsPage.objects.get(pk=alias.pk).live
    publish(telling)


# In the admin --------------------------------------------------------------------------------


def url(page) -> str:
    return reverse("pledge_boards:quiet_page", args=[page.pk])


def test_a_lead_sees_the_places_and_lets_it_pass(sign_in, town, telling) -> None:
    client = sign_in(town.lead)
    answer = client.get(url(telling))
    assert "character 11, “党员承诺制” must not appear yet" in answer.content.decode()
    assert "must not be held back" in answer.content.decode()
    form = {"reason": "the law asks for it", "digest": answer.context["digest"]}
    answer = client.post(url(telling), form, follow=True)
    assert "may be published now" in " ".join(map(str, answer.context["messages"]))
    publish(telling)
    assert NewsPage.objects.get(pk=telling.pk).live


def test_a_version_that_came_meanwhile_is_looked_at_first(sign_in, town, telling) -> None:
    client = sign_in(town.lead)
    seen = client.get(url(telling)).context["digest"]
    page = draft(telling)
    page.title = TERM
    page.save_revision()
    client.post(url(telling), {"reason": "the law asks for it", "digest": seen})
    assert not PageLogEntry.objects.filter(action=OVERRIDE).exists()


def test_others_see_it_only_if_they_edit_the_page_and_then_without_the_form(
    sign_in, town, telling
) -> None:
    assert sign_in(town.editor("SGZ")).get(url(telling)).status_code == 302
    writer = make_user("writer")
    group = Group.objects.create(name="writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(
        group=group, page=town.home["zh-hans"].page_ptr, permission=change
    )
    writer.groups.add(group)
    speak_english(writer)
    answer = sign_in(writer).get(url(telling))
    assert "must not appear yet" in answer.content.decode()
    assert "ask a lead" in answer.content.decode()
    assert "Let this version pass" not in answer.content.decode()
    answer = sign_in(writer).post(url(telling), {"reason": "x", "digest": answer.context["digest"]})
    assert not PageLogEntry.objects.filter(action=OVERRIDE).exists()


# The list of words ---------------------------------------------------------------------------


def test_leads_keep_the_words_and_the_trail_says_so(sign_in, town) -> None:
    client = sign_in(town.lead)
    add = reverse("pledge_quiet_terms:add")
    form = {
        "programme": town.programme.pk, "kind": "forbidden", "text": "积分制", "match": "exact",
        "suggestion": "",
    }  # fmt: skip
    assert client.post(add, form).status_code == 302
    term = QuietTerm.objects.get(text="积分制")
    edit = reverse("pledge_quiet_terms:edit", args=[term.pk])
    client.post(edit, {**form, "suggestion": "年度工作安排"})
    term.refresh_from_db()
    assert term.suggestion == "年度工作安排"
    listed = client.get(reverse("pledge_quiet_terms:index")).content.decode()
    assert "积分制" in listed
    assert "must not be held back" in listed
    client.post(reverse("pledge_quiet_terms:delete", args=[term.pk]))
    assert not QuietTerm.objects.filter(text="积分制").exists()
    lines = ModelLogEntry.objects.filter(action="pledge_pages.set_quiet_term").order_by("pk")
    assert [line.data["change"] for line in lines] == ["add", "change", "delete"]
    assert all("积分制" not in line.label + str(line.data) for line in lines)


def test_no_script_changes_them_in_the_name_of_anybody_else(town) -> None:
    term = QuietTerm.objects.first()
    for user in (town.editor("SGZ"), town.moderator("SGZ")):
        with pytest.raises(EmbargoError):
            set_term(QuietTerm(programme=town.programme, text="积分制"), by=user)
        with pytest.raises(EmbargoError):
            remove_term(term, by=user)
    assert QuietTerm.objects.filter(pk=term.pk).exists()


@pytest.mark.parametrize("text", ["。", "a", " ", "亮"])
def test_a_word_that_would_stand_everywhere_is_not_taken(sign_in, town, text: str) -> None:
    form = {"programme": town.programme.pk, "kind": "forbidden", "text": text, "match": "variants"}
    answer = sign_in(town.lead).post(reverse("pledge_quiet_terms:add"), form)
    assert answer.status_code == 200
    assert "text" in answer.context["form"].errors


@pytest.mark.parametrize("name", ["index", "add"])
def test_nobody_but_leads_sees_them(sign_in, town, name: str) -> None:
    for user in (town.editor("SGZ"), town.moderator("SGZ")):
        answer = sign_in(user).get(reverse(f"pledge_quiet_terms:{name}"), follow=True)
        assert TERM not in answer.content.decode()
        assert answer.redirect_chain

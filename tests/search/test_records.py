"""What shows on public pages but belongs to records of its own is found while it shows."""

from datetime import date

import pytest

from pledge_pages.models import (
    Category,
    EvidenceFile,
    MemberPledgePage,
    Office,
    PledgeAmendment,
    Post,
    ProgressUpdate,
)
from pledge_pages.photos.actions import check_evidence
from tests.staging import staged
from tests.worlds import build_town

pytestmark = pytest.mark.django_db


def build():
    """One public branch, whose secretary shows a register as evidence in both languages."""
    town = build_town(codes=("SGZ",), members=2)
    file = EvidenceFile.objects.create(
        pilot=town.pilots["SGZ"], kind="register", title={"zh-hans": "登记本·07月"}, size=1,
        content_type="image/jpeg",
    )  # fmt: skip
    town.hold_branch("SGZ")
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    key, locale = page.pledges.first().key, page.locale
    page.updates = [
        ProgressUpdate(pledge_key=key, on=date(2026, 5, 1), text="扫", evidence=file, locale=locale)
    ]
    page.amendments = [
        PledgeAmendment(
            pledge_key=key, on=date(2026, 6, 1), old_text="每天", new_text="每周", reason="太多",
            agreed_at="村民大会", locale=locale,
        )
    ]  # fmt: skip
    page.save_revision(user=town.editor("SGZ"))
    page.get_workflow().start(page, town.editor("SGZ"))
    town.approve(page, town.moderator("SGZ"))
    town.open("SGZ")
    return town


town = staged(build)


@pytest.fixture
def found(ask, town):
    """Return the codes of the members whose Chinese pages a query finds, "board" for the board."""
    names = {page.slug: code for (code, _language), page in town.pages.items()}

    def found(query):
        urls = [result.url for result in ask(query).context["results"]]
        return {names.get(url.strip("/").split("/")[-1], "board") for url in urls}

    return found


def test_evidence_is_found_by_its_title_only_while_it_is_public_and_checked(town, found):
    file, moderator = EvidenceFile.objects.get(), town.moderator("SGZ")
    assert found("登记本·07月") == set()
    check_evidence(file, by=moderator, public=True)
    assert found("登记本·07月") == {"SGZ-M001"}
    check_evidence(file, by=moderator, public=False)
    assert found("登记本·07月") == set()


def test_the_title_of_shown_evidence_is_found_as_soon_as_it_is_changed(town, found):
    file = EvidenceFile.objects.get()
    check_evidence(file, by=town.moderator("SGZ"), public=True)
    file.title = {"zh-hans": "巡查表"}
    file.save()
    assert (found("登记本"), found("巡查表")) == (set(), {"SGZ-M001"})


def test_evidence_that_is_marked_while_the_pilot_is_closed_is_not_in_the_index(town, found):
    town.close("SGZ")
    check_evidence(EvidenceFile.objects.get(), by=town.moderator("SGZ"), public=True)
    assert found("登记本") == set()
    town.open("SGZ")
    assert found("登记本") == {"SGZ-M001"}


def test_where_an_amendment_was_agreed_is_found(found):
    assert found("村民大会") == {"SGZ-M001"}


@pytest.mark.parametrize(
    ("model", "code", "before", "pages"),
    [
        (Office, "sec", "支部书记", {"SGZ-M001"}),
        (Post, "flood", "防汛值守岗", {"SGZ-M001", "SGZ-M002"}),
        (Category, "sanitation", "环境卫生", {"SGZ-M001", "SGZ-M002"}),
    ],
)
def test_a_label_is_found_under_its_new_name_at_once(found, model, code, before, pages):
    assert found(before) == pages
    record = model.objects.get(code=code)
    record.name = {"zh-hans": "另一个叫法"}
    record.save()
    assert (found(before), found("另一个叫法")) == (set(), pages)


def test_a_member_is_found_by_the_posts_and_the_office_of_now(town, found):
    member = town.members["SGZ-M001"]
    member.posts.clear()
    assert found("防汛值守岗") == {"SGZ-M002"}
    member.office = Office.objects.get(code="mem")
    member.save()
    assert found("支部书记") == set()
    Post.objects.get().delete()
    assert found("防汛值守岗") == set()

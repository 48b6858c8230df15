"""Where a trigger would stop it as well, Python says first what is wrong and what to do instead."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, Task

from home.models import NewsPage
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.models import HeldApproval, MemberPledgePage, Programme, ProgrammePage
from tests.embargo.scene import LEAK, LIVE, OPEN, SHUT, Scene
from tests.embargo.ways.scripts import new_page, submit

BY_APPROVAL = "goes public only by a moderator's approval"
ONLY_AN_APPROVAL = "may be changed only by an approval"


def says(words: str):
    """Expect a refusal that says ``words``: not an error of the database's."""
    return pytest.raises(EmbargoError, match=words)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class TestBehindAClosedGate:
    state = SHUT

    @pytest.fixture
    def scene(self, world) -> Scene:
        return Scene(world, "suspended")

    def test_saving_a_page_as_live_is_explained(self, scene):
        page = Page.objects.get(pk=scene.pk)
        page.live = True
        with says(BY_APPROVAL):
            page.save(clean=False)

    def test_a_page_made_live_is_a_draft(self, scene):
        page = new_page(scene, live=True)
        scene.board().add_child(instance=page)
        assert not Page.objects.get(pk=page.pk).live

    def test_publishing_a_revision_is_explained(self, scene):
        with says(BY_APPROVAL):
            scene.leaking_revision().publish()

    def test_publishing_something_ordinary_below_it_is_explained(self, scene):
        page = NewsPage(title=LEAK, slug="leak", live=False)
        scene.board().add_child(instance=page)
        with says("Nothing goes public below a page whose pilot is not approved"):
            page.save_revision().publish()

    def test_moving_something_public_below_it_is_explained(self, scene):
        with says("Nothing public can be moved below a pilot"):
            scene.news.move(scene.board(), pos="last-child")

    def test_an_alias_elsewhere_is_explained(self, scene):
        with says("belongs to another branch|has to stay below the same pilot"):
            CreatePageAliasAction(scene.page, parent=scene.board("LSW")).execute()

    def test_a_page_in_the_wrong_place_is_explained(self, scene):
        with says("belongs below the board of a branch"):
            scene.home.add_child(instance=new_page(scene))

    def test_moving_it_away_is_explained(self, scene):
        with says("stays where it was made"):
            scene.page.move(scene.board("LSW"), pos="last-child")

    def test_moving_a_page_that_holds_pilots_below_another_is_explained(self, scene):
        folder = scene.home.add_child(instance=NewsPage(title="Folder", slug="folder", live=False))
        other = Programme.objects.create(code="X", public_name={}, neutral_name={})
        folder.add_child(instance=ProgrammePage(programme=other, title="X", slug="x"))
        with says("A page that holds pilots cannot be moved below a pilot"):
            folder.move(scene.board("LSW"), pos="last-child")

    def test_deleting_what_was_approved_is_explained(self, scene):
        with says("Withdraw the approval before you delete it"):
            scene.page.delete()

    def test_what_was_altered_since_it_was_approved_is_not_released(self, scene):
        from pledge_pages.embargo.approval import approved_page

        HeldApproval.objects.filter(page=scene.pk).update(snapshot={"pk": scene.pk, "title": LEAK})
        with says("altered since it was approved"):
            approved_page(scene.page.standing_approval, scene.page)

    def test_a_review_finished_by_nobody_is_explained(self, scene):
        with says("Only a moderator's approval"):
            submit(scene).finish()

    def test_a_review_that_ends_with_its_last_task_cancelled_is_explained(self, scene):
        task_state = submit(scene).current_task_state.specific
        Task.objects.filter(pk=task_state.task_id).update(active=False)
        with says("Only a moderator's approval"):
            task_state.cancel(user=scene.town.moderator("SGZ"))

    def test_a_review_whose_task_is_disabled_is_explained(self, scene):
        state = submit(scene)
        task = state.current_task_state.task.specific
        with says("in review by this task"):
            task.deactivate(user=scene.town.admin)
        task.refresh_from_db()
        assert task.active


class TestOnAPublicPage:
    state = OPEN

    @pytest.fixture
    def scene(self, world) -> Scene:
        return Scene(world, LIVE)

    def test_saving_other_words_is_explained(self, scene):
        page = Page.objects.get(pk=scene.pk)
        page.title = LEAK
        with says(rf"{ONLY_AN_APPROVAL} \(title\)"):
            page.save(clean=False)

    def test_saving_a_row_of_it_is_explained(self, scene):
        pledge = scene.page.pledges.first()
        pledge.text = LEAK
        with says(ONLY_AN_APPROVAL):
            pledge.save()

    def test_deleting_a_row_of_it_is_explained(self, scene):
        with says(ONLY_AN_APPROVAL):
            scene.page.pledges.first().delete()

    def test_taking_it_down_drops_the_approval(self, scene):
        scene.page.unpublish()
        assert scene.page.standing_approval is None

    def test_a_translation_tool_leaves_it_as_it_is(self, scene):
        from pledge_pages.embargo.localize import drafting

        page = scene.page
        page.title = LEAK
        with drafting():
            page.save(clean=False)
        assert MemberPledgePage.objects.get(pk=scene.pk).title != LEAK

    def test_what_is_approved_for_later_waits(self, scene):
        page = scene.page.get_latest_revision_as_object()
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision(user=scene.user, clean=False)
        scene.page.get_workflow().start(scene.page, scene.user)
        scene.town.approve(scene.page, scene.town.moderator("SGZ"))
        assert scene.page.go_live_at is None
        assert scene.page.get_latest_revision().approved_go_live_at is not None

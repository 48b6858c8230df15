"""Builds the same board twice: ours, and the tutorial's."""

import io
from datetime import date

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Page

from benchmarks.models import TutorialBoard, TutorialMember, TutorialPledge
from pledge_pages.embargo.approval import hold
from pledge_pages.models import BranchPage, MemberPhotoRendition, MemberPledgePage
from pledge_pages.photos.renditions import SPECS, TILE
from tests.crowd import PLEDGES_EACH, add_crowd
from tests.worlds import Town, build_town

MEMBERS = 200


def build_ours() -> Town:
    """Build a town with one public branch of :data:`MEMBERS` members."""
    town = build_town(codes=("SGZ",), members=0)
    town.hold_branch("SGZ")
    town.open("SGZ")
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    add_crowd(board, MEMBERS)
    return town


def build_tutorial(home: Page) -> TutorialBoard:
    """Build the tutorial's board below ``home``, with as many members, photos and pledges."""
    board = TutorialBoard(title="SGZ village", slug="tutorial", locale=home.locale)
    Page.objects.get(pk=home.pk).add_child(instance=board)
    for index in range(MEMBERS):
        file = io.BytesIO()
        Picture.new("RGB", (480, 600), (index, 128, 128)).save(file, "JPEG")
        photo = Image.objects.create(
            title=f"photo {index}", file=ImageFile(file, name=f"photo-{index}.jpg")
        )
        member = TutorialMember(
            title=f"Wang Zhong{index}", slug=f"m{index}", office="Ordinary member", photo=photo,
            locale=home.locale,
        )  # fmt: skip
        member.pledges = [
            TutorialPledge(
                year=2026, category="Sanitation", text=f"承诺 {number}", measure="12",
                due=date(2026, 12, 31),
            )
            for number in range(PLEDGES_EACH)
        ]  # fmt: skip
        board.add_child(instance=member)
        member.save_revision()
    return board


def hold_crowd(town: Town, board: BranchPage) -> list[MemberPledgePage]:
    """Have every member's page of ``board`` approved, so that a release has all to publish."""
    pages = list(MemberPledgePage.objects.child_of(board))
    for page in pages:
        if page.standing_approval is None:
            hold(page, page.save_revision(user=town.editor("SGZ")), by=town.moderator("SGZ"))
    return pages


def draw_photos() -> None:
    """Draw a file for every photo of our board in the sizes that print uses."""
    for number, row in enumerate(MemberPhotoRendition.objects.exclude(filter_spec=TILE)):
        file = io.BytesIO()
        Picture.effect_noise(SPECS[row.filter_spec], 20 + number % 50).save(file, "JPEG")
        row.file.storage.save(row.file.name, ContentFile(file.getvalue()))

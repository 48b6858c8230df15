"""Fills a public branch with many members, for counting queries and measuring."""

from datetime import date

from django.utils import timezone
from wagtail.models import Page

from pledge_pages.embargo.publication import publication
from pledge_pages.models import (
    BranchPage,
    Category,
    Consent,
    Member,
    MemberPhoto,
    MemberPhotoRendition,
    MemberPledgePage,
    Office,
    Pledge,
    Post,
    ProgressUpdate,
)
from pledge_pages.people.models import Scope
from pledge_pages.photos.renditions import SPECS

PLEDGES_EACH = 3


def add_crowd(board: BranchPage, number: int, *, photos: bool = True) -> list[MemberPledgePage]:
    """Add ``number`` members with photos, consents and pledges to a public board, all public.

    Their rows are written as a release leaves them; no file is drawn, boards read rows only.
    """
    office = Office.objects.order_by("-rank").first()
    post, category = Post.objects.first(), Category.objects.first()
    pages = []
    for index in range(number):
        member = Member.objects.create(
            code=f"CROWD-{board.pk}-{index:04}",
            pilot=board.pilot,
            surname="王",
            given_name=f"众{index}",
            surname_latin="Wang",
            given_name_latin=f"Zhong{index}",
            office=office,
        )
        member.posts.add(post)
        photo = _photo(member) if photos else None
        page = MemberPledgePage(member=member, photo=photo, locale=board.locale)
        board.add_child(instance=page)
        pages.append(page)
    Consent.objects.bulk_create(
        Consent(
            member=page.member, scope=scope, subject=subject, level="full", state="granted",
            given_on=date(2025, 1, 1),
        )
        for page in pages for scope in Scope.values for subject in Consent.Subject.values
    )  # fmt: skip
    pledges = Pledge.objects.bulk_create(
        Pledge(
            page=page, year=2026, category=category, text=f"承诺 {number} of {page.member.code}",
            measure="12", due=date(2026, 12, 31), locale=board.locale, sort_order=number,
        )
        for page in pages for number in range(PLEDGES_EACH)
    )  # fmt: skip
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            page=pledge.page, pledge_key=pledge.key, on=date(2026, 5, 1), text="done once",
            percent=10, locale=board.locale,
        )
        for pledge in pledges
    )  # fmt: skip
    ids = [page.pk for page in pages]
    with publication(ids):
        Page.objects.filter(pk__in=ids).update(
            live=True, has_unpublished_changes=False, last_published_at=timezone.now()
        )
    return pages


def _photo(member: Member) -> MemberPhoto:
    photo = MemberPhoto(member=member, title=member.public_id, width=960, height=1200)
    photo.file.name = f"photos/{member.public_id}.jpg"
    MemberPhoto.objects.bulk_create([photo])
    MemberPhotoRendition.objects.bulk_create(
        MemberPhotoRendition(
            image=photo, filter_spec=spec, width=width, height=height, digest="0" * 64,
            file=f"renditions/{member.public_id}-{spec}.jpg", focal_point_key="",
        )
        for spec, (width, height) in SPECS.items()
    )  # fmt: skip
    return photo

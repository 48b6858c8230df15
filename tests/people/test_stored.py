"""What is stored of pages and photos names nobody, whatever the member allowed."""

import json

from wagtail.models import Page, PageLogEntry, Revision

from pledge_pages.models import HeldApproval, MemberPhoto, MemberPhotoRendition
from tests.people.surfaces import GIVEN, GIVEN_LATIN, SURNAME, SURNAME_LATIN
from tests.worlds import LANGUAGES

WORDS = (SURNAME, GIVEN, SURNAME_LATIN.lower(), GIVEN_LATIN.lower())


def named(texts) -> list[str]:
    """Return the texts that hold a part of the secretary's name."""
    return [text for text in texts if any(word in text.lower() for word in WORDS)]


def test_no_page_revision_or_snapshot_holds_a_name(town) -> None:
    pages = [json.dumps(row, default=str, ensure_ascii=False) for row in Page.objects.values()]
    assert len(pages) > 6
    assert named(pages) == []
    for model, column in ((Revision, "content"), (HeldApproval, "snapshot")):
        contents = model.objects.values_list(column, flat=True)
        assert len(contents) > 6
        assert named(json.dumps(text, default=str, ensure_ascii=False) for text in contents) == []
    assert named(Revision.objects.values_list("object_str", flat=True)) == []
    # The label of a line is what the branch's own staff read in the admin.
    assert named(str(data) for data in PageLogEntry.objects.values_list("data", flat=True)) == []


def test_the_search_index_is_told_no_name(town, surfaces) -> None:
    for language in LANGUAGES:
        page = surfaces.page(language)
        told = [str(field.get_value(page)) for field in page.get_search_fields()]
        assert any("SGZ-M001" in text for text in told)
        assert named(told) == []


def test_photos_and_their_files_are_named_after_nobody(town) -> None:
    rows = [*MemberPhoto.objects.values(), *MemberPhotoRendition.objects.values()]
    assert len(rows) > 2
    assert named(json.dumps(row, default=str, ensure_ascii=False) for row in rows) == []


def test_addresses_say_nothing_of_the_person(surfaces, member) -> None:
    for language in LANGUAGES:
        page = surfaces.page(language)
        assert page.slug == page.title == member.public_id
        assert page.url.endswith(f"/{member.public_id}/")

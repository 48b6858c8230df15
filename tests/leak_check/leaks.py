"""Real leaks, planted one beside the other, and where each has to be found."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from home.models import NewsPage
from pledge_pages.boards.cache import DrawnBoard, fingerprint, public_rows
from pledge_pages.models import (
    BranchPage,
    BranchReview,
    GatedPage,
    Member,
    MemberPledgePage,
    MemberReview,
    Pledge,
    Sanction,
)
from pledge_pages.village import links
from tests.embargo.test_triggers import drop, names
from tests.worlds import Town

TITLE = "石各庄支部党员承诺公示栏"
TRIGGER = "pledge_pages_gate_update"


@dataclass(frozen=True)
class Leak:
    """One thing that the check has to find: on which surface, what, and of which kind."""

    says: str
    surface: str
    what: str
    kind: str = ""
    certain: bool = True
    # Part of a place that has to be named.
    place: str = ""


LEAKS = [
    Leak("a trigger is gone", "database", "trigger"),
    Leak("a page is live behind a closed gate", "database", "live"),
    Leak("that page is served", "hidden", "answers", place="/zh-hans/work-plan/village-1/"),
    Leak("a member is read there", "hidden", "found", "name", place="/zh-hans/work-plan/village-1/"),
    Leak("that page is in the API", "api_v2", "found", "slug"),
    Leak("and in the other API", "api_v3", "found", "slug"),
    Leak("a hidden board's title is in the news", "pages", "found", "title", place="/zh-hans/brief/"),
    Leak("a short name is in the news", "pages", "found", "name", False, "/zh-hans/brief/"),
    Leak("a place is named in the news", "pages", "mentioned", "title", False, "/zh-hans/brief/"),
    Leak("the news is in the API", "api_v2", "found", "title"),
    Leak("a hidden member's name is in the news", "pages", "found", "name", place="/zh-hans/brief/"),
    Leak("a hidden pledge is in the news", "pages", "found", "pledge", place="/zh-hans/brief/"),
    Leak("an opinion of a review that is not closed is in the news", "pages", "found", "review", place="/zh-hans/brief/"),
    Leak("a sanction is in the news", "pages", "found", "sanction", place="/zh-hans/brief/"),
    Leak("a public page has a grade of no closed review", "database", "grade"),
    Leak("the address in a village's code is in the news", "pages", "found", "link", place="/zh-hans/brief/"),
    Leak("a photo was copied under another name", "files", "copied", "photo", place="picture.jpg"),
    Leak("a file was copied under its own name", "uploads", "answers", place="/media/evidence/"),
    Leak("the copy is found by its name, too", "files", "copied", "evidence"),
    Leak("a page cache holds a hidden name", "pages", "found", "name", place="/en/work-plan/village-2/"),
    Leak("a redirect leads to a hidden address", "redirects", "found", "address", place="/old-news"),
    Leak("a public pledge is not what was approved", "database", "differs_from_approval"),
    Leak("a gate was left open", "database", "left_open"),
    Leak("a page taken down is still in the search index", "database", "indexed"),
]  # fmt: skip


def plant(town: Town, copies: list[str]) -> None:
    """Plant every one of LEAKS in a town whose branch SGZ is hidden and LSW public.

    The names of files that are put among the uploads are added to ``copies``.
    """
    connection.check_constraints()  # PostgreSQL alters no table with work left to do
    for name in names():
        drop(name)
    page = town.pages["SGZ-M001", "zh-hans"]
    Page.objects.filter(pk=page.pk).update(live=True)
    Page.objects.filter(pk=town.boards["SGZ", "zh-hans"].pk).update(draft_title=TITLE)
    # By SQL: nothing on the way from the editor to the public would stop these words.
    pledge = Pledge.objects.filter(page_id=town.pages["SGZ-M002", "zh-hans"].pk).get()
    Member.objects.create(
        code="SGZ-M003", pilot=town.pilots["SGZ"], surname="田", given_name="一",
        office=town.members["SGZ-M001"].office,
    )  # fmt: skip
    words = f"<p>田一。{TITLE}、SGZ村：{town.members['SGZ-M002'].staff_name}。<em>{pledge.text}</em></p>"
    words += f"<p>{' '.join(add_review(town))}</p>"
    link = links.issue(town.pilots["SGZ"], by=town.lead)
    words += f'<p><a href="{links.address_of(link)}">more</a></p>'
    NewsPage.objects.filter(pk=town.news.pk).update(body=words)
    rendition = town.photo.renditions.first()
    stored = town.evidence.file
    for name, file in (("pictures/picture.jpg", rendition.file), (stored.name, stored)):
        copies.append(default_storage.save(name, ContentFile(file.open("rb").read())))
    spoil_cache(town)
    # Saved, it would be refused.
    leak = Redirect(old_path="/old-news", redirect_link="/zh-hans/work-plan/village-1/", site=None)
    Redirect.objects.bulk_create([leak])
    public = town.pages["LSW-M001", "zh-hans"]
    Pledge.objects.filter(page_id=public.pk).update(text="What nobody approved")
    graded = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk).grades
    MemberPledgePage.objects.filter(pk=public.pk).update(grades=graded)
    GatedPage.objects.filter(page_id=public.pk).update(publishing=True)
    Page.objects.filter(pk=town.pages["LSW-M001", "en"].pk).update(live=False)


def add_review(town: Town) -> tuple[str, str]:
    """Let a review of a hidden member go on; return the opinion, and the sanction that followed."""
    opinion, sanction = "They came late to every meeting", "A talk in front of the branch"
    by, day = town.editor("SGZ"), date(2027, 1, 11)
    review = BranchReview.objects.create(
        pilot=town.pilots["SGZ"], year=2026, rulebook=town.rulebook, held_on=day, present=2,
        opened_by=by,
    )  # fmt: skip
    entry = MemberReview.objects.create(
        review=review, member=town.members["SGZ-M002"], opinion={"en": opinion}
    )
    Sanction.objects.create(entry=entry, what=sanction, basis="minutes", on=day, by=by)
    return opinion, sanction


def spoil_cache(town: Town) -> None:
    """Let the cached board of LSW show a member of SGZ."""
    with translation.override("en"):
        board = BranchPage.objects.get(pk=town.boards["LSW", "en"].pk)
        # As it will be asked for: the page below was taken down by then.
        hidden = MemberPledgePage.objects.filter(pk=town.pages["LSW-M001", "en"].pk)
        Page.objects.filter(pk__in=hidden).update(live=False)
        key = f"pledge_pages.board.{fingerprint(board, None, public_rows(board))}"
    member = town.members["SGZ-M002"]
    name = f"{member.surname_latin} {member.given_name_latin}"
    cache.set(key, DrawnBoard(f"<p>{name}</p>", 2026), 600)

"""Takes the sample town out of the database: its programme with all that belongs to it."""

from collections.abc import Iterable
from functools import partial

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Site

from home.models import HomePage, NewsPage
from pledge_pages.appraisal.branch_models import BranchOutcome
from pledge_pages.appraisal.ledger_models import PointConfirmation, PointEntry
from pledge_pages.appraisal.models import (
    Appeal,
    CheckerStatement,
    DecisionEvidence,
    OutcomeDecision,
)
from pledge_pages.appraisal.review_models import Appraisal, BranchReview, MemberReview, Sanction
from pledge_pages.boards.models import ProgrammePage
from pledge_pages.embargo import triggers
from pledge_pages.embargo.models import HeldApproval
from pledge_pages.people.models import Member, Office, Post
from pledge_pages.photos.models import EvidenceFile, MemberPhoto, MemberPhotoRendition
from pledge_pages.photos.storage import PrivateStorage
from pledge_pages.pilots.models import Pilot, Programme, Transition, Wave
from pledge_pages.pilots.stages import Stage
from pledge_pages.posters.models import PrintedSheet
from pledge_pages.quiet_words.models import QuietTerm
from pledge_pages.rulebook.models import Category, Clause, Grade, PledgeTemplate, RuleBook
from pledge_pages.supervision.models import Report
from pledge_pages.tasks.models import Assignment
from pledge_pages.village.models import VillageLink

from .accounts import names_of
from .people import RANKS
from .sample import LANGUAGES, Sample, key_of
from .tasks import DOCUMENTS

FOLDERS = ("photos", "renditions", "evidence")


def remove(sample: Sample, programme: Programme) -> None:
    """Remove the sample town, and whatever was added to its programme since it was loaded.

    Its lines of the audit trail go too: nothing else but emptying the database may do that. Other
    programmes, pages and users stay. Raises ProtectedError if one of them still needs a
    record of the sample town; then nothing was removed.
    """
    with triggers.trail_lifted():
        _remove(sample, programme)


def _remove(sample: Sample, programme: Programme) -> None:
    pilots = Pilot.objects.filter(programme=programme)
    # Away from "approved": the database itself takes everything down.
    pilots.update(stage=Stage.ENDED)
    _remove_pages(sample, programme)
    members = Member.objects.filter(pilot__programme=programme)
    reports = Report.objects.filter(pilot__in=pilots)
    _forget_log(Report, reports)
    reports.delete()
    _remove_decisions(pilots)
    _remove_reviews(pilots)
    assignments = Assignment.objects.filter(pilot__in=pilots)
    _forget_log(Assignment, assignments)
    assignments.delete()
    _remove_files(members, pilots)
    _remove_rules(programme, members)
    _forget_log(Member, members)
    invited = [*members.filter(user__isnull=False).values_list("user", flat=True)]
    members.delete()
    Group.objects.filter(pledge_role__programme=programme).delete()
    _remove_links(pilots)
    _forget_log(Pilot, pilots)
    Transition.objects.filter(pilot__in=pilots).delete()
    pilots.delete()
    Wave.objects.filter(programme=programme).delete()
    _forget_log(QuietTerm, QuietTerm.objects.filter(programme=programme))
    _forget_log(Programme, Programme.objects.filter(pk=programme.pk))
    programme.delete()
    if not Programme.objects.exists():
        _remove_lists(sample)
    User = get_user_model()
    User.objects.filter(pk__in=invited).delete()
    User.objects.filter(**{f"{User.USERNAME_FIELD}__in": names_of(sample)}).delete()


def _remove_pages(sample: Sample, programme: Programme) -> None:
    gated = Page.objects.filter(gate__programme=programme)
    ids = set(gated.values_list("pk", flat=True))
    HeldApproval.objects.filter(page_id__in=ids).delete()
    keys = [key_of(f"news/{record['slug']}") for record in sample["other_pages"]]
    news = NewsPage.objects.filter(translation_key__in=keys)
    ids |= set(news.values_list("pk", flat=True))
    for page in (*ProgrammePage.objects.filter(programme=programme), *news):
        # Read anew: each deletion moves the tree's counts.
        Page.objects.get(pk=page.pk).specific.delete()
    ids |= _remove_empty_homes()
    PageLogEntry.objects.filter(page_id__in=ids).delete()


def _remove_empty_homes() -> set[int]:
    """Remove the home pages in further languages, unless somebody put other pages below them."""
    root = Site.objects.get(is_default_site=True).root_page
    slugs = [f"{root.slug}-{language}" for language in LANGUAGES]
    homes = HomePage.objects.filter(translation_key=root.translation_key, slug__in=slugs)
    gone = set()
    for home in homes.exclude(pk=root.pk):
        if not home.get_children().exists():
            gone.add(home.pk)
            home.delete()
    return gone


def _remove_rules(programme: Programme, members: models.QuerySet) -> None:
    entries = PointEntry.objects.filter(member__in=members)
    _forget_log(PointEntry, entries)
    PointConfirmation.objects.filter(entry__in=entries).delete()
    entries.filter(reversal_of__isnull=False).delete()
    entries.delete()
    books = RuleBook.objects.filter(programme=programme)
    _forget_log(RuleBook, books)
    for model in (Clause, Grade):
        model.objects.filter(rulebook__in=books).delete()
    books.update(drafted_from=None)
    books.delete()


def _remove_links(pilots: models.QuerySet) -> None:
    sheets = PrintedSheet.objects.filter(pilot__in=pilots)
    _forget_log(PrintedSheet, sheets)
    sheets.delete()
    links = VillageLink.objects.filter(pilot__in=pilots)
    _forget_log(VillageLink, links)
    links.update(rotated_from=None)
    links.delete()


def _remove_decisions(pilots: models.QuerySet) -> None:
    """Remove what was decided, past the models, which keep it."""
    decisions = OutcomeDecision.objects.filter(pilot__in=pilots)
    _forget_log(OutcomeDecision, decisions)
    appeals = Appeal.objects.filter(pilot__in=pilots)
    _forget_log(Appeal, appeals)
    appeals.delete()
    for model in (CheckerStatement, DecisionEvidence):
        model.objects.filter(decision__in=decisions).delete()
    decisions.update(supersedes=None)
    decisions.delete()
    of_branches = BranchOutcome.objects.filter(pilot__in=pilots)
    _forget_log(BranchOutcome, of_branches)
    of_branches.delete()


def _remove_reviews(pilots: models.QuerySet) -> None:
    """Remove year-end reviews, past the models and triggers, which keep them."""
    reviews = BranchReview.objects.filter(pilot__in=pilots)
    entries = MemberReview.objects.filter(review__in=reviews)
    for model, rows in (
        (Sanction, Sanction.objects.filter(entry__in=entries)),
        (Appraisal, Appraisal.objects.filter(review__in=reviews).order_by("-edition")),
        (MemberReview, entries),
        (BranchReview, reviews),
    ):
        _forget_log(model, rows)
    Sanction.objects.filter(entry__in=entries).delete()
    Appraisal.objects.filter(review__in=reviews, corrects__isnull=False).update(corrects=None)
    Appraisal.objects.filter(review__in=reviews).delete()
    entries.delete()
    reviews.delete()


def _remove_files(members: models.QuerySet, pilots: models.QuerySet) -> None:
    """Remove photos and evidence, and their files once all this is committed."""
    evidence = EvidenceFile.objects.filter(pilot__in=pilots)
    rows: Iterable = (
        *MemberPhotoRendition.objects.filter(image__member__in=members),
        *MemberPhoto.objects.filter(member__in=members),
        *evidence,
    )
    names = [row.file.name for row in rows if row.file.name]
    _forget_log(EvidenceFile, evidence)
    MemberPhotoRendition.objects.filter(image__member__in=members).delete()
    MemberPhoto.objects.filter(member__in=members).delete()
    evidence.delete()
    transaction.on_commit(partial(delete_files, names), robust=True)


def delete_files(names: Iterable[str]) -> None:
    """Delete private files that may be gone already."""
    storage = PrivateStorage()
    for name in names:
        storage.delete(name)


def _remove_lists(sample: Sample) -> None:
    """Remove offices, posts, categories and templates; no programme is left to use them."""
    for model, codes in (
        (PledgeTemplate, [*DOCUMENTS, *(record["id"] for record in sample["pledge_library"])]),
        (Office, list(RANKS)),
        (Post, [record["code"] for record in sample["posts"]]),
        (Category, [record["code"] for record in sample["categories"]]),
    ):
        model.objects.filter(code__in=codes).delete()


def _forget_log(model: type[models.Model], rows: models.QuerySet) -> None:
    """Remove what the log says about ``rows``: it holds the names of people."""
    ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
    ).delete()


def remove_stray_files() -> int:
    """Delete private files that no record knows: a killed load left them. Returns how many."""
    storage = PrivateStorage()
    known = {
        name
        for model in (MemberPhoto, MemberPhotoRendition, EvidenceFile)
        for name in model.objects.values_list("file", flat=True)
    }
    stray = [name for folder in FOLDERS for name in _files_in(storage, folder) if name not in known]
    delete_files(stray)
    return len(stray)


def _files_in(storage: PrivateStorage, folder: str) -> list[str]:
    try:
        folders, files = storage.listdir(folder)
    except OSError:
        return []
    found = [f"{folder}/{name}" for name in files]
    for name in folders:
        found += _files_in(storage, f"{folder}/{name}")
    return found

"""Builds the rows of the pages: pledges, tasks, updates and amendments in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from wagtail.models import Locale

from pledge_pages.boards.content import (
    OUTCOMES,
    BranchPledge,
    Pledge,
    PledgeAmendment,
    PledgeTask,
    ProgressUpdate,
    Status,
)
from pledge_pages.boards.models import MemberPledgePage
from pledge_pages.people.models import Member
from pledge_pages.photos.models import EvidenceFile
from pledge_pages.rulebook.models import Category

from .sample import Record, Sample, day, key_of, text_of
from .story import PledgeStory, update_text

BOARD_INTRODUCTION = {
    "zh-hans": "全村{households}户、{population}人、{groups}个村民小组,主要作物是{crop}。"
    "登记党员{registered}名。",
    "en": "{households} households, {population} people, {groups} groups; the main crop is {crop}. "
    "{registered} members are registered.",
}


@dataclass(frozen=True)
class Shelf:
    """The records that rows point to, by the file's codes."""

    categories: Mapping[str, Category]
    members: Mapping[str, Member]
    evidence: Mapping[str, EvidenceFile]


def fill(
    page: MemberPledgePage, stories: list[PledgeStory], shelf: Shelf, language: str, locale: Locale
) -> None:
    """Give ``page`` the rows of ``stories``, in place of those it has; nothing is saved."""
    pledges, tasks, updates, amendments = [], [], [], []
    for story in sorted(stories, key=lambda story: -story.record["cycle"]):
        pledges.append(_pledge(story, shelf, language))
        tasks += _tasks(story, shelf, language)
        updates += _updates(story, shelf, language)
        amendments += _amendments(story, language)
    rows = {"pledges": pledges, "tasks": tasks, "updates": updates, "amendments": amendments}
    for relation, new in rows.items():
        # Rows stay the same rows from version to version, as they do in the editor.
        kept = {row.translation_key: row.pk for row in getattr(page, relation).all()}
        for place, row in enumerate(new):
            row.pk = kept.get(row.translation_key)
            row.locale = locale
            row.sort_order = place
        setattr(page, relation, new)


def _pledge(story: PledgeStory, shelf: Shelf, language: str) -> Pledge:
    record, outcome = story.record, story.outcome or {}
    key = key_of(record["id"])
    reply, replied_on = story.reply(language)
    return Pledge(
        key=key,
        translation_key=key,
        year=record["cycle"],
        category=shelf.categories[record["category"]],
        text=story.text(language),
        measure=text_of(record, "measure", language),
        agreed_on=story.agreed_on,
        due=day(record["due"]),
        progress=story.progress,
        percent=story.percent,
        outcome=outcome.get("state", ""),
        checked_on=day(outcome["checked_on"]) if outcome else None,
        method=text_of(outcome, "method", language),
        reason=story.reason(language),
        reply=reply,
        replied_on=replied_on,
    )


def _tasks(story: PledgeStory, shelf: Shelf, language: str) -> Iterator[PledgeTask]:
    for place, task in enumerate(story.record["tasks"]):
        yield PledgeTask(
            pledge_key=key_of(story.record["id"]),
            translation_key=key_of(f"{story.record['id']}/task/{place}"),
            text=text_of(task, "", language),
            assigned_by=shelf.members.get(task["assigned_by"]),
            due=day(task["due"]),
            done_on=story.task_done_on(task),
        )


def _updates(story: PledgeStory, shelf: Shelf, language: str) -> Iterator[ProgressUpdate]:
    for place, update in enumerate(story.updates):
        files = [shelf.evidence.get(entry["id"]) for entry in update["evidence"]]
        yield ProgressUpdate(
            pledge_key=key_of(story.record["id"]),
            translation_key=key_of(f"{story.record['id']}/update/{place}"),
            on=day(update["on"]),
            kind=update["kind"],
            percent=update["percent"],
            text=update_text(update, language),
            evidence=next(iter(files), None),
        )


def _amendments(story: PledgeStory, language: str) -> Iterator[PledgeAmendment]:
    for place, row in enumerate(story.amendments):
        yield PledgeAmendment(
            pledge_key=key_of(story.record["id"]),
            translation_key=key_of(f"{story.record['id']}/amendment/{place}"),
            on=day(row["on"]),
            old_text=text_of(row, "old_text", language),
            new_text=text_of(row, "new_text", language),
            reason=text_of(row, "reason", language),
            agreed_at=text_of(row, "approved_at", language),
        )


def branch_pledges(
    sample: Sample, village: str, on: date, shelf: Shelf, language: str, locale: Locale
) -> list[BranchPledge]:
    """Return the unsaved pledges of the branch for the years that had begun on the day ``on``.

    The file gives no dates for their progress: it is known from the day the file was closed.
    """
    records = [row for row in sample.branch_pledges_of(village) if row["cycle"] <= on.year]
    return [
        _branch_pledge(record, shelf, language, locale, known=on >= sample.on, place=place)
        for place, record in enumerate(records)
    ]


def _branch_pledge(
    record: Record, shelf: Shelf, language: str, locale: Locale, *, known: bool, place: int
) -> BranchPledge:
    key = key_of(record["id"])
    said = record["progress"]
    if not known and said != Status.NOT_STARTED:
        said = Status.IN_PROGRESS
    done = said in OUTCOMES
    return BranchPledge(
        key=key,
        translation_key=key,
        locale=locale,
        sort_order=place,
        year=record["cycle"],
        category=shelf.categories[record["category"]],
        text=text_of(record, "text", language),
        lead=shelf.members.get(record["lead"]),
        progress=Status.IN_PROGRESS if done else said,
        outcome=said if done else "",
    )


def introduction_of(village: Record, language: str) -> str:
    """Return a sentence or two about ``village``, from its figures in the file.

    The board itself says how many members it shows.
    """
    return BOARD_INTRODUCTION[language].format(
        households=village["households"],
        population=village["population"],
        groups=village["groups"],
        crop=text_of(village["main_crop"], "", language),
        registered=village["registered_members"],
    )

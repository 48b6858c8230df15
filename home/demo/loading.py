"""Loads the sample town as it stood on one day: all of it, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from pledge_pages.appraisal.grades_on_page import standing_of
from pledge_pages.appraisal.review_models import MemberReview
from pledge_pages.boards.models import BranchPage, MemberPledgePage, ProgrammePage
from pledge_pages.boards.opening import open_branch, open_programme
from pledge_pages.embargo.models import GatedPage, HeldApproval
from pledge_pages.embargo.release import approve_pilots
from pledge_pages.photos.models import MemberPhoto
from pledge_pages.photos.storage import files_removed_on_error
from pledge_pages.pilots.actions import take_step
from pledge_pages.pilots.models import Pilot, Programme, Wave
from pledge_pages.village import links

from . import accounts, outcomes, people, pictures, quiet, reports, rules, site, tasks, yearly
from .content import Shelf, branch_pledges, fill, introduction_of
from .moderation import approve, review, write
from .progress import Progress
from .sample import LANGUAGES, Record, Sample, day, day_or_none, key_of, labels_of, text_of
from .story import MemberStory, PledgeStory
from .timeline import REASONS, Step, moment, proposed_on, steps_until

SLUG = "work-plan"

INTRODUCTION = {
    "zh-hans": "各村党员今年承诺了什么、怎样核对、到年底办到了没有。",
    "en": "What the members in each village promise for the year, how anyone can check it, and "
    "what came of it.",
}

# After the three parts of the town's description in the file.
WAVE_NAMES = {
    1: {"zh-hans": "试点村", "en": "Pilot village"},
    2: {"zh-hans": "大青山以外五个村", "en": "Five villages outside Daqingshan"},
    3: {"zh-hans": "大青山片区", "en": "Daqingshan hill area"},
}


@dataclass
class Loading:
    """What is loaded so far, by the file's codes."""

    sample: Sample
    on: date
    progress: Progress
    with_pictures: bool
    # The people to load; the whole roster unless a test wants fewer.
    roster: list[Record]
    users: dict = field(default_factory=dict)
    pilots: dict[str, Pilot] = field(default_factory=dict)
    boards: dict[tuple[str, str], BranchPage] = field(default_factory=dict)
    programme_pages: dict[str, ProgrammePage] = field(default_factory=dict)
    locales: dict[str, Locale] = field(default_factory=dict)
    photos: dict[str, MemberPhoto] = field(default_factory=dict)
    shelf: Shelf | None = None
    # What pages say of grades, and since when, by member.
    grades: dict[int, list[dict]] = field(default_factory=dict)
    graded_on: dict[int, date] = field(default_factory=dict)

    def story_of(self, member: str) -> MemberStory:
        """Return the pledges of ``member`` as they were known on the day."""
        records = self.sample.pledges_by_member[member]
        return MemberStory.of(records, self.on, self.sample.on)

    def stories_in(self, village: str) -> list[PledgeStory]:
        """Return the approved pledges of ``village`` on the day."""
        roster = [record["id"] for record in self.roster if record["village"] == village]
        return [story for member in roster for story in self.story_of(member).approved]

    def editor(self, village: str):
        """Return who writes for ``village``."""
        return self.users[f"editor_{village.lower()}"]


def load(
    sample: Sample,
    on: date,
    *,
    progress: Progress,
    with_pictures: bool = True,
    members_per_village: int | None = None,
) -> Programme:
    """Load the sample town as it stood on the day ``on``, in one transaction.

    ``with_pictures`` and ``members_per_village`` leave out portraits, evidence and people, for
    tests that ask for none. Raises whatever goes wrong; then nothing was loaded, and no file is
    left behind.
    """
    roster = [
        record
        for village in sample.villages
        for record in sample.members_of(village)[:members_per_village]
    ]
    loading = Loading(sample, on, progress, with_pictures, roster)
    with files_removed_on_error(), transaction.atomic():
        # Every single save would look anew for what the page refers to.
        with disable_reference_index_auto_update():
            programme = _open(loading)
            _settle(loading)
            _draw(loading)
            _take_over_outcomes(loading)
            _write_pages(loading)
        _walk(loading, steps_until(sample, on))
        _print_codes(loading)
        _say_and_ask(loading)
        site.make_news(sample, on, loading.locales, by=loading.users["admin"])
        _refer(programme)
        # After the mails about what is entered here, which happened long ago.
        transaction.on_commit(partial(accounts.give_addresses, loading.users))
        # What an earlier load left is told by this entry; see `state`.
        log(
            instance=programme,
            action="wagtail.create",
            user=loading.users["admin"],
            data={"sample_town": {"as_of": on.isoformat(), "version": sample["meta"]["version"]}},
        )
    return programme


def _open(loading: Loading) -> Programme:
    """Make the users, home pages, the programme, its waves, pilots and boards."""
    sample = loading.sample
    loading.users = accounts.make_users(sample)
    homes = site.make_homes(sample, by=loading.users["admin"])
    loading.locales = {language: page.locale for language, page in homes.items()}
    programme = Programme.objects.create(
        code=sample["town"]["id"],
        public_name=labels_of(sample["programme"], "internal_name"),
        neutral_name=labels_of(sample["programme"], "neutral_name"),
    )
    quiet.make_terms(sample, programme, by=loading.users["admin"])
    loading.programme_pages = open_programme(
        programme, parents=homes, by=loading.users["admin"], slug=SLUG
    )
    waves = {
        number: Wave.objects.create(programme=programme, number=number, name=name)
        for number, name in WAVE_NAMES.items()
    }
    for code, village in sample.villages.items():
        opened = open_branch(
            programme,
            code=code,
            name=labels_of(village, "name"),
            slug=village["board"]["slug"],
            by=loading.users["admin"],
            wave=waves[village["wave"]],
            lead=loading.users["lead"],
            liaison=labels_of(sample.liaison[code], "name"),
            reason=REASONS["propose"],
            at=moment(proposed_on(village["wave"]), 9),
        )
        loading.pilots[code] = opened.pilot
        for language, board in opened.boards.items():
            loading.boards[code, language] = board
    accounts.give_roles(sample, loading.users)
    return programme


def _settle(loading: Loading) -> None:
    """Make the people with their offices, posts and consents."""
    sample = loading.sample
    with loading.progress.stage("People", len(loading.roster)) as stage:
        members = people.make_members(
            loading.roster, loading.pilots, people.make_offices(sample), people.make_posts(sample)
        )
        people.make_consents(
            sample, loading.roster, members, timezone.localdate(), by=loading.users["lead"]
        )
        stage.advance(len(members))
    accounts.give_member(loading.users, members)
    loading.shelf = Shelf(people.make_categories(sample), members, {})
    people.link_posts(loading.shelf.categories)
    _rule(loading)


def _rule(loading: Loading) -> None:
    """Bring in the rules and the points that were there by the day."""
    sample, by = loading.sample, loading.users["gate_keeper"]
    programme = next(iter(loading.pilots.values())).programme
    rules.make_templates(sample, loading.shelf.categories)
    tasks.make_documents(loading.shelf.categories)
    books = rules.make_books(sample, programme, loading.on, by=by)
    rules.make_points(
        sample, programme, loading.on, members=loading.shelf.members, books=books, by=by
    )
    known = {"pilots": loading.pilots, "members": loading.shelf.members, "by": by}
    yearly.take_over_appeals(sample, loading.on, **known)
    for taken in yearly.take_over(sample, loading.on, **known):
        review = taken.review
        if review.is_closed:
            loading.grades |= standing_of(pilot=review.pilot_id)
            # The pages, written below, say so.
            MemberReview.objects.filter(review=review).update(put_at=review.closed_at)
            ids = review.entries.values_list("member", flat=True)
            loading.graded_on |= dict.fromkeys(ids, review.closed_on)


def _draw(loading: Loading) -> None:
    """Draw the portraits, and the evidence of what had happened by the day."""
    if not loading.with_pictures:
        return
    shelf = loading.shelf
    shown = [record for record in loading.roster if pictures.has_photo(record)]
    with loading.progress.stage("Portraits", len(shown)) as stage:
        for record in shown:
            by = loading.editor(record["village"])
            member = shelf.members[record["id"]]
            loading.photos[record["id"]] = pictures.make_photo(record, member, by)
            stage.advance()
    wanted = [
        (record["village"], update, entry)
        for record in loading.roster
        for story in loading.story_of(record["id"]).pledges
        for update in story.updates
        for entry in update["evidence"]
    ]
    with loading.progress.stage("Evidence", len(wanted)) as stage:
        for village, update, entry in wanted:
            shelf.evidence[entry["id"]] = pictures.make_evidence(
                entry,
                loading.pilots[village],
                day(update["on"]),
                loading.editor(village),
                loading.users["moderator_1"],
            )
            stage.advance()


def _take_over_outcomes(loading: Loading) -> None:
    """Take over what had become of pledges by the day: pages say nothing else of it."""
    stories = (
        story for record in loading.roster for story in loading.story_of(record["id"]).pledges
    )
    with loading.progress.stage("Outcomes", 1) as stage:
        by = loading.users["gate_keeper"]
        outcomes.take_over(stories, loading.shelf.members, by=by)
        outcomes.take_over_of_branches(loading.sample, loading.on, loading.pilots, by=by)
        stage.advance()


def _write_pages(loading: Loading) -> None:
    """Write the programme's pages, the boards and the members' pages, and have them reviewed."""
    _write_programme_pages(loading)
    count = len(LANGUAGES) * (len(loading.roster) + len(loading.pilots))
    with loading.progress.stage("Pages", count) as stage:
        for code in loading.pilots:
            for language in LANGUAGES:
                _write_board(loading, code, language)
                stage.advance()
        for record in loading.roster:
            for language in LANGUAGES:
                _write_member_page(loading, record, language)
                stage.advance()


def _write_programme_pages(loading: Loading) -> None:
    written = proposed_on(1)
    for language, page in loading.programme_pages.items():
        page = ProgrammePage.objects.get(pk=page.pk)
        page.introduction = f"<p>{INTRODUCTION[language]}</p>"
        page.show_in_menus = True
        page.save()
        revision = write(page, by=loading.users["admin"], at=moment(written, 10))
        approve(page, revision, by=loading.users["gate_keeper"], on=written)


def _write_board(loading: Loading, code: str, language: str) -> None:
    """Write the board of a branch; it was approved with the first of its members' pledges."""
    sample, village = loading.sample, loading.sample.villages[code]
    page = BranchPage.objects.get(pk=loading.boards[code, language].pk)
    page.introduction = f"<p>{introduction_of(village, language)}</p>"
    page.not_listed = text_of(village, "not_listed", language)
    page.branch_pledges = branch_pledges(
        sample, code, loading.on, loading.shelf, language, loading.locales[language]
    )
    page.save()
    newest = newest_approval(loading.stories_in(code))
    written = day(newest["on"]) if newest else proposed_on(village["wave"])
    revision = write(page, by=loading.editor(code), at=moment(written, 10))
    if newest:
        approve(page, revision, by=loading.users[newest["by"]], on=written)


def newest_approval(stories: Iterable[PledgeStory]) -> Record | None:
    """Return the last step by which a moderator approved one of ``stories``, if any was."""
    steps = [step for story in stories if (step := story.approved_step)]
    return max(steps, key=lambda step: step["on"], default=None)


def _write_member_page(loading: Loading, record: Record, language: str) -> None:
    """Write a member's page: what is approved first, what is not in a newer draft only."""
    code, locale = record["village"], loading.locales[language]
    story, editor = loading.story_of(record["id"]), loading.editor(code)
    page = MemberPledgePage(
        member=loading.shelf.members[record["id"]],
        photo=loading.photos.get(record["id"]),
        locale=locale,
        owner=editor,
        translation_key=key_of(record["id"]),
    )
    for hour, version in enumerate(story.versions(), start=9):
        fill(page, version.pledges, loading.shelf, language, locale)
        if page.pk is None:
            loading.boards[code, language].add_child(instance=page)
        page.grades = loading.grades.get(page.member_id, [])
        written = version.written_on or proposed_on(loading.sample.villages[code]["wave"])
        written = max(written, loading.graded_on.get(page.member_id, written))
        revision = write(page, by=editor, at=moment(written, hour))
        if version.approved:
            newest = newest_approval(version.pledges)
            on = max(day(newest["on"]), written)
            approve(page, revision, by=loading.users[newest["by"]], on=on)
        if version.reviewed:
            review(page, story, language, loading.users)


def _walk(loading: Loading, steps: Iterable[Step]) -> None:
    """Take every pilot through the steps of its wave, by the actions themselves."""
    for step in steps:
        pilots = [
            Pilot.objects.get(pk=loading.pilots[code].pk)
            for code, village in loading.sample.villages.items()
            if village["wave"] == step.wave
        ]
        by = loading.users["moderator_1" if step.verb == "concur" else "gate_keeper"]
        if step.verb == "approve":
            with loading.progress.stage(f"Opening wave {step.wave}", 1) as stage:
                approve_pilots(pilots, by=by, reason=step.reason, at=step.at)
                _date_release(step, pilots)
                stage.advance()
            continue
        for pilot in pilots:
            take_step(pilot, step.verb, by=by, reason=step.reason, at=step.at)


def _print_codes(loading: Loading) -> None:
    """Issue the link of every village that had a code on its notice board by the day."""
    for wave in loading.sample["programme"]["waves"]:
        since = day_or_none(wave["village_view_from"])
        if since is None or since > loading.on:
            continue
        for code in wave["villages"]:
            if code in loading.pilots:
                links.issue(
                    loading.pilots[code],
                    by=loading.editor(code),
                    label="公开栏 / notice board",
                    at=moment(since, 9),
                )


def _say_and_ask(loading: Loading) -> None:
    """Take over what villagers said by the day, and ask members for what they had signed."""
    given = {"members": loading.shelf.members, "users": loading.users}
    reports.take_over(loading.sample, loading.on, pilots=loading.pilots, **given)
    tasks.assign(loading.sample, loading.on, **given)


def _date_release(step: Step, pilots: list[Pilot]) -> None:
    """Put the day of the step, and not of the loading, on what went public by it."""
    gates = GatedPage.objects.filter(pilot__in=pilots) | GatedPage.objects.filter(
        pilot__isnull=True, programme=pilots[0].programme_id
    )
    released = HeldApproval.objects.filter(page__gate__in=gates, released_at__gt=step.at)
    for approval in released.only("page_id", "approved_at"):
        public_since = max(step.at, approval.approved_at)
        HeldApproval.objects.filter(pk=approval.pk).update(released_at=public_since)
        Page.objects.filter(pk=approval.page_id).update(
            first_published_at=step.at, last_published_at=public_since
        )


def _refer(programme: Programme) -> None:
    """Note for every page what it refers to; the release has done it for those that are public."""
    for page in Page.objects.filter(gate__programme=programme, live=False).specific():
        ReferenceIndex.create_or_update_for_object(page)

"""What was known of a pledge on one day. Plain Python, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .sample import Record, day, day_or_none, text_of

APPROVED = ("approved_held", "village_view", "published")

# What the newest update alone says about a pledge that is still running.
PROGRESS_AFTER = {"completion_report": "claimed_done", "obstacle": "at_risk"}
RUNNING = ("not_started", "in_progress", "at_risk", "claimed_done", "overdue")


@dataclass(frozen=True)
class PledgeStory:
    """One pledge of the file as it was known on the day ``on``.

    ``closed`` is the day on which the file itself was closed.
    """

    record: Record
    on: date
    closed: date

    @property
    def history(self) -> list[Record]:
        """The steps of its moderation so far, oldest first."""
        return [step for step in self.record["workflow"]["history"] if day(step["on"]) <= self.on]

    @property
    def state(self) -> str | None:
        """Where it stands: one of the file's workflow states, or None if nobody wrote it yet."""
        return self.history[-1]["state"] if self.history else None

    @property
    def is_approved(self) -> bool:
        """Whether a moderator approved it."""
        return self.state in APPROVED

    def step(self, state: str) -> Record | None:
        """Return the newest step that led to ``state``, if there was one."""
        return next((step for step in reversed(self.history) if step["state"] == state), None)

    @property
    def updates(self) -> list[Record]:
        """What was reported about it so far, oldest first."""
        return [update for update in self.record["updates"] if day(update["on"]) <= self.on]

    @property
    def amendments(self) -> list[Record]:
        """How it was changed so far, oldest first."""
        return [row for row in self.record.get("amendments", ()) if day(row["on"]) <= self.on]

    @property
    def outcome(self) -> Record | None:
        """What the check at its end found, if there was one."""
        outcome = self.record.get("outcome")
        return outcome if outcome and day(outcome["checked_on"]) <= self.on else None

    @property
    def percent(self) -> int:
        """How much of it was done, by the newest update."""
        return self.updates[-1]["percent"] if self.updates else 0

    @property
    def progress(self) -> str:
        """How it was going, whatever the outcome."""
        said = self._progress_said()
        late = day(self.record["due"]) < self.on
        return "overdue" if late and said != "claimed_done" else said

    def _progress_said(self) -> str:
        updates = self.updates
        whole = updates == self.record["updates"] and not self.record.get("outcome")
        said = self.record["progress"]["state"]
        # The file's own word is more exact, if nothing happened since.
        if whole and said in RUNNING and said != "overdue":
            return said
        if not updates:
            done = any(self.task_done_on(task) for task in self.record.get("tasks", ()))
            return "in_progress" if done else "not_started"
        return PROGRESS_AFTER.get(updates[-1]["kind"], "in_progress")

    def text(self, language: str) -> str:
        """Return its wording: what an amendment of a later day replaced, it still says."""
        for row in self.record.get("amendments", ()):
            if day(row["on"]) > self.on:
                return text_of(row, "old_text", language)
        return text_of(self.record, "text", language)

    def reason(self, language: str) -> str:
        """Return why it was not kept, as it may be published."""
        outcome = self.outcome or {}
        if outcome.get("reason_sensitive"):
            return text_of(outcome, "reason_public", language)
        return text_of(outcome, "reason", language)

    def reply(self, language: str) -> tuple[str, date | None]:
        """Return the member's own account of it and its date, if it may be published."""
        outcome = self.outcome or {}
        replied_on = day_or_none(outcome.get("reply_on"))
        private = outcome.get("reply_sensitive") and not outcome.get("reply_confirmed_by_member")
        if replied_on is None or replied_on > self.on or private:
            return "", None
        return text_of(outcome, "member_reply", language), replied_on

    def task_done_on(self, task: Record) -> date | None:
        """Return when ``task`` was done, if it was."""
        done_on = day_or_none(task["done_on"])
        return done_on if done_on and done_on <= self.on else None

    @property
    def approved_step(self) -> Record | None:
        """The approval by a moderator."""
        return next((step for step in self.history if step["state"] in APPROVED), None)

    @property
    def agreed_on(self) -> date | None:
        """The day on which the branch agreed to it: that of its approval."""
        step = self.approved_step
        return day(step["on"]) if step else None

    @property
    def written_on(self) -> date:
        """The newest day on which its author, or whoever checked it, added anything to it."""
        days = [step["on"] for step in self.history if step["state"] in ("draft", "submitted")]
        days += [row["on"] for row in (*self.updates, *self.amendments)]
        if self.outcome:
            days.append(self.outcome["checked_on"])
        replied_on = self.reply("en")[1]
        return max([day(text) for text in days] + ([replied_on] if replied_on else []))


def update_text(update: Record, language: str) -> str:
    """Return what ``update`` reports, as it may be published."""
    return text_of(update, "public" if update.get("sensitive") else "", language)


@dataclass(frozen=True)
class MemberStory:
    """The pledges of one member as they were known on one day."""

    pledges: list[PledgeStory]

    @classmethod
    def of(cls, records: Iterable[Record], on: date, closed: date) -> "MemberStory":
        """Return the story of the pledges in ``records``, without those nobody had written yet."""
        stories = (PledgeStory(record, on, closed) for record in records)
        return cls([story for story in stories if story.state])

    @property
    def approved(self) -> list[PledgeStory]:
        """What a moderator approved."""
        return [story for story in self.pledges if story.is_approved]

    def in_state(self, state: str) -> list[PledgeStory]:
        """Return the pledges that stand at ``state``."""
        return [story for story in self.pledges if story.state == state]

    def versions(self) -> "list[Version]":
        """Return the versions of the member's page, oldest first; the newest holds everything.

        A page is reviewed as a whole, and its editors cannot write on meanwhile: what is under
        review is the newest version. After a return they can.
        """
        submitted, returned = self.in_state("submitted"), self.in_state("changes_requested")
        versions = [Version(self.approved, approved=True)] if self.approved else []
        if submitted:
            versions.append(Version(self.pledges, reviewed=True))
        elif returned:
            versions.append(Version([*self.approved, *returned], reviewed=True))
        if not versions or len(versions[-1].pledges) < len(self.pledges):
            versions.append(Version(self.pledges))
        return versions


@dataclass(frozen=True)
class Version:
    """What a member's page said at one time, and whether it was approved or given to review."""

    pledges: list[PledgeStory]
    approved: bool = False
    reviewed: bool = False

    @property
    def written_on(self) -> date | None:
        """The newest day on which anything of it was added, if it says anything."""
        return max((story.written_on for story in self.pledges), default=None)

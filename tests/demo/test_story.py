"""What was known of a pledge on a day."""

from datetime import date

import pytest

from home.demo.sample import Sample, day
from home.demo.story import RUNNING, MemberStory, PledgeStory, update_text

CLOSED = date(2026, 11, 15)


def step(state: str, on: str) -> dict:
    return {"state": state, "on": on, "by": "moderator_1"}


def pledge(**changes) -> dict:
    """A pledge as the file writes one."""
    return {
        "id": "X-M01-P1",
        "text_zh": "新",
        "text_en": "new",
        "due": "2026-06-30",
        "workflow": {
            "history": [
                step("draft", "2026-02-01"),
                step("submitted", "2026-02-05"),
                step("approved_held", "2026-02-10"),
            ]
        },
        "updates": [],
        "progress": {"state": "not_started"},
        **changes,
    }


def update(on: str, kind: str = "update", percent: int = 10) -> dict:
    return {"on": on, "kind": kind, "percent": percent, "zh": "办", "en": "done", "evidence": []}


def on(day_text: str, **changes) -> PledgeStory:
    return PledgeStory(pledge(**changes), day(day_text), CLOSED)


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2026-01-31", None),
        ("2026-02-01", "draft"),
        ("2026-02-09", "submitted"),
        ("2026-02-10", "approved_held"),
    ],
)
def test_a_pledge_stands_where_its_last_step_led(when: str, state: str | None) -> None:
    assert on(when).state == state


def test_before_an_amendment_the_old_text_holds() -> None:
    row = {"on": "2026-03-01", "old_text_zh": "旧", "old_text_en": "old"}
    assert on("2026-02-28", amendments=[row]).text("en") == "old"
    assert on("2026-03-01", amendments=[row]).text("en") == "new"
    assert on("2026-02-28", amendments=[row]).amendments == []


def test_progress_and_percent_are_those_of_the_newest_update_known() -> None:
    updates = [
        update("2026-03-01", percent=20),
        update("2026-04-01", "obstacle", 30),
        update("2026-05-01", "completion_report", 100),
    ]
    known = [
        (story.progress, story.percent)
        for when in ("2026-02-20", "2026-03-31", "2026-04-30", "2026-05-02")
        for story in [on(when, updates=updates, progress={"state": "fulfilled"})]
    ]
    assert known == [
        ("not_started", 0),
        ("in_progress", 20),
        ("at_risk", 30),
        ("claimed_done", 100),
    ]


def test_a_pledge_is_overdue_after_its_date_unless_it_is_reported_done() -> None:
    assert on("2026-06-30").progress == "not_started"
    assert on("2026-07-01").progress == "overdue"
    done = [update("2026-06-01", "completion_report", 100)]
    said = {"state": "claimed_done"}
    assert on("2026-07-01", updates=done, progress=said).progress == "claimed_done"


def test_an_outcome_is_unknown_before_its_day_and_so_is_the_reply_to_it() -> None:
    outcome = {
        "state": "partly",
        "checked_on": "2026-07-02",
        "member_reply_en": "it rained",
        "reply_on": "2026-07-05",
    }
    assert on("2026-07-01", outcome=outcome).outcome is None
    assert on("2026-07-04", outcome=outcome).outcome == outcome
    assert on("2026-07-04", outcome=outcome).reply("en") == ("", None)
    assert on("2026-07-05", outcome=outcome).reply("en") == ("it rained", date(2026, 7, 5))


def test_a_private_reply_is_shown_only_if_the_member_confirmed_it() -> None:
    outcome = {
        "state": "partly",
        "checked_on": "2026-07-02",
        "member_reply_en": "hospital",
        "reply_on": "2026-07-05",
        "reply_sensitive": ["health"],
    }
    assert on("2026-08-01", outcome=outcome).reply("en") == ("", None)
    confirmed = {**outcome, "reply_confirmed_by_member": True}
    assert on("2026-08-01", outcome=confirmed).reply("en")[0] == "hospital"


def test_private_reasons_and_updates_are_told_in_their_public_words() -> None:
    outcome = {
        "state": "excused",
        "checked_on": "2026-07-02",
        "reason_en": "operation",
        "reason_public_en": "personal reasons",
    }
    assert on("2026-08-01", outcome=outcome).reason("en") == "operation"
    private = {**outcome, "reason_sensitive": ["health"]}
    assert on("2026-08-01", outcome=private).reason("en") == "personal reasons"
    row = {**update("2026-03-01"), "sensitive": ["health"], "public_en": "family reasons"}
    assert update_text(row, "en") == "family reasons"


def test_a_task_is_open_until_the_day_it_was_done() -> None:
    task = {"done_on": "2026-03-08"}
    assert on("2026-03-07").task_done_on(task) is None
    assert on("2026-03-08").task_done_on(task) == date(2026, 3, 8)


def member(*states: str) -> MemberStory:
    records = [
        pledge(id=str(place), workflow={"history": [step(state, "2026-02-01")]})
        for place, state in enumerate(states)
    ]
    return MemberStory.of(records, date(2026, 3, 1), CLOSED)


def versions(*states: str) -> list[tuple[list[str], bool, bool]]:
    return [
        ([story.state for story in version.pledges], version.approved, version.reviewed)
        for version in member(*states).versions()
    ]


def test_what_is_not_approved_is_in_a_newer_version_only() -> None:
    assert versions("village_view", "draft") == [
        (["village_view"], True, False),
        (["village_view", "draft"], False, False),
    ]


def test_what_is_under_review_is_the_newest_version() -> None:
    assert versions("published", "submitted", "draft") == [
        (["published"], True, False),
        (["published", "submitted", "draft"], False, True),
    ]


def test_after_a_return_editors_write_on() -> None:
    assert versions("changes_requested", "draft") == [
        (["changes_requested"], False, True),
        (["changes_requested", "draft"], False, False),
    ]


def test_a_page_without_pledges_is_an_empty_draft() -> None:
    assert versions() == [([], False, False)]


def test_on_its_own_day_every_pledge_stands_as_the_file_says(sample: Sample) -> None:
    for record in sample["pledges"]:
        story = PledgeStory(record, sample.on, sample.on)
        assert story.state == record["workflow"]["state"]
        assert story.outcome == record.get("outcome")
        assert story.percent == record["progress"]["percent"]
        if record["progress"]["state"] in RUNNING:
            assert story.progress == record["progress"]["state"], record["id"]


@pytest.mark.parametrize("when", ["2025-04-01", "2026-03-05", "2026-11-15", "2027-12-31"])
def test_nothing_of_a_later_day_is_known(sample: Sample, when: str) -> None:
    for record in sample["pledges"]:
        story = PledgeStory(record, day(when), sample.on)
        rows = [*story.history, *story.updates, *story.amendments]
        assert all(row["on"] <= when for row in rows)
        if story.state:
            assert story.written_on <= day(when)

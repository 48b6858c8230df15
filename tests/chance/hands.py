"""What people, programs and scripts do. Each deed answers whether it was done or refused.

A refusal gives a reason: an exception of Django's, or an answer below 500. Anything else is a
fault and ends the run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from django.contrib.messages import ERROR, get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Revision, WorkflowState
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.synctree import synchronize_tree

from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.moderation import version_of
from pledge_pages.embargo.release import approve_pilots, suspend_pilots
from pledge_pages.models import (
    BranchPage,
    BranchPledge,
    HeldApproval,
    Member,
    MemberPledgePage,
    Pilot,
    Pledge,
    ProgressUpdate,
)
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.pilots.actions import take_step
from tests.chance.ground import MARK, Ground
from tests.chance.model import BOARD, MEMBER, PageState
from tests.embargo.ways.admin import form_of

REFUSALS = (PermissionDenied, ValidationError, IntegrityError, CommandError)
JSON = "application/json"
SCOPE = "public_web"


def done(deed: Callable[[], object]) -> bool:
    """Do it in a transaction of its own; return False if it was refused with a reason."""
    try:
        with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
            answer = deed()
    except REFUSALS as error:
        assert str(error).strip(), f"{error!r} gives no reason"  # noqa: PT017
        return False
    if not isinstance(answer, HttpResponseBase):
        return True
    assert answer.status_code < 500, answer.content[:2000].decode(errors="replace")
    return not is_refusal(answer)


def is_refusal(answer: HttpResponseBase) -> bool:
    """Return whether an answer says no, by its status or by a message on the next page."""
    if answer.status_code >= 400:
        return True
    said = get_messages(answer.wsgi_request)
    return any(message.level >= ERROR for message in getattr(said, "_queued_messages", ()))


# Writing -----------------------------------------------------------------------------------


def redraft(ground: Ground, state: PageState, page: Page, mark: str, **content) -> Page:
    """Put ``mark`` into every text of an unsaved page; ``content`` are dates and the photo."""
    page.go_live_at, page.expire_at = content.get("starts"), content.get("ends")
    if state.kind == MEMBER:
        member = ground.town.members[state.member]
        pledge = page.pledges.first() or Pledge(
            year=2026, category=ground.category, due=date(2026, 12, 31), locale=page.locale,
            progress="in_progress",
        )  # fmt: skip
        pledge.text, pledge.measure = f"每周打扫 {mark}", f"12 {mark}"
        page.pledges = [pledge]
        page.updates = [
            ProgressUpdate(pledge_key=pledge.key, on=date(2026, 1, 15), text=f"done {mark}",
                           locale=page.locale)
        ]  # fmt: skip
        page.photo = member.photos.first() if content.get("photo") else None
        return page
    page.title = f"{state.branch or 'Work'} {mark}"
    page.introduction = f"<p>{mark}</p>"
    if state.kind == BOARD:
        page.branch_pledges = [
            BranchPledge(year=2026, category=ground.category, text=mark, locale=page.locale)
        ]
    return page


def write_by_script(
    ground: Ground, state: PageState, who: str | None, mark: str, *, over: bool = False, **content
) -> bool:
    """Save a draft by ``who`` (nobody if None), over the newest one if ``over``."""
    page = ground.page(state).get_latest_revision_as_object()
    redraft(ground, state, page, mark, **content)
    last = page.get_latest_revision() if over else None
    user = ground.user(who) if who else None
    return done(lambda: page.save_revision(user=user, overwrite_revision=last))


def write_in_admin(ground: Ground, state: PageState, who: str, mark: str, **buttons: str) -> bool:
    """Fill in the editor of a member's page."""
    page = ground.page(state).get_latest_revision_as_object()
    address = reverse("wagtailadmin_pages:edit", args=[state.pk])
    return done(lambda: ground.browsers[who].post(address, form_of(page, mark) | buttons))


def write_by_v3(ground: Ground, state: PageState, who: str, mark: str, action: str = "") -> bool:
    """Change the title by Wagtail's API, and publish if ``action`` says so."""
    name = type(ground.page(state))._meta.label
    meta = {"type": name} | ({"action": action} if action else {})
    return done(
        lambda: ground.programs[who].patch(
            f"/api/v3-preview/pages/{state.pk}/", {"meta": meta, "title": mark}, content_type=JSON
        )
    )


def add_member_page(ground: Ground, board: PageState, code: str, mark: str, who: str) -> bool:
    """Make a page for a member who has none in this language."""
    parent = BranchPage.objects.get(pk=board.pk)
    member = Member.objects.get(code=code)
    page = MemberPledgePage(member=member, locale=parent.locale, live=True)
    state = PageState(0, MEMBER, board.language, branch=board.branch, member=code)
    redraft(ground, state, page, mark)

    def make():
        parent.add_child(instance=page)
        page.save_revision(user=ground.user(who))

    return done(make)


def revert(ground: Ground, state: PageState, who: str, nth: int) -> bool:
    """Make an older version the newest draft, by Wagtail's API."""
    revisions = list(ground.page(state).revisions.order_by("created_at", "id"))
    old = revisions[nth % len(revisions)]
    address = f"/api/v3-preview/pages/{state.pk}/actions/revert/"
    return done(
        lambda: ground.programs[who].post(address, {"revision_id": old.pk}, content_type=JSON)
    )


def overwrite_row(ground: Ground, state: PageState, mark: str) -> bool:
    """Write other words into the newest revision's row, by a queryset."""
    page = ground.page(state).get_latest_revision_as_object()
    content = redraft(ground, state, page, mark).serializable_data()
    return done(lambda: Revision.objects.filter(pk=state.draft_revision).update(content=content))


def rename(ground: Ground, state: PageState, slug: str) -> bool:
    """Give the page another address, past its revisions."""
    page = ground.page(state)
    page.slug = slug
    return done(lambda: page.save(clean=False))


def delete(ground: Ground, state: PageState, who: str, *, in_admin: bool) -> bool:
    """Delete the page, by the admin's form or by a script."""
    if not in_admin:
        return done(lambda: ground.page(state).delete())
    address = reverse("wagtailadmin_pages:delete", args=[state.pk])
    return done(lambda: ground.browsers[who].post(address))


def tamper(state: PageState) -> bool:
    """Put other words into the kept copy of what was approved, past its fingerprint."""

    def alter():
        approval = HeldApproval.objects.get(page_id=state.pk, withdrawn_at__isnull=True)
        words = MARK.sub("mk99999q", json.dumps(approval.snapshot))
        HeldApproval.objects.filter(pk=approval.pk).update(snapshot=json.loads(words))

    return done(alter)


# Reviews -----------------------------------------------------------------------------------


def api(ground: Ground, who: str, state: PageState, step: str, comment: str = "") -> bool:
    """Take a step of a review by our own API."""
    address = f"/api/v1/pages/{state.pk}/workflow/"
    said = {"comment": comment}
    if step in ("approve", "reject"):
        review = ground.page(state).current_workflow_task_state
        said["version"] = version_of(review) if review is not None else "0"
    return done(lambda: ground.programs[who].post(address + step, said, content_type=JSON))


def submit_by_script(ground: Ground, state: PageState, who: str) -> bool:
    """Start a review, or take up the one that was returned."""
    page = ground.page(state)
    returned = WorkflowState.objects.for_instance(page).filter(
        status=WorkflowState.STATUS_NEEDS_CHANGES
    )

    def start():
        if returned.exists():
            return returned.get().resume(ground.user(who))
        return page.get_workflow().start(page, ground.user(who))

    return done(start)


def decide_by_script(ground: Ground, state: PageState, who: str, action: str) -> bool:
    """Approve or return what is in review, through the task."""
    task_state = ground.page(state).current_workflow_task_state
    if task_state is None:
        return False
    words = {"comment": "no measure"} if action == "reject" else {}
    return done(
        lambda: task_state.task.specific.on_action(task_state, ground.user(who), action, **words)
    )


def decide_in_admin(ground: Ground, state: PageState, who: str, action: str) -> bool:
    """Approve or return what is in review, by the admin's form."""
    task_state = ground.page(state).current_workflow_task_state
    if task_state is None:
        return False
    address = reverse("wagtailadmin_pages:workflow_action", args=[state.pk, action, task_state.pk])
    return done(lambda: ground.browsers[who].post(address, {"comment": "no measure"}))


def cancel(ground: Ground, state: PageState, who: str) -> bool:
    """Cancel a review, by a script."""
    found = WorkflowState.objects.active().for_instance(ground.page(state)).first()
    return found is not None and done(lambda: found.cancel(user=ground.user(who)))


def withdraw_by_script(ground: Ground, state: PageState, who: str) -> bool:
    """Take an approval back."""
    return done(lambda: withdraw(ground.page(state), by=ground.user(who), reason="a mistake"))


def withdraw_in_admin(ground: Ground, state: PageState, who: str) -> bool:
    """Take an approval back, by its form."""
    address = reverse("pledge_boards:withdraw", args=[state.pk])
    return done(lambda: ground.browsers[who].post(address, {"reason": "a mistake"}))


def unpublish(ground: Ground, state: PageState) -> bool:
    """Take the page down, as a script does."""
    return done(lambda: ground.page(state).unpublish())


# Pilots ------------------------------------------------------------------------------------


def step_by_script(ground: Ground, codes: list[str], verb: str, who: str) -> bool:
    """Take a step with pilots, all or none."""
    pilots, user = list(Pilot.objects.filter(code__in=codes)), ground.user(who)

    def take():
        if verb == "approve":
            approve_pilots(pilots, by=user, reason="it works")
        elif verb == "suspend":
            suspend_pilots(pilots, by=user, reason="something is wrong")
        else:
            for pilot in pilots:
                take_step(pilot, verb, by=user, reason="so it was decided")

    return done(take)


def step_by_command(ground: Ground, codes: list[str], verb: str, who: str) -> bool:
    """Take a step with pilots from the command line."""
    return done(
        lambda: call_command(
            "pilot", *codes, verb, by=who, reason="so it was decided", stdout=Void()
        )
    )


def step_in_admin(ground: Ground, codes: list[str], verb: str, who: str) -> bool:
    """Take a step with one pilot by the form, having read what it would do."""
    pilot = Pilot.objects.get(code=codes[0])
    address = reverse("pledge_boards:step", args=[pilot.pk, verb])
    shown = ground.browsers[who].get(address)
    seen = shown.context.get("fingerprint", "") if shown.context else ""
    answer = None

    def send():
        nonlocal answer
        answer = ground.browsers[who].post(address, {"reason": "decided", "seen": seen})
        return answer

    return done(send) and answer is not None and answer.status_code == 302


class Void:
    """Takes what a command prints."""

    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass


# Consent -----------------------------------------------------------------------------------


def state_of(level: str) -> str:
    """Return what a member's answer is called who allows ``level``."""
    return "declined" if level == "none" else "granted"


def record_by_script(
    ground: Ground, code: str, who: str, subject: str, level: str, until: date | None
) -> bool:
    """Record what a member allowed."""
    member = Member.objects.get(code=code)
    return done(
        lambda: record_consent(
            member, by=ground.user(who), scope=SCOPE, subject=subject, level=level,
            state=state_of(level), given_on=timezone.localdate(), method="paper", expires_on=until,
        )
    )  # fmt: skip


def record_in_admin(
    ground: Ground, code: str, who: str, subject: str, level: str, until: date | None
) -> bool:
    """Record what a member allowed, by the form."""
    address = reverse("pledge_members:record_consent", args=[Member.objects.get(code=code).pk])
    form = {"scope": SCOPE, "subject": subject, "level": level, "state": state_of(level),
            "given_on": timezone.localdate().isoformat(), "method": "paper",
            "expires_on": until.isoformat() if until else ""}  # fmt: skip
    return done(lambda: ground.browsers[who].post(address, form))


def take_back_by_script(ground: Ground, code: str, who: str, subject: str) -> bool:
    """Withdraw a member's consent everywhere."""
    member = Member.objects.get(code=code)
    return done(lambda: withdraw_consent(member, by=ground.user(who), subject=subject))


def take_back_in_admin(ground: Ground, code: str, who: str, subject: str) -> bool:
    """Withdraw a member's consent everywhere, by the form."""
    address = reverse("pledge_members:withdraw_consent", args=[Member.objects.get(code=code).pk])
    return done(lambda: ground.browsers[who].post(address, {"subject": subject, "scope": ""}))


# Programs without a person -----------------------------------------------------------------


def run_scheduler() -> bool:
    """Run the command that a timer runs."""
    return done(lambda: call_command("publish_scheduled", verbosity=0, stdout=Void()))


def purge() -> bool:
    """Delete every revision that Wagtail thinks nobody needs."""
    return done(lambda: call_command("purge_revisions", verbosity=0, stdout=Void()))


def set_stage(code: str, stage: str) -> bool:
    """Write the stage into the pilot's row, past every action."""
    return done(lambda: Pilot.objects.filter(code=code).update(stage=stage))


def translate(ground: Ground, state: PageState, who: str | None, *, publish: bool) -> bool:
    """Carry a page's words over into the other language, as wagtail-localize does."""

    def carry():
        source, _created = TranslationSource.update_or_create_from_instance(
            ground.page(state).get_latest_revision_as_object()
        )
        target = Locale.objects.exclude(pk=source.locale_id).get()
        found, _created = Translation.objects.get_or_create(source=source, target_locale=target)
        found.save_target(user=ground.user(who) if who else None, publish=publish)

    return done(carry)


def synchronize(language: str) -> bool:
    """Make a mirror in the other language of every page that has no translation."""
    source = Locale.objects.get(language_code=language)
    target = Locale.objects.exclude(pk=source.pk).get()
    return done(lambda: synchronize_tree(source, target))


def convert_alias(ground: Ground, state: PageState, who: str) -> bool:
    """Make a page of its own of a mirror, by the admin's form."""
    address = reverse("wagtailadmin_pages:convert_alias", args=[state.pk])
    return done(lambda: ground.browsers[who].post(address))

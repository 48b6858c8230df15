"""The mail by which a member with an account is told of their grade: to them alone, with no name."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url

from ..labels import label_in
from ..people.letters import language_of, with_address, written
from .review_models import MemberReview

TEMPLATE = "pledge_pages/appraisal/mail/grade"


def has_address(entry: MemberReview) -> bool:
    """Return whether the member has an account with an address."""
    return with_address().filter(member=entry.member_id).exists()


def mail_grade(entry: MemberReview, *, until: date | None) -> None:
    """Tell the member of ``entry`` their grade, once the record that they were told is stored.

    ``until`` is the last day on which they may say something to it.
    """
    user = with_address().filter(member=entry.member_id).first()
    if user is None:
        return
    language = language_of(user)
    grade = next(one for one in entry.review.rulebook.grades.all() if one.code == entry.grade)
    context = {
        "programme": entry.review.pilot.programme.shown_name(language),
        "year": entry.review.year,
        "grade": label_in(grade.name, language),
        "until": until,
        "url": (get_admin_base_url() or "") + reverse("pledge_mine:reviews", args=[language]),
    }
    subject, text = written(TEMPLATE, context, language)
    # A server of mail that is down does not undo what was recorded.
    transaction.on_commit(lambda: send_mail(subject, text, [user.email]), robust=True)

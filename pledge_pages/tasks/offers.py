"""What is asked of members: a template with its numbers filled in, a text of one's own, or a post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..appraisal.outcomes import check_words
from ..boards.content import MAX_TEXT, Pledge
from ..labels import MAX_LENGTH, Labels, content_languages
from ..people.models import Post
from ..rulebook.blanks import FIRST, check_numbers, fill_in
from ..rulebook.models import Category, PledgeTemplate
from .models import MAX_MEASURE


@dataclass(frozen=True)
class Offer:
    """What is asked, ready to be assigned."""

    text: dict[str, str] = field(default_factory=dict)
    measure: dict[str, str] = field(default_factory=dict)
    first_task: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    category: Category | None = None
    template: PledgeTemplate | None = None
    document: dict[str, str] = field(default_factory=dict)
    post: Post | None = None
    kind: str = Pledge.Kind.ASSIGNED.value


def from_template(
    template: PledgeTemplate, numbers: Mapping[str, Any], post: Post | None = None
) -> Offer:
    """Return what ``template`` asks with these ``numbers``.

    Raises ValidationError that names the number, or the template if it is not offered.
    """
    if not template.active:
        raise ValidationError({"template": _("This template is not offered any more.")})
    known = check_numbers(template.open_numbers(), numbers)
    responsible = template.kind == PledgeTemplate.Kind.RESPONSIBILITY
    kinds = Pledge.Kind
    return _checked(
        Offer(
            {code: fill_in(text, known) for code, text in template.text.items()},
            {code: fill_in(text, known) for code, text in template.measure.items()},
            {code: fill_in(text, known, FIRST) for code, text in template.first_task.items()},
            known,
            template.category,
            template,
            dict(template.document),
            post,
            (kinds.RESPONSIBILITY if responsible else kinds.ASSIGNED).value,
        )
    )


def from_text(
    text: Labels, measure: Labels, category: Category | None, post: Post | None = None
) -> Offer:
    """Return what is asked in one's own words. Raises ValidationError naming the field."""
    if category is None:
        raise ValidationError({"category": _("Choose what the task is about.")})
    return _checked(
        Offer(check_words("text", text), check_words("measure", measure), category=category,
              post=post)
    )  # fmt: skip


def _checked(offer: Offer) -> Offer:
    """Return ``offer``; ValidationError naming the field if a pledge could not say it."""
    names = dict(content_languages())
    if not any(offer.text.values()):
        raise ValidationError({"text": _("Say what is to be done.")})
    for code, text in offer.text.items():
        if text and not offer.measure.get(code):
            raise ValidationError(
                {"measure": _("Write it in every language of the task: %(language)s is missing.")
                 % {"language": names.get(code, code)}}
            )  # fmt: skip
    limits = (("text", MAX_TEXT), ("measure", MAX_MEASURE), ("first_task", MAX_LENGTH))
    for name, longest in limits:
        if any(len(text) > longest for text in getattr(offer, name).values()):
            raise ValidationError(
                {name: _("At most %(max)d characters.") % {"max": longest}}, code="long"
            )
    return offer

"""Forms of supervision and comparison: what is hidden asked for, against what never was."""

from collections.abc import Iterable
from uuid import uuid4

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from ..boards.compare_views import MEMBERS, WORD
from ..boards.models import BranchPage, ProgrammePage
from ..people.models import Member, new_public_id
from .needles import address_of
from .surfaces import Scene, surface
from .walking import Ask, nonsense_for


@surface("supervision", _("Forms about members and boards that are not public"))
def supervision(scene: Scene) -> Iterable[Ask] | None:
    """Each must answer as one whose address was made up."""
    try:
        reverse("pledge_supervision:form", args=["x"])
    except NoReverseMatch:
        return None
    host = scene.default_host
    asks = [
        Ask(form_about(row.public_id), host, nothing=form_about(new_public_id()))
        for row in Member.objects.exclude(pages__live=True)
    ]
    hidden = set(BranchPage.objects.values_list("translation_key", flat=True))
    hidden -= set(BranchPage.objects.live().values_list("translation_key", flat=True))
    return asks + [
        Ask(form_about(key.hex), host, nothing=form_about(uuid4().hex)) for key in sorted(hidden)
    ]


def form_about(word: str) -> str:
    """Return the address of the form about what is known by ``word``."""
    return reverse("pledge_supervision:form", args=[word])


@surface("compare", _("Members who are not public, asked for beside public ones"))
def compare(scene: Scene) -> Iterable[Ask] | None:
    """Each must be answered like somebody who was made up."""
    programmes = [page for page in scene.public_pages if isinstance(page, ProgrammePage)]
    hidden = set(Member.objects.exclude(pages__live=True).values_list("public_id", flat=True))
    asks = []
    for page in programmes:
        base = f"{address_of(page)}{WORD}/{MEMBERS}/?member="
        for word in sorted(hidden):
            nothing = f"{base}{nonsense_for(word)}"
            asks.append(Ask(f"{base}{word}", scene.host_of(page), nothing=nothing, word=word))
    return asks

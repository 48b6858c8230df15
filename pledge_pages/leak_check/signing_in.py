"""Members' own pages, to somebody who has no account: one signs in, and reads nothing."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from ..labels import content_languages
from .surfaces import Scene, surface
from .walking import Ask

NAMES = ("home", "seen", "outcomes", "consent", "points", "sign_in")


@surface("own_pages", _("Members’ own pages, without an account"))
def own_pages(scene: Scene) -> Iterable[Ask] | None:
    """Each in every language, and a link that opens nothing."""
    try:
        reverse("pledge_mine:home", args=["en"])
    except NoReverseMatch:
        return None
    asks = []
    for language, _name in content_languages():
        paths = [reverse(f"pledge_mine:{name}", args=[language]) for name in NAMES]
        paths.append(reverse("pledge_mine:password", args=[language, "x", "x-x"]))
        asks += [Ask(path, scene.default_host) for path in paths]
    return asks

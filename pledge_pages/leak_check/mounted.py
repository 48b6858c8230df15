"""Reads the site's own list of addresses: what is mounted, and where."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern, RegexPattern
from django.utils import translation

_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()\\]|\\.|\([^()]*\))*\)")
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_PARAMETER = re.compile(r"\{(\w+)\}")
# What is left of a regular expression that is no plain text.
_PATTERN = re.compile(r"[\\^$|?*+()\[\]]")


@dataclass(frozen=True)
class Mounted:
    """One address, with ``{names}`` for what it takes."""

    address: str
    namespaces: tuple[str, ...]
    name: str
    view: Callable

    @property
    def takes(self) -> list[str]:
        """The names of what the address takes."""
        return _PARAMETER.findall(self.address)


def mounted() -> list[Mounted]:
    """Return every address outside of the admin that can be written down, in each language."""
    outside = admin_prefixes()
    found: dict[str, Mounted] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for entry in _walk(get_resolver(), "/", ()):
                if not entry.address.startswith(outside):
                    found.setdefault(entry.address, entry)
    return list(found.values())


def admin_prefixes() -> tuple[str, ...]:
    """Return where the admins stand, Wagtail's and Django's."""
    prefixes = []
    for name in ("wagtailadmin_home", "admin:index"):
        try:
            prefixes.append(reverse(name))
        except NoReverseMatch:
            continue
    return tuple(prefix for prefix in prefixes if prefix != "/")


def _walk(resolver: URLResolver, above: str, spaces: tuple[str, ...]) -> Iterator[Mounted]:
    for entry in resolver.url_patterns:
        part = _written(entry.pattern)
        if part is None:
            continue
        address = above + part
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield Mounted(address, spaces, entry.name or "", entry.callback)


def _written(pattern) -> str | None:
    """Return a pattern as text with ``{names}``, or None if it matches what cannot be listed."""
    if isinstance(pattern, LocalePrefixPattern):
        return pattern.language_prefix
    text = str(pattern)
    if isinstance(pattern, RegexPattern):
        text = _GROUP.sub(r"{\1}", text.removeprefix("^").removesuffix("$"))
        text = re.sub(r"\\([./\-])", r"\1", text)
        return None if _PATTERN.search(text) else text
    return _CONVERTER.sub(r"{\1}", text)


def is_view_of(entry: Mounted, base: type) -> bool:
    """Return whether the view is made from a class that derives from ``base``."""
    made_from = getattr(entry.view, "cls", None)
    return isinstance(made_from, type) and issubclass(made_from, base)


def filled(address: str, **values: object) -> str:
    """Return ``address`` with its names replaced by ``values``."""
    return _PARAMETER.sub(lambda match: str(values[match[1]]), address)

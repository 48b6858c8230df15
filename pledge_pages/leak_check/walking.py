"""Reads address after address and notes what it should not have found."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from .needles import Needle
from .spotting import GAP, Spotter, said_by, without_echo
from .visitor import Answer, Visitor

# Places noted of one finding; the number goes on.
PLACES = 5
MASK = "…"
# The name of a place in an ordinary sentence: worth a line, but no finding.
MENTIONED = "mentioned"
_HANDLE = re.compile(r"""href=["']([^"']+)["']|"(?:id|url|html_url|detail_url)":\s*("[^"]*"|\d+)""")
# What is made anew for every answer.
_ONCE = re.compile(
    r"""nonce[-=]["']?[\w+/=-]+|csrftoken=\w+|name=["']csrfmiddlewaretoken["'] value=["']\w+"""
)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Ask:
    """One address to read, and what is expected of the answer."""

    address: str
    host: str = ""
    # An address at which there is nothing: both have to answer alike.
    nothing: str = ""
    # The answer to a question for this; ``nothing`` asks for a word that stands nowhere.
    word: str = ""
    # What else is to be read, once the answer is known.
    more: Callable[[Answer], Iterable["Ask"]] | None = None


@dataclass
class Finding:
    """One thing that should not be, and where; never the words that were found."""

    surface: str
    what: str
    key: str = ""
    kind: str = ""
    certain: bool = True
    programme: int | None = None
    detail: dict = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def group(self) -> tuple:
        """What makes two findings the same one at another place."""
        return self.surface, self.what, self.key, self.certain, repr(sorted(self.detail.items()))


class Walk:
    """One visitor with what must not be found, and what was."""

    def __init__(self, visitor: Visitor, needles: Collection[Needle]) -> None:
        self.visitor = visitor
        self.spotter = Spotter(needles)
        self.findings: dict[tuple, Finding] = {}
        self.addresses = 0
        # Longest first: one may stand within another. A part of an address says nothing else.
        known = {needle.text for needle in needles if needle.kind in ("slug", "address")}
        self._secrets = sorted({needle.text for needle in needles} - known, key=len, reverse=True)
        self._nothing: dict[tuple[str, str], Answer] = {}

    def read(self, address: str, host: str = "") -> Answer:
        """Return what the visitor gets; a page that cannot be drawn is an answer 500."""
        self.addresses += 1
        return self.visitor.read(address, host)

    def look(self, surface: str, ask: Ask) -> Iterable[Ask]:
        """Read one address, note what is wrong, and return what is to be read after it."""
        answer = self.read(ask.address, ask.host)
        # A health check that says "unwell" is an answer; the triggers are looked at elsewhere.
        unwell = answer.status == 503 and "json" in answer.header("content-type")
        if (answer.status == 0 or answer.status >= 500) and not unwell:
            self.note(Finding(surface, "failed", detail={"status": answer.status}), ask.address)
        echo: set[str] = set()
        if ask.word:
            echo = {ask.word}
        elif ask.nothing:
            echo = said_by(ask.address)
        text = without_echo(answer.text, echo)
        for hit in self.spotter.hits(text):
            needle, what = hit.needle, MENTIONED if hit.mentioned else "found"
            self.note(
                Finding(surface, what, needle.key, needle.kind, hit.certain, needle.programme),
                ask.address,
            )
        if ask.nothing:
            self._compare(surface, ask, answer, echo)
        return ask.more(answer) if ask.more else ()

    def note(self, finding: Finding, place: str = "") -> None:
        """Keep a finding; the same one again counts as another place of it."""
        known = self.findings.setdefault(finding.group, finding)
        known.count += 1
        if place and len(known.places) < PLACES:
            known.places.append(self.masked(place))

    def masked(self, place: str) -> str:
        """Return an address without names and titles: it is kept."""
        place = unquote(place)
        for text in self._secrets:
            place = place.replace(text, MASK)
        return place

    # Comparing -----------------------------------------------------------------------------

    def _compare(self, surface: str, ask: Ask, answer: Answer, echo: set[str]) -> None:
        other = self._nothing.get((ask.host, ask.nothing))
        if other is None:
            other = self._nothing[ask.host, ask.nothing] = self.read(ask.nothing, ask.host)
        if ask.word:
            nonsense = nonsense_for(ask.word)
            if _tells_apart(answer, echo, other, {nonsense}):
                self.note(Finding(surface, "differs", certain=False), ask.address)
            return
        if answer.status != other.status:
            detail = {"status": answer.status, "expected": other.status}
            self.note(Finding(surface, "answers", detail=detail), ask.address)
        elif _bare(answer, echo) != _bare(other, said_by(ask.nothing)):
            self.note(Finding(surface, "told_apart", detail={"status": answer.status}), ask.address)


def _bare(answer: Answer, echo: set[str]) -> tuple[str, str]:
    """Return headers and body of an answer without what was asked."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.lasting_headers)
    return without_echo(_ONCE.sub("", head), echo), without_echo(_ONCE.sub("", answer.body), echo)


def _tells_apart(answer: Answer, echo: set[str], other: Answer, other_echo: set[str]) -> bool:
    """Return whether an answer tells something although it shows nothing more than the other."""
    body, other_body = without_echo(answer.body, echo), without_echo(other.body, other_echo)
    if set(_HANDLE.findall(body)) - set(_HANDLE.findall(other_body)):
        return False  # It shows pages; they are read on their own.
    return _words(body) != _words(other_body)


def _words(body: str) -> list[str]:
    return _TAG.sub(" ", body).replace(GAP, " ").split()


def nonsense_for(word: str) -> str:
    """Return a word of the same length and script that stands nowhere."""
    return "".join(_other_sign(sign) for sign in word)


def _other_sign(sign: str) -> str:
    if sign.isascii():
        return "z" if sign.isalpha() else ("7" if sign.isdigit() else sign)
    return "㐖" if unicodedata.category(sign) == "Lo" else sign


def nothing_like(path: str) -> str:
    """Return a path as long as ``path``, in the same place, at which there is nothing."""
    parts = path.split("/")
    last = max(index for index, part in enumerate(parts) if part) if path.strip("/") else 0
    parts[last] = "".join("z" if sign.isalnum() else sign for sign in parts[last])
    return "/".join(parts)


def all_asked(walk: Walk, surface: str, asks: Iterable[Ask], most: int) -> Iterator[int]:
    """Read ``asks`` and what follows from them, each once; yield how many are known to be left.

    No more than ``most`` are read.
    """
    waiting = list(asks)
    seen = {(ask.host, ask.address) for ask in waiting}
    at = 0
    while at < len(waiting) and at < most:
        for ask in walk.look(surface, waiting[at]):
            if (ask.host, ask.address) not in seen:
                seen.add((ask.host, ask.address))
                waiting.append(ask)
        at += 1
        yield min(len(waiting), most) - at

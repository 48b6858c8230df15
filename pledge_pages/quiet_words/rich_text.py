"""Takes rich text apart: what is read, and what stands in its attributes."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Parts of text that do not belong together: a term does not begin in one and end in the next.
PARTING = "\u2029"
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "code", "del", "em", "embed", "i", "img", "ins", "kbd",
    "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u", "var", "wbr",
})  # fmt: skip
# Attributes that are read, shown or sent somewhere. Ids are looked at as references.
READ = ("alt", "title", "href", "src", "url", "aria-label", "caption", "cite")
# Of these a browser leaves out tabs and line ends.
ADDRESSES = frozenset({"href", "src", "url", "cite"})


@dataclass
class Attribute:
    """The value of one attribute: the tag it stands in, its name, and what it says."""

    tag: str
    name: str
    text: str


@dataclass
class Parts:
    """What a piece of HTML holds."""

    text: str = ""
    attributes: list[Attribute] = field(default_factory=list)
    # Kind (image, document, page, media …) and id of what is referred to, and where in the text.
    references: list[tuple[str, str, int, int]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the parts, as Wagtail keeps rich text in the database, or of any HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.signs: list[str] = []
        self.parts = Parts()
        self.links: list[tuple[str, str, int]] = []
        self.length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the attributes say."""
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._add("\n")
        elif tag not in INLINE:
            self._part()
        for name in READ:
            said = values.get(name, "")
            if name in ADDRESSES:
                said = re.sub(r"[\t\r\n]", "", said)
            if said:
                self.parts.attributes.append(Attribute(tag, name, said))
        kind = values.get("linktype") or values.get("embedtype")
        if kind and values.get("id"):
            if tag == "a":
                self.links.append((kind, values["id"], self.length))
            else:
                self.parts.references.append((kind, values["id"], self.length, self.length))

    def handle_endtag(self, tag: str) -> None:
        """Part what a block ends; note what a link reads."""
        if tag == "a" and self.links:
            kind, pk, start = self.links.pop()
            self.parts.references.append((kind, pk, start, self.length))
        elif tag not in INLINE:
            self._part()

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        self._add(data)

    def handle_comment(self, data: str) -> None:
        """A comment is sent along with the page."""
        self.parts.attributes.append(Attribute("", "comment", data))

    def _part(self) -> None:
        if self.signs and self.signs[-1] != PARTING:
            self._add(PARTING)

    def _add(self, text: str) -> None:
        self.signs.append(text)
        self.length += len(text)


def parts_of(html: str) -> Parts:
    """Return what ``html`` holds. Broken HTML is read as far as it goes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for kind, pk, start in reader.links:
        reader.parts.references.append((kind, pk, start, reader.length))
    reader.parts.text = "".join(reader.signs).rstrip(PARTING)
    return reader.parts

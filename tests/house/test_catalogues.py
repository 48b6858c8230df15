"""Every text of the interface is there in simplified Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from tests.house.source import ROOT, files, name_of

pytestmark = pytest.mark.once

PLACES = {
    "pledge_pages": ROOT / "pledge_pages/locale/zh_Hans/LC_MESSAGES/django.po",
    "site": ROOT / "locale/zh_Hans/LC_MESSAGES/django.po",
}
SITE_FOLDERS = {"cms", "home", "search", "templates"}
# How many of a function's first arguments are texts, and whether the first is a context.
CALLS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (1, True),
    "pgettext_lazy": (1, True),
    "npgettext": (2, True),
    "npgettext_lazy": (2, True),
}
CALL = re.compile(r"\b(" + "|".join(CALLS) + r")\(")

Text = tuple[str | None, str]


def texts_of_calls(tree: ast.AST) -> Iterator[Text]:
    """Yield (context, text) of every translating call in ``tree``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in CALLS:
            continue
        texts, has_context = CALLS[name]
        arguments = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        context = arguments.pop(0) if has_context and arguments else None
        yield from ((context, text) for text in arguments[:texts][:1] if isinstance(text, str))


def texts_of_template(source: str) -> Iterator[Text]:
    """Yield (context, text) of a template, by way of Django's own reading of its tags."""
    code = templatize(source)
    for match in CALL.finditer(code):
        for end in (close.end() for close in re.finditer(r"\)", code[match.start() :])):
            try:
                tree = ast.parse(code[match.start() : match.start() + end].replace("\n", "\\n"))
            except SyntaxError:
                continue
            yield from texts_of_calls(tree)
            break


def texts_of(path: Path) -> Iterator[Text]:
    """Yield (context, text) of one file."""
    source = path.read_text(encoding="utf-8")
    return texts_of_calls(ast.parse(source)) if path.suffix == ".py" else texts_of_template(source)


def sources(place: str) -> list[Path]:
    """Return the files whose texts belong into the catalogue of ``place``."""
    tops = {"pledge_pages"} if place == "pledge_pages" else SITE_FOLDERS
    return [
        path
        for path in files()
        if path.suffix in {".py", ".html", ".txt"} and path.relative_to(ROOT).parts[0] in tops
    ]


def untranslated(place: str) -> list[str]:
    """Return where ``place`` has texts without a translation, one line for each."""
    entries = polib.pofile(str(PLACES[place])).translated_entries()
    known = {(entry.msgctxt, entry.msgid) for entry in entries}
    return [
        f"{name_of(path)}: {text!r}"
        for path in sources(place)
        for context, text in texts_of(path)
        if text and (context, text) not in known
    ]


@pytest.mark.parametrize("place", PLACES)
def test_every_text_has_a_chinese_translation(place: str) -> None:
    if not PLACES[place].exists():
        pytest.skip("there is no catalogue yet: make messages")
    assert untranslated(place) == []


@pytest.mark.parametrize("place", PLACES)
def test_translations_keep_the_placeholders(place: str) -> None:
    if not PLACES[place].exists():
        pytest.skip("there is no catalogue yet: make messages")
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    changed = [
        entry.msgid
        for entry in polib.pofile(str(PLACES[place])).translated_entries()
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text
        and not set(placeholder.findall(text))
        <= set(placeholder.findall(entry.msgid + entry.msgid_plural))
    ]
    assert changed == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{% translate "One" %}', (None, "One")),
        ('{% translate "One" context "odd" %}', ("odd", "One")),
        ("it's {% blocktranslate %}Don't {{ x }}{% endblocktranslate %}", (None, "Don't %(x)s")),
        (
            "{% blocktranslate count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktranslate %}",
            (None, "%(n)s a"),
        ),
    ],
)
def test_texts_of_templates_are_found(source: str, text: Text) -> None:
    assert list(texts_of_template("{% load i18n %}" + source)) == [text]

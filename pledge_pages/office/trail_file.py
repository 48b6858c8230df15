"""The audit trail as a CSV file: sent while it is read, bounded, and harmless in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..transfer.cells import calculates
from .trail import CHUNK, Key, Line, TrailOf, TrailView

# Lines in one file; a spreadsheet program opens little more.
LIMIT = 50_000
# Without it, spreadsheet programs take Chinese for Latin letters.
MARK = "\ufeff"


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """Return ``text``."""
        return text


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if calculates(text) else text


def cells(line: Line) -> list[str]:
    """Return the cells of one line. A page is called by its code: a file goes from hand to hand."""
    when = timezone.localtime(line.when).isoformat(timespec="seconds")
    told = (line.action, line.programme, line.pilot, line.about, line.details, line.who)
    return [when, *(harmless(text) for text in told)]


def written(lines: TrailOf, keys: list[Key], language: str) -> Iterator[str]:
    """Return the text of the file, a few hundred lines at a time, in ``language``."""
    writer = csv.writer(Echo())
    with translation.override(language):
        head = [
            _("When"),
            _("Action"),
            _("Programme"),
            _("Pilot"),
            _("About"),
            _("Details"),
            _("By"),
        ]
    yield MARK + writer.writerow(head)
    for start in range(0, len(keys), CHUNK):
        # The language is the request's only while this runs: others work in the same thread.
        with translation.override(language):
            rows: Iterable = [cells(line) for line in lines.lines(keys[start : start + CHUNK])]
        yield "".join(writer.writerow(row) for row in rows)


class TrailFileView(TrailView):
    """Sends the lines that were asked for, the newest first."""

    def get(self, request: HttpRequest, *args, **kwargs) -> StreamingHttpResponse:
        _form, lines = self.asked
        keys = list(lines.keys()[:LIMIT])
        text = written(lines, keys, translation.get_language())
        return StreamingHttpResponse(
            text,
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="audit-trail-{timezone.localdate()}.csv"',
                "Cache-Control": "no-store",
            },
        )

"""Has typst draw sheets: as a PDF, or the first sheet as a picture.

Everything it may read lies in a folder of its own, which is gone afterwards; it fetches nothing.
"""

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from ..photos.models import MemberPhotoRendition
from ..photos.renditions import LARGE, TILE_DOUBLE
from ..village import qr
from . import fonts
from .errors import PrintError
from .sheet import Sheet
from .wish import Kind

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "typst"
# Pixels along the longer side of a preview.
PREVIEW_PIXELS = 1400
MILLIMETRES_PER_INCH = 25.4


def pdf(sheet: Sheet, *, at: datetime | None = None) -> bytes:
    """Return the sheets as a PDF. ``at`` is the moment it says it was made (now if None).

    Raises PrintError if they cannot be drawn.
    """
    moment = (at or timezone.now()).replace(microsecond=0)
    with _folder(sheet) as folder:
        return _drawn(folder, format="pdf", timestamp=int(moment.timestamp()))


def document(template: str, values: dict[str, Any], *, at: datetime | None = None) -> bytes:
    """Return what the template of that name makes of ``values``, as a PDF.

    Raises PrintError if it cannot be drawn.
    """
    moment = (at or timezone.now()).replace(microsecond=0)
    with _templates(template) as folder:
        (folder / "data.json").write_text(json.dumps(values, default=str))
        return _drawn(folder, format="pdf", timestamp=int(moment.timestamp()))


def picture(sheet: Sheet) -> bytes:
    """Return the first sheet as a PNG. Raises PrintError if it cannot be drawn."""
    sheet.values["preview"] = True
    longer = max(sheet.values["width"], sheet.values["height"]) / MILLIMETRES_PER_INCH
    with _folder(sheet) as folder:
        return _drawn(folder, format="png", ppi=PREVIEW_PIXELS / longer)


def _drawn(folder: Path, **wanted: Any) -> bytes:
    """Return what typst draws; of several pictures the first. Raises PrintError if it gives up."""
    try:
        drawn = _compiler(folder).compile(**wanted)
    except typst.TypstError as error:
        # Its first line says what and where in the template, and nothing of what was to be printed.
        logger.error("Typst gave up: %s", str(error).partition("\n")[0])
        raise PrintError(
            _(
                "The sheets could not be drawn like this. Choose larger paper, the other orientation "
                "or one language; if that does not help, the server's log says where it stopped."
            )
        ) from error
    assert drawn is not None  # it is only where a file is written to instead
    return drawn[0] if isinstance(drawn, list) else drawn


def _compiler(folder: Path) -> typst.Compiler:
    # A packages folder of its own, so that nothing of the server's is read.
    return typst.Compiler(
        input=folder / "main.typ",
        root=folder,
        font_paths=fonts.loaded(),
        ignore_system_fonts=True,
        package_path=folder,
        package_cache_path=folder,
    )


@contextmanager
def _templates(name: str) -> Iterator[Path]:
    """Give a folder that only this process may read, in which the template of that name is drawn."""
    with tempfile.TemporaryDirectory(prefix="pledge-print-") as path:
        folder = Path(path)
        shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
        (folder / "main.typ").write_text(f'#include "{name}.typ"\n')
        yield folder


@contextmanager
def _folder(sheet: Sheet) -> Iterator[Path]:
    """Give such a folder, with all that the templates of a sheet need."""
    with _templates(Kind(sheet.values["kind"]).value) as folder:
        if sheet.values["address"]:
            (folder / "code.svg").write_text(qr.svg(sheet.values["address"]))
        _write_photos(folder, sheet)
        (folder / "data.json").write_text(json.dumps(sheet.values, default=str))
        yield folder


def _write_photos(folder: Path, sheet: Sheet) -> None:
    spec = LARGE if sheet.values["kind"] == Kind.PLATES else TILE_DOUBLE
    rows = MemberPhotoRendition.objects.filter(image_id__in=sheet.photos, filter_spec=spec)
    written = set()
    for row in rows:
        try:
            with row.file.open("rb") as stored:
                (folder / sheet.photos[row.image_id]).write_bytes(stored.read())
        except FileNotFoundError:
            logger.warning("The file of photo %s is missing: initials are printed.", row.image_id)
            continue
        written.add(sheet.photos[row.image_id])
    for card in sheet.values["cards"]:
        # A picture that was deleted just now, or never made in this size: initials stand instead.
        if card["photo"] not in written:
            card["photo"] = None

"""Sends private pictures and evidence files to those who may see them.

To everyone: what a live page shows, while consent holds. To the branch's staff: everything of the
branch; to those who check it from outside: its evidence; to a member: their own photo and evidence.
To anyone else there is no such file: the same 404 whatever the reason.

Behind nginx, ``X-Accel-Redirect`` replaces most headers of the response by those of the internal
location; set ``X-Content-Type-Options`` and ``Content-Security-Policy`` there as well.
"""

import logging

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_http_methods
from django_sendfile import sendfile
from modelcluster.fields import ParentalKey
from wagtail.models import Page

from ..embargo import gate
from ..people.accounts import is_account_of, member_of
from ..people.models import Scope
from ..people.naming import photo_allowed
from ..pilots.roles import sees_drafts, sees_evidence
from . import sniffing
from .models import ConsentPaper, EvidenceFile, MemberPhoto, MemberPhotoRendition, users_of

logger = logging.getLogger(__name__)

# A browser may keep its copy but has to ask each time, so that hiding works at once.
PUBLIC_CACHE = "private, no-cache"
STAFF_CACHE = "no-store"
# Nothing in the file may run or load anything, should a browser show it as a page.
POLICY = "default-src 'none'; sandbox"

only_reading = require_http_methods(["GET", "HEAD"])


@only_reading
def photo(request: HttpRequest, token: str, spec: str) -> HttpResponseBase:
    """Send a member photo in one of its stored sizes. The original is never sent."""
    reader = _reader(request)
    _check_askable(token + spec)
    rendition = (
        MemberPhotoRendition.objects.select_related("image__member__pilot__programme")
        .filter(image__token=token, filter_spec=spec)
        .first()
    )
    if rendition is None:
        raise Http404
    if is_photo_public(rendition.image):
        return send(request, rendition, cache=PUBLIC_CACHE)
    member = rendition.image.member
    if is_account_of(reader, member) or sees_drafts(reader, member.pilot):
        return send(request, rendition, cache=STAFF_CACHE)
    raise Http404


@only_reading
def evidence(request: HttpRequest, token: str, extension: str) -> HttpResponseBase:
    """Send an evidence file; documents as a download."""
    reader = _reader(request)
    _check_askable(token)
    file = EvidenceFile.objects.select_related("pilot__programme").filter(token=token).first()
    if file is None or file.extension != extension:
        raise Http404
    if is_evidence_public(file):
        return send(request, file, cache=PUBLIC_CACHE)
    if is_own_evidence(reader, file) or sees_evidence(reader, file.pilot):
        return send(request, file, cache=STAFF_CACHE)
    raise Http404


@only_reading
def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer for every other address below the room's: the same 404."""
    _reader(request)
    raise Http404


def _check_askable(text: str) -> None:
    """Raise Http404 for what PostgreSQL refuses as text."""
    if "\0" in text:
        raise Http404


def is_photo_public(photo: MemberPhoto) -> bool:
    """Return whether everyone may see ``photo``: its member agreed and a live page shows it."""
    member = photo.member
    if not (member.pilot.is_public and gate.may_serve()):
        return False
    return photo_allowed(member, Scope.PUBLIC_WEB) and on_live_page(photo)


def is_evidence_public(file: EvidenceFile) -> bool:
    """Return whether everyone may see ``file``: marked public, checked, and on a live page."""
    if not (file.may_be_shown and file.pilot.is_public and gate.may_serve()):
        return False
    return in_row_of_live_page(file)


def is_own_evidence(reader: User | AnonymousUser, file: EvidenceFile) -> bool:
    """Return whether ``reader`` sent ``file`` in, or it may be shown with their own page."""
    own = member_of(reader)
    if own is None or own.pilot_id != file.pilot_id:
        return False
    if file.added_by_id == own.user_id:
        return True
    return file.may_be_shown and file.progress_updates.filter(page__member=own).exists()


def send(
    request: HttpRequest, stored: MemberPhotoRendition | EvidenceFile | ConsentPaper, *, cache: str
) -> HttpResponseBase:
    """Return the response that sends the file of ``stored``. The caller has asked who may see it.

    ``cache`` is the Cache-Control header; with ``no-store`` no ETag is given either. Raises
    Http404 if the file is gone from the storage.
    """
    document = getattr(stored, "content_type", sniffing.JPEG)
    etag = None if cache == STAFF_CACHE else f'"{stored.digest[:32]}"'
    response = etag and get_conditional_response(request, etag=etag)
    if not isinstance(response, HttpResponseNotModified):
        response = _file_response(request, stored, document)
        is_download = document != sniffing.JPEG
        # Without a name: the browser takes the last part of the address.
        response.headers["Content-Disposition"] = "attachment" if is_download else "inline"
        # Those of a send-file backend: our own ETag says all there is to say.
        response.headers.pop("Last-Modified", None)
        response.headers.pop("ETag", None)
    if etag:
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    # People are found by their branch's board, not by a search engine's pictures.
    response.headers["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie"])
    return response


def _file_response(request: HttpRequest, stored, content_type: str) -> HttpResponseBase:
    try:
        if getattr(settings, "SENDFILE_BACKEND", None) and (path := _local_path(stored.file)):
            return sendfile(request, path, attachment_filename=False, mimetype=content_type)
        return FileResponse(stored.file.open("rb"), content_type=content_type)
    except (FileNotFoundError, Http404):
        logger.error("The file of %s %s is missing.", stored._meta.label, stored.pk)
        raise Http404 from None


def _local_path(file) -> str | None:
    try:
        return file.path
    except NotImplementedError:
        return None


def _reader(request: HttpRequest):
    """Return who asks. Called first by every view, so that each answer reads the session alike."""
    reader = request.user
    reader.is_authenticated  # noqa: B018 - looks the session up; until then the user is lazy
    return reader


def on_live_page(photo: MemberPhoto) -> bool:
    """Return whether a live page without access restriction has ``photo`` in a foreign key."""
    return any(
        model._base_manager.filter(**{name: photo.pk}, pk__in=_open_pages()).exists()
        for model, name in users_of(MemberPhoto)
        if issubclass(model, Page)
    )


def in_row_of_live_page(file: EvidenceFile) -> bool:
    """Return whether a row of such a page (a ParentalKey ``page``) refers to ``file``."""
    return any(
        model._base_manager.filter(**{name: file.pk}, page__in=_open_pages()).exists()
        for model, name in users_of(EvidenceFile)
        if isinstance(getattr(model, "page", None) and model._meta.get_field("page"), ParentalKey)
    )


def _open_pages():
    return Page.objects.live().public().order_by().values("pk")

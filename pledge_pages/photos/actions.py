"""What is done with photos and evidence: added, checked, deleted, each with a line in the log."""

import hashlib
from typing import BinaryIO

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..labels import Labels
from ..people.accounts import member_of
from ..people.models import Consent, Member
from ..people.naming import photo_is_wanted
from ..pilots.models import Pilot
from ..pilots.roles import sees_drafts
from . import sniffing
from .cleaning import CleanPhoto, clean_photo, clean_picture, read_upload, wrong_type
from .models import EvidenceFile, MemberPhoto, MemberPhotoRendition, users_of
from .pdf import clean_pdf
from .removal import delete_when_committed
from .renditions import make_renditions
from .storage import files_removed_on_error


def check_staff(pilot: Pilot, by: User) -> None:
    """Raise PermissionDenied unless ``by`` is staff of the branch or leads its programme."""
    if not sees_drafts(by, pilot):
        raise PermissionDenied(
            _("You may not change the files of the branch %(code)s.") % {"code": pilot.code}
        )


def _is_account_in(pilot: Pilot, by: User) -> bool:
    """Return whether ``by`` is the account of a member of the branch."""
    own = member_of(by)
    return own is not None and own.pilot_id == pilot.pk


def add_photo(member: Member, file: BinaryIO, *, by: User) -> MemberPhoto:
    """Clean the picture in ``file`` and keep it as a new photo of ``member``, in every size.

    A picture that is there already is not stored again: editors save many times. Nothing of the
    original is kept, and nothing at all if a step fails. Raises PermissionDenied, or
    ValidationError saying what is wrong with the file.
    """
    check_staff(member.pilot, by)
    return keep_photo(member, clean_photo(file), by=by)


def photo_digest(clean: CleanPhoto) -> str:
    """Return by what a photo is known to be there already."""
    return hashlib.sha1(clean.content, usedforsecurity=False).hexdigest()


def keep_photo(member: Member, clean: CleanPhoto, *, by: User | None) -> MemberPhoto:
    """Keep a cleaned picture as a new photo of ``member``, as :func:`add_photo`.

    For whoever has asked already whether ``by`` may (None: who commands the server).
    """
    digest = photo_digest(clean)
    known = MemberPhoto.objects.filter(member=member, file_hash=digest).first()
    if known is not None:
        return known
    sizes = list(make_renditions(clean))
    with files_removed_on_error(), transaction.atomic():
        photo = MemberPhoto(
            member=member,
            uploaded_by_user=by,
            # Dimensions first: Wagtail would open the file again to find them.
            width=clean.width,
            height=clean.height,
            file_size=len(clean.content),
            file_hash=digest,
            file=_stored(clean),
        )
        photo.save()
        for spec, picture in sizes:
            MemberPhotoRendition.objects.create(
                image=photo,
                filter_spec=spec,
                width=picture.width,
                height=picture.height,
                digest=hashlib.sha256(picture.content).hexdigest(),
                file=_stored(picture),
            )
        log(instance=member, action="pledge_pages.add_photo", user=by, data={"photo": photo.pk})
    return photo


def delete_photo(photo: MemberPhoto, *, by: User) -> None:
    """Delete ``photo`` with all its sizes and files.

    Raises PermissionDenied, or ValidationError if a page still shows it.
    """
    check_staff(photo.member.pilot, by)
    with transaction.atomic():
        log(
            instance=photo.member,
            action="pledge_pages.delete_photo",
            user=by,
            data={"photo": photo.pk},
        )
        _delete(photo)


def erase_lapsed() -> int:
    """Erase the pictures of all whose consents ran out since, each member in a transaction.

    Returns of how many members. No person does it: what a timer finds is what was agreed to.
    """
    members = Member.objects.filter(photos__in=MemberPhoto.objects.exclude(file="")).distinct()
    lapsed = [member for member in members.order_by("pk") if not photo_is_wanted(member)]
    for member in lapsed:
        with transaction.atomic():
            erase_unwanted(member, Consent.Subject.PHOTO, None)
    return len(lapsed)


def erase_unwanted(member: Member, subject: str, by: User | None) -> None:
    """Erase the pictures of ``member`` if the photo is allowed nowhere any more, nor may yet be.

    Called with each withdrawn consent. The rows stay without their files: approved versions refer
    to them, and show initials.
    """
    if subject != Consent.Subject.PHOTO or photo_is_wanted(member):
        return
    for photo in member.photos.exclude(file="").select_for_update(of=("self",)):
        for rendition in photo.renditions.all():
            rendition.delete()
        delete_when_committed(photo)
        # Past save(), which lets no content change. Without the digest it may be added again.
        type(photo).objects.filter(pk=photo.pk).update(file="", file_hash="", file_size=None)
        log(
            instance=member,
            action="pledge_pages.delete_photo",
            user=by,
            data={"photo": photo.pk, "consent": Consent.State.WITHDRAWN},
        )


def add_evidence(
    pilot: Pilot,
    file: BinaryIO,
    *,
    by: User,
    kind: str,
    title: Labels,
    note: str = "",
) -> EvidenceFile:
    """Clean the photo or PDF in ``file`` and keep it as evidence of ``pilot``: private, unchecked.

    ``kind`` is one of EvidenceFile.Kind; ``title`` has a text for each language. Staff add it, and
    members by their own accounts. Raises PermissionDenied, or ValidationError naming the field or
    saying what is wrong with the file.
    """
    if not _is_account_in(pilot, by):
        check_staff(pilot, by)
    content, content_type = clean_evidence(read_upload(file))
    evidence = EvidenceFile(
        pilot=pilot,
        kind=kind,
        title=dict(title),
        note=note,
        content_type=content_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        added_by=by,
    )
    evidence.full_clean(exclude=["file"])
    evidence.file = ContentFile(content, name="evidence")
    with files_removed_on_error(), transaction.atomic():
        evidence.save()
        log(instance=evidence, action="pledge_pages.add_evidence", user=by)
    return evidence


def clean_evidence(content: bytes) -> tuple[bytes, str]:
    """Return an uploaded photo or PDF without what it should not carry, and its content type.

    Photos become JPEG. Raises ValidationError for any other kind of file and for damaged ones.
    """
    content_type = sniffing.sniff(content[:256])
    if content_type == sniffing.PDF:
        return clean_pdf(content), sniffing.PDF
    if content_type not in sniffing.PICTURES:
        raise wrong_type(content_type, _("Give a photo (JPEG, PNG, WebP, HEIC or AVIF) or a PDF."))
    return clean_picture(content).content, sniffing.JPEG


@in_one_transaction
def check_evidence(evidence: EvidenceFile, *, by: User, public: bool) -> EvidenceFile:
    """Note that ``by`` looked at ``evidence``, and whether it may be public with its page.

    Raises PermissionDenied.
    """
    check_staff(evidence.pilot, by)
    evidence.public = public
    evidence.checked = True
    evidence.checked_by = by
    evidence.checked_at = timezone.now()
    evidence.save(update_fields=["public", "checked", "checked_by", "checked_at"])
    log(
        instance=evidence,
        action="pledge_pages.check_evidence",
        user=by,
        data={"public": public},
    )
    return evidence


def delete_evidence(evidence: EvidenceFile, *, by: User) -> None:
    """Delete ``evidence`` with its file.

    Raises PermissionDenied, or ValidationError if a page still refers to it.
    """
    check_staff(evidence.pilot, by)
    with transaction.atomic():
        log(instance=evidence, action="pledge_pages.delete_evidence", user=by)
        _delete(evidence)


def _stored(picture: CleanPhoto) -> ContentFile:
    # The name is replaced by a random path; it only has to be there.
    return ContentFile(picture.content, name="photo.jpg")


def _delete(row: MemberPhoto | EvidenceFile) -> None:
    users = users_of(type(row))
    if any(model._base_manager.filter(**{name: row.pk}).exists() for model, name in users):
        raise ValidationError(
            _("A page still shows this file. Take it off the page first."), code="in_use"
        )
    row.delete()

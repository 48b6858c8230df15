"""Member photos, their stored sizes, and the evidence files of pledges."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField

from ..labels import LabelsField, label_in
from ..people.models import Consent, Member
from ..pilots.models import Pilot
from . import addresses, sniffing
from .storage import private_storage


class ContentFixed(ValidationError):
    """A stored picture or file was to be replaced; a new one has to be added instead."""


@dataclass(frozen=True)
class StoredRendition:
    """A picture that exists: its address, and its width and height in pixels."""

    url: str
    width: int
    height: int


def photo_path(instance: models.Model, filename: str) -> str:
    """Return a random path for a photo; ``filename`` is not looked at."""
    return addresses.private_name("photos", "jpg")


def rendition_path(instance: models.Model, filename: str) -> str:
    """Return a random path for a photo in one size; ``filename`` is not looked at."""
    return addresses.private_name("renditions", "jpg")


def evidence_path(instance: "EvidenceFile", filename: str) -> str:
    """Return a random path for an evidence file; ``filename`` is not looked at."""
    return addresses.private_name("evidence", instance.extension)


def paper_path(instance: "ConsentPaper", filename: str) -> str:
    """Return a random path for the scan of a consent; ``filename`` is not looked at."""
    return addresses.private_name("papers", instance.extension)


def refuse_change(instance: models.Model, fields: Iterable[str]) -> None:
    """Raise ContentFixed if one of ``fields`` differs from what is stored of ``instance``."""
    if instance._state.adding:
        return
    fields = list(fields)
    stored = type(instance)._base_manager.filter(pk=instance.pk).values(*fields).first()
    uncommitted = not getattr(instance.file, "_committed", True)
    current = {name: instance.serializable_value(name) for name in fields}
    current = {name: str(value) if name == "file" else value for name, value in current.items()}
    if stored is not None and (uncommitted or current != stored):
        raise ContentFixed(
            _("A stored file never changes. Add a new one and delete this one."),
            code="content_fixed",
        )


class MemberPhoto(AbstractImage):
    """A picture of a member. Its content never changes: a new picture is a new row.

    It is not the site's image model, so no chooser, listing or API of Wagtail knows it. Nothing
    here tells who is shown but the foreign key.
    """

    # Free texts and sorting of a public image library, where a name could slip in.
    description = None
    tags = None
    collection = None
    search_fields = []

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="photos", verbose_name=_("member")
    )
    token = models.CharField(
        max_length=32, unique=True, default=addresses.new_token, editable=False
    )
    file = WagtailImageField(
        verbose_name=_("file"),
        upload_to=photo_path,
        storage=private_storage,
        width_field="width",
        height_field="height",
    )

    class Meta(AbstractImage.Meta):
        abstract = False
        verbose_name = _("member photo")
        verbose_name_plural = _("member photos")
        ordering = ["member", "-created_at", "-id"]

    def save(self, *args, **kwargs) -> None:
        refuse_change(self, ["file", "file_hash", "token", "member_id"])
        # Never a person's name: titles reach logs, choosers and page titles.
        self.title = self.member.public_id
        super().save(*args, **kwargs)

    def get_upload_to(self, filename: str) -> str:
        return photo_path(self, filename)

    def create_rendition(self, filter):
        """Refuse: sizes are made when the photo comes in, never while somebody waits."""
        raise self.get_rendition_model().DoesNotExist(
            f"Member photos have no size “{filter.spec}”."
        )

    def create_renditions(self, *filters):
        """Refuse, as :meth:`create_rendition`."""
        if filters:
            self.create_rendition(filters[0])
        return {}

    def stored_renditions(self) -> dict[str, StoredRendition]:
        """Return the sizes that exist, by spec. One query."""
        return {
            row.filter_spec: StoredRendition(
                addresses.photo_url(self.token, row.filter_spec), row.width, row.height
            )
            for row in self.renditions.all()
        }


class MemberPhotoRendition(AbstractRendition):
    """A member photo in one size."""

    image = models.ForeignKey(MemberPhoto, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        upload_to=rendition_path,
        storage=private_storage,
        width_field="width",
        height_field="height",
    )
    # SHA-256 of the file: what browsers ask by whether their copy is still good.
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("size of a member photo")
        verbose_name_plural = _("sizes of member photos")
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_photo_per_size"
            )
        ]

    @property
    def url(self) -> str:
        return addresses.photo_url(self.image.token, self.filter_spec)

    def get_upload_to(self, filename: str) -> str:
        return rendition_path(self, filename)

    def save(self, *args, **kwargs) -> None:
        refuse_change(self, ["file", "digest", "image_id", "filter_spec"])
        super().save(*args, **kwargs)


def renditions_for(
    photo_ids: Iterable[int], spec: str, view: str = addresses.PHOTO_VIEW
) -> dict[int, StoredRendition]:
    """Return the stored size ``spec`` of each photo that has it, by photo id. One query.

    ``view`` names the address pattern the addresses are built from.
    """
    rows = MemberPhotoRendition.objects.filter(
        image_id__in=list(photo_ids), filter_spec=spec
    ).values_list("image_id", "image__token", "width", "height")
    return {
        photo_id: StoredRendition(addresses.photo_url(token, spec, view), width, height)
        for photo_id, token, width, height in rows
    }


class EvidenceFile(models.Model):
    """A photo or document that shows what was done. Private unless public and checked."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        LOG = "log", _("Log book page")
        LIST = "list", _("List")
        SIGN_IN = "signin", _("Sign-in sheet")
        SHEET = "sheet", _("Check sheet")
        REGISTER = "register", _("Register page")
        COUNT = "count", _("Tally sheet")
        SLIP = "slip", _("Slip")
        MINUTES = "minutes", _("Minutes")
        MESSAGE = "msg", _("Chat screenshot")
        ORAL = "oral", _("Note of an oral report")
        ROTA = "rota", _("Rota")
        DOCUMENT = "document", _("Other document")

    token = models.CharField(
        max_length=32, unique=True, default=addresses.new_token, editable=False
    )
    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="evidence_files", verbose_name=_("branch")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    title = LabelsField(_("title"), help_text=_("What it shows; no names of people."))
    file = models.FileField(
        _("file"), upload_to=evidence_path, storage=private_storage, editable=False
    )
    content_type = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    digest = models.CharField(max_length=64, editable=False)
    public = models.BooleanField(
        _("may be public"), default=False, help_text=_("Once checked, and with its page.")
    )
    checked = models.BooleanField(
        _("checked"),
        default=False,
        help_text=_("Somebody looked: no faces or names of people who did not agree."),
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        editable=False,
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True, help_text=_("For the branch's staff only."))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("added by"),
        null=True,
        blank=True,
        editable=False,
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["pilot", "-added_at", "-id"]

    def __str__(self) -> str:
        return label_in(self.title) or str(self.get_kind_display())

    @property
    def may_be_shown(self) -> bool:
        """Whether it is public and checked: its page, if that is public, shows it."""
        return self.public and self.checked

    @property
    def extension(self) -> str:
        """The file name extension of its content type."""
        return "pdf" if self.content_type == sniffing.PDF else "jpg"

    def get_url(self) -> str:
        """Return the address; it opens for those who may see the file."""
        return addresses.evidence_url(self.token, self.extension)

    def save(self, *args, **kwargs) -> None:
        refuse_change(self, ["file", "digest", "content_type", "token", "pilot_id"])
        super().save(*args, **kwargs)


class ConsentPaper(models.Model):
    """The scan of a consent on paper, for the branch's staff and leads. Never public; see ``papers``."""

    consent = models.OneToOneField(
        Consent, on_delete=models.CASCADE, related_name="paper", verbose_name=_("consent")
    )
    file = models.FileField(
        _("file"), upload_to=paper_path, storage=private_storage, editable=False
    )
    content_type = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    digest = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True,
        editable=False, verbose_name=_("added by"),
    )  # fmt: skip
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("scan of a consent")
        verbose_name_plural = _("scans of consents")

    def __str__(self) -> str:
        return str(self.consent_id)

    @property
    def extension(self) -> str:
        """The file name extension of its content type."""
        return "pdf" if self.content_type == sniffing.PDF else "jpg"

    def save(self, *args, **kwargs) -> None:
        refuse_change(self, ["file", "digest", "content_type", "consent_id"])
        super().save(*args, **kwargs)


def users_of(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Return (model, foreign key) of everything outside of this room that refers to ``model``."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.related_objects
        if (relation.field.many_to_one or relation.field.one_to_one)
        and not issubclass(relation.related_model, AbstractRendition)
    ]

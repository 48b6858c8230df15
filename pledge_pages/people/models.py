"""The people: who they are, what they do in the branch, and what of them may be shown where."""

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..labels import LabelsField, label_in
from ..pilots.models import Pilot, code_validator
from ..rulebook.models import Category

PUBLIC_ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
PUBLIC_ID_LENGTH = 10


def new_public_id() -> str:
    """Return an identifier that says nothing about the person: 10 letters and digits."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _i in range(PUBLIC_ID_LENGTH))


class Office(models.Model):
    """A place in the branch: secretary, committee, member. Lower rank is shown first."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = LabelsField(_("name"))
    rank = models.PositiveSmallIntegerField(_("order"), default=100)
    is_secretary = models.BooleanField(_("heads the branch"), default=False)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return label_in(self.name) or self.code


class Post(models.Model):
    """A post with duties that a member has claimed or was assigned."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = LabelsField(_("name"))
    duties = LabelsField(_("duties"), blank=True)
    # What its holder looks after; the library of pledges is looked through by it.
    categories = models.ManyToManyField(
        Category, related_name="posts", blank=True, verbose_name=_("categories")
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["code"]

    def __str__(self) -> str:
        return label_in(self.name) or self.code


class Member(models.Model):
    """A person of a branch. The only place where a name is kept."""

    code = models.CharField(
        _("internal code"), max_length=32, unique=True, validators=[code_validator]
    )
    public_id = models.CharField(
        _("public identifier"), max_length=16, unique=True, default=new_public_id, editable=False
    )
    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="members", verbose_name=_("branch")
    )
    surname = models.CharField(_("surname"), max_length=64)
    given_name = models.CharField(_("given name"), max_length=64, blank=True)
    surname_latin = models.CharField(_("surname in Latin letters"), max_length=64, blank=True)
    given_name_latin = models.CharField(_("given name in Latin letters"), max_length=64, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    posts = models.ManyToManyField(Post, related_name="+", blank=True, verbose_name=_("posts"))
    active = models.BooleanField(_("active"), default=True)
    # The account that the person uses, if any; see ``accounts``.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="member",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("account"),
    )
    # Whoever gave the link to the account could have used it: somebody else confirms whose it is.
    # Empty: it was bound by an administrator, who gave no link.
    account_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True,
        editable=False, verbose_name=_("link to the account given by"),
    )  # fmt: skip
    account_given_at = models.DateTimeField(
        _("link to the account given at"), null=True, blank=True, editable=False
    )
    account_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True,
        editable=False, verbose_name=_("account confirmed by"),
    )  # fmt: skip
    account_confirmed_at = models.DateTimeField(
        _("account confirmed at"), null=True, blank=True, editable=False
    )

    # Consents that were fetched along with the member; see ``naming.use_joined``.
    _joined_consents: "dict[tuple[str, str], Consent | None]"

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["pilot", "office__rank", "code"]

    def __str__(self) -> str:
        return f"{self.staff_name} ({self.code})"

    @property
    def staff_name(self) -> str:
        """The full name as the branch's own staff read it. Never for a public surface."""
        return f"{self.surname}{self.given_name}"

    @property
    def account_is_confirmed(self) -> bool:
        """Whether what the account does is the member's: it waits, since a link was given."""
        return self.account_given_at is None or self.account_confirmed_at is not None


class Scope(models.TextChoices):
    """Where something of a person may be shown."""

    VILLAGE_PRINT = "village_print", _("Printed village board")
    VILLAGE_QR = "village_qr", _("Village view by QR code")
    PUBLIC_WEB = "public_web", _("Public website")


class Consent(models.Model):
    """What a member allowed to be shown of them, where, since when and until when.

    The current row for a member, scope and subject counts; the others are history.
    """

    class Subject(models.TextChoices):
        NAME = "name", pgettext_lazy("of a person", "Name")
        PHOTO = "photo", _("Photo")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Level(models.TextChoices):
        FULL = "full", _("In full")
        SURNAME_ONLY = "surname_only", _("Surname only")
        NONE = "none", _("Not at all")

    class Method(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        PAPER = "paper", _("On paper")
        PHONE_RECORDED = "phone_call_recorded", _("Recorded telephone call")
        ONLINE = "online", _("By their own account")

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="consents", verbose_name=_("member")
    )
    scope = models.CharField(_("scope"), max_length=16, choices=Scope.choices)
    subject = models.CharField(_("of what"), max_length=8, choices=Subject.choices)
    level = models.CharField(_("how much"), max_length=16, choices=Level.choices)
    state = models.CharField(_("state"), max_length=16, choices=State.choices)
    given_on = models.DateField(_("given on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=32, choices=Method.choices, blank=True)
    witness = models.CharField(_("witness"), max_length=128, blank=True)
    form_version = models.CharField(_("version of the form"), max_length=32, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    # The newest row for a member, scope and subject.
    current = models.BooleanField(_("current"), default=True, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["member", "scope", "subject", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "scope", "subject"],
                condition=models.Q(current=True),
                name="one_current_consent",
            )
        ]

    @property
    def has_run_out(self) -> bool:
        """Whether it was granted up to a day that is over."""
        ends = self.expires_on if self.state == self.State.GRANTED else None
        return ends is not None and ends < timezone.localdate()

    def clean(self) -> None:
        """Refuse what contradicts itself, and a consent of which nobody can say how it was given."""
        super().clean()
        errors = {}
        if self.given_on and self.expires_on and self.expires_on < self.given_on:
            errors["expires_on"] = _("The end lies before the day it was given.")
        if self.subject == self.Subject.PHOTO and self.level == self.Level.SURNAME_ONLY:
            errors["level"] = _("A photo is shown or it is not: it has no surname.")
        if self.state == self.State.GRANTED:
            if self.level == self.Level.NONE:
                errors["state"] = _("If nothing may be shown, choose “Declined”.")
            if not self.given_on:
                errors["given_on"] = _("Say on which day it was granted.")
            if not self.method:
                errors["method"] = _("Say how it was granted.")
        if errors:
            raise ValidationError(errors)

    def __str__(self) -> str:
        return f"{self.member_id}: {self.get_subject_display()} / {self.get_scope_display()}"

"""What the rules name: the categories of pledges."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..labels import LabelsField, label_in


class Category(models.Model):
    """What a pledge is about: sanitation, flood, care of older people…"""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = LabelsField(_("name"))
    rank = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return label_in(self.name) or self.code

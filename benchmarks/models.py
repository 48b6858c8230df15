"""A board of members the way a Wagtail tutorial builds it."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page


class TutorialBoard(Page):
    """An index page that walks its children in the template."""

    introduction = RichTextField(blank=True)
    template = "benchmarks/tutorial_board.html"


class TutorialMember(Page):
    """A member with a photo of the site's image library and inline pledges."""

    office = models.CharField(max_length=64)
    photo = models.ForeignKey(
        "wagtailimages.Image", on_delete=models.SET_NULL, null=True, related_name="+"
    )


class TutorialPledge(Orderable):
    """An inline pledge."""

    page = ParentalKey(TutorialMember, on_delete=models.CASCADE, related_name="pledges")
    year = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=64)
    text = models.TextField()
    measure = models.CharField(max_length=255)
    due = models.DateField()
    status = models.CharField(max_length=16, default="not_started")

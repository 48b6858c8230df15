"""The pages: a programme, the board of each branch, and the page of each member."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.http import Http404
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from ..embargo.errors import EmbargoError
from ..embargo.gate import may_serve
from ..embargo.models import GatedPage
from ..embargo.page import Gated
from ..labels import label_in
from ..people.models import Member, Scope
from ..people.naming import shown_name
from ..photos.models import MemberPhoto
from ..photos.renditions import LARGE
from ..pilots.models import Pilot, Programme
from . import cache, compare_views, further, reading
from .api_fields import (
    BOARD_FIELDS,
    MEMBER_FIELDS,
    PROGRAMME_FIELDS,
    MemberApiForm,
    PageApiForm,
)
from .forms import AsTypedPageForm, BranchPageForm, MemberPageForm
from .graded import grade_views
from .previews import Previewed

PLAIN_FEATURES = ["bold", "italic", "ol", "ul", "link"]


def _refuse_second(page: Page, **belongs_to) -> None:
    """Raise EmbargoError if another page of this type already stands for the same thing here."""
    same = type(page).objects.filter(locale_id=page.locale_id, **belongs_to).exclude(pk=page.pk)
    if same.exists():
        raise EmbargoError(_("There is such a page already, in the same language."))


def _find(pages: QuerySet, parent: Page, slugs: list[str]) -> Page:
    """Return the one of ``pages`` at ``slugs`` below ``parent``; Http404 if there is none.

    Wagtail asks twice for every step down the tree, for the page and then for its type; here one
    query brings the page, its language and whether any restriction stands above it.
    """
    if "\0" in "".join(slugs):  # see Gated.route
        raise Http404
    restrictions = PageViewRestriction.objects.alias(
        here=ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
    ).filter(Q(here__startswith=F("page__path")) | Q(page__aliases__isnull=False))
    found = pages.select_related("locale").annotate(restricted=Exists(restrictions))
    page = found.filter(
        slug=slugs[-1],
        depth=parent.depth + len(slugs),
        path__startswith=parent.path,
        url_path=parent.url_path + "/".join(slugs) + "/",
    ).first()
    if page is None:
        raise Http404
    return page


# Part of a version like its texts: a moderator approves them with it.
DATES = MultiFieldPanel(
    [FieldPanel("go_live_at"), FieldPanel("expire_at")],
    heading=gettext_lazy("Dates"),
    help_text=gettext_lazy(
        "From when and until when this version is public. Leave them empty unless there is a "
        "reason: an approved version is public as soon as its pilot is approved."
    ),
    classname="collapsed",
)


class ProgrammePage(Gated, Page):
    """The index of a programme's public branches. Gated itself: its address names the programme."""

    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        related_name="pages",
        verbose_name=gettext_lazy("programme"),
    )
    introduction = RichTextField(
        gettext_lazy("introduction"), features=PLAIN_FEATURES, blank=True, max_length=5000
    )

    base_form_class = AsTypedPageForm
    subpage_types = ["pledge_pages.BranchPage"]
    content_panels = [FieldPanel("title"), FieldPanel("introduction"), DATES]
    promote_panels = []
    settings_panels = []
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    api_fields = PROGRAMME_FIELDS
    api_base_form_class = PageApiForm
    # Made by boards.opening, with its groups and workflow.
    is_creatable = False
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    class Meta:
        verbose_name = gettext_lazy("programme page")
        verbose_name_plural = gettext_lazy("programme pages")

    def derive_gate(self, parent_gate: GatedPage | None) -> GatedPage:
        """A programme's page stands outside of any gate, and opens with its first pilot."""
        if parent_gate is not None:
            raise EmbargoError(_("A programme's page cannot stand below a pilot."))
        _refuse_second(self, programme_id=self.programme_id)
        return GatedPage(programme_id=self.programme_id, pilot=None)

    def route(self, request, path_components):
        """Find a board, or a member's page below it, in one query."""
        if not path_components or not may_serve():
            return super().route(request, path_components)
        if path_components[0] == compare_views.WORD:
            below = super().route(request, [])
            return RouteResult(below[0], kwargs={"compare": path_components[1:]})
        if len(path_components) == 1:
            page = _find(BranchPage.objects.all(), self, path_components)
            page._cached_parent_obj = self
            return page.route(request, [])
        page = _find(MemberPledgePage.for_showing(), self, path_components[:2])
        page.programme_page = self
        return page.route(request, path_components[2:])

    def serve(self, request, *args, compare: list[str] | None = None, **kwargs):
        """Show the index, or what stands below its address to compare."""
        if compare is not None:
            return compare_views.answer(self, request, compare)
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["compare_url"] = (
            f"{self.get_url(request)}{compare_views.WORD}/" if self.live else ""
        )
        context["index"] = reading.programme_index(self, year=reading.year_from(request))
        return context


class BranchPage(Previewed, Gated, Page):
    """The board of one branch."""

    pilot = models.ForeignKey(
        Pilot,
        on_delete=models.PROTECT,
        related_name="pages",
        verbose_name=gettext_lazy("pilot"),
        editable=False,
    )
    introduction = RichTextField(
        gettext_lazy("introduction"), features=PLAIN_FEATURES, blank=True, max_length=5000
    )
    not_listed = models.CharField(
        gettext_lazy("who is not listed, and why"), max_length=255, blank=True
    )
    members_indexed = models.BooleanField(
        gettext_lazy("let search engines list the members' pages"), default=False
    )

    base_form_class = BranchPageForm
    parent_page_types = ["pledge_pages.ProgrammePage"]
    subpage_types = ["pledge_pages.MemberPledgePage"]
    content_panels = [
        FieldPanel("title"),
        FieldPanel("introduction"),
        FieldPanel("not_listed"),
        InlinePanel("branch_pledges", label=gettext_lazy("pledge of the branch")),
        FieldPanel("members_indexed"),
        DATES,
    ]
    promote_panels = []
    settings_panels = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("not_listed"),
        index.SearchField("pledge_text"),
    ]
    api_fields = BOARD_FIELDS
    api_base_form_class = PageApiForm
    is_creatable = False
    override_translatable_fields = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("members_indexed", overridable=False),
    ]

    class Meta:
        verbose_name = gettext_lazy("branch board")
        verbose_name_plural = gettext_lazy("branch boards")

    def derive_gate(self, parent_gate: GatedPage | None) -> GatedPage:
        """A board opens with its own pilot, below the page of that pilot's programme."""
        if parent_gate is None or parent_gate.programme_id != self.pilot.programme_id:
            raise EmbargoError(_("A board belongs below the page of its pilot's programme."))
        _refuse_second(self, pilot_id=self.pilot_id)
        return GatedPage(programme_id=self.pilot.programme_id, pilot_id=self.pilot_id)

    def clean(self) -> None:
        super().clean()
        if self.slug == compare_views.WORD:
            raise ValidationError(
                {"slug": _("At this address branches are compared. Choose another one.")}
            )

    # What a list of search results fetches along with the pages.
    search_prefetch = ("locale", "branch_pledges__category")

    def search_result(self) -> tuple[str, str]:
        """Return title and text for a list of search results."""
        return self.title, self.pledge_text()

    def pledge_text(self) -> str:
        """Return the public texts of the board besides its fields, for the search index."""
        words = []
        for pledge in self.branch_pledges.all():
            words += [label_in(pledge.category.name, self.locale.language_code), pledge.text]
        words += further.texts_of(self)
        return "\n".join(word for word in words if word)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        year = reading.year_from(request)
        if getattr(request, "is_preview", False):
            from . import snapshots

            draw = (
                snapshots.approved
                if getattr(request, "shows_approved", False)
                else snapshots.drafted
            )
            context["board"] = draw(self, year=year, place=reading.public_place(self))
            return context
        if self.live:
            context["drawn"] = cache.drawn_board(self, year=year)
        context["board"] = SimpleLazyObject(lambda: reading.board(self, year=year))
        return context


class MemberPledgePage(Previewed, Gated, Page):
    """What one member promised, and what became of it. Its title and address name nobody."""

    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        related_name="pages",
        verbose_name=gettext_lazy("member"),
    )
    photo = models.ForeignKey(
        MemberPhoto,
        on_delete=models.SET_NULL,
        related_name="member_pages",
        null=True,
        blank=True,
        verbose_name=gettext_lazy("photo"),
    )
    # What year-end reviews found, the same in every language: see ``graded``. Never typed here.
    grades = models.JSONField(gettext_lazy("grades"), default=list, blank=True, editable=False)

    base_form_class = MemberPageForm
    parent_page_types = ["pledge_pages.BranchPage"]
    subpage_types = []
    content_panels = [
        FieldPanel("member"),
        MultiFieldPanel(
            [FieldPanel("new_photo"), FieldPanel("remove_photo")], heading=gettext_lazy("Photo")
        ),
        HelpPanel(template="pledge_pages/office/library_link.html"),
        InlinePanel("pledges", label=gettext_lazy("pledge")),
        InlinePanel("tasks", label=gettext_lazy("task")),
        InlinePanel("updates", label=gettext_lazy("progress update")),
        InlinePanel("amendments", label=gettext_lazy("amendment")),
        DATES,
    ]
    promote_panels = []
    settings_panels = []
    search_fields = [*Page.search_fields, index.SearchField("pledge_text")]
    api_fields = MEMBER_FIELDS
    api_base_form_class = MemberApiForm
    override_translatable_fields = [
        SynchronizedField("title", overridable=False),
        SynchronizedField("slug", overridable=False),
        SynchronizedField("photo", overridable=False),
        SynchronizedField("member", overridable=False),
        SynchronizedField("grades", overridable=False),
    ]

    class Meta:
        verbose_name = gettext_lazy("member's pledge page")
        verbose_name_plural = gettext_lazy("members' pledge pages")

    def derive_gate(self, parent_gate: GatedPage | None) -> GatedPage:
        """A member's page opens with the pilot of the member's own branch."""
        gate = super().derive_gate(parent_gate)
        if self.member.pilot_id != gate.pilot_id:
            raise EmbargoError(_("The member belongs to another branch."))
        _refuse_second(self, member_id=self.member_id)
        return gate

    def _set_core_field_defaults(self) -> None:
        # A title is in the page table, in revisions, logs and addresses: it names nobody.
        if self.member_id:
            self.title = self.slug = self.member.public_id
        super()._set_core_field_defaults()

    def clean(self) -> None:
        super().clean()
        if self.member_id and self.pk:
            gate = self.gate_row
            if gate and gate.pilot_id != self.member.pilot_id:
                raise ValidationError({"member": _("The member belongs to another branch.")})
        if self.photo and self.photo.member_id != self.member_id:
            raise ValidationError({"photo": _("The photo shows another member.")})

    @classmethod
    def for_showing(cls) -> QuerySet:
        """Return members' pages with what showing one of them to the public needs."""
        board = BranchPage.objects.filter(
            path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Page.steplen)
        )
        pages = reading.for_tiles(cls.objects.all(), Scope.PUBLIC_WEB, LARGE)
        return pages.annotate(
            board_title=Subquery(board.values("title")[:1]),
            board_live=Subquery(board.values("live")[:1]),
            board_slug=Subquery(board.values("slug")[:1]),
            board_indexed=Subquery(board.values("members_indexed")[:1]),
        )

    def get_admin_display_title(self) -> str:
        """The member's name, for those who may see the page in the admin."""
        return str(self.member) if self.member_id else super().get_admin_display_title()

    # What a list of search results fetches along with the pages.
    search_prefetch = (
        "locale", "member__office", "member__posts", "member__consents", "pledges__category",
        "updates__evidence", "tasks", "amendments",
    )  # fmt: skip

    def search_result(self) -> tuple[str, str]:
        """Return the name that may be shown and the text, for a list of search results."""
        language = self.locale.language_code
        return shown_name(self.member, Scope.PUBLIC_WEB, language).text, self.pledge_text()

    def pledge_text(self) -> str:
        """Return the public texts of the page without the name, for the search index.

        Those that belong to no version of the page are kept up by ``searched``.
        """
        language = self.locale.language_code
        words = [label_in(self.member.office.name, language)]
        words += [label_in(post.name, language) for post in self.member.posts.all()]
        for pledge in self.pledges.all():
            category = label_in(pledge.category.name, language)
            words += [category, pledge.text, pledge.measure, pledge.baseline]
            words += [pledge.method, pledge.reason, pledge.reply]
        for update in self.updates.all():
            words.append(update.text)
            if update.evidence and update.evidence.may_be_shown:
                words.append(label_in(update.evidence.title, language))
        words += [task.text for task in self.tasks.all()]
        for row in self.amendments.all():
            words += [row.old_text, row.new_text, row.reason, row.agreed_at]
        words += further.texts_of(self)
        for grade in grade_views(self, language):
            words += [grade.label, grade.opinion, grade.reply]
            words += [label for label, _votes in grade.ballot]
        return "\n".join(word for word in words if word)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["member"] = reading.member_view(self)
        return context

    def get_sitemap_urls(self, request=None):
        """Members' pages stay out of the sitemap unless the branch decided otherwise."""
        board = BranchPage.objects.filter(path=self.path[: -Page.steplen]).first()
        return super().get_sitemap_urls(request) if board and board.members_indexed else []

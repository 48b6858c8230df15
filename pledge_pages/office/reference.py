"""Reference data in the admin: categories, templates, offices, posts, programmes and waves."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column

from ..labels import label_in
from ..people.models import Office, Post
from ..pilots import roles
from ..pilots.models import Programme, Wave
from ..rulebook.models import Category, PledgeTemplate
from .tables import yes_or_no
from .visibility import OwnIndexView, RoleViewSet


class NamedListView(OwnIndexView):
    """A list of things with a code and a name."""

    @cached_property
    def columns(self):
        return [
            self._get_title_column("__str__"),
            Column("code", label=_("Code"), accessor="code", sort_key="code"),
            *self.further_columns(),
        ]

    def further_columns(self) -> list[Column]:
        """Return what else the list shows."""
        return []


class OfficeListView(NamedListView):
    """Offices with their order."""

    def further_columns(self):
        return [
            Column("rank", label=_("Order"), accessor="rank", sort_key="rank"),
            Column(
                "is_secretary",
                label=_("Heads the branch"),
                accessor=lambda row: yes_or_no(row.is_secretary),
            ),
        ]


class CategoryListView(NamedListView):
    """Categories with their order."""

    def further_columns(self):
        return [Column("rank", label=_("Order"), accessor="rank", sort_key="rank")]


class PostListView(NamedListView):
    """Posts with their duties."""

    def further_columns(self):
        return [Column("duties", label=_("Duties"), accessor=lambda p: label_in(p.duties) or "–")]


class CategoryViewSet(RoleViewSet):
    model = Category
    name = "pledge_categories"
    url_prefix = "pledge-boards/categories"
    icon = "tag"
    index_view_class = CategoryListView
    form_fields = ["code", "name", "rank"]


class OfficeRecordViewSet(RoleViewSet):
    model = Office
    name = "pledge_offices"
    url_prefix = "pledge-boards/offices"
    icon = "user"
    index_view_class = OfficeListView
    form_fields = ["code", "name", "rank", "is_secretary"]


class PostViewSet(RoleViewSet):
    model = Post
    name = "pledge_posts"
    url_prefix = "pledge-boards/posts"
    icon = "tasks"
    index_view_class = PostListView
    form_fields = ["code", "name", "duties", "categories"]


class TemplateListView(OwnIndexView):
    """Templates of pledges, by category."""

    default_ordering = ("category__rank", "code")

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("category")

    @cached_property
    def columns(self):
        return [
            self._get_title_column("code"),
            Column("text", label=_("Text"), accessor=lambda row: label_in(row.text)),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column("category", label=_("Category"), accessor="category"),
            Column("blanks", label=_("Blanks"), accessor=lambda row: row.blanks()),
            Column("active", label=_("Offered"), accessor=lambda row: yes_or_no(row.active)),
        ]


class NumbersField(forms.CharField):
    """Takes the bounds of a template's numbers, a line for each: name, least, most."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name} {least} {most}" for name, (least, most) in sorted(value.items()))

    def clean(self, value):
        found: dict[str, object] = {}
        for line in super().clean(value).splitlines():
            name, *bounds = line.split() or [""]
            if name:
                found[name] = [int(part) if part.isdecimal() else part for part in bounds]
        return found


class TemplateForm(WagtailAdminModelForm):
    """A template of a pledge, with the bounds of its numbers."""

    numbers = NumbersField(
        label=gettext_lazy("Numbers"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "A line for each: its name, the least and the most, such as: checks 1 12. Three "
            "underscores are called number, in the first task first."
        ),
    )

    class Meta:
        model = PledgeTemplate
        fields = [
            "code", "kind", "document", "category", "text", "measure", "first_task", "numbers",
            "active",
        ]  # fmt: skip


class TemplateViewSet(RoleViewSet):
    model = PledgeTemplate
    name = "pledge_templates"
    url_prefix = "pledge-boards/pledge-templates"
    icon = "clipboard-list"
    index_view_class = TemplateListView

    def get_form_class(self, for_update=False):
        return TemplateForm


class ProgrammeForm(WagtailAdminModelForm):
    """The names of a programme. Its code is in groups and addresses and stays."""

    class Meta:
        model = Programme
        fields = ["code", "public_name", "neutral_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)


class ProgrammeListView(NamedListView):
    """Programmes under the names that may be used now."""

    def further_columns(self):
        return [
            Column(
                "announced", label=_("Announced"), accessor=lambda row: yes_or_no(row.is_announced)
            ),
        ]

    def get_add_url(self):
        # A programme is opened with its page and groups, not as a bare record.
        return None


class ProgrammeViewSet(RoleViewSet):
    model = Programme
    name = "pledge_programmes"
    url_prefix = "pledge-boards/programmes"
    icon = "form"
    index_view_class = ProgrammeListView

    def get_form_class(self, for_update=False):
        return ProgrammeForm

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "add"]

    def get_common_view_kwargs(self, **kwargs):
        return {**super().get_common_view_kwargs(**kwargs), "add_url_name": None}


class WaveForm(WagtailAdminModelForm):
    """A wave of a programme that the user leads."""

    class Meta:
        model = Wave
        fields = ["programme", "number", "name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = roles.led_programmes(self.for_user)
        self.fields["programme"].disabled = bool(self.instance.pk)
        self.fields["number"].widget = forms.NumberInput({"min": 1})


class WaveListView(OwnIndexView):
    """Waves by programme and number."""

    default_ordering = ("programme__code", "number")

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("programme")

    @cached_property
    def columns(self):
        return [
            self._get_title_column("__str__"),
            Column("programme", label=_("Programme"), accessor="programme"),
        ]


class WaveViewSet(RoleViewSet):
    model = Wave
    name = "pledge_waves"
    url_prefix = "pledge-boards/waves-list"
    icon = "list-ol"
    index_view_class = WaveListView

    def get_form_class(self, for_update=False):
        return WaveForm


VIEWSETS = (
    CategoryViewSet,
    OfficeRecordViewSet,
    PostViewSet,
    TemplateViewSet,
    ProgrammeViewSet,
    WaveViewSet,
)

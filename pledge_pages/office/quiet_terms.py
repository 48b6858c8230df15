"""The quiet words of a programme in the admin, for its leads."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from ..pilots import roles
from ..quiet_words.models import QuietTerm
from ..quiet_words.refusing import remove_term, set_term
from ..quiet_words.wording import LAWFUL
from .quiet_scan import force_of
from .visibility import OwnDeleteView, OwnEditView, OwnIndexView, RoleViewSet


class QuietTermForm(WagtailAdminModelForm):
    """One word of a programme that the user leads."""

    class Meta:
        model = QuietTerm
        fields = ["programme", "kind", "text", "match", "suggestion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        led = roles.led_programmes(self.for_user)
        self.fields["programme"].queryset = led
        if led.count() == 1:
            self.fields["programme"].initial = led.get()
        self.fields["programme"].disabled = bool(self.instance.pk)


class QuietTermListView(OwnIndexView):
    """Words by programme: those that must not appear, then those that are fine."""

    template_name = "pledge_pages/office/quiet_terms.html"
    default_ordering = ("programme__code", "kind", "text")
    search_fields = ["text", "suggestion"]
    is_searchable = True

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("programme")

    def get_context_data(self, **kwargs):
        force = force_of(roles.led_programmes(self.request.user))
        return {**super().get_context_data(**kwargs), "lawful": LAWFUL, "force": force}

    @cached_property
    def columns(self):
        return [
            self._get_title_column("text"),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("match", label=_("How it is found"), accessor="get_match_display"),
            Column(
                "suggestion",
                label=_("What to write instead"),
                accessor=lambda term: term.suggestion or "–",
            ),
            Column("programme", label=_("Programme"), accessor="programme"),
        ]


class AddQuietTermView(generic.CreateView):
    """Adds a word, with a line in the trail."""

    def save_instance(self):
        return set_term(self.form.save(commit=False), by=self.request.user)


class EditQuietTermView(OwnEditView):
    """Changes a word, with a line in the trail."""

    def save_instance(self):
        return set_term(self.form.save(commit=False), by=self.request.user)


class DeleteQuietTermView(OwnDeleteView):
    """Deletes a word, with a line in the trail."""

    def delete_action(self):
        remove_term(self.object, by=self.request.user)


class QuietTermViewSet(RoleViewSet):
    model = QuietTerm
    name = "pledge_quiet_terms"
    url_prefix = "pledge-boards/quiet-words"
    icon = "password"
    index_view_class = QuietTermListView
    add_view_class = AddQuietTermView
    edit_view_class = EditQuietTermView
    delete_view_class = DeleteQuietTermView

    def get_form_class(self, for_update=False):
        return QuietTermForm

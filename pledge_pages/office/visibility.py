"""Lets Wagtail's generic views show and change only the rows that the reader's roles reach."""

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet


class OwnRows:
    """Limits a generic view to the rows with which the reader may do :attr:`own_action`."""

    own_action = "view"

    def own_rows(self):
        """Return the rows that this view may touch."""
        policy = self.permission_policy
        return policy.instances_user_has_any_permission_for(self.request.user, [self.own_action])

    def get_queryset(self):
        return self.own_rows()


class OwnIndexView(generic.IndexView):
    """A list of the rows that the reader may see, with links to what may be done with each."""

    list_export = []

    def get_base_queryset(self):
        policy = self.permission_policy
        return policy.instances_user_has_any_permission_for(self.request.user, ["view", "change"])

    def get_edit_url(self, instance):
        return super().get_edit_url(instance) if self._may("change", instance) else None

    def get_delete_url(self, instance):
        return super().get_delete_url(instance) if self._may("delete", instance) else None

    def _may(self, action: str, instance) -> bool:
        if not hasattr(self, "_own"):
            self._own = {}
        if action not in self._own:
            rows = self.permission_policy.rows(self.request.user, action)
            self._own[action] = set(rows.values_list("pk", flat=True))
        return instance.pk in self._own[action]


class OwnEditView(OwnRows, generic.EditView):
    """Changes a row that the reader may change."""

    own_action = "change"


class OwnDeleteView(OwnRows, generic.DeleteView):
    """Deletes a row that the reader may delete, unless something still needs it."""

    own_action = "delete"

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except (ProtectedError, PermissionDenied):
            # Wagtail refuses what its reference index knows of, the database the rest.
            messages.error(
                self.request,
                _("“%(object)s” is still in use and was not deleted.") % {"object": self.object},
            )
            return redirect(self.get_success_url())


class OwnInspectView(generic.InspectView):
    """Shows a row that the reader may see."""

    def get_object(self, queryset=None):
        policy = self.permission_policy
        rows = policy.instances_user_has_any_permission_for(self.request.user, ["view", "change"])
        return get_object_or_404(rows, pk=self.pk)

    def get_edit_url(self):
        policy, user = self.permission_policy, self.request.user
        may = policy.user_has_permission_for_instance(user, "change", self.object)
        return super().get_edit_url() if may else None

    def get_delete_url(self):
        policy, user = self.permission_policy, self.request.user
        may = policy.user_has_permission_for_instance(user, "delete", self.object)
        return super().get_delete_url() if may else None


class OwnHistoryView(history.HistoryView):
    """Shows what was done with a row that the reader may change."""

    def get_base_object_queryset(self):
        policy = self.permission_policy
        return policy.instances_user_has_permission_for(self.request.user, "change")


class OwnUsageView(usage.UsageView):
    """Shows where a row that the reader may change is used."""

    def get_base_object_queryset(self):
        policy = self.permission_policy
        return policy.instances_user_has_permission_for(self.request.user, "change")


class RoleViewSet(ModelViewSet):
    """A viewset whose views keep to the reader's roles."""

    index_view_class = OwnIndexView
    edit_view_class = OwnEditView
    delete_view_class = OwnDeleteView
    inspect_view_class = OwnInspectView
    history_view_class = OwnHistoryView
    usage_view_class = OwnUsageView
    copy_view_enabled = False
    list_per_page = 30
    # The menu "Pledge boards" has its items.
    add_to_admin_menu = False

    def get_permissions_to_register(self):
        """Offer no Django permissions in the forms of groups: roles decide here."""
        return Permission.objects.none()

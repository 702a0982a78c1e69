"""Grids, edited while no visit has used them; visits, shown without their texts (the register, not the files)."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse

from establishments.admin.lists import TerritoryFilter
from establishments.admin.mandates import PersonSearchMixin
from establishments.admin_periods import ScopedForm
from establishments.admin_scope import ScopedAdmin, ScopedInline, SharedAdmin

from .frameworks.admin import FrameworkAdmin
from .models import (
    CountingRule,
    FunctioningReview,
    GridItem,
    GridTheme,
    Inspection,
    ObservationGrid,
    Visit,
    VisitKind,
)

__all__ = ["FrameworkAdmin"]


PREPARED = "Version suivante prête\u00a0: changez-la, puis mettez-la en service à la place de l’ancienne."
ALREADY_PREPARED = "Cette version est déjà en préparation."


class FrozenOnceUsed:
    """What belongs to a grid that a visit used is read, never changed (the database refuses it too)."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _is_used(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not _is_used(obj)


def _is_used(obj):
    grid = getattr(obj, "grid", obj)
    return grid is not None and grid.pk is not None and grid.is_used


def _count(model):
    """How many rows of a model hang on the grid, as a subquery: two joins would multiply each other."""
    rows = model._base_manager.filter(grid=OuterRef("pk")).order_by().values("grid")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


class ThemeInline(ScopedInline):
    model = GridTheme
    fields = ["position", "title"]

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not _is_used(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _is_used(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not _is_used(obj)


class ItemInline(ThemeInline):
    model = GridItem
    template = "admin/edit_inline/stacked.html"
    fields = ["position", "key", "title", "reference", "observables"]


@admin.register(ObservationGrid)
class ObservationGridAdmin(SharedAdmin):
    """The status of a used grid still moves: it leaves service, its content does not change."""

    list_display = ["title", "version", "status", "item_count", "visit_count"]
    list_filter = ["status"]
    search_fields = ["title", "code"]
    inlines = [ThemeInline]
    change_form_template = "admin/grid_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.next_view)
        return [path("<int:pk>/suivante/", view, name="visits_grid_next"), *super().get_urls()]

    def next_view(self, request, pk):
        """One button: the next version, in preparation, with the keys that keep the items comparable."""
        grid = self.get_object(request, str(pk))
        if grid is None:
            raise Http404
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        following, made = grid.prepare_next()
        if made:
            self.log_addition(request, following, [{"added": {}}])
        told = PREPARED if made else ALREADY_PREPARED
        self.message_user(request, told, messages.SUCCESS if made else messages.INFO)
        return HttpResponseRedirect(reverse("admin:visits_observationgrid_change", args=[following.pk]))

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.annotate(
            items_total=_count(GridItem),
            visits_total=_count(Visit),
        )

    @admin.display(description="points", ordering="items_total")
    def item_count(self, grid):
        return grid.items_total

    @admin.display(description="visites", ordering="visits_total")
    def visit_count(self, grid):
        return grid.visits_total

    def get_readonly_fields(self, request, obj=None):
        return ["code", "version", "title", "source"] if _is_used(obj) else []


@admin.register(GridTheme)
class GridThemeAdmin(FrozenOnceUsed, SharedAdmin):
    list_display = ["title", "grid", "position"]
    list_select_related = ["grid"]
    search_fields = ["title"]
    inlines = [ItemInline]


class CountingRuleForm(ScopedForm):
    kind = forms.ChoiceField(label="Type de visite", choices=VisitKind.choices)


@admin.register(CountingRule)
class CountingRuleAdmin(SharedAdmin):
    """Dated: a rule that changes ends, and another starts; what counted last year still counts."""

    form = CountingRuleForm
    list_display = ["kind_label", "counts", "remote_counts", "starts_on", "ends_on"]
    list_filter = ["counts"]
    search_fields = ["kind"]
    fields = ["kind", "counts", "remote_counts", ("starts_on", "ends_on")]

    @admin.display(description="type de visite", ordering="kind")
    def kind_label(self, rule):
        return VisitKind(rule.kind).label


class WithoutTexts(PersonSearchMixin, ScopedAdmin):
    """Read only, and without the texts: an administrator keeps the register, she does not read the files."""

    addable = changeable = False
    view_on_site = False
    list_select_related = ["establishment"]
    search_fields = ["establishment__search_name"]


@admin.register(Visit)
class VisitAdmin(WithoutTexts):
    fields = [
        "establishment",
        "coordinator",
        "kind",
        "status",
        "planned_on",
        "visited_on",
        "report_status",
        "shared_at",
        "answer_due_on",
        "validated_at",
        "version",
        "fingerprint",
    ]
    readonly_fields = fields
    list_display = ["establishment", "kind", "status", "planned_on", "visited_on", "report_status", "coordinator"]
    list_filter = [TerritoryFilter, "kind", "status", "report_status"]
    list_select_related = ["establishment", "coordinator"]
    search_fields = ["establishment__search_name", "coordinator__search_name"]
    ordering = ["-visited_on", "-pk"]


@admin.register(FunctioningReview)
class FunctioningReviewAdmin(WithoutTexts):
    fields = ["establishment", "status", "due_on", "since", "until", "opened_at", "shared_at", "validated_at"]
    fields += ["fingerprint"]
    readonly_fields = fields
    list_display = ["establishment", "status", "due_on", "opened_at", "validated_at"]
    list_filter = [TerritoryFilter, "status"]
    ordering = ["due_on", "pk"]


@admin.register(Inspection)
class InspectionAdmin(WithoutTexts):
    fields = ["establishment", "authority", "held_on", "is_announced", "status", "answer_due_on", "answered_on"]
    fields += ["recorded_at", "closed_at"]
    readonly_fields = fields
    list_display = ["establishment", "authority", "held_on", "status", "answered_on"]
    list_filter = [TerritoryFilter, "authority", "status"]
    ordering = ["-held_on", "-pk"]

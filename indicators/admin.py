"""Barèmes are reference data, targets belong to a perimeter; the activity itself is not an administrator's."""

from django.contrib import admin

from establishments.admin.mandates import PersonSearchMixin
from establishments.admin.records import HouseSearchMixin
from establishments.admin_scope import ScopedAdmin, SharedAdmin

from .admin_files import BudgetFileForm, ContextFileForm, FileImportMixin
from .models import (
    BudgetLine,
    ContextFigure,
    DailyActivity,
    ExpectedAttendance,
    PlaceOffer,
    PsuTariff,
    PublishedFormula,
    Target,
)


@admin.register(PsuTariff)
class PsuTariffAdmin(SharedAdmin):
    """A wrong value is corrected here, with its line in the journal; months are recomputed when they are read."""

    list_display = ["starts_on", "ends_on", "services", "rule", "p107", "p117", "p120", "hourly"]
    list_filter = ["services", "rule"]
    search_fields = ["source"]
    fields = ["services", "rule", ("starts_on", "ends_on"), ("p107", "p117", "p120"), "hourly", "source"]


@admin.register(Target)
class TargetAdmin(PersonSearchMixin, ScopedAdmin):
    """Targets of the perimeter; one that changes ends, and another starts: past months keep theirs."""

    list_display = ["indicator", "goal", "territory", "establishment", "starts_on", "ends_on"]
    list_filter = ["indicator"]
    list_select_related = ["territory", "establishment"]
    search_fields = ["territory__search_name", "establishment__search_name"]
    autocomplete_fields = ["territory", "establishment"]
    fields = ["indicator", "goal", "territory", "establishment", ("starts_on", "ends_on")]


@admin.register(PublishedFormula)
class PublishedFormulaAdmin(PersonSearchMixin, ScopedAdmin):
    """The definition that a collectivité publishes; one that changes ends, and another starts."""

    list_display = ["indicator", "formula", "territory", "starts_on", "ends_on"]
    list_filter = ["indicator"]
    list_select_related = ["territory"]
    search_fields = ["territory__search_name", "source"]
    autocomplete_fields = ["territory"]
    fields = ["indicator", "formula", "territory", "source", ("starts_on", "ends_on")]


@admin.register(PlaceOffer)
class PlaceOfferAdmin(HouseSearchMixin, ScopedAdmin):
    list_display = ["establishment", "age_group", "weekday", "places", "starts_on", "ends_on"]
    list_filter = ["age_group", "weekday"]
    fields = ["establishment", "age_group", "weekday", "places", ("starts_on", "ends_on")]


@admin.register(BudgetLine)
class BudgetLineAdmin(FileImportMixin, HouseSearchMixin, ScopedAdmin):
    file_form = BudgetFileForm
    list_display = ["establishment", "year", "category", "as_of", "allotted", "committed", "spent"]
    list_filter = ["year", "category"]
    fields = ["establishment", "year", "category", "as_of", ("allotted", "committed", "spent")]


@admin.register(ContextFigure)
class ContextFigureAdmin(FileImportMixin, PersonSearchMixin, ScopedAdmin):
    file_form = ContextFileForm
    list_display = ["territory", "kind", "year", "value", "source"]
    list_filter = ["kind", "year"]
    list_select_related = ["territory"]
    search_fields = ["territory__search_name", "source"]
    autocomplete_fields = ["territory"]
    fields = ["territory", "kind", ("year", "value"), "source"]


@admin.register(ExpectedAttendance)
class ExpectedAttendanceAdmin(HouseSearchMixin, ScopedAdmin):
    """What is expected on each weekday; the half-hours are typed on the page of the house."""

    list_display = ["establishment", "weekday", "origin", "starts_on", "ends_on", "most"]
    list_filter = ["weekday", "origin"]
    fields = ["establishment", "weekday", ("starts_on", "ends_on")]
    readonly_fields = ["establishment", "weekday"]

    def has_add_permission(self, request):
        return False

    @admin.display(description="attendus au plus")
    def most(self, row):
        return max(row.present)


@admin.register(DailyActivity)
class DailyActivityAdmin(HouseSearchMixin, ScopedAdmin):
    """The days counted, to look at: they are entered and corrected on the page of the house, version by version."""

    list_display = ["establishment", "day", "peak", "entered_by"]
    list_select_related = ["establishment", "entered_by"]
    date_hierarchy = "day"
    fields = ["establishment", "day", "peak", "entered_by"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

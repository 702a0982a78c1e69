"""What belongs to a house and has its own list: authorisations, frozen places, closures, obligations, documents."""

from django.contrib import admin

from core.french import normalise, number

from ..admin_scope import HistoricAdmin, ScopedAdmin, ScopedInline
from ..models import (
    Authorisation,
    AuthorisationSlot,
    CapacityChange,
    Closure,
    Document,
    Level,
    Obligation,
    OpeningProject,
)
from ..vocabulary import said
from .lists import ActiveFilter, DirectTerritoryFilter, TerritoryFilter


class HouseSearchMixin:
    """Rows found by the name of their house, accents or not; the house is chosen once."""

    search_fields = ["establishment__search_name"]
    search_help_text = said("Nom, adresse ou code postal {establishment.du}, avec ou sans accents")
    list_select_related = ["establishment"]
    autocomplete_fields = ["establishment"]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))

    def get_readonly_fields(self, request, obj=None):
        return ["establishment"] if obj else []


class SlotInline(ScopedInline):
    model = AuthorisationSlot

    def get_queryset(self, request):
        return admin.TabularInline.get_queryset(self, request)  # those of an authorisation already in scope


@admin.register(Authorisation)
class AuthorisationAdmin(HouseSearchMixin, HistoricAdmin):
    is_feminine = True
    deletable = True
    list_display = ["establishment", "places", "ratio_rule", "issued_on", "expires_on", "starts_on", "ends_on"]
    list_filter = [ActiveFilter, TerritoryFilter, "ratio_rule"]
    date_hierarchy = None
    inlines = [SlotInline]
    fields = [
        "establishment",
        ("places", "ratio_rule"),
        ("issued_on", "expires_on", "reference"),
        ("age_min_months", "age_max_months"),
        ("starts_on", "ends_on"),
    ]


@admin.register(CapacityChange)
class CapacityChangeAdmin(HouseSearchMixin, HistoricAdmin):
    deletable = True
    list_display = ["establishment", "places", "reason", "starts_on", "ends_on"]
    list_filter = [ActiveFilter, TerritoryFilter, "reason"]


@admin.register(Closure)
class ClosureAdmin(HouseSearchMixin, HistoricAdmin):
    is_feminine = True
    deletable = True
    list_display = ["establishment", "cause", "label", "part", "starts_on", "ends_on"]
    list_filter = [ActiveFilter, TerritoryFilter, "cause"]
    autocomplete_fields = ["establishment", "host"]


@admin.register(Obligation)
class ObligationAdmin(HouseSearchMixin, HistoricAdmin):
    is_feminine = True
    deletable = True
    list_display = ["establishment", "kind", "done_on", "expires_on"]
    list_filter = [TerritoryFilter, "kind"]
    fields = ["establishment", "kind", ("done_on", "expires_on"), "note"]


@admin.register(Document)
class DocumentAdmin(HouseSearchMixin, ScopedAdmin):
    """What is kept, not what it says: files are sent and read on the pages of the house."""

    addable = changeable = False
    list_display = ["title", "establishment", "kind", "level", "weight", "uploaded_by", "uploaded_at"]
    list_filter = [TerritoryFilter, "kind", "level"]
    list_select_related = ["establishment", "uploaded_by"]
    fields = ["establishment", "title", "kind", "level", "filename", "content_type", "weight", "digest"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(level=Level.NOMINATIF)

    @admin.display(description="taille", ordering="size")
    def weight(self, document):
        return f"{number(document.size / 1000)}\u00a0ko"


@admin.register(OpeningProject)
class OpeningProjectAdmin(HistoricAdmin):
    list_display = ["name", "territory", "places", "staff_to_recruit", "opens_on", "status"]
    list_filter = ["status", DirectTerritoryFilter]
    list_select_related = ["territory"]
    search_fields = ["name"]
    autocomplete_fields = ["territory", "establishment"]
    fields = ["name", "territory", ("places", "staff_to_recruit"), ("opens_on", "status"), "establishment"]

"""The tree of territories: dated, and never moved."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import format_html

from core.french import NBSP, normalise

from ..admin_periods import ScopedForm
from ..admin_scope import HistoricAdmin, within_scope
from ..models import Territory, TerritoryBoundary, TerritoryLink
from ..vocabulary import said
from .lists import ActiveFilter

BRANCHES = ["branch_0", "branch_1", "branch_2", "branch_3", "pk"]


def in_tree_order(rows):
    """Annotate the names of the levels above, `BRANCHES`: sorting on them is walking the tree."""
    above = {}
    for branch, kind in zip(BRANCHES, Territory.RANK, strict=False):
        links = TerritoryLink.objects.filter(descendant=OuterRef("pk"), ancestor__kind=kind)
        above[branch] = Coalesce(Subquery(links.values("ancestor__search_name")[:1]), Value(""))
    return rows.annotate(**above).order_by(*BRANCHES)


def with_houses(rows, day):
    """Annotate `houses` (attached that day, directly or below) and `outlined` (an outline is imported)."""
    links = TerritoryLink.objects.filter(ancestor=OuterRef("pk")).values("ancestor")
    held = Q(descendant__attachments__starts_on__lte=day) & (
        Q(descendant__attachments__ends_on__isnull=True) | Q(descendant__attachments__ends_on__gte=day)
    )
    houses = links.annotate(n=Count("descendant__attachments", filter=held)).values("n")
    postcodes = ExpressionWrapper(OuterRef("postcodes"), output_field=CharField())
    outlines = TerritoryBoundary.objects.annotate(listed=postcodes)
    outlined = outlines.filter(Q(code=OuterRef("code")) | Q(listed__contains=F("code")))
    return rows.annotate(houses=Coalesce(Subquery(houses), 0), outlined=Exists(outlined))


class TerritoryForm(ScopedForm):
    def clean(self):
        """A new territory hangs on one of hers: the top of the tree is loaded by the command `load_territories`."""
        cleaned = super().clean()
        if not self.instance.pk and not cleaned.get("parent") and "parent" not in self.errors:
            raise ValidationError({"parent": "Choisissez le territoire auquel celui-ci est rattaché."})
        return cleaned


@admin.register(Territory)
class TerritoryAdmin(HistoricAdmin):
    form = TerritoryForm
    list_display = ["branch", "kind", "code", "houses", "outlined", "starts_on", "ends_on"]
    list_filter = ["kind", ActiveFilter]
    search_fields = ["search_name"]
    search_help_text = "Nom, avec ou sans accents"
    list_per_page = 200
    autocomplete_fields = ["parent"]
    fields = ["name", "code", ("kind", "parent"), "postcodes", ("starts_on", "ends_on")]

    def get_queryset(self, request):
        """Django's own would sort before the branches are there."""
        rows = within_scope(Territory._default_manager.all(), request.user)
        return with_houses(in_tree_order(rows), timezone.localdate())

    def get_ordering(self, request):
        return BRANCHES

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))

    def get_readonly_fields(self, request, obj=None):
        return ["kind", "parent", "code"] if obj else []

    @admin.display(description="territoire")
    def branch(self, territory):
        return format_html("{}{}", NBSP * 4 * Territory.RANK.index(territory.kind), territory.name)

    @admin.display(description=said("{establishment.plural}"))
    def houses(self, territory):
        return territory.houses

    @admin.display(description="contour", boolean=True)
    def outlined(self, territory):
        return territory.outlined

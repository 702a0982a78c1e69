from functools import cached_property

import django_filters
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core.filters import FilterSet
from core.french import sentence_list
from core.tables import ListColumn, ListTable

from ..models import Framework, FrameworkItem, GridItem, ObservationGrid
from .evidence import around, grids_said


class FrameworkFilter(FilterSet):
    search_columns = ("search_text",)
    search_label = "Intitulé, code"

    in_force = django_filters.BooleanFilter(label="En vigueur aujourd’hui", method="of_today")

    class Meta:
        model = Framework
        fields = ["in_force"]

    def of_today(self, frameworks, name, wanted):
        return frameworks.in_force(timezone.localdate(), wanted)


class FrameworkTable(ListTable):
    noun, noun_plural = "référentiel", "référentiels"
    empty_title = "Aucun référentiel"
    empty_text = (
        "L’administration importe la charte, le référentiel, la réglementation, et les textes de la collectivité."
    )

    title = ListColumn(verbose_name="Référentiel", header=True)
    version = ListColumn(verbose_name="Version", numeric=True)
    publisher = ListColumn(verbose_name="Publié par")
    starts_on = ListColumn(verbose_name="Depuis le")
    ends_on = ListColumn(verbose_name="Jusqu’au")
    item_count = ListColumn(verbose_name="Points", numeric=True)
    review_count = ListColumn(verbose_name="Analyses qui s’y réfèrent", numeric=True)
    source = ListColumn(verbose_name="Source", export_only=True)

    class Meta:
        model = Framework
        fields = ["title", "version", "publisher", "starts_on", "ends_on", "item_count", "review_count", "source"]


class ItemFilter(FilterSet):
    search_columns = ("search_text",)
    search_label = "Intitulé, article"

    observed = django_filters.BooleanFilter(label="Cité par une grille en service", method="that_are_cited")
    worded = django_filters.BooleanFilter(
        label="Texte officiel chargé", field_name="wording", lookup_expr="exact", exclude=True, method="with_wording"
    )

    class Meta:
        model = FrameworkItem
        fields = ["observed", "worded"]

    def that_are_cited(self, items, name, wanted):
        active = GridItem.objects.filter(grid__status=ObservationGrid.Status.ACTIVE)
        by_reference = Exists(active.filter(reference=OuterRef("reference")).exclude(reference=""))
        cited = by_reference | Exists(active.filter(key=OuterRef("key")))
        return items.filter(cited if wanted else ~cited)

    def with_wording(self, items, name, wanted):
        return items.exclude(wording="") if wanted else items.filter(wording="")


class ItemTable(ListTable):
    """The points of one framework, with what they correspond to and the grids that observe them."""

    noun, noun_plural = "point", "points"
    empty_title = "Aucun point"
    empty_text = "Aucun point ne correspond à ces filtres."

    title = ListColumn(verbose_name="Point", header=True)
    reference = ListColumn(verbose_name="Article ou référence")
    mappings = ListColumn(verbose_name="Correspond à", orderable=False, empty_values=())
    grids = ListColumn(verbose_name="Observé par", orderable=False, empty_values=())
    wording = ListColumn(verbose_name="Texte officiel", orderable=False)
    key = ListColumn(verbose_name="Clé", export_only=True)
    parent_key = ListColumn(verbose_name="Point parent", export_only=True)

    class Meta:
        model = FrameworkItem
        fields = ["title", "reference", "mappings", "grids", "wording", "key", "parent_key"]

    @cached_property
    def _around(self):
        """Read once, from the framework of the rows."""
        return around(self.framework)

    def surrounding(self, item):
        self.framework = item.framework
        return self._around[item.key]

    def value_mappings(self, item):
        return sentence_list([link.via for link in self.surrounding(item).links])

    def value_grids(self, item):
        return grids_said(self.surrounding(item))


class EvidenceTable(ListTable):
    """Rows of `evidence.evidence`, in the order of the framework."""

    noun, noun_plural = "point", "points"
    empty_title = "Aucun référentiel en vigueur"
    empty_text = "L’administration importe les référentiels\u202f; leurs points paraîtront ici avec ce qui a été vu."

    title = ListColumn(verbose_name="Point")
    reference = ListColumn(verbose_name="Article ou référence")
    seen_on = ListColumn(verbose_name="Vu le")
    rating = ListColumn(verbose_name="Appréciation")
    nature = ListColumn(verbose_name="Nature")
    observed = ListColumn(verbose_name="Sur le point de grille")
    via = ListColumn(verbose_name="Par")
    count = ListColumn(verbose_name="Visites", numeric=True)

    class Meta:
        fields = ["title", "reference", "seen_on", "rating", "nature", "observed", "via", "count"]
        sequence = fields

    def cell_seen_on(self, row):
        if row.visit is None:
            return "jamais"
        return format_html(
            '<a href="{}">{}</a>', reverse("visits:detail", args=[row.visit]), row.seen_on.strftime("%d/%m/%Y")
        )

    def value_via(self, row):
        return row.via or ("observation directe" if row.visit else "")

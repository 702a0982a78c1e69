"""The list of gaps: which houses, and the same rows in a spreadsheet or on paper."""

import django_filters

from core.tables import ListColumn, ListTable
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled


class HousesFilter(PerimeterFilterSet):
    """One house or one territory of the reader's."""

    capability = Capability.VIEW_STAFF

    territoire = TerritoryFilter()
    etablissement = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all(), method="only"
    )

    class Meta:
        model = Establishment
        fields = ["territoire", "etablissement"]

    def only(self, houses, name, house):
        return houses.filter(pk=house.pk)


class GapTable(ListTable):
    noun, noun_plural = "période sans direction", "périodes sans direction"
    empty_title = "Aucune demi-journée découverte"
    empty_text = "Chaque demi-journée d’ouverture a quelqu’un de la chaîne de direction."

    house_name = ListColumn(verbose_name=titled("{establishment}"))
    dates = ListColumn(verbose_name="Période")
    length = ListColumn(verbose_name="Durée")
    first = ListColumn(verbose_name="Meilleur relais", orderable=False, empty_values=())
    reason = ListColumn(verbose_name="Raison", orderable=False, empty_values=())

    def value_first(self, gap):
        return f"{gap.candidates[0].name} ({gap.candidates[0].house_name})" if gap.candidates else "aucun"

    def value_reason(self, gap):
        return gap.candidates[0].reason if gap.candidates else ""


def gaps_table(rows, request=None):
    return GapTable(rows, request=request)

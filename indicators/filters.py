import django_filters

from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability

from .models import ContextFigure

YEARS = [("derniere", "La dernière connue")]


class ContextFilter(PerimeterFilterSet):
    capability = Capability.VIEW_AGGREGATES
    search_columns = ("territory__search_name",)
    search_label = "Territoire"

    territory = TerritoryFilter(label="Dans")
    kind = django_filters.ChoiceFilter(label="Donnée", choices=ContextFigure.Kind.choices)
    last = django_filters.ChoiceFilter(label="Années", choices=YEARS, empty_label="Toutes", method="last_only")

    class Meta:
        model = ContextFigure
        fields = ["territory", "kind", "last"]

    def last_only(self, figures, name, wanted):
        return figures.latest()

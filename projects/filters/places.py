"""What the lists about houses share: the house, its territory."""

import django_filters

from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled


class PlaceFilter(PerimeterFilterSet):
    """Base of the filters whose rows belong to a house."""

    capability = Capability.READ_TRANSMITTED
    search_columns = ("establishment__search_name",)
    search_label = titled("{establishment}")

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()

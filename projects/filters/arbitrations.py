import django_filters

from establishments.filters import TerritoryFilter
from establishments.models import Capability

from ..models import Arbitration
from .network import TerritoryOwned


class ArbitrationFilter(TerritoryOwned):
    capability = Capability.PROPOSE_ARBITRATION
    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=Arbitration.Status)
    before = django_filters.DateFilter(label="À rendre avant le", field_name="decide_before", lookup_expr="lte")

    class Meta:
        model = Arbitration
        fields = ["territory", "status", "before"]

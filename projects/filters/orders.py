import django_filters
from django.utils import timezone

from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability

from ..models import ServiceOrder


class AddresseeFilter(TerritoryFilter):
    """Orders addressed to a territory or below it."""

    def filter(self, rows, territory):
        return rows.addressed_to(territory) if territory else rows


class OrderFilter(PerimeterFilterSet):
    capability = Capability.READ_ORDERS

    status = django_filters.ChoiceFilter(label="Statut", choices=ServiceOrder.Status)
    issuer = django_filters.ChoiceFilter(label="Donneur d’ordre", choices=ServiceOrder.Issuer)
    territory = AddresseeFilter(label="Destinataire")
    waiting = django_filters.ChoiceFilter(
        label="Suivi", choices=[("accuser", "à accuser"), ("retard", "en retard")], method="that_wait"
    )
    since = django_filters.DateFilter(label="Échéance depuis le", field_name="due_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Échéance jusqu’au", field_name="due_on", lookup_expr="lte")

    class Meta:
        model = ServiceOrder
        fields = ["status", "issuer", "territory", "waiting", "since", "until"]

    def that_wait(self, orders, name, value):
        return orders.unseen() if value == "accuser" else orders.late(timezone.localdate())

import django_filters
from django.db.models import Q
from django.utils import timezone

from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability

from ..models import LocalAction, NetworkEvent, Partner, TraineePlace, TransversalProject
from .places import PlaceFilter


class TerritoryOwned(PerimeterFilterSet):
    """Base of the filters whose rows belong to a territory."""

    capability = Capability.READ_TRANSMITTED
    territory = TerritoryFilter()


class TransversalFilter(TerritoryOwned):
    status = django_filters.ChoiceFilter(label="Statut", choices=TransversalProject.Status)

    class Meta:
        model = TransversalProject
        fields = ["territory", "status"]


class PartnerFilter(TerritoryOwned):
    search_columns = ("search_name",)
    kind = django_filters.ChoiceFilter(label="Type", choices=Partner.Kind)
    promised = django_filters.ChoiceFilter(
        label="Engagements", choices=[("oui", "en attente"), ("retard", "en retard")], method="with_promises"
    )

    class Meta:
        model = Partner
        fields = ["territory", "kind", "promised"]

    def with_promises(self, partners, name, value):
        waiting = ~Q(commitment="") & Q(kept_on__isnull=True)
        if value == "retard":
            waiting &= Q(due_on__lt=timezone.localdate())
        exchanges = Partner.exchanges.rel.related_model.objects.all().filter(waiting)
        return partners.filter(pk__in=exchanges.order_by().values("partner"))


class LocalActionFilter(TerritoryOwned):
    status = django_filters.ChoiceFilter(label="Statut", choices=LocalAction.Status)
    year = django_filters.NumberFilter(label="Année", field_name="starts_on", lookup_expr="year", max_value=2199)

    class Meta:
        model = LocalAction
        fields = ["territory", "status", "year"]


class EventFilter(TerritoryOwned):
    kind = django_filters.ChoiceFilter(label="Type", choices=NetworkEvent.Kind)
    status = django_filters.ChoiceFilter(label="Statut", choices=NetworkEvent.Status)

    class Meta:
        model = NetworkEvent
        fields = ["territory", "kind", "status"]


class TraineeFilter(PlaceFilter):
    free = django_filters.ChoiceFilter(label="Places", choices=[("oui", "libres")], method="that_are_free")

    class Meta:
        model = TraineePlace
        fields = ["establishment", "territory", "free"]

    def that_are_free(self, places, name, value):
        return places.free()

import django_filters
from django.utils import timezone

from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..models import ServiceRequest

SHOWN = [("ouvertes", "à répondre"), ("retard", "en retard"), ("miennes", "chez moi"), ("posees", "posées par moi")]


class RequestFilter(PerimeterFilterSet):
    capability = Capability.READ_TRANSMITTED

    shown = django_filters.ChoiceFilter(label="Demandes", choices=SHOWN, method="that_are")
    status = django_filters.ChoiceFilter(label="Statut", choices=ServiceRequest.Status)
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()
    service = django_filters.CharFilter(label="Service saisi", lookup_expr="icontains", max_length=120)

    class Meta:
        model = ServiceRequest
        fields = ["shown", "status", "establishment", "territory", "service"]

    def that_are(self, requests, name, value):
        if value == "retard":
            return requests.overdue(timezone.localdate())
        if value == "miennes":
            return requests.open().filter(owner=self.request.user)
        if value == "posees":
            return requests.filter(asked_by=self.request.user)
        return requests.open()

import django_filters
from django.utils import timezone

from core.models import User
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment

from .forms import DayInput
from .freshness import CHOICES, with_freshness
from .models import Visit, VisitKind


def coordinators(request):
    """Those who made the visits that the reader may see."""
    visits = Visit.objects.visible_to(request.user, Capability.READ_TRANSMITTED)
    return User.objects.filter(pk__in=visits.order_by().values("coordinator"))


class VisitFilter(PerimeterFilterSet):
    capability = Capability.READ_TRANSMITTED
    search_columns = ("establishment__search_name",)
    search_label = "Établissement"

    territory = TerritoryFilter(method="in_territory")
    kind = django_filters.ChoiceFilter(label="Type", choices=VisitKind.choices)
    coordinator = django_filters.ModelChoiceFilter(label="Par", queryset=coordinators)
    since = django_filters.DateFilter(label="Depuis le", method="from_day", widget=DayInput())
    until = django_filters.DateFilter(label="Jusqu’au", method="to_day", widget=DayInput())
    status = django_filters.ChoiceFilter(label="Visite", choices=Visit.Status.choices)
    report = django_filters.ChoiceFilter(
        label="Compte rendu", choices=Visit.ReportStatus.choices, method="with_report"
    )
    freshness = django_filters.ChoiceFilter(
        label="Situation de l’établissement", choices=CHOICES, method="of_fresh_houses"
    )

    class Meta:
        model = Visit
        fields = ["territory", "kind", "coordinator", "since", "until", "status", "report", "freshness"]

    def in_territory(self, visits, name, territory):
        return visits.filter(establishment__in=Establishment.objects.within(territory).order_by().values("pk"))

    def from_day(self, visits, name, day):
        return visits.filter(happened_on__gte=day)

    def to_day(self, visits, name, day):
        return visits.filter(happened_on__lte=day)

    def with_report(self, visits, name, status):
        return visits.done().filter(report_status=status)

    def of_fresh_houses(self, visits, name, status):
        houses = with_freshness(Establishment.objects.order_by(), timezone.localdate()).filter(freshness=status)
        return visits.filter(establishment__in=houses.values("pk"))


class DueFilter(PerimeterFilterSet):
    search_columns = ("search_name",)
    search_label = "Établissement"

    territory = TerritoryFilter(method="in_territory")
    freshness = django_filters.ChoiceFilter(label="Situation", choices=CHOICES)

    class Meta:
        model = Establishment
        fields = ["territory", "freshness"]

    def in_territory(self, houses, name, territory):
        return houses.within(territory)

import django_filters
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import said, titled

from .bimesters import with_bimesters, years
from .freshness import CHOICES, houses_that_are
from .models import Observation, Visit, VisitKind
from .practices import observation_counts


def coordinators(request):
    """Those who made the visits that the reader may see."""
    return Visit.objects.visible_to(request.user, Capability.READ_TRANSMITTED).coordinators()


class VisitFilter(PerimeterFilterSet):
    capability = Capability.READ_TRANSMITTED
    search_columns = ("establishment__search_name",)
    search_label = titled("{establishment}")

    territory = TerritoryFilter()
    kind = django_filters.ChoiceFilter(label="Type", choices=VisitKind.choices)
    coordinator = django_filters.ModelChoiceFilter(label="Par", queryset=coordinators)
    since = django_filters.DateFilter(label="Depuis le", method="from_day", widget=DayInput())
    until = django_filters.DateFilter(label="Jusqu’au", method="to_day", widget=DayInput())
    status = django_filters.ChoiceFilter(label="Visite", choices=Visit.Status.choices)
    report = django_filters.ChoiceFilter(
        label="Compte rendu", choices=Visit.ReportStatus.choices, method="with_report"
    )
    freshness = django_filters.ChoiceFilter(
        label=said("Situation {establishment.du}"), choices=CHOICES, method="of_fresh_houses"
    )

    class Meta:
        model = Visit
        fields = ["territory", "kind", "coordinator", "since", "until", "status", "report", "freshness"]

    def from_day(self, visits, name, day):
        return visits.filter(happened_on__gte=day)

    def to_day(self, visits, name, day):
        return visits.filter(happened_on__lte=day)

    def with_report(self, visits, name, status):
        return visits.done().filter(report_status=status)

    def of_fresh_houses(self, visits, name, status):
        return visits.filter(establishment__in=houses_that_are(status, timezone.localdate()))


class DueFilter(PerimeterFilterSet):
    search_columns = ("search_name",)
    search_label = titled("{establishment}")

    territory = TerritoryFilter()
    freshness = django_filters.ChoiceFilter(label="Situation", choices=CHOICES)

    class Meta:
        model = Establishment
        fields = ["territory", "freshness"]


class BimesterFilter(PerimeterFilterSet):
    """The year is always in force: the current one unless another is asked for."""

    search_columns = ("search_name",)
    search_label = titled("{establishment}")

    territory = TerritoryFilter()
    year = django_filters.ChoiceFilter(label="Année", method="of_year", empty_label="Année en cours")

    class Meta:
        model = Establishment
        fields = ["territory", "year"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        self.filters["year"].extra["choices"] = years(self.today)

    def of_year(self, houses, name, year):
        return houses

    def filter_queryset(self, queryset):
        asked = self.form.cleaned_data.get("year")
        return with_bimesters(super().filter_queryset(queryset), int(asked or self.today.year))


class PracticeFilter(PerimeterFilterSet):
    """Filters on observations, before they are counted."""

    territory = TerritoryFilter()
    since = django_filters.DateFilter(
        label="Depuis le", field_name="visit__visited_on", lookup_expr="gte", widget=DayInput()
    )
    until = django_filters.DateFilter(
        label="Jusqu’au", field_name="visit__visited_on", lookup_expr="lte", widget=DayInput()
    )
    kind = django_filters.ChoiceFilter(label="Type de visite", field_name="visit__kind", choices=VisitKind.choices)

    class Meta:
        model = Observation
        fields = ["territory", "since", "until", "kind"]

    by_item = False

    def filter_queryset(self, queryset):
        return observation_counts(super().filter_queryset(queryset), by_item=self.by_item)


class ItemPracticeFilter(PracticeFilter):
    by_item = True

import django_filters

from ..models import PedagogicalDay
from .places import PlaceFilter


class DayFilter(PlaceFilter):
    status = django_filters.ChoiceFilter(label="Statut", choices=PedagogicalDay.Status)
    since = django_filters.DateFilter(label="Depuis le", field_name="held_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="held_on", lookup_expr="lte")

    class Meta:
        model = PedagogicalDay
        fields = ["establishment", "territory", "status", "since", "until"]

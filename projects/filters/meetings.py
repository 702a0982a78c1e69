import django_filters

from establishments.models import Capability

from ..models import Decision, Meeting, MeetingSeries
from .network import TerritoryOwned


class SeriesOwned(TerritoryOwned):
    """Base of the filters whose rows belong to a series of meetings."""

    capability = Capability.READ_TRANSMITTED


class SeriesFilter(SeriesOwned):
    kind = django_filters.ChoiceFilter(label="Format", choices=MeetingSeries.Kind)

    class Meta:
        model = MeetingSeries
        fields = ["territory", "kind"]


class MeetingFilter(SeriesOwned):
    search_columns = ("search_text",)
    search_label = "Titre, lieu ou mot du relevé"

    series = django_filters.ModelChoiceFilter(label="Série", queryset=MeetingSeries.objects.all())
    kind = django_filters.ChoiceFilter(label="Format", field_name="series__kind", choices=MeetingSeries.Kind)
    status = django_filters.ChoiceFilter(label="Statut", choices=Meeting.Status)
    since = django_filters.DateFilter(label="Depuis le", field_name="held_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Meeting
        fields = ["territory", "series", "kind", "status", "since", "until"]


class DecisionFilter(SeriesOwned):
    search_columns = ("search_text",)
    search_label = "Mot de la décision"

    series = django_filters.ModelChoiceFilter(
        label="Série", field_name="meeting__series", queryset=MeetingSeries.objects.all()
    )
    status = django_filters.ChoiceFilter(label="Statut", choices=Decision.Status)
    since = django_filters.DateFilter(label="Depuis le", field_name="meeting__held_on", lookup_expr="gte")

    class Meta:
        model = Decision
        fields = ["territory", "series", "status", "since"]

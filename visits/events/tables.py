import django_filters
from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..models import Event
from ..models.events import FAMILY_CHOICES, SEVERITY_CHOICES
from .duties import Severity

TONES = {
    Severity.INFORMATION: "good",
    Severity.MINOR: "neutral",
    Severity.SIGNIFICANT: "watch",
    Severity.SERIOUS: "alert",
    Severity.CRITICAL: "alert",
}
BADGE = '<span class="badge tone-{}">{}</span>'


class EventFilter(PerimeterFilterSet):
    capability = Capability.VIEW_EVENTS

    territory = TerritoryFilter()
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    family = django_filters.ChoiceFilter(label="Famille", choices=FAMILY_CHOICES)
    severity = django_filters.TypedChoiceFilter(label="Gravité", choices=SEVERITY_CHOICES, coerce=int)
    status = django_filters.ChoiceFilter(label="État", choices=Event.Status.choices)
    since = django_filters.DateFilter(label="Depuis le", field_name="happened_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="happened_at", lookup_expr="date__lte")

    class Meta:
        model = Event
        fields = ["territory", "establishment", "family", "severity", "status", "since", "until"]


class EventTable(ListTable):
    noun, noun_plural = "événement", "événements"
    empty_title = "Aucun événement"
    empty_text = "Les faits marquants, les incidents et les alertes de votre périmètre paraîtront ici."

    title = ListColumn(verbose_name="Événement", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    happened_at = ListColumn(verbose_name="Survenu le")
    family = ListColumn(verbose_name="Famille", export_only=True)
    severity = ListColumn(verbose_name="Gravité")
    status = ListColumn(verbose_name="État")
    acknowledged_at = ListColumn(verbose_name="Pris en charge le", export_only=True)
    closed_at = ListColumn(verbose_name="Clos le", export_only=True)

    class Meta:
        model = Event
        fields = [
            "title",
            "establishment",
            "happened_at",
            "family",
            "severity",
            "status",
            "acknowledged_at",
            "closed_at",
        ]

    def value_severity(self, event):
        return event.get_severity_display()

    def cell_severity(self, event):
        return format_html(BADGE, TONES[event.severity], event.get_severity_display())

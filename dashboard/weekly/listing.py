"""The archive of the CRAs: its table, its filters, and what is left to write this week."""

import django_filters
from django.utils.html import format_html

from core.french import counted, full_date
from core.tables import ListColumn, ListTable
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Territory

from ..models import WeeklyReport

TONES = {WeeklyReport.Status.SENT: "good", WeeklyReport.Status.DRAFT: "watch"}
LONGEST_NUMBER = 18


class WeeklyFilter(PerimeterFilterSet):
    capability = Capability.VIEW_AGGREGATES

    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="État", choices=WeeklyReport.Status.choices)
    since = django_filters.DateFilter(label="Depuis le", field_name="last_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="last_on", lookup_expr="lte")

    class Meta:
        model = WeeklyReport
        fields = ["territory", "status", "since", "until"]


class WeeklyTable(ListTable):
    noun, noun_plural = "CRA", "CRA"
    empty_title = "Aucun CRA"
    empty_text = "Chaque jeudi, le CRA de la semaine est rédigé à partir des faits\u00a0; il paraîtra ici."

    territory = ListColumn(verbose_name="Territoire", header=True, accessor="territory__name")
    last_on = ListColumn(verbose_name="Semaine close le")
    status = ListColumn(verbose_name="État")
    sent_at = ListColumn(verbose_name="Envoyé le")
    sent_by = ListColumn(verbose_name="Par", order_by=("sent_by__last_name",))

    class Meta:
        model = WeeklyReport
        fields = ["territory", "last_on", "status", "sent_at", "sent_by"]

    def cell_status(self, report):
        return format_html('<span class="badge tone-{}">{}</span>', TONES[report.status], report.get_status_display())

    def value_sent_by(self, report):
        return report.sent_by.short_name if report.sent_by else ""


def to_write(territories, last_on):
    """The territories whose CRA of the week is not sent: each with its report, or None when it is not drafted."""
    places = list(territories.order_by("name", "pk"))
    known = {
        report.territory_id: report for report in WeeklyReport.objects.filter(territory__in=places, last_on=last_on)
    }
    return [
        {"territory": place, "report": known.get(place.pk), "until": full_date(last_on)}
        for place in places
        if place.pk not in known or known[place.pk].is_editable
    ]


def awaited(report, below):
    """Territories just under this one's that write CRAs and have not sent theirs for this week."""
    from .drafting import territories_to_report

    inside = Territory.objects.within(report.territory).exclude(pk=report.territory_id)
    expected = territories_to_report(report.last_on).filter(pk__in=inside.order_by().values("pk"))
    sent = {other.territory_id for other in below}
    return [place.name for place in expected.order_by("name", "pk") if place.pk not in sent]


def number(request):
    """The territory posted, 0 when it is no number."""
    posted = request.POST.get("territoire", "")
    return int(posted) if posted.isdecimal() and len(posted) <= LONGEST_NUMBER else 0


def saved(changed):
    if not changed:
        return "Rien n’a changé."
    return f"{counted(changed, 'phrase enregistrée', 'phrases enregistrées')}."

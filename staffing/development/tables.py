import django_filters
from django.utils.html import format_html

from core.inputs import DayInput
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..continuity_page import HousesFilter
from ..models import Intervention, Training
from ..models.development import FUNCTIONS
from ..tables import BADGE


class DueFilter(HousesFilter):
    annee = django_filters.NumberFilter(label="Année", method="kept")
    ecart = django_filters.BooleanFilter(label="Écarts seulement", method="kept")

    class Meta(HousesFilter.Meta):
        fields = [*HousesFilter.Meta.fields, "annee", "ecart"]

    def kept(self, houses, name, value):
        """The rows are narrowed, not the houses."""
        return houses

    def asked(self, name):
        return self.form.cleaned_data.get(name) if self.form.is_valid() else None


class DueTable(ListTable):
    noun, noun_plural = "ligne", "lignes"
    empty_title = "Aucune heure due"
    empty_text = "Les places ou les affectations ne sont pas connues, ou aucun écart n’est relevé."

    house_name = ListColumn(verbose_name=titled("{establishment}"))
    label = ListColumn(verbose_name="Fonction")
    part = ListColumn(verbose_name="Période")
    due = ListColumn(verbose_name="Dues (h)", numeric=True, orderable=False)
    done = ListColumn(verbose_name="Faites (h)", numeric=True, orderable=False)
    planned = ListColumn(verbose_name="Prévues (h)", numeric=True, orderable=False)
    gap = ListColumn(verbose_name="Écart (h)", numeric=True, orderable=False)
    article = ListColumn(verbose_name="Article")
    note = ListColumn(verbose_name="Précision", export_only=True)
    state = ListColumn(verbose_name="État")

    def cell_state(self, line):
        return format_html(BADGE, line.tone, line.state)


def due_table(rows, request=None):
    return DueTable(rows, request=request)


class DevelopmentFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()


class TrainingFilter(DevelopmentFilter):
    theme = django_filters.ChoiceFilter(label="Thème", choices=Training.Theme.choices)
    status = django_filters.ChoiceFilter(label="État", choices=Training.Status.choices)
    year = django_filters.NumberFilter(label="Année")

    class Meta:
        model = Training
        fields = ["establishment", "territory", "theme", "status", "year"]


class InterventionFilter(DevelopmentFilter):
    function = django_filters.ChoiceFilter(label="Fonction", choices=FUNCTIONS)
    status = django_filters.ChoiceFilter(label="État", choices=Intervention.Status.choices)
    since = django_filters.DateFilter(label="À partir du", field_name="held_on", lookup_expr="gte", widget=DayInput())
    until = django_filters.DateFilter(label="Jusqu’au", field_name="held_on", lookup_expr="lte", widget=DayInput())

    class Meta:
        model = Intervention
        fields = ["establishment", "territory", "function", "status", "since", "until"]


class TrainingTable(ListTable):
    noun, noun_plural = "formation", "formations"
    empty_title = "Aucune formation"
    empty_text = "Les besoins de formation se saisissent par équipe, sans nom."

    title = ListColumn(verbose_name="Intitulé", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    theme = ListColumn(verbose_name="Thème")
    year = ListColumn(verbose_name="Année", orderable=True)
    people = ListColumn(verbose_name="Personnes", numeric=True)
    hours_in_all = ListColumn(verbose_name="Heures", numeric=True, orderable=False)
    status = ListColumn(verbose_name="État")
    done_on = ListColumn(verbose_name="Faite le")

    class Meta:
        model = Training
        fields = ["title", "establishment", "theme", "year", "people", "hours_in_all", "status", "done_on"]
        sequence = fields

    def cell_year(self, row):
        return str(row.year)

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="training"), row.get_status_display())


class InterventionTable(ListTable):
    noun, noun_plural = "intervention", "interventions"
    empty_title = "Aucune intervention"
    empty_text = "Les séances d’analyse des pratiques et les venues des professionnels mutualisés paraîtront ici."

    held_on = ListColumn(verbose_name="Jour", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    function = ListColumn(verbose_name="Fonction")
    hours = ListColumn(verbose_name="Heures", numeric=True)
    people = ListColumn(verbose_name="Participants", numeric=True)
    status = ListColumn(verbose_name="État")

    class Meta:
        model = Intervention
        fields = ["held_on", "establishment", "function", "hours", "people", "status"]
        sequence = fields

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="intervention"), row.get_status_display())

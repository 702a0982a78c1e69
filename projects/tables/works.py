from django.utils.html import format_html

from core.french import counted, period
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.models import Closure, WorksPeriod
from establishments.vocabulary import said, titled

from .actions import BADGE


class WorksTable(ListTable):
    noun, noun_plural = "dossier", "dossiers"
    empty_title = "Aucuns travaux"
    empty_text = said("Les besoins de travaux de vos {establishment.plural} paraîtront ici.")

    title = ListColumn(verbose_name="Travaux", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    is_safety = ListColumn(verbose_name="Sécurité")
    priority = ListColumn(verbose_name="Priorité")
    status = ListColumn(verbose_name="Statut")
    needed_on = ListColumn(verbose_name="Demandés le")
    age = ListColumn(verbose_name="Âge en jours", numeric=True, orderable=False, empty_values=())
    starts_on = ListColumn(verbose_name="Début prévu")
    ends_on = ListColumn(verbose_name="Fin prévue")
    places = ListColumn(verbose_name="Places retirées", numeric=True)
    reopened_on = ListColumn(verbose_name="Rouvert le", export_only=True)

    class Meta:
        model = WorksPeriod
        fields = ["title", "establishment", "is_safety", "priority", "status", "needed_on", "age", "starts_on"]
        sequence = [*fields, "ends_on", "places", "reopened_on"]

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def value_age(self, works):
        return (self.today - works.needed_on).days if works.status in works.OPEN else None

    def cell_status(self, works):
        badge = format_html(BADGE, tone_of(works.status, model="worksperiod"), works.get_status_display())
        if works.status == works.Status.IN_PROGRESS and works.ends_on < self.today:
            late = counted((self.today - works.ends_on).days, "jour")
            return format_html("{} " + BADGE, badge, "alert", f"dépassé de {late}")
        return badge

    def cell_is_safety(self, works):
        return format_html(BADGE, "alert", "sécurité") if works.is_safety else "—"


class ClosureTable(ListTable):
    noun, noun_plural = "fermeture", "fermetures"
    empty_title = "Aucune fermeture"
    empty_text = said("Les fermetures de vos {establishment.plural} paraîtront ici.")

    starts_on = ListColumn(verbose_name="Période")
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    cause = ListColumn(verbose_name="Cause")
    part = ListColumn(verbose_name="Durée", export_only=True)
    label = ListColumn(verbose_name="Intitulé", export_only=True)
    host = ListColumn(verbose_name="Regroupement", accessor="host__name")
    families_informed_on = ListColumn(verbose_name="Familles informées")
    ends_on = ListColumn(verbose_name="Fin", export_only=True)

    class Meta:
        model = Closure
        fields = ["starts_on", "establishment", "cause", "host", "families_informed_on"]
        sequence = [*fields, "part", "label", "ends_on"]

    def cell_starts_on(self, closure):
        return period(closure.starts_on, closure.ends_on)

    def cell_families_informed_on(self, closure):
        if closure.families_informed_on or closure.cause not in Closure.PLANNED:
            return closure.families_informed_on
        return format_html(BADGE, "watch", "à informer")

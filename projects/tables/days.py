from django.utils.html import format_html

from core.french import full_date
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.vocabulary import said, titled

from ..models import PedagogicalDay
from .actions import BADGE


class DayTable(ListTable):
    noun, noun_plural = "journée", "journées"
    empty_title = "Aucune journée pédagogique"
    empty_text = said("Les demandes de vos {establishment.plural} paraîtront ici.")

    held_on = ListColumn(verbose_name="Date", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    theme = ListColumn(verbose_name="Thème")
    status = ListColumn(verbose_name="Statut")
    is_funded = ListColumn(verbose_name="Financée")
    families_told_on = ListColumn(verbose_name="Familles informées")
    coordinator_present = ListColumn(verbose_name=titled("{coordinator}"), orderable=False)
    speaker = ListColumn(verbose_name="Intervenant", export_only=True)
    report = ListColumn(verbose_name="Bilan", export_only=True, orderable=False)

    class Meta:
        model = PedagogicalDay
        fields = ["held_on", "establishment", "theme", "status", "is_funded", "families_told_on"]
        sequence = [*fields, "coordinator_present", "speaker", "report"]

    def cell_held_on(self, day):
        return full_date(day.held_on)

    def cell_status(self, day):
        return format_html(BADGE, tone_of(day.status, model="pedagogicalday"), day.get_status_display())

    def value_coordinator_present(self, day):
        return {None: None, True: "présence", False: "absence"}[day.coordinator_present]

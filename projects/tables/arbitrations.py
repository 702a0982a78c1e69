from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of

from ..models import Arbitration
from .actions import BADGE


class ArbitrationTable(ListTable):
    noun, noun_plural = "arbitrage", "arbitrages"
    empty_title = "Aucun arbitrage"
    empty_text = "Les questions à trancher, leurs options et leurs effets calculés paraîtront ici."

    title = ListColumn(verbose_name="Question", header=True)
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    status = ListColumn(verbose_name="Statut")
    decide_before = ListColumn(verbose_name="À rendre avant le")
    n_options = ListColumn(verbose_name="Options", numeric=True)
    chosen = ListColumn(verbose_name="Option retenue", accessor="chosen__title")
    decided_on = ListColumn(verbose_name="Rendu le")
    reason = ListColumn(verbose_name="Raison", export_only=True, orderable=False)
    decided_in = ListColumn(verbose_name="Instance", export_only=True)

    class Meta:
        model = Arbitration
        fields = ["title", "territory", "status", "decide_before", "n_options", "chosen", "decided_on"]
        sequence = [*fields, "reason", "decided_in"]

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="arbitration"), row.get_status_display())

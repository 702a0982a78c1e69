from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of

from ..models import ServiceOrder
from .actions import BADGE


class OrderTable(ListTable):
    noun, noun_plural = "commande", "commandes"
    empty_title = "Aucune commande"
    empty_text = "Les commandes passées aux territoires par les directions paraîtront ici."

    title = ListColumn(verbose_name="Commande", header=True)
    issuer = ListColumn(verbose_name="Donneur d’ordre")
    due_on = ListColumn(verbose_name="Échéance")
    status = ListColumn(verbose_name="Statut")
    n_addressees = ListColumn(verbose_name="Destinataires", numeric=True)
    n_seen = ListColumn(verbose_name="Reçues", numeric=True)
    n_done = ListColumn(verbose_name="Faites", numeric=True)
    workload_days = ListColumn(verbose_name="Charge (jours)", numeric=True, decimals=1)
    sent_on = ListColumn(verbose_name="Envoyée le", export_only=True)
    despite = ListColumn(verbose_name="Malgré un conflit de dates", export_only=True, orderable=False)

    class Meta:
        model = ServiceOrder
        fields = ["title", "issuer", "due_on", "status", "n_addressees", "n_seen", "n_done", "workload_days"]
        sequence = [*fields, "sent_on", "despite"]

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="serviceorder"), row.get_status_display())

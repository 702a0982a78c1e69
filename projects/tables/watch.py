from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of

from ..models import WatchNotice
from .actions import BADGE


class WatchTable(ListTable):
    noun, noun_plural = "note de veille", "notes de veille"
    empty_title = "Aucune note de veille"
    empty_text = "Les changements du droit, de la santé et du métier paraîtront ici, avec leur source."

    title = ListColumn(verbose_name="Note", header=True)
    kind = ListColumn(verbose_name="Veille")
    source = ListColumn(verbose_name="Source")
    source_on = ListColumn(verbose_name="Date de la source")
    applies_on = ListColumn(verbose_name="S’applique le")
    status = ListColumn(verbose_name="Statut")
    n_read = ListColumn(verbose_name="Lieux qui l’ont lue", numeric=True)
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name", export_only=True)
    published_on = ListColumn(verbose_name="Publiée le", export_only=True)
    text = ListColumn(verbose_name="Ce qui change", export_only=True, orderable=False)

    class Meta:
        model = WatchNotice
        fields = ["title", "kind", "source", "source_on", "applies_on", "status", "n_read"]
        sequence = [*fields, "territory", "published_on", "text"]

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="watchnotice"), row.get_status_display())

from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.vocabulary import said, titled

from ..models import GoodPractice
from .actions import BADGE


class GoodPracticeTable(ListTable):
    noun, noun_plural = "bonne pratique", "bonnes pratiques"
    empty_title = "Aucune bonne pratique"
    empty_text = said("Une observation « bonne pratique » {visit.de} validée devient une carte en un geste.")

    title = ListColumn(verbose_name="Bonne pratique", header=True)
    theme = ListColumn(verbose_name="Thème")
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    status = ListColumn(verbose_name="Statut")
    published_on = ListColumn(verbose_name="Publiée le")
    n_reuses = ListColumn(verbose_name="Reprises", numeric=True)
    what = ListColumn(verbose_name="Ce qui est fait", export_only=True, orderable=False)
    how = ListColumn(verbose_name="Comment", export_only=True, orderable=False)
    conditions = ListColumn(verbose_name="À quelles conditions", export_only=True, orderable=False)

    class Meta:
        model = GoodPractice
        fields = ["title", "theme", "establishment", "status", "published_on", "n_reuses"]
        sequence = [*fields, "what", "how", "conditions"]

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="goodpractice"), row.get_status_display())

from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from establishments.vocabulary import titled

from ..tables import BADGE


class AppraisalTable(ListTable):
    """Dates and states only: what is said is on the page of each, and nowhere else."""

    noun, noun_plural = "entretien annuel", "entretiens annuels"
    empty_title = "Aucun entretien annuel"
    empty_text = "Les entretiens des personnes que vous encadrez, et les vôtres, paraîtront ici."

    person = ListColumn(verbose_name="Personne", header=True)
    house_name = ListColumn(verbose_name=titled("{establishment}"))
    year = ListColumn(verbose_name="Année", export_only=True)
    state = ListColumn(verbose_name="État")
    convened_on = ListColumn(verbose_name="Convocation", export_only=True, orderable=False)
    meeting_on = ListColumn(verbose_name="Prévu le", orderable=False)
    held_on = ListColumn(verbose_name="Tenu le", orderable=False)
    notified_on = ListColumn(verbose_name="Notifié le", orderable=False)
    late = ListColumn(verbose_name="Hors délai")

    def cell_state(self, line):
        return format_html(BADGE, line.tone, line.state)


def appraisal_table(rows, request=None):
    return AppraisalTable(rows, request=request)

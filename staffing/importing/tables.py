from core.tables import ListColumn, ListTable, badge
from core.templatetags.ui import tone_of
from establishments.vocabulary import titled

from ..models import StaffImport, StaffImportLine
from .words import said_posting


class ImportTable(ListTable):
    """The files of agents that were written."""

    noun, noun_plural = "import", "imports"
    empty_title = "Aucun import"
    empty_text = "Les fichiers d’équipes importés paraîtront ici, avec ce qu’ils ont changé, pendant un an."

    filename = ListColumn(verbose_name="Fichier", header=True)
    status = ListColumn(verbose_name="État")
    created_count = ListColumn(verbose_name="Créés", numeric=True)
    moved_count = ListColumn(verbose_name="Affectations", numeric=True)
    timed_count = ListColumn(verbose_name="Horaires", numeric=True)
    imported_at = ListColumn(verbose_name="Importé le")
    by = ListColumn(verbose_name="Par", order_by=("by__last_name", "by__first_name"))

    class Meta:
        model = StaffImport
        fields: tuple[str, ...] = ()

    def cell_status(self, run):
        return badge(run.get_status_display(), tone_of(run.status, model="staffimport"))


class LineTable(ListTable):
    """What one file changed, agent by agent; `houses` are the names of those that it touched."""

    noun, noun_plural = "ligne", "lignes"

    who = ListColumn(verbose_name=titled("{employee}"), header=True, orderable=False, empty_values=())
    staff_number = ListColumn(verbose_name="Matricule")
    number = ListColumn(verbose_name="Ligne", numeric=True)
    outcome = ListColumn(verbose_name="Effet")
    before = ListColumn(verbose_name="Avant", orderable=False)
    after = ListColumn(verbose_name="Après", orderable=False)

    class Meta:
        model = StaffImportLine
        fields: tuple[str, ...] = ()

    def __init__(self, *args, houses, **kwargs):
        self.houses = houses
        super().__init__(*args, **kwargs)

    def value_who(self, line):
        return str(line.employee) if line.employee_id else "fiche effacée"

    def value_before(self, line):
        return self._said(line.before)

    def value_after(self, line):
        return self._said(line.after)

    def _said(self, postings):
        return "\u202f; puis ".join(said_posting(posting, self.houses) for posting in postings)

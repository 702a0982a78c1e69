from core.tables import ListColumn, ListTable

from ..models import ImportRun


class ImportTable(ListTable):
    """The files that a person sent."""

    noun, noun_plural = "import", "imports"
    empty_title = "Aucun import"
    empty_text = "Les fichiers que vous enverrez paraîtront ici, avec ce qu’ils ont changé."

    filename = ListColumn(verbose_name="Fichier", header=True)
    kind = ListColumn(verbose_name="Contenu")
    source = ListColumn(verbose_name="Source")
    status = ListColumn(verbose_name="État")
    created_count = ListColumn(verbose_name="Créés", numeric=True)
    updated_count = ListColumn(verbose_name="Modifiés", numeric=True)
    rejected_count = ListColumn(verbose_name="Rejetés", numeric=True)
    created_at = ListColumn(verbose_name="Envoyé le")

    class Meta:
        model = ImportRun
        fields: tuple[str, ...] = ()

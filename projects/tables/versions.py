from django.utils.html import format_html

from core.french import short_date
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.vocabulary import said, titled

from ..models import EstablishmentProject
from .actions import BADGE


class VersionTable(ListTable):
    noun, noun_plural = "version", "versions"
    empty_title = "Aucune version"
    empty_text = said("Les versions {project.de_plural} de vos {establishment.plural} paraîtront ici.")

    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name", header=True)
    document = ListColumn(verbose_name="Document")
    number = ListColumn(verbose_name="Version", numeric=True)
    status = ListColumn(verbose_name="Statut")
    starts_on = ListColumn(verbose_name="En vigueur depuis")
    revise_on = ListColumn(verbose_name="À réviser avant")
    decided_by = ListColumn(verbose_name="Validé par", export_only=True, orderable=False)
    judged_on = ListColumn(verbose_name="Droit du", export_only=True)

    class Meta:
        model = EstablishmentProject
        fields = ["establishment", "document", "number", "status", "starts_on", "revise_on"]
        sequence = [*fields, "decided_by", "judged_on"]

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def cell_status(self, version):
        tone = tone_of(version.status, model="establishmentproject")
        return format_html(BADGE, tone, version.get_status_display())

    def cell_revise_on(self, version):
        if version.revise_on is None or version.status not in version.APPLIED:
            return "—"
        day = short_date(version.revise_on)
        return format_html("{} " + BADGE, day, "alert", "dépassée") if version.revise_on < self.today else day

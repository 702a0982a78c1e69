from django.utils.html import format_html

from core.french import counted, short_date
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of

from ..models import ServiceRequest
from .actions import BADGE


class RequestTable(ListTable):
    noun, noun_plural = "demande", "demandes"
    empty_title = "Aucune demande"
    empty_text = "Les questions du terrain et leurs réponses paraîtront ici."

    title = ListColumn(verbose_name="Question", header=True)
    place = ListColumn(verbose_name="Posée pour", orderable=False, empty_values=())
    status = ListColumn(verbose_name="Statut")
    owner = ListColumn(verbose_name="Chez", order_by=("owner__last_name", "owner__first_name"))
    due_on = ListColumn(verbose_name="Réponse attendue")
    asked_on = ListColumn(verbose_name="Posée le")
    asked_by = ListColumn(verbose_name="Posée par", export_only=True)
    service = ListColumn(verbose_name="Service saisi", export_only=True)
    late_days = ListColumn(verbose_name="Retard (jours ouvrés)", export_only=True, orderable=False, empty_values=())
    answered_on = ListColumn(verbose_name="Répondue le", export_only=True)
    given_answer = ListColumn(verbose_name="Réponse", export_only=True, orderable=False)

    class Meta:
        model = ServiceRequest
        fields = ["title", "place", "status", "owner", "due_on", "asked_on"]
        sequence = [*fields, "asked_by", "service", "late_days", "answered_on", "given_answer"]

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def value_place(self, row):
        return str(row.place)

    def value_late_days(self, row):
        return row.days_late(self.today) or None

    def value_owner(self, row):
        return str(row.owner) if row.owner else None

    def value_given_answer(self, row):
        return row.given_answer if row.status in row.SETTLED else None

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="servicerequest"), row.get_status_display())

    def cell_due_on(self, row):
        day, late = short_date(row.due_on), row.days_late(self.today)
        told = counted(late, "jour de retard", "jours de retard")
        return format_html("{} " + BADGE, day, "alert", told) if late else day

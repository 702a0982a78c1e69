from django.utils.html import format_html

from core.french import short_date
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.vocabulary import said, titled

from ..models import ActionItem

BADGE = '<span class="badge tone-{}">{}</span>'


class ActionTable(ListTable):
    noun, noun_plural = "action", "actions"
    empty_title = "Aucune action"
    empty_text = said("Les actions de vos {establishment.plural}, d’où qu’elles viennent, paraîtront ici.")

    title = ListColumn(verbose_name="Action", header=True)
    establishment = ListColumn(
        verbose_name=titled("{establishment}"),
        accessor="place__name",
        order_by=("establishment__name", "territory__name"),
    )
    due_on = ListColumn(verbose_name="Échéance")
    status = ListColumn(verbose_name="Statut")
    late_days = ListColumn(verbose_name="Jours de retard", export_only=True, orderable=False, empty_values=())
    owner = ListColumn(verbose_name="Confiée à", order_by=("owner__last_name", "owner__first_name"))
    priority = ListColumn(verbose_name="Priorité")
    origin_kind = ListColumn(verbose_name="Origine")
    origin_label = ListColumn(verbose_name="Origine précise", export_only=True)
    theme = ListColumn(verbose_name="Thème", export_only=True)
    evidence = ListColumn(verbose_name="Preuve", export_only=True, orderable=False)

    effectiveness = ListColumn(verbose_name="Efficacité", export_only=True, orderable=False)

    class Meta:
        model = ActionItem
        fields = ["title", "establishment", "due_on", "status", "late_days", "owner", "priority", "origin_kind"]
        sequence = [*fields, "origin_label", "theme", "evidence", "effectiveness"]

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def value_late_days(self, action):
        return (self.today - action.due_on).days if action.is_late(self.today) else None

    def cell_status(self, action):
        return format_html(BADGE, tone_of(action.status, model="actionitem"), action.get_status_display())

    def cell_due_on(self, action):
        day, late = short_date(action.due_on), action.lateness(self.today)
        return format_html("{} " + BADGE, day, "alert", late) if late else day

    def value_owner(self, action):
        return action.owner.short_name if action.owner else None

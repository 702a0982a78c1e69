from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of

from ..models import Decision, Meeting, MeetingSeries
from .actions import BADGE


class SeriesTable(ListTable):
    noun, noun_plural = "série", "séries"
    empty_title = "Aucune série de réunions"
    empty_text = "Les réunions qui reviennent, et dont vous êtes membre, paraîtront ici."

    title = ListColumn(verbose_name="Série", header=True)
    kind = ListColumn(verbose_name="Format")
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    every = ListColumn(verbose_name="Rythme")
    length = ListColumn(verbose_name="Minutes", numeric=True)
    n_members = ListColumn(verbose_name="Membres", numeric=True)

    class Meta:
        model = MeetingSeries
        fields = ["title", "kind", "territory", "every", "length", "n_members"]
        sequence = fields


class MeetingTable(ListTable):
    noun, noun_plural = "réunion", "réunions"
    empty_title = "Aucune réunion"
    empty_text = "Les réunions de vos séries, prévues ou tenues, paraîtront ici avec leurs relevés."

    series = ListColumn(verbose_name="Réunion", header=True, accessor="series__title")
    held_on = ListColumn(verbose_name="Date")
    status = ListColumn(verbose_name="Statut")
    territory = ListColumn(verbose_name="Territoire", accessor="series__territory__name")
    place = ListColumn(verbose_name="Lieu")
    n_decisions = ListColumn(verbose_name="Décisions", numeric=True)
    n_actions = ListColumn(verbose_name="Actions", numeric=True)
    minutes = ListColumn(verbose_name="Relevé", export_only=True, orderable=False)

    class Meta:
        model = Meeting
        fields = ["series", "held_on", "status", "territory", "place", "n_decisions", "n_actions"]
        sequence = [*fields, "minutes"]

    def cell_status(self, meeting):
        return format_html(BADGE, tone_of(meeting.status, model="meeting"), meeting.get_status_display())

    def value_minutes(self, meeting):
        """What is not handed out yet leaves by no export."""
        return meeting.minutes if meeting.status == Meeting.Status.PUBLISHED else None


class DecisionTable(ListTable):
    noun, noun_plural = "décision", "décisions"
    empty_title = "Aucune décision"
    empty_text = "Ce que les réunions décident, ligne par ligne, paraîtra ici."

    text = ListColumn(verbose_name="Décision", header=True)
    meeting = ListColumn(verbose_name="Réunion", accessor="meeting__series__title")
    held_on = ListColumn(verbose_name="Date", accessor="meeting__held_on")
    status = ListColumn(verbose_name="Statut")
    note = ListColumn(verbose_name="Constat")

    class Meta:
        model = Decision
        fields = ["text", "meeting", "held_on", "status", "note"]
        sequence = fields

    def cell_status(self, decision):
        return format_html(BADGE, tone_of(decision.status, model="decision"), decision.get_status_display())

import django_filters
from django.utils import timezone
from django.utils.html import format_html

from core.filters import FilterSet
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.models import RuleChange
from establishments.vocabulary import titled

BADGE = '<span class="badge tone-{}">{}</span>'


class ChangeFilter(FilterSet):
    status = django_filters.ChoiceFilter(label="Statut", choices=RuleChange.Status.choices)
    coming = django_filters.BooleanFilter(label="À venir", method="still_to_come")

    class Meta:
        model = RuleChange
        fields = ["status", "coming"]

    def still_to_come(self, changes, name, wanted):
        today = timezone.localdate()
        return changes.filter(starts_on__gt=today) if wanted else changes.filter(starts_on__lte=today)


class ChangeTable(ListTable):
    noun, noun_plural = "changement de règle", "changements de règles"
    empty_title = "Aucun changement de règle"
    empty_text = "Les règles qui changent paraîtront ici avant leur date d’effet, avec ce qu’elles touchent."

    title = ListColumn(verbose_name="Règle", header=True)
    article = ListColumn(verbose_name="Article")
    starts_on = ListColumn(verbose_name="Date d’effet")
    statement = ListColumn(verbose_name="Ce qui change")
    status = ListColumn(verbose_name="Statut")
    recorded_at = ListColumn(verbose_name="Enregistrée le", export_only=True)

    class Meta:
        model = RuleChange
        fields = ["title", "article", "starts_on", "statement", "status", "recorded_at"]

    def cell_status(self, change):
        return format_html(BADGE, tone_of(change.status, model="rulechange"), change.get_status_display())


class TouchedTable(ListTable):
    """Rows of `page.lines_of`."""

    noun, noun_plural = "ligne", "lignes"
    empty_title = "Rien ne change ici"
    empty_text = "Les anciennes et les nouvelles règles demandent la même chose dans votre périmètre."

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    sentence = ListColumn(verbose_name="Ce qui change", orderable=False)
    acknowledged_by = ListColumn(verbose_name="Pris en compte par")
    acknowledged_at = ListColumn(verbose_name="Le")

    class Meta:
        fields = ["name", "sentence", "acknowledged_by", "acknowledged_at"]
        sequence = fields

    def cell_acknowledged_by(self, row):
        return row.acknowledged_by or format_html(BADGE, "watch", "à prendre en compte")

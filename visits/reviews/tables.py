import django_filters
from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability
from establishments.vocabulary import titled

from ..models import FunctioningReview

BADGE = '<span class="badge tone-{}">{}</span>'


class ReviewFilter(PerimeterFilterSet):
    capability = Capability.READ_TRANSMITTED
    search_columns = ("establishment__search_name",)
    search_label = titled("{establishment}")

    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=FunctioningReview.Status.choices)
    due_before = django_filters.DateFilter(label="À valider avant le", field_name="due_on", lookup_expr="lte")

    class Meta:
        model = FunctioningReview
        fields = ["territory", "status", "due_before"]


class ReviewTable(ListTable):
    noun, noun_plural = "analyse", "analyses"
    empty_title = "Aucune analyse de fonctionnement"
    empty_text = "Les analyses programmées, en cours ou validées paraîtront ici."

    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name", header=True)
    status = ListColumn(verbose_name="Statut")
    due_on = ListColumn(verbose_name="À valider avant le")
    until = ListColumn(verbose_name="Faits jusqu’au")
    answer_due_on = ListColumn(verbose_name="Avis possible jusqu’au", export_only=True)
    validated_at = ListColumn(verbose_name="Validée le")

    class Meta:
        model = FunctioningReview
        fields = ["establishment", "status", "due_on", "until", "answer_due_on", "validated_at"]

    def cell_status(self, review):
        return format_html(BADGE, tone_of(review.status, model="functioningreview"), review.get_status_display())

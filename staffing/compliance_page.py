"""The compliance table as a list: houses to look at, columns, exports."""

import django_filters
from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from establishments.models import Capability
from establishments.vocabulary import titled

from .continuity_page import HousesFilter
from .tables import BADGE


class ComplianceFilter(HousesFilter):
    capability = Capability.VIEW_AGGREGATES

    ecart = django_filters.BooleanFilter(label="Écarts seulement", method="kept")

    class Meta(HousesFilter.Meta):
        fields = [*HousesFilter.Meta.fields, "ecart"]

    def kept(self, houses, name, value):
        """The rows are narrowed, not the houses: see `only_gaps`."""
        return houses

    @property
    def only_gaps(self) -> bool:
        return bool(self.form.is_valid() and self.form.cleaned_data.get("ecart"))


class ComplianceTable(ListTable):
    noun, noun_plural = "exigence", "exigences"
    empty_title = "Aucune exigence"
    empty_text = "Les places autorisées ne sont pas connues, ou aucun écart n’est relevé."

    house_name = ListColumn(verbose_name=titled("{establishment}"))
    label = ListColumn(verbose_name="Exigence")
    required = ListColumn(verbose_name="Cible", numeric=True, orderable=False)
    actual = ListColumn(verbose_name="Réel", numeric=True, orderable=False)
    gap = ListColumn(verbose_name="Écart", numeric=True, orderable=False)
    article = ListColumn(verbose_name="Article")
    state = ListColumn(verbose_name="État")

    def cell_state(self, line):
        return format_html(BADGE, line.tone, line.state)


def compliance_table(rows, request=None):
    return ComplianceTable(rows, request=request)

import django_filters

from core.tables import ListColumn, ListTable
from establishments.door import PerimeterFilterSet
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..models import SensitiveFile


class SensitiveFilter(PerimeterFilterSet):
    capability = Capability.SUMMARY

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    kind = django_filters.ChoiceFilter(label="Nature", choices=SensitiveFile.Kind.choices)
    closed = django_filters.BooleanFilter(label="Clos", field_name="closed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = SensitiveFile
        fields = ["establishment", "kind", "closed"]


class SensitiveTable(ListTable):
    """References and states only: what a file says is on its page, where each opening is logged."""

    noun, noun_plural = "dossier", "dossiers"
    empty_title = "Aucun dossier"
    empty_text = "Les dossiers dont vous êtes lecteur ou lectrice paraîtront ici, et nulle part ailleurs."

    reference = ListColumn(verbose_name="Référence", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    kind = ListColumn(verbose_name="Nature")
    opened_at = ListColumn(verbose_name="Ouvert le")
    closed_at = ListColumn(verbose_name="Clos le")
    keep_until = ListColumn(verbose_name="Conservé jusqu’au", export_only=True)

    class Meta:
        model = SensitiveFile
        fields = ["reference", "establishment", "kind", "opened_at", "closed_at", "keep_until"]

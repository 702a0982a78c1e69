import django_filters
from django.utils.html import format_html

from core.charts import Figure, bar_chart
from core.french import counted, full_date, number, percent
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability
from establishments.vocabulary import titled

from ..models import DoubleRating
from .comparison import ItemAgreement, honest, kappa_said
from .subjects import title_of

BADGE = '<span class="badge tone-{}">{}</span>'


class DoubleFilter(PerimeterFilterSet):
    capability = Capability.CONDUCT_REVIEW
    search_columns = ("establishment__search_name",)
    search_label = titled("{establishment}")

    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=DoubleRating.Status.choices)
    training = django_filters.BooleanFilter(label="Entraînement")

    class Meta:
        model = DoubleRating
        fields = ["territory", "status", "training"]


class DoubleTable(ListTable):
    """Who rates what, and where it stands; never what was answered."""

    noun, noun_plural = "double cotation", "doubles cotations"
    empty_title = "Aucune double cotation"
    empty_text = "Deux personnes cotent le même texte sans se voir, puis en parlent\u00a0: ouvrez-en une."

    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name", header=True)
    text = ListColumn(verbose_name="Texte", orderable=False, empty_values=())
    training = ListColumn(verbose_name="Entraînement")
    first = ListColumn(verbose_name="Première cotation")
    second = ListColumn(verbose_name="Seconde cotation")
    status = ListColumn(verbose_name="Statut")
    created_at = ListColumn(verbose_name="Ouverte le")

    class Meta:
        model = DoubleRating
        fields = ["establishment", "text", "training", "first", "second", "status", "created_at"]

    def value_text(self, double):
        return title_of(double.review or double.visit)

    def value_first(self, double):
        return str(double.first)

    def value_second(self, double):
        return str(double.second)

    def cell_status(self, double):
        return format_html(BADGE, tone_of(double.status, model="doublerating"), double.get_status_display())


class AgreementTable(ListTable):
    """Rows of `comparison.by_item`."""

    noun, noun_plural = "point", "points"
    empty_title = "Aucune double cotation remise"
    empty_text = "L’accord se calcule quand les deux personnes ont remis leur feuille."

    label = ListColumn(verbose_name="Point")
    n = ListColumn(verbose_name="Cotations", numeric=True)
    observed = ListColumn(verbose_name="Accord", numeric=True)
    kappa = ListColumn(verbose_name="κ", numeric=True)
    discuss = ListColumn(verbose_name="À reprendre", empty_values=(), accessor="to_discuss")
    sentence = ListColumn(verbose_name="Ce que cela vaut", orderable=False)

    class Meta:
        fields = ["label", "n", "observed", "kappa", "discuss", "sentence"]
        sequence = fields

    def value_observed(self, row):
        return percent(row.observed, 0)

    def value_kappa(self, row):
        return kappa_said(row.kappa)

    def value_discuss(self, row):
        return "oui" if row.to_discuss else "non"


def agreement_figure(items: list[ItemAgreement], whole, count: int, today, **frame) -> Figure | None:
    """κ by point as bars, with the table twin; None as long as nothing can be measured."""
    shown = [item for item in items if item.kappa is not None]
    if not shown:
        return None
    labels, values = [item.label for item in shown], [float(item.kappa) for item in shown]
    chart = {"unit": "", "y_min": min(0.0, *values), "y_max": 1.0}
    return Figure(
        title="κ de Cohen, point par point",
        unit="κ, de −1 à 1 (1\u00a0: accord complet, 0\u00a0: celui du hasard)",
        period="toutes les doubles cotations remises",
        data_date=f"données au {full_date(today)}",
        n=counted(count, "double cotation", "doubles cotations"),
        sentence=honest(whole),
        svg=bar_chart(labels, values, prefix="kappa", title="κ par point", **chart, **frame),
        svg_compact=bar_chart(
            labels, values, prefix="kappa-court", title="κ par point", compact=True, **chart, **frame
        ),
        headers=["Point", "Cotations", "Accord", "κ"],
        rows=[[item.label, number(item.n), percent(item.observed, 0), kappa_said(item.kappa)] for item in shown],
    )

"""The list of the syntheses: its filters and its table."""

import django_filters
from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..models import Synthesis
from .variants import labels


class SynthesisFilter(PerimeterFilterSet):
    capability = Capability.SUMMARY

    variant = django_filters.ChoiceFilter(label="Document", choices=labels)
    territory = TerritoryFilter()
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    status = django_filters.ChoiceFilter(label="État", choices=Synthesis.Status.choices)
    level = django_filters.ChoiceFilter(label="Lecture", choices=Synthesis.Level.choices)
    since = django_filters.DateFilter(label="Période close depuis le", field_name="ends_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Période close avant le", field_name="ends_on", lookup_expr="lte")

    class Meta:
        model = Synthesis
        fields = ["variant", "territory", "establishment", "status", "level", "since", "until"]


class SynthesisTable(ListTable):
    noun, noun_plural = "synthèse", "synthèses"
    empty_title = "Aucune synthèse"
    empty_text = "Choisissez un lieu et une période\u00a0: le texte s’écrit d’après les faits."

    place = ListColumn(
        verbose_name="Lieu", header=True, empty_values=(), order_by=("territory__name", "establishment__name")
    )
    variant = ListColumn(verbose_name="Document")
    starts_on = ListColumn(verbose_name="Du")
    ends_on = ListColumn(verbose_name="Au")
    level = ListColumn(verbose_name="Lecture")
    edition = ListColumn(verbose_name="Édition")
    status = ListColumn(verbose_name="État")
    author = ListColumn(verbose_name="Auteur", order_by=("author__last_name",))
    approved_at = ListColumn(verbose_name="Approuvée le")

    class Meta:
        model = Synthesis
        fields = ["place", "variant", "starts_on", "ends_on", "level", "edition", "status", "author", "approved_at"]

    def value_place(self, document):
        return str(document.place)

    def value_author(self, document):
        return document.author.short_name

    def cell_status(self, document):
        tone = tone_of(document.status, model="synthesis")
        return format_html('<span class="badge tone-{}">{}</span>', tone, document.get_status_display())

import django_filters
from django.utils import timezone
from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..events.tables import BADGE
from ..models import Finding, Inspection
from . import findings

AUTHORITIES, NATURES = list(findings.AUTHORITIES.items()), list(findings.NATURES.items())
STANDINGS = [("late", "délai passé"), ("recheck", "recontrôle à obtenir"), ("display", "affichage à faire")]


class OfTheHouses(PerimeterFilterSet):
    capability = Capability.VIEW_INSPECTIONS

    territory = TerritoryFilter()


class InspectionFilter(OfTheHouses):
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    authority = django_filters.ChoiceFilter(label="Autorité", choices=AUTHORITIES)
    status = django_filters.ChoiceFilter(label="État", choices=Inspection.Status.choices)
    since = django_filters.DateFilter(label="Depuis le", field_name="held_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Inspection
        fields = ["territory", "establishment", "authority", "status", "since", "until"]


class FindingFilter(OfTheHouses):
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), field_name="inspection__establishment", queryset=Establishment.objects.all()
    )
    authority = django_filters.ChoiceFilter(label="Autorité", field_name="inspection__authority", choices=AUTHORITIES)
    nature = django_filters.ChoiceFilter(label="Nature", choices=NATURES)
    status = django_filters.ChoiceFilter(label="État", choices=Finding.Status.choices)
    wait = django_filters.ChoiceFilter(label="À suivre", choices=STANDINGS, method="filter_wait")
    before = django_filters.DateFilter(label="À corriger avant le", field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Finding
        fields = ["territory", "establishment", "authority", "nature", "status", "wait", "before"]

    def filter_queryset(self, queryset):
        """Those withdrawn are read when they are asked for: the register counts what an authority found."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("status") else rows.kept()

    def filter_wait(self, rows, name, wanted):
        today = timezone.localdate()
        if wanted == "late":
            return rows.late(today)
        return rows.to_recheck(today) if wanted == "recheck" else rows.to_display()


class InspectionTable(ListTable):
    noun, noun_plural = "contrôle", "contrôles"
    empty_title = "Aucun contrôle"
    empty_text = "Les contrôles de la PMI, du préfet, de la commission de sécurité, de la Caf… paraîtront ici."

    subject = ListColumn(verbose_name="Contrôle", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    authority = ListColumn(verbose_name="Autorité")
    held_on = ListColumn(verbose_name="Date")
    is_announced = ListColumn(verbose_name="Annoncé", export_only=True)
    reference = ListColumn(verbose_name="Référence", export_only=True)
    found = ListColumn(verbose_name="Constats", numeric=True, accessor="found")
    standing = ListColumn(verbose_name="À lever", numeric=True, accessor="standing")
    status = ListColumn(verbose_name="État")
    answer_due_on = ListColumn(verbose_name="Réponse avant le", export_only=True)
    answered_on = ListColumn(verbose_name="Réponse le", export_only=True)

    class Meta:
        model = Inspection
        fields = ["subject", "establishment", "authority", "held_on", "is_announced", "reference", "found", "standing"]
        fields += ["status", "answer_due_on", "answered_on"]

    def value_authority(self, inspection):
        return inspection.get_authority_display()


class FindingTable(ListTable):
    """The register of findings, with the dates of everything that followed."""

    noun, noun_plural = "constat", "constats"
    empty_title = "Aucun constat"
    empty_text = "Ce que les autorités ont constaté, et ce qui reste à lever, paraîtra ici."

    text = ListColumn(verbose_name="Constat", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="inspection__establishment__name")
    authority = ListColumn(verbose_name="Autorité", accessor="inspection__authority")
    held_on = ListColumn(verbose_name="Contrôle du", accessor="inspection__held_on")
    nature = ListColumn(verbose_name="Nature")
    article = ListColumn(verbose_name="Texte", export_only=True)
    due_on = ListColumn(verbose_name="Délai")
    displayed_on = ListColumn(verbose_name="Affiché le", export_only=True)
    proof_note = ListColumn(verbose_name="Preuve", export_only=True)
    answered_on = ListColumn(verbose_name="Réponse le", accessor="inspection__answered_on", export_only=True)
    status = ListColumn(verbose_name="État")
    lifted_on = ListColumn(verbose_name="Levé le")

    class Meta:
        model = Finding
        fields = ["text", "establishment", "authority", "held_on", "nature", "article", "due_on", "displayed_on"]
        fields += ["proof_note", "answered_on", "status", "lifted_on"]

    def value_authority(self, finding):
        return finding.inspection.get_authority_display()

    def cell_nature(self, finding):
        return format_html(BADGE, finding.tone, finding.get_nature_display())

    def value_nature(self, finding):
        return finding.get_nature_display()

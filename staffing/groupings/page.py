"""The grouping of a period: what is asked, the list, and the plan in a few sentences."""

from fractions import Fraction

from django import forms
from django.utils.html import format_html

from core.french import NNBSP, counted, number, sentence_list
from core.tables import ListColumn, ListTable
from establishments.vocabulary import titled

from ..forms.summer import SummerForm
from ..tables import BADGE
from .facts import FAIR_YEARS, Grouping

USUAL_SHARE = 50


class GroupingForm(SummerForm):
    ouvertes = forms.IntegerField(label="Maisons ouvertes au plus", required=False, min_value=1, max_value=60)
    part = forms.IntegerField(
        label="Enfants présents (%)",
        required=False,
        min_value=1,
        max_value=100,
        help_text=f"Part des enfants habituels qui viennent encore\u00a0; {USUAL_SHARE}{NNBSP}% si rien n’est dit.",
    )

    def share(self) -> Fraction:
        return Fraction(self._given("part") or USUAL_SHARE, 100)

    def most_open(self) -> int | None:
        return self._given("ouvertes")

    def _given(self, name):
        return self.cleaned_data.get(name) if self.is_bound and self.is_valid() else None


class GroupingTable(ListTable):
    noun, noun_plural = "maison", "maisons"
    empty_title = "Rien à regrouper"
    empty_text = "Aucune maison dont les places et les horaires sont connus."

    house_name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    decision = ListColumn(verbose_name="Décision proposée")
    host_name = ListColumn(verbose_name="Accueil")
    km = ListColumn(verbose_name="Distance (km)", numeric=True, decimals=2, orderable=False)
    children = ListColumn(verbose_name="Enfants attendus", numeric=True)
    capacity = ListColumn(verbose_name="Places", numeric=True)
    summers = ListColumn(verbose_name=f"Étés ouverts sur {FAIR_YEARS}", numeric=True)
    reason = ListColumn(verbose_name="Raison", orderable=False)

    def cell_decision(self, line):
        return format_html(BADGE, line.tone, line.decision)


def grouping_table(rows, request=None):
    return GroupingTable(rows, request=request)


def explained(found: Grouping) -> tuple[str, str, list[str]]:
    """(tone, title, sentences) of a plan, or of there being none."""
    people = counted(found.children, "enfant")
    if not found.lines:
        return "info", "Rien à regrouper", []
    if found.plan is None:
        return (
            "alert",
            "Aucun regroupement ne tient",
            [
                f"{people} attendus ne tiennent pas dans les maisons qui peuvent ouvrir, sans partager les groupes.",
                "Ouvrez une maison de plus, ou baissez la part des enfants présents.",
            ],
        )
    plan = found.plan
    sentences = [
        f"{counted(found.opened, 'maison ouverte', 'maisons ouvertes')} pour {people}.",
        f"Le plus long trajet entre deux maisons est de {number(plan.farthest, 2)} km à vol d’oiseau.",
        "Aucun autre plan n’a de plus long trajet plus court, ni moins d’enfants-kilomètres à trajet égal."
        if plan.is_exact
        else f"Recherche arrêtée avant la preuve\u00a0: aucun plan sous {number(plan.floor, 2)} km.",
        "Les enfants d’une maison restent ensemble. Le taux d’encadrement se vérifie ensuite avec les équipes.",
    ]
    if found.unplaced:
        sentences.append(
            f"Hors du calcul, faute de places ou d’horaires connus\u00a0: {sentence_list(found.unplaced)}."
        )
    return "info", "Le regroupement proposé", sentences

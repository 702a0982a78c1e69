"""docs/regles.md, written from the code: each rate, deadline and ratio, its article, and the test that proves it."""

from collections.abc import Iterable
from typing import Protocol

from core.french import period, typo
from establishments.regulation import KIND_LABELS, RULES, Rule

_REGULATION = "tests/establishments/test_regulation.py"
_SCHEDULE = "tests/visits/test_schedule.py"
_RATES = "tests/indicators/test_rates.py"

# Key of a rule, or name of a rate -> the test that proves that the product applies it.
PROOFS = {
    "opening_rate": f"{_RATES}::test_golden_12_opening_times_admission_times_assiduity_is_attendance",
    "admission_rate": f"{_RATES}::test_golden_12_opening_times_admission_times_assiduity_is_attendance",
    "assiduity_rate": f"{_RATES}::test_golden_12_opening_times_admission_times_assiduity_is_attendance",
    "attendance_rate": f"{_RATES}::test_golden_11_a_house_of_60_places_open_223_days",
    "occupancy_rate": f"{_RATES}::test_each_rate_is_its_numerator_over_its_denominator",
    "billed_occupancy_rate": f"{_RATES}::test_golden_11_a_house_of_60_places_open_223_days",
    "billing_rate": f"{_RATES}::test_golden_11_a_house_of_60_places_open_223_days",
    "CAT-COLLECTIVE": f"{_REGULATION}::test_golden_2_the_category_follows_from_the_places",
    "CAT-JARDIN": f"{_REGULATION}::test_gardens_and_family_creches_have_their_own_categories",
    "CAT-FAMILIALE": f"{_REGULATION}::test_gardens_and_family_creches_have_their_own_categories",
    "SURNOMBRE-INSTANT": f"{_REGULATION}::test_golden_1_at_most_115_percent_at_the_same_moment_rounded_up",
    "SURNOMBRE-HEBDO": f"{_REGULATION}::test_golden_7_a_week_of_33_places_is_1815_hours_and_one_more_is_a_breach",
    "RATIO-5-8": f"{_REGULATION}::test_golden_3_the_fractions_are_summed_unless_the_groups_are_rounded_apart",
    "RATIO-6": f"{_REGULATION}::test_golden_3_the_fractions_are_summed_unless_the_groups_are_rounded_apart",
    "RATIO-JARDIN": f"{_REGULATION}::test_a_kindergarten_counts_by_age",
    "RATIO-SORTIE": f"{_REGULATION}::test_golden_6_an_outing_takes_two_adults_and_one_for_five_children",
    "MIN-DEUX-PRO": f"{_REGULATION}::test_golden_5_one_adult_is_enough_up_to_three_children_in_a_micro_creche",
    "QUALIF-40": f"{_REGULATION}::test_golden_8_category_1_is_at_least_40_percent_of_the_reference",
    "DIRECTION-ETP": f"{_REGULATION}::"
    "test_golden_20_the_director_of_a_micro_creche_has_half_a_post_from_september_2026",
    "RSAI-HEURES": f"{_REGULATION}::test_golden_9_a_creche_of_85_places",
    "RSAI-JARDIN": f"{_REGULATION}::test_the_quotas_of_each_category_and_nothing_where_no_text_says",
    "SANTE-ETP": f"{_REGULATION}::test_golden_10_no_complete_block_of_twenty_at_79_places",
    "EJE-ETP": f"{_REGULATION}::test_golden_10_no_complete_block_of_twenty_at_79_places",
    "EJE-JARDIN": f"{_REGULATION}::test_the_quotas_of_each_category_and_nothing_where_no_text_says",
    "EJE-FAMILIALE": f"{_REGULATION}::test_the_quotas_of_each_category_and_nothing_where_no_text_says",
    "AUTORISATION-15": f"{_REGULATION}::"
    "test_golden_16_an_authorisation_lasts_fifteen_years_and_is_renewed_two_to_one_year_before",
    "VISITE-BIMESTRIELLE": f"{_SCHEDULE}::test_golden_17_the_next_visit_is_due_two_calendar_months_later",
    "PRISE-FONCTION-30": "tests/visits/test_freshness.py"
    "::test_a_house_whose_director_takes_office_is_due_after_thirty_days",
}
NOT_YET = "pas encore appliquée"

_INTRODUCTION = """\
# Règles, taux et délais

Cette page est écrite par le code (`establishments/regulation_doc.py`) : elle ne se modifie pas à la main.
Chaque règle vaut pour sa période ; une analyse de 2024 est jugée avec les règles de 2024.
Les textes ont été lus sur des sites qui les reproduisent : l’article permet à chacun de vérifier.
« À vérifier » signale une valeur par défaut qu’aucune source publique n’a confirmée ; elle n’est pas présentée
comme le droit. Ce qu’aucun texte vérifié ne fixe reste vide et s’affiche « — ».
"""


class NamedRate(Protocol):
    """What `indicators.rates.RateDefinition` gives; this module is below it and may not import it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def numerator(self) -> str: ...
    @property
    def denominator(self) -> str: ...


def rules_markdown(rates: Iterable[NamedRate]) -> str:
    """The whole page in French Markdown, for the rates given and every rule of the catalogue."""
    lines = [
        _INTRODUCTION,
        "## Taux d’activité",
        "",
        "Les heures sont additionnées, puis divisées une seule fois ; un dénominateur nul ne donne pas de taux.",
        "Fréquentation = ouverture × admission × assiduité "
        "(`tests/indicators/test_rates.py::test_the_identity_holds_exactly_where_its_three_factors_are_defined`).",
        "",
        *_table(("Taux", "Calcul", "Preuve"), (_rate_row(rate) for rate in rates)),
        "",
        "## Règles",
        "",
        *_table(("Clé", "Règle", "Article", "Période", "Preuve"), map(_rule_row, RULES)),
    ]
    return typo("\n".join(lines) + "\n")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _rate_row(rate: NamedRate) -> tuple[str, ...]:
    return rate.label, f"{rate.numerator} ÷ {rate.denominator}", _proof(rate.name)


def _rule_row(each: Rule) -> tuple[str, ...]:
    kinds = f" ({', '.join(KIND_LABELS[kind] for kind in each.kinds)})" if each.kinds else ""
    doubt = "" if each.verified else " **À vérifier.**"
    text = f"**{each.title}**{kinds}. {each.statement}{doubt}"
    return f"`{each.id}`", text, each.article, _period(each), _proof(each.id)


def _period(each: Rule) -> str:
    return period(each.starts_on, each.ends_on) if each.starts_on else "début non précisé"


def _proof(key: str) -> str:
    return f"`{PROOFS[key]}`" if key in PROOFS else NOT_YET

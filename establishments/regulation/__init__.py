"""Regulation of the établissements d'accueil du jeune enfant: pure, dated, with the article beside each value.

A review of 2024 is judged by the rules of 2024: every function takes the day it is asked about (`on`).
What no verified text fixes is `None` or `""`, never a guess. Sources: `docs/regles.md`, keys of `Rule.source_key`.
"""

from establishments.regulation.authorisation import authorisation_expiry, renewal_window
from establishments.regulation.capacity import (
    CapacitySlot,
    breaches_weekly_capacity,
    overcapacity_limit,
    week_slots,
    weekly_capacity_hours,
)
from establishments.regulation.catalogue import RULES, changes, provided_by, rule, rules_on, single, trying, value_on
from establishments.regulation.categories import (
    CRECHE_COLLECTIVE,
    CRECHE_FAMILIALE,
    HALTE_GARDERIE,
    JARDIN_ENFANTS,
    KIND_LABELS,
    category,
    category_bounds,
    category_label,
)
from establishments.regulation.quotas import Quotas, quotas
from establishments.regulation.ratio import (
    FIVE_EIGHT_BY_GROUP,
    FIVE_EIGHT_SUMMED,
    KINDERGARTEN,
    ONE_SIX,
    RATIO_RULE_LABELS,
    meets_category_1_share,
    needs_category_1,
    ratio_need,
    required_staff,
)
from establishments.regulation.rules import Extra, Rule

__all__ = [
    "CRECHE_COLLECTIVE",
    "CRECHE_FAMILIALE",
    "FIVE_EIGHT_BY_GROUP",
    "FIVE_EIGHT_SUMMED",
    "HALTE_GARDERIE",
    "JARDIN_ENFANTS",
    "KINDERGARTEN",
    "KIND_LABELS",
    "ONE_SIX",
    "RATIO_RULE_LABELS",
    "RULES",
    "CapacitySlot",
    "Extra",
    "Quotas",
    "Rule",
    "authorisation_expiry",
    "breaches_weekly_capacity",
    "category",
    "category_bounds",
    "category_label",
    "changes",
    "meets_category_1_share",
    "needs_category_1",
    "overcapacity_limit",
    "provided_by",
    "quotas",
    "ratio_need",
    "renewal_window",
    "required_staff",
    "rule",
    "rules_on",
    "single",
    "trying",
    "value_on",
    "week_slots",
    "weekly_capacity_hours",
]

"""What a category must have: direction, deputy, RSAI, health staff, EJE (CSP R. 2324-46-1 to R. 2324-48-3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from establishments.regulation.catalogue import rule
from establishments.regulation.categories import (
    CRECHE_COLLECTIVE,
    CRECHE_FAMILIALE,
    HALTE_GARDERIE,
    JARDIN_ENFANTS,
    category,
)
from establishments.regulation.rules import Rule

# Field of Quotas -> (rule, table inside its value). What a kind does not list is fixed by no verified text.
_COLLECTIVE = {
    "direction_fte": ("DIRECTION-ETP", "direction"),
    "deputy_fte": ("DIRECTION-ETP", "deputy"),
    "rsai_hours_year": ("RSAI-HEURES", "per_year"),
    "rsai_hours_quarter": ("RSAI-HEURES", "per_quarter"),
    "health_fte": ("SANTE-ETP", "fte"),
    "eje_fte": ("EJE-ETP", "fte"),
}
_TABLES = {
    CRECHE_COLLECTIVE: _COLLECTIVE,
    HALTE_GARDERIE: _COLLECTIVE,
    JARDIN_ENFANTS: {
        "rsai_hours_year": ("RSAI-JARDIN", "per_year"),
        "rsai_hours_quarter": ("RSAI-JARDIN", "per_quarter"),
        "eje_fte": ("EJE-JARDIN", "fte"),
    },
    CRECHE_FAMILIALE: {"eje_fte": ("EJE-FAMILIALE", "fte")},
}


@dataclass(frozen=True)
class Quotas:
    """Legal minimums of one establishment on one day, in full-time equivalents or hours; None when not fixed.

    `rsai_hours_quarter` is the part of `rsai_hours_year` due in each quarter. `articles` gives the article of each
    value that is not None, by field name.
    """

    direction_fte: Decimal | None = None
    deputy_fte: Decimal | None = None
    rsai_hours_year: Decimal | None = None
    rsai_hours_quarter: Decimal | None = None
    health_fte: Decimal | None = None
    eje_fte: Decimal | None = None
    articles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False, compare=False)


def quotas(kind: str, places: int | None, on: date) -> Quotas:
    """The quotas of a kind and a number of authorised places on a day (table of CSP R. 2324-46-1 to -46-3).

    All are None when the places are unknown or before the categories existed (1 September 2021).
    Raises ValueError for an unknown kind and for places that are not positive.
    """
    code = category(kind, places, on)
    if places is None or not code:
        return Quotas()
    values: dict[str, Decimal] = {}
    articles: dict[str, str] = {}
    for name, (rule_id, table) in _TABLES[kind].items():
        found = rule(rule_id, on)
        if found is not None:
            values[name] = _quota(found, table, code, places)
            articles[name] = found.article
    return Quotas(**values, articles=MappingProxyType(articles))


def _quota(found: Rule, table: str, code: str, places: int) -> Decimal:
    base: Decimal = found.value[table][code]
    extra = found.value.get("extra", {}).get(table)
    return base + extra.above(places) if extra else base

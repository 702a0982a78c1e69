"""The compliance table of a house on a day: what its category requires, the article, what is known (domain §2.6)."""

from dataclasses import dataclass
from decimal import Decimal

from core.french import NBSP, hours, number

from .regulation import quotas

UNKNOWN = "non renseigné"
FTE, HOURS = "ETP", "h"
LINES = [
    ("direction_fte", "Direction", FTE),
    ("deputy_fte", "Direction adjointe", FTE),
    ("rsai_hours_year", "Référent santé et accueil inclusif, par an", HOURS),
    ("rsai_hours_quarter", "dont par trimestre", HOURS),
    ("health_fte", "Accompagnement santé (infirmier ou puériculture)", FTE),
    ("eje_fte", "Éducation de jeunes enfants", FTE),
]


@dataclass(frozen=True)
class Requirement:
    """One line: `required`, `actual`, `gap` as text; `is_met` is None as long as the actual value is unknown."""

    label: str
    required: str
    article: str
    actual: str = UNKNOWN
    is_met: bool | None = None
    gap: str = ""


def requirements(kind, places, day, actual: dict[str, Decimal] | None = None) -> list[Requirement]:
    """Lines whose minimum a text fixes for this kind and these places; `actual` values by field of `Quotas`."""
    known, fixed = actual or {}, quotas(kind, places, day)
    return [
        _requirement(label, getattr(fixed, name), unit, fixed.articles[name], known.get(name))
        for name, label, unit in LINES
        if getattr(fixed, name) is not None
    ]


def _requirement(label, minimum, unit, article, value):
    if value is None:
        return Requirement(label, quantity(minimum, unit), article)
    gap = f"+{quantity(value - minimum, unit)}" if value > minimum else quantity(value - minimum, unit)
    return Requirement(label, quantity(minimum, unit), article, quantity(value, unit), value >= minimum, gap)


def quantity(value, unit) -> str:
    """ "0,75 ETP", "30 h"."""
    if unit == HOURS:
        return hours(value)
    text = number(value, 2)
    return f"{text.rstrip('0').rstrip(',')}{NBSP}{unit}"

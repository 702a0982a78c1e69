"""What the numbers of a month may be: the same in the form, in the grid and in a file. Pure.

A refusal is what cannot be true; what only looks wrong is judged by `indicators/quality.py` and accepted.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.calendar import month_end
from core.french import month_name, number
from core.spreadsheets import parse_decimal_fr, parse_int_fr

CENT = Decimal("0.01")
MOST_HOURS = Decimal(999_999)  # a house of 150 places open day and night stays below 112,000 hours a month
MOST_CHILDREN = 2_000
LABELS = {
    "authorised_hours": "heures autorisées",
    "open_hours": "heures ouvertes",
    "contracted_hours": "heures contractualisées",
    "actual_hours": "heures réalisées",
    "billed_hours": "heures facturées",
    "children_enrolled": "enfants inscrits",
    "opening_days": "jours d’ouverture",
}
COUNTS = frozenset({"children_enrolled", "opening_days"})


def read_value(column: str, cell: Any) -> Decimal | int | None:
    """The value of a cell as typed, None when it is blank. Raises ValueError with the French reason."""
    if column in COUNTS:
        return parse_int_fr(cell)
    value = parse_decimal_fr(cell)
    return None if value is None else value.quantize(CENT, ROUND_HALF_UP) if abs(value) <= MOST_HOURS else value


def refusal(column: str, value: Decimal | int, month: date) -> str:
    """Why a value cannot be, "" when it can."""
    if value < 0:
        return f"un nombre {'d’heures' if column not in COUNTS else 'compté'} n’est pas négatif"
    if column == "opening_days":
        days = monthrange(month.year, month.month)[1]
        if value > 31:
            return "un mois n’a pas plus de 31 jours"
        return f"{month_name(month)} n’a que {days} jours" if value > days else ""
    most = MOST_CHILDREN if column in COUNTS else MOST_HOURS
    return f"un nombre démesuré\u00a0: au plus {number(most)}" if value > most else ""


def refusals(values: Mapping[str, Any], month: date) -> dict[str, str]:
    """{column: reason} of what cannot be in the numbers of one month; blanks (None) are passed over."""
    found = {
        name: reason
        for name, value in values.items()
        if name in LABELS and value is not None and (reason := refusal(name, value, month))
    }
    authorised, opened = values.get("authorised_hours"), values.get("open_hours")
    if authorised is not None and opened is not None and opened > authorised and "open_hours" not in found:
        found["open_hours"] = "les heures ouvertes dépassent les heures autorisées"
    return found


def outside_life(house: Any, month: date) -> str:
    """Why a month cannot be one of a house, "" when it can: no page would count it. `house` has its two dates."""
    closed = house.closed_on is not None and house.closed_on <= month
    return f"{house.name} n’accueillait pas ce mois-là" if closed or month_end(month) < house.opened_on else ""


def written(value: Decimal | int | None) -> str:
    """A value as an input shows it and as `read_value` reads it back: "7100,5"; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.2f}".replace(".", ",")
    return text.removesuffix("00").removesuffix(",") if text.endswith(",00") else text.removesuffix("0")

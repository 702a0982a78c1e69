"""The definitions that a collectivité may publish for its two rates (domain, 4.6). Pure.

Each has its unit: hours, heads or days. A day-count is higher than an hour-count by construction, since a child
present counts for the whole day: rates of different units are never compared nor added.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .rates import Activity

HOURS, HEADS, DAYS = "hours", "heads", "days"
UNIT_WORDS = {HOURS: "en heures", HEADS: "en enfants", DAYS: "en journées"}


class UnitsMixed(ValueError):
    """Rates of different units were about to be compared or averaged."""


@dataclass(frozen=True)
class Formula:
    """One definition: `top` ÷ `bottom`, in `unit`."""

    code: str
    indicator: str
    unit: str
    top: str
    bottom: str

    @property
    def told(self) -> str:
        return f"{self.top} ÷ {self.bottom} ({UNIT_WORDS[self.unit]})"


@dataclass(frozen=True)
class Counts:
    """What formulas divide besides the hours: None where it was not entered."""

    children: int | None = None
    places: int | None = None
    child_days: int | None = None
    place_days: int | None = None

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            _sum(self.children, other.children),
            _sum(self.places, other.places),
            _sum(self.child_days, other.child_days),
            _sum(self.place_days, other.place_days),
        )


FORMULAS: Mapping[str, Formula] = {
    formula.code: formula
    for formula in (
        Formula("admission_hours", "admission_rate", HOURS, "heures contractualisées", "heures ouvertes"),
        Formula("admission_heads", "admission_rate", HEADS, "enfants inscrits", "places autorisées"),
        Formula("attendance_hours", "attendance_rate", HOURS, "heures réalisées", "heures autorisées"),
        Formula("attendance_open", "attendance_rate", HOURS, "heures réalisées", "heures ouvertes"),
        Formula("attendance_days", "attendance_rate", DAYS, "journées-enfants", "places × jours d’ouverture"),
    )
}
DEFAULTS = {"admission_rate": FORMULAS["admission_hours"], "attendance_rate": FORMULAS["attendance_hours"]}


def published_rate(formula: Formula, activity: Activity, counts: Counts) -> Fraction | None:
    """The rate by that definition; None when nothing was entered or there is nothing to divide by."""
    if formula.code == "admission_heads":
        return _divided(counts.children, counts.places)
    if formula.code == "attendance_days":
        return _divided(counts.child_days, counts.place_days)
    if formula.code == "attendance_open":
        return activity.occupancy_rate
    return activity.admission_rate if formula.indicator == "admission_rate" else activity.attendance_rate


def difference(one: tuple[Formula, Fraction], other: tuple[Formula, Fraction]) -> Fraction:
    """The first rate less the second. Raises UnitsMixed when they are not counted alike."""
    if one[0].unit != other[0].unit or one[0].bottom != other[0].bottom:
        raise UnitsMixed(f"{one[0].told} / {other[0].told}")
    return one[1] - other[1]


def _divided(top: int | None, bottom: int | None) -> Fraction | None:
    return Fraction(top, bottom) if top is not None and bottom else None


def _sum(one: int | None, other: int | None) -> int | None:
    """A sum with an unknown part is unknown: what was not entered is not zero."""
    return None if one is None or other is None else one + other

"""The seven rates of activity, exact: hours summed first, divided once, never averaged.

attendance = opening × admission × assiduity, wherever the three factors are defined: that is what tells which lever to
pull (staff, contracts, or what families make of their contracts).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

Hours = Decimal | int
OPENING = "opening"
ADMISSION = "admission"
ASSIDUITY = "assiduity"
LEVERS = (OPENING, ADMISSION, ASSIDUITY)


@dataclass(frozen=True)
class Activity:
    """Hours of one establishment, or of any group, over one period.

    `authorised_hours`: places of the authorisation × hours of the days that count. `open_hours`: the same without the
    frozen places. `contracted_hours`: contracts. `actual_hours`: presence. `billed_hours`: billed to families.
    Raises TypeError for a float: a rate must be exact to the last digit.
    """

    authorised_hours: Hours
    open_hours: Hours
    contracted_hours: Hours
    actual_hours: Hours
    billed_hours: Hours

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, bool) or not isinstance(value, Decimal | int):
                raise TypeError(f"{each.name} must be a Decimal or an int, not {type(value).__name__}")

    def __add__(self, other: "Activity") -> "Activity":
        if not isinstance(other, Activity):
            return NotImplemented
        return Activity(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __radd__(self, other: object) -> "Activity":
        """`sum()` starts from 0."""
        return self if other == 0 else NotImplemented

    @property
    def opening_rate(self) -> Fraction | None:
        return _rate(self.open_hours, self.authorised_hours)

    @property
    def admission_rate(self) -> Fraction | None:
        return _rate(self.contracted_hours, self.open_hours)

    @property
    def assiduity_rate(self) -> Fraction | None:
        return _rate(self.actual_hours, self.contracted_hours)

    @property
    def attendance_rate(self) -> Fraction | None:
        return _rate(self.actual_hours, self.authorised_hours)

    @property
    def occupancy_rate(self) -> Fraction | None:
        return _rate(self.actual_hours, self.open_hours)

    @property
    def billed_occupancy_rate(self) -> Fraction | None:
        return _rate(self.billed_hours, self.authorised_hours)

    @property
    def billing_rate(self) -> Fraction | None:
        return _rate(self.billed_hours, self.actual_hours)


NO_ACTIVITY = Activity(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class RateDefinition:
    """What a rate is called and how it is divided, for the pages that explain a number."""

    name: str  # property of Activity
    label: str
    numerator: str
    denominator: str

    def of(self, activity: Activity) -> Fraction | None:
        rate: Fraction | None = getattr(activity, self.name)
        return rate


RATE_DEFINITIONS = (
    RateDefinition("opening_rate", "taux d’ouverture", "heures ouvertes", "heures autorisées"),
    RateDefinition("admission_rate", "taux d’admission", "heures contractualisées", "heures ouvertes"),
    RateDefinition("assiduity_rate", "taux d’assiduité", "heures réalisées", "heures contractualisées"),
    RateDefinition("attendance_rate", "taux de fréquentation", "heures réalisées", "heures autorisées"),
    RateDefinition("occupancy_rate", "taux d’occupation", "heures réalisées", "heures ouvertes"),
    RateDefinition("billed_occupancy_rate", "taux d’occupation facturée", "heures facturées", "heures autorisées"),
    RateDefinition("billing_rate", "taux de facturation", "heures facturées", "heures réalisées"),
)

_LEVER_RATES: dict[str, Callable[[Activity], Fraction | None]] = {
    OPENING: lambda activity: activity.opening_rate,
    ADMISSION: lambda activity: activity.admission_rate,
    ASSIDUITY: lambda activity: activity.assiduity_rate,
}


def weakest_lever(activity: Activity) -> str | None:
    """The lowest of opening, admission and assiduity, the first of the chain when equal.

    A factor of zero leaves the next ones undefined: it is the lever. None when there are no authorised hours.
    """
    if activity.opening_rate is None:
        return None
    known = {name: rate for name in LEVERS if (rate := _LEVER_RATES[name](activity)) is not None}
    return min(known, key=lambda name: known[name])


def _rate(part: Hours, whole: Hours) -> Fraction | None:
    """None, not zero, when there was nothing to divide by."""
    return Fraction(part) / Fraction(whole) if whole else None

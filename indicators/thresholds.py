"""Levels under which a rate calls for an action (domain, 4.6: alert levels, by default). Pure."""

from dataclasses import dataclass
from fractions import Fraction

from core.french import NBSP, percent

from .rates import RATE_DEFINITIONS, Activity, weakest_lever

FAMILIAL = "creche_familiale"
# (to watch under, alert under), in rates. Crèches familiales are lower by nature.
LEVELS = {
    "attendance_rate": (Fraction(70, 100), Fraction(60, 100)),
    "admission_rate": (Fraction(85, 100), Fraction(75, 100)),
    "opening_rate": (Fraction(90, 100), Fraction(80, 100)),
}
FAMILIAL_LEVELS = {**LEVELS, "attendance_rate": (Fraction(55, 100), Fraction(45, 100))}
ACTIONS = {
    "opening": "Rouvrir les places fermées",
    "admission": "Proposer les places libres à la commission",
    "assiduity": "Rapprocher les contrats des présences",
}
LABELS = {definition.name: definition.label for definition in RATE_DEFINITIONS}


@dataclass(frozen=True)
class Shortfall:
    """A rate under its threshold: the target when there is one, else the level by default."""

    rate: str
    value: Fraction
    threshold: Fraction
    tone: str
    action: str

    @property
    def sentence(self) -> str:
        label = LABELS[self.rate]
        return (
            f"{label[:1].upper()}{label[1:]}{NBSP}: {percent(self.value)}, sous le seuil de {percent(self.threshold)}."
        )


def tone_of(rate: str, value: Fraction | None, kind: str = "") -> str:
    """ "good", "watch" or "alert" of a rate; "neutral" when it is not known."""
    if value is None:
        return "neutral"
    watch, alert = levels(kind)[rate]
    return "alert" if value < alert else "watch" if value < watch else "good"


def levels(kind: str) -> dict[str, tuple[Fraction, Fraction]]:
    return FAMILIAL_LEVELS if kind == FAMILIAL else LEVELS


def shortfalls(activity: Activity, kind: str, targets: dict[str, Fraction] | None = None) -> list[Shortfall]:
    """The rates of a period under their thresholds, with the action that the weakest lever calls for."""
    found = []
    for rate, (watch, alert) in levels(kind).items():
        value: Fraction | None = getattr(activity, rate)
        goal = (targets or {}).get(rate, watch)
        if value is not None and value < goal:
            lever = rate.removesuffix("_rate")
            lever = lever if lever in ACTIONS else weakest_lever(activity) or "admission"
            found.append(Shortfall(rate, value, goal, "alert" if value < alert else "watch", ACTIONS[lever]))
    return found

"""The signals of early warning: booleans that anybody can check, and the rule that lists a house. Pure.

A house is listed when two signals are lit, or one of those that suffice alone; a new direction and works are the
context of the others and do not list a house together. There is no weight and no score: the list is ordered by the
number of signals, then by name. No signal looks at a person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.french import NBSP, counted, percent, points

ENOUGH = 2


@dataclass(frozen=True)
class HouseFacts:
    """What is known of one house on a day; None where it is not known, and the signal stays off.

    Days are counted to that day, complaints and serious events over the last ninety, departures over twelve months;
    rates are those of three months together, and of the same months a year before.
    """

    vacant_days: int | None = None
    direction_months: int | None = None
    visit_late_days: int | None = None
    complaints: int | None = None
    serious_events: int | None = None
    attendance: Fraction | None = None
    attendance_before: Fraction | None = None
    departures: int | None = None
    posts: int | None = None
    works: int | None = None
    missing_months: int | None = None
    expired_days: int | None = None
    red_days: int | None = None
    injunction_days: int | None = None


@dataclass(frozen=True)
class Rule:
    """One signal: its name, its rule as it is printed, when it is lit, what it then says."""

    key: str
    name: str
    rule: str
    is_lit: Callable[[HouseFacts], bool]
    says: Callable[[HouseFacts], str]
    suffices: bool = False
    is_context: bool = False


@dataclass(frozen=True)
class Signal:
    key: str
    name: str
    sentence: str


def _fall(facts: HouseFacts) -> Fraction | None:
    if facts.attendance is None or facts.attendance_before is None:
        return None
    return facts.attendance - facts.attendance_before


def _turnover(facts: HouseFacts) -> Fraction | None:
    return Fraction(facts.departures, facts.posts) if facts.posts and facts.departures is not None else None


VACANT_DAYS, NEW_MONTHS, LATE_DAYS, COMPLAINTS, SERIOUS = 30, 6, 15, 2, 2
INJUNCTION_DAYS = 0
FALL, TURNOVER, POSTS, MISSING, EXPIRED, RED_DAYS = Fraction(-5, 100), Fraction(25, 100), 5, 2, 60, 3

RULES = (
    Rule(
        "vacant",
        "Direction vacante",
        f"Personne ne dirige depuis plus de {VACANT_DAYS} jours.",
        lambda f: (f.vacant_days or 0) > VACANT_DAYS,
        lambda f: f"Direction vacante depuis {counted(f.vacant_days or 0, 'jour')}.",
        suffices=True,
    ),
    Rule(
        "new_direction",
        "Direction neuve",
        f"La direction a pris ses fonctions il y a moins de {NEW_MONTHS} mois.",
        lambda f: f.direction_months is not None and f.direction_months < NEW_MONTHS,
        lambda f: f"Direction en place depuis {counted(f.direction_months or 0, 'mois', 'mois')}.",
        is_context=True,
    ),
    Rule(
        "no_visit",
        "Visite en retard",
        f"La visite est en retard de plus de {LATE_DAYS} jours.",
        lambda f: (f.visit_late_days or 0) > LATE_DAYS,
        lambda f: f"Visite en retard de {counted(f.visit_late_days or 0, 'jour')}.",
    ),
    Rule(
        "injunction",
        "Injonction en retard",
        "Le délai d’une injonction est passé, et ce qu’elle demande n’est pas vérifié.",
        lambda f: (f.injunction_days or 0) > INJUNCTION_DAYS,
        lambda f: f"Injonction en retard de {counted(f.injunction_days or 0, 'jour')}.",
        suffices=True,
    ),
    Rule(
        "complaints",
        "Réclamations",
        f"Au moins {COMPLAINTS} réclamations en quatre-vingt-dix jours.",
        lambda f: (f.complaints or 0) >= COMPLAINTS,
        lambda f: f"{counted(f.complaints or 0, 'réclamation')} en quatre-vingt-dix jours.",
    ),
    Rule(
        "serious",
        "Événements graves",
        f"Au moins {SERIOUS} événements graves ou critiques en quatre-vingt-dix jours.",
        lambda f: (f.serious_events or 0) >= SERIOUS,
        lambda f: (
            f"{counted(f.serious_events or 0, 'événement grave', 'événements graves')} en quatre-vingt-dix jours."
        ),
        suffices=True,
    ),
    Rule(
        "falling",
        "Fréquentation en baisse",
        "La fréquentation de trois mois a perdu au moins 5 points en un an.",
        lambda f: (fall := _fall(f)) is not None and fall <= FALL,
        lambda f: f"Fréquentation à {percent(f.attendance)}, {points(_fall(f))} sur un an.",
    ),
    Rule(
        "turnover",
        "Départs",
        f"Au moins un quart des agents sont partis en douze mois (équipes de {POSTS} agents et plus).",
        lambda f: (f.posts or 0) >= POSTS and (_turnover(f) or 0) >= TURNOVER,
        lambda f: f"{counted(f.departures or 0, 'départ')} en douze mois pour {counted(f.posts or 0, 'agent')}.",
    ),
    Rule(
        "red_ratio",
        "Encadrement insuffisant",
        f"Au moins {RED_DAYS} jours sous le taux d’encadrement en quatre semaines.",
        lambda f: (f.red_days or 0) >= RED_DAYS,
        lambda f: f"{counted(f.red_days or 0, 'jour')} sous le taux d’encadrement en quatre semaines.",
    ),
    Rule(
        "works",
        "Travaux",
        "Des travaux retirent des places aujourd’hui.",
        lambda f: bool(f.works),
        lambda f: f"Travaux en cours{NBSP}: {counted(f.works or 0, 'place retirée', 'places retirées')}.",
        is_context=True,
    ),
    Rule(
        "missing",
        "Activité manquante",
        f"L’activité d’au moins {MISSING} mois de suite manque.",
        lambda f: (f.missing_months or 0) >= MISSING,
        lambda f: f"Activité non saisie depuis {counted(f.missing_months or 0, 'mois', 'mois')}.",
    ),
    Rule(
        "expired",
        "Obligation expirée",
        f"Une obligation est expirée depuis plus de {EXPIRED} jours.",
        lambda f: (f.expired_days or 0) > EXPIRED,
        lambda f: f"Une obligation expirée depuis {counted(f.expired_days or 0, 'jour')}.",
    ),
)


def signals(facts: HouseFacts) -> tuple[Signal, ...]:
    """The signals lit, in the order of the rules."""
    return tuple(Signal(rule.key, rule.name, rule.says(facts)) for rule in RULES if rule.is_lit(facts))


_SUFFICIENT = {rule.key for rule in RULES if rule.suffices}
_CONTEXT = {rule.key for rule in RULES if rule.is_context}


def is_listed(lit: Iterable[Signal]) -> bool:
    keys = {signal.key for signal in lit}
    return bool(_SUFFICIENT & keys) or (len(keys) >= ENOUGH and bool(keys - _CONTEXT))

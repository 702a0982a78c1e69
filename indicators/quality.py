"""Quality at entry: what is accepted and looks like a mistake, said the same way in a form, a grid or a file. Pure.

Rules first (hours in the wrong box, impossible orders), then robust outliers (functions S-070): each quantity is set
against the open hours, compared with the house's own habits, the season being what its peers show the same month.
Medians and median absolute deviations: one wrong month in the history does not hide the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log
from statistics import median

from core.french import NBSP, hours, number

from .psu import doubts
from .rates import Activity

TYPED = ("contracted_hours", "actual_hours", "billed_hours", "children_enrolled")
LABELS = {
    "contracted_hours": "heures contractualisées",
    "actual_hours": "heures réalisées",
    "billed_hours": "heures facturées",
    "children_enrolled": "enfants inscrits",
    "opening_days": "jours d’ouverture",
}
RATIOS = {  # told on the first of the two columns when no column alone looks wrong
    ("actual_hours", "contracted_hours"): "la présence sur les contrats",
    ("billed_hours", "actual_hours"): "le facturé sur le réalisé",
    ("billed_hours", "contracted_hours"): "le facturé sur les contrats",
}
OPEN_A_DAY = "open_hours_a_day"
# Hours follow the days of the month; children do not: a fortnight of works halves the first and not the second.
BASES = dict.fromkeys(TYPED, "open_hours") | {"children_enrolled": OPEN_A_DAY}
MAD_TO_SIGMA = 1.4826  # of a normal law
LIMIT = 3.5  # sigmas beyond which a value is doubtful: one honest value in two thousand under a normal law
OWN_FLOOR, PEER_FLOOR = 0.02, 0.06  # relative: a house steadier than this is not suspected for less
LEAST_HISTORY, LEAST_PEERS = 6, 5  # months, houses: fewer say nothing of a habit
SAME_AS_BEFORE = ("contracted_hours", "actual_hours", "billed_hours")


@dataclass(frozen=True)
class Entry:
    """One month of one house as typed: its hours, its children, its days of welcome."""

    month: date
    activity: Activity
    children_enrolled: int = 0
    opening_days: int = 0

    def value(self, column: str) -> float:
        if column in ("children_enrolled", "opening_days"):
            return float(getattr(self, column))
        if column == OPEN_A_DAY:
            return float(self.activity.open_hours) / self.opening_days if self.opening_days else 0.0
        return float(getattr(self.activity, column))


@dataclass(frozen=True)
class Verdict:
    """A doubt: the rule that raised it, the column to look at ("" when it is about several), the sentence to show."""

    rule: str
    column: str
    sentence: str


def verdicts(entry: Entry, history: Sequence[Entry], peers: Sequence[Sequence[Entry]]) -> list[Verdict]:
    """What deserves a look in `entry`; [] when nothing does.

    `history`: the other months of the house, in any order. `peers`: the months of each similar house, the month of
    the entry among them when it is known. Rules come first; a column they name is not told twice.
    """
    found = list(_rules(entry, history))
    named = {verdict.column for verdict in found}
    if history or peers:
        unusual = list(_unusual(entry, [past for past in history if past.month != entry.month], peers))
        found += [verdict for verdict in unusual if verdict.column not in named]
    return found


def _rules(entry: Entry, history: Sequence[Entry]) -> Iterator[Verdict]:
    activity = entry.activity
    for doubt in doubts(activity):
        yield Verdict(doubt.rule, "billed_hours", doubt.sentence)
    for rule, column, is_broken, sentence in (
        (
            "actual_above_authorised",
            "actual_hours",
            activity.actual_hours > activity.authorised_hours,
            "Les heures réalisées dépassent la capacité autorisée\u00a0: à vérifier.",
        ),
        (
            "contracts_without_children",
            "children_enrolled",
            activity.contracted_hours and not entry.children_enrolled,
            "Des heures de contrat sans enfant inscrit\u00a0: à vérifier.",
        ),
        (
            "hours_without_days",
            "opening_days",
            activity.open_hours and not entry.opening_days,
            "Des heures ouvertes sans jour d’ouverture\u00a0: à vérifier.",
        ),
        (
            "no_contracts",
            "contracted_hours",
            (activity.actual_hours or activity.billed_hours) and not activity.contracted_hours,
            "Des heures réalisées ou facturées sans heures contractualisées\u00a0: la case est-elle vide\u202f?",
        ),
        (
            "copied",
            "contracted_hours",
            _is_copied(entry, history),
            "Les mêmes heures qu’un autre mois, à l’unité près\u00a0: est-ce une copie\u202f?",
        ),
    ):
        if is_broken:
            yield Verdict(rule, column, sentence)


def _is_copied(entry: Entry, history: Sequence[Entry]) -> bool:
    typed = [getattr(entry.activity, name) for name in SAME_AS_BEFORE]
    return any(typed) and any(typed == [getattr(past.activity, name) for name in SAME_AS_BEFORE] for past in history)


def _unusual(entry: Entry, history: Sequence[Entry], peers: Sequence[Sequence[Entry]]) -> Iterator[Verdict]:
    alone = []
    for column in TYPED:
        expected = expected_range(entry, history, peers, column, BASES[column])
        value = entry.value(column)
        if expected and not expected[0] <= value <= expected[1]:
            alone.append(column)
            yield Verdict("unusual", column, _sentence(column, value, expected))
    for (top, bottom), what in RATIOS.items():
        if top in alone or bottom in alone:
            continue
        expected = expected_range(entry, history, peers, top, bottom)
        if expected and not expected[0] <= entry.value(top) <= expected[1]:
            told = f"{_sentence(top, entry.value(top), expected)} C’est {what} qui étonne."
            yield Verdict("unusual_ratio", top, told)


def expected_range(
    entry: Entry, history: Sequence[Entry], peers: Sequence[Sequence[Entry]], column: str, base: str
) -> tuple[float, float] | None:
    """(least, most) of a column that raise no doubt, from its ratio to `base`; None when too little is known."""
    scale_of = entry.value(base)
    if not scale_of:
        return None
    own = _logs(history, column, base)
    seasons = _seasons(entry.month, peers, column, base)
    if len(own) >= LEAST_HISTORY:
        habit = median(own)
        season = median(seasons) if len(seasons) >= LEAST_PEERS else 0.0
        spread = _sigma([value - habit for value in own], OWN_FLOOR)
        if len(seasons) >= LEAST_PEERS:
            # What months add to habits is known apart: the house's own spread holds its seasons too.
            spread = max(OWN_FLOOR, min(spread, _sigma([value - season for value in seasons], OWN_FLOOR) * 1.5))
        centre = habit + season
    else:
        levels = [
            level for peer in peers for level in _logs([e for e in peer if e.month == entry.month], column, base)
        ]
        if len(levels) < LEAST_PEERS:
            return None
        centre = median(levels)
        spread = _sigma([level - centre for level in levels], PEER_FLOOR)
    return scale_of * exp(centre - LIMIT * spread), scale_of * exp(centre + LIMIT * spread)


def _logs(entries: Sequence[Entry], column: str, base: str) -> list[float]:
    pairs = [(entry.value(column), entry.value(base)) for entry in entries]
    return [log(top / bottom) for top, bottom in pairs if top > 0 and bottom > 0]


def _seasons(month: date, peers: Sequence[Sequence[Entry]], column: str, base: str) -> list[float]:
    """How far each peer is from its own habit that month."""
    found = []
    for peer in peers:
        now = _logs([entry for entry in peer if entry.month == month], column, base)
        habit = _logs([entry for entry in peer if entry.month != month], column, base)
        if now and len(habit) >= LEAST_HISTORY:
            found.append(now[0] - median(habit))
    return found


def _sigma(deviations: Sequence[float], floor: float) -> float:
    return max(floor, MAD_TO_SIGMA * median(abs(value) for value in deviations))


def _sentence(column: str, value: float, expected: tuple[float, float]) -> str:
    shown = number if column == "children_enrolled" else hours
    low, high = (shown(round(bound)) for bound in expected)
    label = LABELS[column]
    return f"{label[:1].upper()}{label[1:]}{NBSP}: {shown(round(value))}, on attendait de {low} à {high}."


def by_column(found: Sequence[Verdict]) -> Mapping[str, list[str]]:
    """{column: sentences}, for a form or a grid that shows each doubt beside its cell."""
    told: dict[str, list[str]] = {}
    for verdict in found:
        told.setdefault(verdict.column, []).append(verdict.sentence)
    return told

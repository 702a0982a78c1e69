"""The tables of a synthesis: their columns stop at the level of the document. Pure."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from core.french import NONE, number, percent, points, short_date, signed

from .charts import PREFIX as CHART
from .charts import Chart, rates_chart
from .sentences import ELECTED, HOUSE, INSIDE, Facts, activity_of, rate_before
from .variants import allowed

PREFIX = "table-"
DRAWN = (PREFIX, CHART)  # keys of the blocks that nobody types over: tables and charts
# level of its readers, label, subject, what is counted in it (everything without it)
CHANGES = [
    (HOUSE, "Visites réalisées", "visits", ""),
    (HOUSE, "Comptes rendus transmis", "reports", "shared"),
    (HOUSE, "Actions ouvertes", "actions", "created"),
    (HOUSE, "Actions vérifiées", "actions", "verified"),
    (INSIDE, "Événements signalés", "events", ""),
    (INSIDE, "Congés décidés", "leaves", ""),
]
PRIORITIES = {1: "haute", 2: "normale", 3: "basse"}


@dataclass(frozen=True)
class Grid:
    """`rows` are texts, the first one names the row."""

    title: str
    headers: list[str]
    rows: list[list[str]]

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "Grid":
        return cls(**json.loads(text))


def _changes(facts: Facts, level: str) -> Grid:
    """One row an indicator: this period, the one before, the difference."""
    now, before = facts.now, facts.before
    rows = []
    for at, label, subject, what in CHANGES:
        if allowed(at, level):
            one, two = _count(now[subject], what), _count(before[subject], what)
            rows.append([label, number(one), number(two), signed(one - two)])
    rates = [activity_of(now["hours"]).attendance_rate, rate_before(facts)]
    change = NONE if None in rates else points(rates[0] - rates[1])
    rows.append(["Fréquentation", percent(rates[0]), percent(rates[1]), change])
    return Grid("Ce qui a changé", ["", "Cette période", "Période précédente", "Écart"], rows)


def _count(rows, what):
    return sum(row[1] == what for row in rows) if what else len(rows)


def _houses(facts: Facts, level: str) -> Grid:
    house = facts.terms.house
    headers = [house.cap, "Places autorisées", "Places gelées"]
    inside = allowed(INSIDE, level)
    if inside:
        headers += [facts.terms.visit.caps, "Actions en retard"]
        visits = Counter(pk for _, pk, *_ in facts.now["visits"])
        late = Counter(pk for _, pk, *_ in facts.now["late_actions"])
    rows = [
        [name, number(places), number(frozen), *([number(visits[pk]), number(late[pk])] if inside else [])]
        for pk, name, places, frozen in facts.now["register"]
    ]
    return Grid(house.caps, headers, rows)


def _actions(facts: Facts, level: str) -> Grid:
    rows = [
        [name, short_date(date.fromisoformat(due)), PRIORITIES.get(priority, NONE)]
        for _, _, name, due, priority in facts.now["late_actions"]
    ]
    return Grid(f"{facts.terms.action.caps} en retard", [facts.terms.house.cap, "Échéance", "Priorité"], rows)


@dataclass(frozen=True)
class GridModel:
    """`subjects` by level of the document: (readers of at least this level, subjects it adds)."""

    level: str
    reads: tuple[tuple[str, tuple[str, ...]], ...]
    write: Callable[[Facts, str], Grid | Chart]
    compares: bool = False

    def subjects(self, level: str) -> tuple[str, ...]:
        return tuple(subject for at, names in self.reads if allowed(at, level) for subject in names)


GRIDS = {
    "table-ecarts": GridModel(
        ELECTED,
        ((ELECTED, ("hours",)), (HOUSE, ("visits", "reports", "actions")), (INSIDE, ("events", "leaves"))),
        _changes,
        compares=True,
    ),
    "table-maisons": GridModel(ELECTED, ((ELECTED, ("register",)), (INSIDE, ("visits", "late_actions"))), _houses),
    "graphique-frequentation": GridModel(ELECTED, ((ELECTED, ("months",)),), rates_chart),
    "table-actions": GridModel(INSIDE, ((INSIDE, ("late_actions",)),), _actions),
}

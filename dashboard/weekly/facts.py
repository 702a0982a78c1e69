"""The facts of a week, territory by territory: what the sentences of the CRA say and what they quote.

A key is "<territory>|<Thursday>": the CRA is drafted on Thursdays, its week runs from the Friday before to that day,
so that no day is left out and what is sent on Friday does not move. Each reading takes many keys and a fixed number of
queries for one week: the page that consolidates ten territories costs what one costs. Days are local days.
"""

from datetime import date

from core.calendar import add_months, month_start
from core.sources import SourceKind, register
from establishments.vocabulary import words

from ..telling import links, readings
from ..telling.hours import hours_of
from ..telling.spans import THURSDAY as THURSDAY
from ..telling.spans import Week, reading
from ..telling.spans import thursday_of as thursday_of


def month_hours(keys: set[str]) -> dict[str, list]:
    """[month, months entered, validated, expected, hours by name…] of the month before the one of the last day."""
    weeks = {key: Week.of(key) for key in keys}
    rows = hours_of({(week.place, (_month(week),)) for week in weeks.values()})
    return {key: [_month(week).isoformat(), *rows[week.place, (_month(week),)]] for key, week in weeks.items()}


def _month(week: Week) -> date:
    return add_months(month_start(week.last), -1)


READINGS = {
    "week.events": (readings.events_told, lambda: "Événements", links.events),
    "week.visits": (readings.visits_made, lambda: words()["visit"].caps, links.visits),
    "week.late": (readings.visits_late, lambda: "Visites en retard", links.late),
    "week.reports": (readings.reports_moved, lambda: "Comptes rendus", links.visits),
    "week.actions": (readings.actions_moved, lambda: words()["action"].caps, links.actions),
    "week.leaves": (readings.leaves_decided, lambda: words()["leave"].caps, links.leaves),
    "week.directions": (readings.directions, lambda: "Directions", links.territory),
    "week.to_come": (readings.to_come, lambda: "Semaine suivante", links.following),
}


HOURS = "week.hours"
SUBJECTS = [*READINGS, HOURS]


def register_sources() -> None:
    known = {subject: (reading(read, Week.of), label, url) for subject, (read, label, url) in READINGS.items()}
    known[HOURS] = (month_hours, lambda: "Activité du mois", links.territory)
    for subject, (facts, label, url) in known.items():
        register(SourceKind(subject, facts, lambda key, say=label: say(), lambda key, to=url: to(Week.of(key))))

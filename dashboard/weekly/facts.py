"""The facts of a week, territory by territory: what the sentences of the CRA say and what they quote.

A key is "<territory>|<Thursday>": the CRA is drafted on Thursdays, its week runs from the Friday before to that day,
so that no day is left out and what is sent on Friday does not move. Each reading takes many keys and a fixed number of
queries for one week: the page that consolidates ten territories costs what one costs. Days are local days.
"""

from datetime import date

from core.calendar import add_months, month_start
from core.sources import SourceKind, register
from establishments.vocabulary import words
from indicators.models import HOURS, MonthlyActivity

from ..rates import LOCKED
from ..telling import links, readings
from ..telling.spans import THURSDAY as THURSDAY
from ..telling.spans import Week, everywhere, reading
from ..telling.spans import thursday_of as thursday_of


def month_hours(houses) -> dict[Week, list]:
    """[month, houses that entered it, validated, hours by name…] of the month before the one of the last day."""
    found = {}
    for month in {_month(week) for week in houses}:
        inside = everywhere({week: held for week, held in houses.items() if _month(week) == month})
        rows = MonthlyActivity.objects.published().of_month(month).filter(establishment__in=inside)
        values = {row["establishment"]: row for row in rows.order_by().values("establishment", "status", *HOURS)}
        for week, held in houses.items():
            if _month(week) == month:
                own = [values[house] for house in held if house in values]
                locked = sum(row["status"] in LOCKED for row in own)
                sums = [str(sum(row[name] for row in own)) for name in HOURS]
                found[week] = [month.isoformat(), len(own), locked, len(held), *sums]
    return found


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
    "week.hours": (month_hours, lambda: "Activité du mois", links.territory),
    "week.to_come": (readings.to_come, lambda: "Semaine suivante", links.following),
}


def register_sources() -> None:
    for subject, (read, label, url) in READINGS.items():
        register(
            SourceKind(
                subject, reading(read, Week.of), lambda key, say=label: say(), lambda key, to=url: to(Week.of(key))
            )
        )

"""Every day of several houses judged at once, before and after what is asked: a plan, or the summer of a sector.

The engine is asked once for a day that nothing pending touches, twice otherwise; the book is three queries.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import iter_days
from core.charts import Figure
from core.charts.grids import Cell, heatmap
from core.french import WEEKDAYS, counted, full_date, period

from .consequences import RULES, Side
from .coverage import half_hours_in_breach
from .day_book import AS_IT_IS, DayBook, Scenario

TOPICS = frozenset(RULES)
TONES = {"good": "tenu", "watch": "déjà en défaut", "alert": "en défaut si tout est accordé"}


@dataclass(frozen=True)
class JudgedDay:
    """One open day of one house: half-hours in the red before and after, halves that lose their direction.

    `worse`: a rule is broken that was not, or further than it was, as on the page of one request.
    """

    house: int
    day: date
    before: int
    after: int
    newly_uncovered: tuple[int, ...] = ()
    known: bool = True
    worse: bool = False

    @property
    def added(self) -> int:
        return max(0, self.after - self.before)

    @property
    def tone(self) -> str:
        if self.worse or self.newly_uncovered:
            return "alert"
        return "watch" if self.after else "good"


def pending_of(book: DayBook, houses=None) -> frozenset[int]:
    """The requests of these houses that wait for a decision, all of them unless told."""
    wanted = None if houses is None else {agent.id for house in houses for agent in book.agents(house)}
    return frozenset(
        away.request for away in book.people.aways if away.is_pending and (wanted is None or away.agent in wanted)
    )


def judge(book: DayBook, after: Scenario, start=None, end=None) -> dict[tuple[int, date], JudgedDay]:
    """{(house, day): JudgedDay} of the open days, as it is and in the scenario."""
    found = {}
    for house in book.houses:
        for day in iter_days(start or book.starts_on, end or book.ends_on):
            if (judged := judge_day(book, house, day, after)) is not None:
                found[house, day] = judged
    return found


def judge_day(book, house, day, after) -> JudgedDay | None:
    given = book.houses[house].opening_on(day)
    if given is None:
        return None
    touched = any(away.request in after.granted or away.request in after.lifted for away in book.asked_on(house, day))
    known = book.has_hours(house, day)
    now = book.assess(house, day, AS_IT_IS) if known else []
    before = red(now)
    if not touched:
        return JudgedDay(house, day, before, before, known=known)
    held, there = book.holders(house, day), book.holders(house, day, after)
    lost = tuple(half for half, holder in there.items() if holder is None and held[half] is not None)
    then = book.assess(house, day, after) if known else []
    return JudgedDay(house, day, before, red(then), lost, known, bool(Side.of(then).breaks_more_than(Side.of(now))))


def red(segments) -> int:
    """Half-hours in which a rule of the ratio, the qualification or the direction does not hold."""
    return len(half_hours_in_breach(segments, TOPICS))


def weeks_figure(judged: Mapping, start: date, end: date, today: date, title: str) -> Figure:
    """Weeks × weekdays of one house: half-hours in the red, if everything asked is granted."""
    by_week = defaultdict(dict)
    for (_, day), one in judged.items():
        by_week[day - timedelta(day.weekday())][day.weekday()] = one
    columns = [name for at, name in enumerate(WEEKDAYS) if at < 5 or any(at in week for week in by_week.values())]
    weeks = sorted(by_week)
    cells = [[_cell(by_week[week].get(at)) for at in range(len(columns))] for week in weeks]
    names = [f"sem. du {week:%d/%m}" for week in weeks]
    total = sum(one.added for one in judged.values())
    return Figure(
        title=title,
        unit="demi-heures en défaut",
        period=period(start, end),
        data_date=f"horaires, congés et enfants attendus au {full_date(today)}",
        n=counted(len(judged), "jour ouvert", "jours ouverts"),
        sentence=_sentence(total),
        svg=heatmap(names, columns, cells, tones=TONES, title=title, prefix="semaines"),
        svg_compact=heatmap(names, columns, cells, tones=TONES, title=title, compact=True, prefix="semaines-c"),
        headers=["Semaine", *columns],
        rows=[
            [name, *(_twin(by_week[week].get(at)) for at in range(len(columns)))]
            for name, week in zip(names, weeks, strict=True)
        ],
    )


def _sentence(total):
    if not total:
        return "Tout accorder n’ajoute aucune demi-heure en défaut."
    return f"Tout accorder ajouterait {counted(total, 'demi-heure')} en défaut."


def _cell(one):
    return None if one is None else Cell(one.tone, str(one.after) if one.after else "")


def _twin(one):
    if one is None:
        return "fermé"
    return str(one.after) if one.known else "inconnu"

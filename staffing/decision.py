"""Everything the decision page shows of one leave: verdict, calendar, half-hours, rights, other possible dates.

Four queries, whatever the number of agents and of days (functions S-042, S-043, M2).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from core.calendar import iter_days, month_end, month_start
from core.charts import Figure
from core.french import capitalise, counted, period

from .consequences import Consequences, breaks, consequences, houses_reached
from .day_book import DayBook, Scenario, open_book
from .half_hours import half_hour_figure
from .leave_rules import AFTERNOON, Calendar, Leave, Span, absence_with, next_feasible
from .leave_spans import calendar_of, span_of
from .month_share import keeps_share
from .presence_grid import Grid, presence_grid
from .presences import AFTERNOON_PART, DAY_PART, MORNING_PART, Away
from .rights import Rights, days, rights_of
from .short_staff import HEADCOUNT

AROUND = timedelta(days=31)  # absences that this one would join
AFTER = timedelta(days=70)  # where other dates are looked for
VERDICTS = {
    "good": ("Vert", "rien ne s’y oppose dans les données présentes"),
    "watch": ("Orange", "possible, avec un point à surveiller"),
    "alert": ("Rouge", "une règle ne tient pas"),
}


@dataclass(frozen=True)
class Decision:
    """What to know before the click."""

    found: Consequences
    grid: Grid
    figure: Figure | None
    rights: Rights | None
    cost: Fraction
    others: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def tone(self) -> str:
        """Red is what takes a derogation; what was already so, or is not known, is orange."""
        if self.found.breach:
            return "alert"
        known = self.found.tone == "good" and self.found.has_hours and not self.notes
        return "good" if known else "watch"

    @property
    def short_days(self) -> list[date]:
        """Days on which too few people would be with the children: somebody more may be asked for."""
        return [day.day for day in self.found.days if HEADCOUNT & set(day.broken)]

    @property
    def cost_text(self) -> str:
        return days(self.cost)

    @property
    def verdict(self) -> str:
        colour, words = VERDICTS[self.tone]
        return f"{colour}\u00a0: {words}"


def decision_of(leave, today) -> Decision:
    # Whole months, so that their 40 % is judged for the other dates too.
    first, last = month_start(leave.starts_on - AROUND), month_end(leave.ends_on + AFTER)
    book = open_book(houses_reached([leave]), first, last, today)
    found = consequences(leave, book)
    mine = [agent for agent in book.agents(leave.establishment_id) if agent.id == leave.employee_id]
    calendar = calendar_of(mine, book.houses[leave.establishment_id])
    patterns = {leave.employee_id: calendar.pattern} if any(agent.timetables for agent in mine) else {}
    rights = rights_of([leave.employee_id], leave.starts_on.year, patterns).get(leave.employee_id)
    opened = [day.day for day in found.days]
    return Decision(
        found=found,
        grid=presence_grid(book, leave.establishment_id, opened, chosen=leave.pk),
        figure=half_hour_figure(found, leave, today) if found.has_hours else None,
        rights=rights,
        cost=rights.cost(leave) if rights else Fraction(0),
        others=tuple(other_dates(book, leave, calendar, today)),
        notes=tuple(_notes(found, rights, leave)),
    )


def _notes(found, rights, leave):
    """What is to be watched besides the rules of the house."""
    if rights and rights.is_overdrawn and leave.kind in ("annual", "split"):
        yield "Ses droits de l’année ne couvrent pas tout ce qui est demandé."
    unknown = max((day.without_hours for day in found.days), default=0)
    if found.has_hours and unknown:
        yield f"{counted(unknown, 'personne')} sans horaires connus\u00a0: non comptée dans le taux."


def other_dates(book: DayBook, leave, calendar: Calendar, today) -> Sequence[str]:
    """The nearest dates that cost as many days and break nothing, said in French."""
    search = Feasible(book, leave, calendar, Scenario(lifted=frozenset({leave.pk})))
    return [_said(span) for span in search.nearest(today)]


def other_span(search: "Feasible", today) -> Span | None:
    """The nearest of them."""
    return next(iter(search.nearest(today, limit=1)), None)


def _said(span: Span) -> str:
    text = capitalise(period(span.starts_on, span.ends_on))
    if span.from_noon:
        text += ", à partir de l’après-midi"
    if span.until_noon:
        text += ", jusqu’au matin inclus"
    return text


class Feasible:
    """Whether a leave moved to other dates breaks nothing more than `before`; each day is assessed once a part."""

    def __init__(self, book, leave, calendar, before: Scenario):
        self.book, self.house, self.agent = book, leave.establishment_id, leave.employee_id
        self.calendar, self.leave, self.before = calendar, leave, before
        self.own = [a for a in book.people.aways if a.agent == self.agent and a.request != leave.pk]
        self.sent = {one.on for one in book.people.sent if one.agent == self.agent}
        self.known: dict[tuple, bool] = {}
        self.months: dict[tuple, tuple] = {}

    def nearest(self, today, limit=3) -> Sequence[Span]:
        earliest = max(today + timedelta(days=1), self.book.starts_on)
        latest, wanted = min(self.book.ends_on, self.leave.ends_on + AFTER), span_of(self.leave)
        return next_feasible(wanted, self, self.calendar, earliest=earliest, latest=latest, limit=limit)

    def __call__(self, span: Span) -> bool:
        if any(other.starts_on <= span.ends_on and span.starts_on <= other.ends_on for other in self.own):
            return False
        days = list(iter_days(span.starts_on, span.ends_on))
        if self.sent.intersection(days):
            return False
        others = [Leave(span_of(away), away.kind) for away in self.own if away.request is not None]
        if absence_with(Leave(span, self.leave.kind), others, self.calendar).too_long:
            return False
        return all(self._holds(day, _part(span, day)) for day in days) and self._keeps_months(span, days)

    def _keeps_months(self, span, days):
        """The 40 % of each month: looked at only where these days could take it away."""
        extra = tuple(Away(self.agent, day, day, _part(span, day)) for day in days)
        after = replace(self.before, extra=(*self.before.extra, *extra))
        return all(
            keeps_share(self.book, self.house, month, len(days), self.before, after, self.months)
            for month in dict.fromkeys(map(month_start, days))
        )

    def _holds(self, day, part):
        if (day, part) not in self.known:
            away = Away(self.agent, day, day, part)
            after = replace(self.before, extra=(*self.before.extra, away))
            self.known[day, part] = not breaks(self.book, self.house, day, self.before, after)
        return self.known[day, part]


def _part(span, day):
    halves = {half for at, half in span.half_days() if at == day}
    if len(halves) == 2:
        return DAY_PART
    return AFTERNOON_PART if AFTERNOON in halves else MORNING_PART

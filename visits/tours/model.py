"""What is known before a tour is planned, and what the plan says."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from core.calendar import covers
from core.geo import Point
from visits import schedule

MORNING = "morning"
AFTERNOON = "afternoon"
HALVES = (MORNING, AFTERNOON)
HALF_DAY_LABELS = {MORNING: "matin", AFTERNOON: "après-midi"}

# A longer visit takes the whole day. With more than two visits a day each half-day is shared: see `Problem`.
HALF_DAY_MINUTES = 210
MOST_VISITS_A_DAY = 4
WORKING_WEEK = frozenset(range(5))

Period = tuple[date, date]

ON_TIME = "on_time"
LATE_PROVEN = "late_proven"
LATE_UNPROVEN = "late_unproven"
STATUS_LABELS = {
    ON_TIME: "toutes les visites sont à l’heure",
    LATE_PROVEN: "tout faire à l’heure est impossible\u00a0: aucun plan n’y arrive",
    LATE_UNPROVEN: "des visites sont en retard\u202f; un meilleur plan n’est pas exclu",
}


@dataclass(frozen=True)
class Review:
    """An analyse de fonctionnement due by a day; its visit counts for the two-month rule."""

    due_on: date
    minutes: int = 180


@dataclass(frozen=True)
class House:
    """An establishment as the planner sees it. Periods are inclusive; `weekdays` counts Monday as 0.

    `due_on`, where given, replaces the two-month rule for the next visit only. `interval_days` shortens the rhythm
    (a director takes office). Without coordinates its way counts for nothing.
    """

    id: int
    name: str
    point: Point | None = None  # longitude, latitude
    last_visit_on: date | None = None
    due_on: date | None = None
    first_due_on: date | None = None
    months: int = schedule.MONTHS_BETWEEN_VISITS
    interval_days: int | None = None
    minutes: int = 150
    weekdays: frozenset[int] = WORKING_WEEK
    closures: tuple[Period, ...] = ()
    reviews: tuple[Review, ...] = ()

    def next_due(self, visited_on: date) -> date:
        return schedule.next_due(visited_on, months=self.months, interval_days=self.interval_days)

    def opens_on(self, day: date) -> bool:
        """Public holidays are the agenda's business: she does not work on them."""
        return day.weekday() in self.weekdays and not any(covers(*closure, day) for closure in self.closures)


@dataclass(frozen=True)
class Absence:
    """Leave of the coordinator: dates only, never a motive."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Agenda:
    """Her base, her days, her leave, and the half-days taken by meetings."""

    base: Point
    starts_on: date
    weeks: int = 8
    weekdays: frozenset[int] = WORKING_WEEK
    absences: tuple[Absence, ...] = ()
    busy: frozenset[tuple[date, str]] = frozenset()

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=7 * self.weeks - 1)


@dataclass(frozen=True)
class Locked:
    """A visit already agreed: it stays where it is, whatever it costs."""

    house_id: int
    day: date
    half_day: str
    kind: str = schedule.REGULAR
    minutes: int = 150


@dataclass(frozen=True)
class Urgent:
    """A visit wanted by a day. A kind that counts also satisfies the two-month rule: one visit does for both."""

    house_id: int
    due_on: date
    kind: str = schedule.UNANNOUNCED


@dataclass(frozen=True)
class Problem:
    """All the planner is told. `min_gap_days` between two visits of a house is kept unless it makes one late."""

    houses: tuple[House, ...]
    agenda: Agenda
    locked: tuple[Locked, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    visits_a_day: int = 2
    min_gap_days: int = 14

    def __post_init__(self) -> None:
        if not 1 <= self.visits_a_day <= MOST_VISITS_A_DAY:
            raise ValueError(f"Le nombre de visites par jour va de 1 à {MOST_VISITS_A_DAY}.")
        ids = {house.id for house in self.houses}
        if len(ids) < len(self.houses):
            raise ValueError("Un établissement figure deux fois dans la demande.")
        unknown = {one.house_id for one in self.locked} | {one.house_id for one in self.urgent}
        unknown -= ids
        if unknown:
            raise ValueError(f"Une visite demandée ne désigne aucun établissement connu\u00a0: {min(unknown)}.")
        if len({(one.house_id, one.day) for one in self.locked}) < len(self.locked):
            raise ValueError("Deux visites verrouillées désignent le même établissement le même jour.")
        if any(one.day < self.agenda.starts_on for one in self.locked):
            raise ValueError("Une visite verrouillée précède le début de la période.")
        share = HALF_DAY_MINUTES // self.per_half_day
        if self.per_half_day > 1 and any(house.minutes > share for house in self.houses):
            raise ValueError(f"À {self.visits_a_day} visites par jour, chacune doit tenir en {share} minutes.")

    @property
    def per_half_day(self) -> int:
        return (self.visits_a_day + 1) // 2

    def house(self, house_id: int) -> House:
        return next(house for house in self.houses if house.id == house_id)


@dataclass(frozen=True)
class PlannedVisit:
    """One visit of the plan. A visit of a whole day is set in the morning."""

    house: House
    day: date
    half_day: str
    kind: str
    due_on: date
    reasons: tuple[str, ...] = ()
    whole_day: bool = False
    locked: bool = False
    own_due_on: date | None = None  # the review's or the urgent visit's own deadline

    @property
    def counts(self) -> bool:
        return self.kind in schedule.COUNTING_KINDS


@dataclass(frozen=True)
class LateVisit:
    """A deadline the plan misses: `day` is None when no visit is planned at all; `why` is a French sentence."""

    house: House
    due_on: date
    day: date | None
    why: str


@dataclass(frozen=True)
class TourPlan:
    """The plan, its proof and its cost. `lower_bound_km`: no plan of these same visits is shorter.

    `status` is ON_TIME, LATE_PROVEN (no plan at all is on time) or LATE_UNPROVEN.
    """

    problem: Problem
    visits: tuple[PlannedVisit, ...]
    late: tuple[LateVisit, ...]
    distance_km: float
    lower_bound_km: float
    status: str
    iterations: int = 0
    seed: int = 0
    cpu_seconds: float = field(default=0.0, compare=False)

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]

"""The frame of the demonstration: its size, its calendar, its streams of chance, and the rows waiting to be written.

Everything is a function of (size, seed, today). Each subject draws from a stream of its own, named by strings: adding
a drawing somewhere moves nothing elsewhere, and neither the hash seed nor the time zone of the process matters.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from core.calendar import add_months, is_working_day, month_start

PARIS = ZoneInfo("Europe/Paris")
ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Size:
    """`tree`: for each circonscription, the number of sectors of each of its pôles."""

    name: str
    tree: tuple[tuple[int, ...], ...]
    houses_per_sector: int
    months: int


SIZES = {
    size.name: size
    for size in [
        Size("mini", ((2,),), 3, 6),
        Size("pole", ((2,),), 15, 36),
        Size("direction", ((2, 1), (3,)) * 5, 15, 36),
    ]
}


@dataclass
class House:
    """One establishment and what the following chapters need to know of it."""

    row: object
    sector: object
    rank: int  # in its sector, from 0: the story of the coordinator's own sector is told by rank
    number: int  # in the city, from 0
    authorisations: list = field(default_factory=list)
    past: object = None  # the PastIdentity, if any
    hours: list = field(default_factory=list)  # (from, until, opens, closes)
    slots: list = field(default_factory=list)  # (from, until, places) of the authorisation in force, when modulated
    closures: list = field(default_factory=list)
    closed: dict = field(default_factory=dict)  # day -> cause, whole days only
    frozen: list = field(default_factory=list)
    attachments: list = field(default_factory=list)
    directorships: list = field(default_factory=list)
    staff: list = field(default_factory=list)  # (Employee, Posting)
    actions: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    quality: int = 0  # how far its observations lean to the worse

    def authorisation_on(self, day):
        rows = self.authorisations
        return next((row for row in rows if holds(row, day)), rows[0] if day < rows[0].starts_on else rows[-1])

    def places_on(self, day):
        return self.authorisation_on(day).places

    def identity_on(self, day):
        return self.past if self.past and holds(self.past, day) else self.row

    def is_open_day(self, day):
        return self.row.is_open_on(day) and is_working_day(day) and day not in self.closed

    def open_day_before(self, day):
        """The last day of welcome on or before `day`; None when the house had not opened yet."""
        while day >= self.row.opened_on:
            if self.is_open_day(day):
                return day
            day -= timedelta(days=1)
        return None

    def open_day_after(self, day):
        while not self.is_open_day(day):
            day += timedelta(days=1)
        return day

    def directing_on(self, day, position="director"):
        """The person who holds a position on a day, or None."""
        return next((d.person for d in self.directorships if d.position == position and holds(d, day)), None)

    def sector_on(self, day):
        return next((a.territory for a in self.attachments if holds(a, day)), self.sector)


def holds(row, day):
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


class World:
    """What is being built: the houses, the people, and every row in the order it was imagined."""

    def __init__(self, size, seed, today):
        self.size, self.seed, self.today = size, seed, today
        self.since = add_months(month_start(today), -size.months)
        self.rows = defaultdict(list)
        self.houses = []
        self.sectors = []
        self.people = {}
        self.mandates = []
        self.decisions = []

    def stream(self, *names):
        """A generator that depends on the seed and on these names only (Random hashes a text by SHA-512)."""
        return Random("/".join([str(self.seed), *map(str, names)]))  # noqa: S311 - a demonstration, not a secret

    def add(self, row):
        self.rows[type(row)].append(row)
        return row

    def write(self, *models):
        """Insert what waits for these models, in the order given; rows then know their keys."""
        for model in models:
            waiting = [row for row in self.rows[model] if row._state.adding]
            model._base_manager.bulk_create(waiting, batch_size=ROWS_AT_ONCE)

    @property
    def now(self):
        return at(self.today, 8)

    def tell(self, instant, by, verb, subject, establishment, note=""):
        """A decision for the journal, written in the order of time at the end."""
        self.decisions.append((instant, len(self.decisions), by, verb, subject, establishment, note))

    def coordinator_of(self, sector, day):
        """Who went round a sector on a day."""
        return next(
            (m.user for m in self.mandates if m.role == "coordinator" and m.territory is sector and holds(m, day)),
            None,
        )


def at(day, hour=9, minute=0):
    """An instant of a day in Paris, in UTC as the database gives it back."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def uuid_of(chance):
    return UUID(int=chance.getrandbits(128), version=4)


def some(chance, share):
    """True for about that share of the draws."""
    return chance.random() < share


def monday_on_or_after(day):
    return day + timedelta(days=-day.weekday() % 7)


def first_weekday(year, month, weekday):
    return date(year, month, 1) + timedelta(days=(weekday - date(year, month, 1).weekday()) % 7)

"""The days that the forecast learns from and those it looks at, read through the coverage engine."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.urls import reverse

from core.calendar import iter_days

from ..coverage import Topic
from ..day_book import DayBook
from ..house_facts import read_houses
from ..models import Absence
from ..people_facts import read_people
from .model import DayRecord, Rates, fit, groups_of, probability_of_break
from .skill import Skill, evaluate, usual

HISTORY_DAYS = 182
ASIDE_DAYS = 56
AHEAD_DAYS = 28
RATIO = {Topic.RATIO, Topic.MINIMUM}
LIKELY, POSSIBLE = 0.30, 0.10


@dataclass(frozen=True)
class Forecast:
    """One open day to come of one house: the chance of a break, that of the model or the usual one."""

    house: int
    house_name: str
    day: date
    scheduled: int
    margin: int
    chance: float
    habit: float
    url: str = ""

    @property
    def is_known(self) -> bool:
        """Short on paper already: nobody needs to fall ill."""
        return self.margin < 0

    @property
    def tone(self) -> str:
        return "alert" if self.chance >= LIKELY else "watch" if self.chance >= POSSIBLE else "good"

    @property
    def word(self) -> str:
        if self.is_known:
            return "déjà en défaut au planning"
        return {"alert": "probable", "watch": "possible", "good": "peu probable"}[self.tone]

    def get_absolute_url(self) -> str:
        return self.url


@dataclass(frozen=True)
class Weather:
    """Four weeks ahead of several houses, what the forecast is worth, and the rates it learned."""

    days: tuple[Forecast, ...]
    skill: Skill
    rates: Rates
    absences: int


def weather_of(houses, today: date) -> Weather:
    """Houses given by their ids. Six queries, whatever their number."""
    houses = list(houses)
    past = records_of(houses, today - timedelta(HISTORY_DAYS), today - timedelta(1), today, with_outcome=True)
    ahead = records_of(houses, today, today + timedelta(AHEAD_DAYS - 1), today)
    # A day already short on paper is known, not forecast: it would make any score look good.
    held = [one for one in past.records if one.margin >= 0]
    skill = evaluate(held, today - timedelta(ASIDE_DAYS))
    rates, habit = fit(held), usual(held)
    days = []
    for one in ahead.records:
        frequency = habit.get(one.house, habit[0])
        chance = probability_of_break(rates, one) if skill.is_better or one.margin < 0 else frequency
        url = reverse("staffing:establishment_team", args=[one.house])
        name = ahead.names[one.house]
        days.append(Forecast(one.house, name, one.day, one.scheduled, one.margin, chance, frequency, url))
    absences = sum(one.absent for one in past.records)
    return Weather(tuple(sorted(days, key=_first)), skill, rates, absences)


def _first(one: Forecast):
    """What is a chance comes first: what is already short on paper is told by the continuity and the plans."""
    return one.is_known, -round(one.chance, 4), one.day, one.house_name


@dataclass(frozen=True)
class Read:
    records: list[DayRecord]
    names: dict[int, str]


def records_of(houses, start: date, end: date, today: date, *, with_outcome: bool = False) -> Read:
    """The open days of the houses whose hours are known: as planned, and as they went when they are over."""
    facts, people = read_houses(houses, start, end, today), read_people(houses, start, end)
    foreseen = tuple(away for away in people.aways if away.kind != Absence.Kind.UNPLANNED)
    # A day that is over is learned from as it was planned; ahead, an absence already told is no longer a chance.
    planned = replace(people, aways=foreseen) if with_outcome else people
    book, real = DayBook(start, end, facts, planned), DayBook(start, end, facts, people)
    found = []
    for house in facts:
        for day in iter_days(start, end):
            record = _record(book, house, day)
            if record is not None and with_outcome:
                record = replace(record, absent=_absent(real, house, day), broken=_broken(real, house, day))
            if record is not None:
                found.append(record)
    return Read(found, {pk: house.name for pk, house in facts.items()})


def _record(book: DayBook, house: int, day: date) -> DayRecord | None:
    given = book.house_day(house, day) if book.has_hours(house, day) else None
    if given is None or given.opening is None:
        return None
    segments = [one for one in book.assess(house, day) if one.required]
    if not segments:
        return None
    tightest = min(segments, key=lambda one: (one.present - one.required, one.present))
    scheduled = len({one.person for one in given.presences if one.counts})
    margin = tightest.present - tightest.required
    moments = [_there(given, one) for one in segments if one.present - one.required == margin]
    return DayRecord(house, day, scheduled, tightest.present, margin, groups=groups_of(moments, margin))


def _there(given, moment) -> frozenset:
    """Who is with the children all along a stretch of the day."""
    return frozenset(
        one.person for one in given.presences if one.counts and one.start <= moment.start and moment.end <= one.end
    )


def _broken(book: DayBook, house: int, day: date) -> bool:
    return any(breach.topic in RATIO for one in book.assess(house, day) for breach in one.breaches)


def _absent(book: DayBook, house: int, day: date) -> int:
    """How many of those expected with the children are missing without notice."""
    away = {one.agent for one in book.aways_on(house, day) if one.kind == Absence.Kind.UNPLANNED}
    return sum(1 for agent in book.posted(house, day) if agent.id in away and agent.category is not None)

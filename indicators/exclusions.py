"""The days and places that a denominator leaves out, and why (decisions, 11). Three queries for any perimeter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from core.calendar import clip, covers, is_public_holiday, iter_days, public_holidays
from core.french import counted, period, sentence_list
from establishments.models import CapacityChange, Closure, OpeningHours
from establishments.vocabulary import words

AUTHORISED, OPEN = "authorised_hours", "open_hours"
BOTH = frozenset({AUTHORISED, OPEN})
NAMED = 6  # periods told one by one, beyond which they are counted


@dataclass(frozen=True)
class Exclusion:
    """One reason: `leaves` are the hours it is taken from, `how_much` and `when` are told in words."""

    reason: str
    leaves: frozenset[str]
    how_much: str
    when: str

    @property
    def leaves_words(self) -> str:
        return "heures autorisées et ouvertes" if AUTHORISED in self.leaves else "heures ouvertes"


def exclusions(houses, start: date, end: date) -> list[Exclusion]:
    """What left the hours of `houses` (a list of ids) from `start` to `end`, inclusive."""
    opened = _opened_weekdays(houses, start, end)
    return [*_holidays(start, end), *_closures(houses, start, end, opened), *_freezes(houses, start, end)]


def _holidays(start, end):
    days = [
        (day, name)
        for year in range(start.year, end.year + 1)
        for day, name in public_holidays(year, alsace_moselle=settings.RONDE_ALSACE_MOSELLE).items()
        if start <= day <= end and day.isoweekday() < 6
    ]
    if days:
        told = sentence_list(f"{name} ({day:%d/%m/%Y})" for day, name in days)
        yield Exclusion("Jours fériés", BOTH, counted(len(days), "jour de semaine", "jours de semaine"), told)


def _opened_weekdays(houses, start, end):
    """{house: [(weekday, from, to)]}."""
    found = defaultdict(list)
    rows = OpeningHours.objects.filter(establishment__in=houses).touching(start, end).order_by()
    for house, *row in rows.values_list("establishment", "weekday", "starts_on", "ends_on"):
        found[house].append(row)
    return found


def _closures(houses, start, end, opened):
    days, closed, spans = defaultdict(float), defaultdict(set), defaultdict(dict)
    for row in Closure.objects.filter(establishment__in=houses).touching(start, end).order_by("starts_on", "pk"):
        low, high = clip(row.starts_on, row.ends_on, start, end)
        weight = 1 if row.part == Closure.Part.DAY else 0.5
        lost = sum(_welcomes(opened[row.establishment_id], day) for day in iter_days(low, high)) * weight
        if lost:
            days[row.cause] += lost
            closed[row.cause].add(row.establishment_id)
            spans[row.cause][period(low, high)] = None
    for cause in Closure.Cause:
        if days[cause]:
            leaves = BOTH if cause in Closure.PLANNED else frozenset({OPEN})
            yield Exclusion(
                cause.label.capitalize(), leaves, _amount(days[cause], closed[cause], "jour"), _spans(spans[cause])
            )


def _welcomes(hours, day):
    if is_public_holiday(day, alsace_moselle=settings.RONDE_ALSACE_MOSELLE):
        return False
    return any(weekday == day.isoweekday() and covers(since, until, day) for weekday, since, until in hours)


def _freezes(houses, start, end):
    places, frozen, spans = defaultdict(int), defaultdict(set), defaultdict(dict)
    rows = CapacityChange.objects.filter(establishment__in=houses).touching(start, end).order_by("starts_on", "pk")
    for row in rows:
        low, high = clip(row.starts_on, row.ends_on, start, end)
        places[row.reason] += row.places
        frozen[row.reason].add(row.establishment_id)
        spans[row.reason][period(low, high)] = None
    for reason in CapacityChange.Reason:
        if places[reason]:
            yield Exclusion(
                f"Places gelées ({reason.label})",
                frozenset({OPEN}),
                _amount(places[reason], frozen[reason], "place"),
                _spans(spans[reason]),
            )


def _amount(quantity, houses, noun):
    told = counted(int(quantity) if quantity == int(quantity) else quantity, noun)
    return told if len(houses) == 1 else f"{told} dans {words()['establishment'].counted(len(houses))}"


def _spans(spans):
    told = list(spans)
    return sentence_list(told) if len(told) <= NAMED else f"{len(told)} périodes"

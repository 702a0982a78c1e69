"""The dated facts of houses that the coverage of a day needs: one query, whatever their number and the period."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from django.conf import settings
from django.db.models import CharField, DateField, F, IntegerField, QuerySet, Sum, TimeField, Value
from django.db.models.functions import Cast

from core.calendar import add_months, covers, minutes_of, month_start
from establishments.models import (
    Authorisation,
    AuthorisationSlot,
    CapacityChange,
    Closure,
    Establishment,
    OpeningHours,
)
from establishments.regulation import FIVE_EIGHT_SUMMED, CapacitySlot
from indicators.capacity import Closed, Frozen, Hours, Places, Slot, Terms, open_stretches, opening_of
from indicators.models import ExpectedAttendance, MonthlyActivity

from .expected import Expectation, ExpectedWeekday
from .presences import NOON, middle_of

HISTORY_MONTHS = 12
COLUMNS = ["what", "house", "key", "one", "two", "first", "last", "opens", "closes", "text", "more"]
NOTHING = {
    "key": IntegerField(),
    "one": IntegerField(),
    "two": IntegerField(),
    "first": DateField(),
    "last": DateField(),
    "opens": TimeField(),
    "closes": TimeField(),
    "text": CharField(),
    "more": CharField(),
}
# Closures that take days of leave from everyone (domain.md §5.8 f); a pedagogical day is worked.
CONSUMING = [Closure.Cause.YEARLY, Closure.Cause.BRIDGE]


@dataclass(frozen=True)
class Rule:
    """The places and the ratio rule authorised between two dates."""

    starts_on: date
    ends_on: date | None
    places: int
    rule: str
    slots: tuple[CapacitySlot, ...] = ()


@dataclass(frozen=True)
class House:
    """One house, all that makes its days dated. `consuming`: closures that take leave, (start, end, part)."""

    pk: int
    name: str
    kind: str
    terms: Terms
    rules: tuple[Rule, ...] = ()
    expectation: Expectation = field(default_factory=Expectation)
    consuming: tuple[tuple[date, date, str], ...] = ()

    def rule_on(self, day):
        return next((rule for rule in self.rules if covers(rule.starts_on, rule.ends_on, day)), None)

    def opening_on(self, day):
        """(start, end) of the welcome that day, None when the house is closed."""
        stretches = open_stretches(self.terms, day)
        return (stretches[0][0], stretches[-1][1]) if stretches else None

    def middle_on(self, day):
        """Where the two halves of a day meet: the middle of the usual opening, closures aside."""
        hours = opening_of(self.terms, day)
        return middle_of((hours.start, hours.end)) if hours else NOON

    def children_on(self, day, opening):
        rule, at = self.rule_on(day), opening[0]
        if rule is None:
            return self.expectation.children_on(day, ()) if self.expectation.row_on(day) else ()
        frozen = sum(one.places for one in self.terms.frozen if one.holds(day))
        places = next(p for p in self.terms.places if p.holds(day))
        pieces = []
        for minutes, count in places.pieces(day.isoweekday(), *opening):
            pieces.append((at, at + minutes, max(0, count - frozen)))
            at += minutes
        return self.expectation.children_on(day, [piece for piece in pieces if piece[0] < piece[1]])


def read_houses(houses, start, end, today) -> dict[int, House]:
    """{id: House} of what touches start–end, for houses given by their ids or a subquery of them. One query."""
    houses = houses if isinstance(houses, QuerySet) else list(houses)
    rows = defaultdict(lambda: defaultdict(list))
    for row in _union(houses, start, end, today):
        rows[row["house"]][row["what"]].append(row)
    return {pk: _house(pk, found) for pk, found in rows.items() if found["life"]}


def _union(houses, start, end, today):
    mine = {"establishment__in": houses}
    legs = [*_lasting(houses, mine, start, end), *_daily(mine, start, end), _history(mine, today)]
    return legs[0].union(*legs[1:], all=True)


DATED = {"house": F("establishment"), "first": F("starts_on"), "last": F("ends_on")}


def _lasting(houses, mine, start, end):
    """What a house is: its life, its authorisations and their modulated places."""
    lives, slots = Establishment.objects.filter(pk__in=houses), AuthorisationSlot.objects
    life = {"house": F("pk"), "first": F("opened_on"), "last": F("closed_on"), "text": F("kind"), "more": F("name")}
    rules = {"key": F("pk"), "one": F("places"), "text": F("ratio_rule")}
    yield _leg(lives, "life", **life)
    yield _leg(_rows(Authorisation, mine, start, end), "rule", **rules, **DATED)
    yield _leg(
        slots.filter(authorisation__establishment__in=houses),
        "slot",
        house=F("authorisation__establishment"),
        key=F("authorisation"),
        one=F("weekday"),
        two=F("places"),
        opens=F("starts_at"),
        closes=F("ends_at"),
    )


def _daily(mine, start, end):
    """What its days are made of: hours, closures, frozen places, children expected."""
    hours = {"one": F("weekday"), "opens": F("opens_at"), "closes": F("closes_at")}
    packed = {"text": Cast("non_walkers", CharField()), "more": Cast("walkers", CharField())}
    yield _leg(_rows(OpeningHours, mine, start, end), "hours", **hours, **DATED)
    yield _leg(_rows(Closure, mine, start, end), "closure", text=F("part"), more=F("cause"), **DATED)
    yield _leg(_rows(CapacityChange, mine, start, end), "frozen", one=F("places"), **DATED)
    yield _leg(_rows(ExpectedAttendance, mine, start, end), "expected", one=F("weekday"), **packed, **DATED)


def _history(mine, today):
    """Hours of the last twelve months that were validated."""
    since = add_months(month_start(today), -HISTORY_MONTHS)
    months = MonthlyActivity.objects.filter(**mine, month__gte=since, status__in=["validated", "closed"])
    return _leg(
        months.order_by().values("establishment"),
        "history",
        house=F("establishment"),
        one=Cast(Sum("actual_hours"), IntegerField()),
        two=Cast(Sum("authorised_hours"), IntegerField()),
    )


def _rows(model, mine, start, end):
    return model.objects.filter(**mine).touching(start, end)


def _leg(rows, what, **given):
    """One part of the union: the same columns everywhere, those that it lacks typed and empty."""
    named = {name: Cast(Value(None), kind) for name, kind in NOTHING.items()} | given
    return rows.order_by().annotate(what=Value(what, CharField()), **named).values(*COLUMNS)


def _dates(row):
    return row["first"], row["last"]


def _house(pk, rows):
    (life,) = rows["life"]
    slots = defaultdict(list)
    for row in rows["slot"]:
        slots[row["key"]].append(row)
    terms = Terms(
        *_dates(life),
        places=tuple(Places(*_dates(r), r["one"], tuple(_slot(s) for s in slots[r["key"]])) for r in rows["rule"]),
        hours=tuple(
            Hours(*_dates(r), r["one"], minutes_of(r["opens"]), minutes_of(r["closes"])) for r in rows["hours"]
        ),
        closures=tuple(Closed(*_dates(r), r["more"] in Closure.PLANNED, r["text"]) for r in rows["closure"]),
        frozen=tuple(Frozen(*_dates(r), r["one"]) for r in rows["frozen"]),
        alsace_moselle=settings.RONDE_ALSACE_MOSELLE,
    )
    rules = tuple(
        Rule(*_dates(r), r["one"], r["text"] or FIVE_EIGHT_SUMMED, tuple(_modulated(s) for s in slots[r["key"]]))
        for r in rows["rule"]
    )
    weekdays = tuple(ExpectedWeekday(r["one"], *_dates(r), r["text"], r["more"]) for r in rows["expected"])
    consuming = tuple((*_dates(r), r["text"]) for r in rows["closure"] if r["more"] in CONSUMING)
    house = House(pk, life["more"], life["text"], terms, rules, Expectation(weekdays), consuming)
    rate = next((Fraction(r["one"], r["two"]) for r in rows["history"] if r["two"]), None)
    return replace(house, expectation=replace(house.expectation, rate=rate))


def _slot(row):
    return Slot(row["one"], minutes_of(row["opens"]), minutes_of(row["closes"]), row["two"])


def _modulated(row):
    return CapacitySlot(row["one"], row["opens"], row["closes"], row["two"])

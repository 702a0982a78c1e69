"""Days of leave of agents over a year: rights, closures, granted, pending apart, what may be saved (failure C23).

A fixed number of queries for any number of agents: one union, and the rosters unless they are already known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.conf import settings
from django.db.models import CharField, DecimalField, F, IntegerField, Value
from django.db.models.functions import Cast

from core.calendar import clip
from core.french import NBSP, counted, number
from core.periods import touching
from establishments.models import Closure

from .house_facts import CONSUMING
from .leave_rules import (
    AFTERNOON,
    HALF,
    MORNING,
    OTHER,
    Absence,
    Balance,
    Calendar,
    Leave,
    Service,
    WorkPattern,
    absences,
    annual_right,
    balance,
    cet_transferable,
    leave_days,
    may_feed_cet,
    served_a_year,
    to_half_days,
)
from .leave_spans import span_of, spans_of
from .models import LeaveRequest, Posting, RosterSlot
from .presences import Shift, Timetable

COLUMNS = ["what", "who", "house", "first", "last", "days", "half", "sort", "state"]
GRANTED = LeaveRequest.Status.GRANTED


@dataclass(frozen=True)
class Rights:
    """One agent over one year. `calendar` counts her days; `other` are those of RTT, CET and other counters."""

    year: int
    exact: Fraction
    balance: Balance
    calendar: Calendar
    other: Mapping[str, Fraction]
    longest: Absence | None
    saved: Fraction
    may_save: bool = True

    @property
    def is_overdrawn(self) -> bool:
        return self.balance.remaining_if_granted < 0

    def cost(self, leave) -> Fraction:
        """Days that a request takes from the year."""
        return leave_days(span_of(leave), self.calendar)

    @property
    def saving(self) -> str:
        """What may go to the compte épargne-temps at the end of the year, and why when nothing may."""
        words = f"Épargne possible (CET) fin {self.year}{NBSP}:"
        if not self.may_save:
            return f"{words} aucune, il faut une année de service continu (décret 2004-878)."
        if not may_feed_cet(self.balance.taken):
            return f"{words} aucune tant que 20 jours de congé ne sont pas pris (décret 2004-878)."
        return f"{words} {days(self.saved)}, dans la limite du plafond du compte (décret 2004-878)."

    @property
    def sentence(self) -> str:
        """ "Droit 25 jours ; pris 10, en attente 5 ; resterait 10"."""
        held = self.balance
        bonus = f", fractionnement {days(Fraction(held.bonus_if_granted))}" if held.bonus_if_granted else ""
        return (
            f"Droit {self.year}{NBSP}: {days(held.right)}{bonus}. Pris ou accordé{NBSP}: {days(held.taken)}, "
            f"en attente{NBSP}: {days(held.pending)}. Resterait {days(held.remaining_if_granted)}."
        )


def days(value: Fraction) -> str:
    """ "12,5 jours", "1 jour"."""
    if value.denominator == 1:
        return counted(int(value), "jour")
    return f"{number(value, 1)}{NBSP}{'jours' if abs(value) >= 2 else 'jour'}"


def rights_of(employees: Iterable[int], year: int, patterns: Mapping[int, WorkPattern] | None = None):
    """{employee id: Rights} of a year. Two queries, one when the patterns are given; nobody without a posting."""
    employees = list(employees)
    rows = defaultdict(lambda: defaultdict(list))
    for row in _union(employees, date(year, 1, 1), date(year, 12, 31)) if employees else ():
        rows[row["what"]][row["house" if row["what"] == "closure" else "who"]].append(row)
    known = read_patterns(employees) if patterns is None else patterns
    return {
        who: _rights(year, postings, rows["leave"][who], rows["closure"], known.get(who))
        for who, postings in rows["posting"].items()
    }


def _union(employees, start, end):
    postings = Posting.objects.filter(employee__in=employees).touching(start, end)
    leaves = LeaveRequest.objects.filter(employee__in=employees).counting().touching(start, end)
    closures = Closure.objects.filter(touching(start, end), cause__in=CONSUMING)
    closures = closures.filter(establishment__in=postings.order_by().values("establishment"))
    legs = [
        _leg(postings, "posting", who=F("employee"), days=F("weekly_days")),
        _leg(leaves, "leave", who=F("employee"), half=F("part"), sort=F("kind"), state=F("status")),
        _leg(closures, "closure", half=F("part")),
    ]
    return legs[0].union(*legs[1:], all=True)


def _leg(rows, what, **given):
    named = {
        "who": Cast(Value(None), IntegerField()),
        "house": F("establishment"),
        "first": F("starts_on"),
        "last": F("ends_on"),
        "days": Cast(Value(None), DecimalField(max_digits=3, decimal_places=1)),
    } | given
    named |= {name: Value("", CharField()) for name in ("half", "sort", "state") if name not in given}
    return rows.order_by().annotate(what=Value(what, CharField()), **named).values(*COLUMNS)


@dataclass(frozen=True)
class _Asked:
    starts_on: date
    ends_on: date
    part: str


def _rights(year, postings, leaves, closures, pattern):
    services = [Service(Fraction(row["days"]), row["first"], row["last"]) for row in postings]
    latest = max(postings, key=lambda row: row["first"])
    consuming = []
    for posting in postings:
        for row in closures[posting["house"]]:
            if held := clip(row["first"], row["last"], posting["first"], posting["last"]):
                consuming.append((*held, row["half"]))
    calendar = Calendar(
        pattern or pattern_of(Fraction(latest["days"])),
        consuming=spans_of(consuming),
        alsace_moselle=settings.RONDE_ALSACE_MOSELLE,
    )
    asked = [
        Leave(span_of(_Asked(row["first"], row["last"], row["half"])), row["sort"], row["state"] != GRANTED)
        for row in leaves
    ]
    exact = annual_right(services, year)
    right = to_half_days(exact)
    held = balance(year, right=right, leaves=asked, calendar=calendar)
    runs = absences(asked, calendar)
    return Rights(
        year=year,
        exact=exact,
        balance=held,
        calendar=calendar,
        other=_other(asked, calendar, year),
        longest=max(runs, key=lambda run: run.calendar_days, default=None),
        saved=cet_transferable(right, held.taken) if served_a_year(services, year) else Fraction(0),
        may_save=served_a_year(services, year),
    )


def _other(asked, calendar, year):
    """Days of the kinds that have their own counter, granted or asked."""
    found = {}
    for kind in ("rtt", "cet", OTHER):
        spans = [leave.span for leave in asked if leave.kind == kind]
        taken = {half for half in calendar.counted(spans) if half[0].year == year}
        if taken:
            found[kind] = HALF * len(taken)
    return found


def pattern_of(weekly_days: Fraction) -> WorkPattern:
    """Monday first, for somebody whose hours are not recorded: 2,5 is Monday, Tuesday and Wednesday morning."""
    halves = int(weekly_days * 2)
    week = [(weekday, half) for weekday in range(1, 8) for half in (MORNING, AFTERNOON)]
    return WorkPattern((frozenset(week[:halves]),))


def read_patterns(employees) -> dict[int, WorkPattern]:
    """The last recorded week of work of each agent. One query."""
    columns = ("employee", "pk", "weeks", "since", "until", "week", "weekday", "starts_at", "ends_at")
    slots = RosterSlot.objects.filter(roster__posting__employee__in=employees).order_by("roster__starts_on", "pk")
    rows = slots.annotate(
        employee=F("roster__posting__employee"),
        weeks=F("roster__weeks"),
        since=F("roster__starts_on"),
        until=F("roster__ends_on"),
    ).values_list(*[name if name != "pk" else "roster" for name in columns])
    shifts = defaultdict(list)
    for employee, roster, weeks, since, until, week, weekday, starts_at, ends_at in rows:
        start, end = (moment.hour * 60 + moment.minute for moment in (starts_at, ends_at))
        shifts[employee, roster, weeks, since, until].append(Shift(week, weekday, start, end))
    return {
        employee: Timetable(since, until, weeks, tuple(found)).pattern
        for (employee, _, weeks, since, until), found in shifts.items()
    }

"""« Ma semaine »: visits planned, closures and actions due of the seven days from today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import F, TimeField, Value
from django.urls import reverse

from core.calendar import iter_days
from core.compiled import rows_once
from core.french import WEEKDAYS, clock, counted, sentence_list
from core.unions import EMPTY, leg
from establishments.models import Capability, Closure
from establishments.vocabulary import words
from projects.models import ActionItem
from visits.models import Visit, VisitKind

WEEK_DAYS = 7
NAMES_A_DAY = 3
VISIT, CLOSURE, ACTION = "visit", "closure", "action"
# Those who work with the houses every day; central services are told of closures by the dashboards.
FIELD = Capability.VIEW_ACTIONS
WORKING = {FIELD, Capability.VIEW}


@dataclass(frozen=True)
class Day:
    """One day of the week to come: `entries` are (title, note, url) triples."""

    on: date
    entries: tuple[tuple[str, str, str], ...]

    @property
    def label(self) -> str:
        """ "mar. 17"."""
        return f"{WEEKDAYS[self.on.weekday()][:3]}. {self.on.day}"


def week(user, today) -> list[Day]:
    """The seven days from today that hold something: visits planned, closures, actions due. One query."""
    until, found = today + timedelta(days=WEEK_DAYS - 1), defaultdict(lambda: defaultdict(list))
    for row in _agenda(user, today, until):
        for day in iter_days(max(row["first"], today), min(row["last"], until)):
            found[day][row["what"]].append(row)
    days = [
        Day(day, (*_visits(found[day][VISIT]), *_closures(found[day][CLOSURE]), *_actions(found[day][ACTION])))
        for day in iter_days(today, until)
    ]
    return [day for day in days if day.entries]


def _agenda(user, today, until):
    """Rows of the three kinds, by hour then by house."""
    rows = _entries(user, today, until)
    return sorted(rows, key=lambda row: (row["hour"] is None, row["hour"] or time.min, row["house"], row["row"]))


@rows_once
def _entries(user, today, until):
    days = (today, until)
    planned = Visit.objects.visible_to(user, Capability.VIEW).planned().while_open().filter(planned_on__range=days)
    closed = Closure.objects.visible_to(user, FIELD).touching(today, until)
    due = ActionItem.objects.visible_to(user, FIELD).open().filter(due_on__range=days)
    name, hour = F("establishment__name"), Value(None, TimeField())
    legs = [
        leg(
            planned,
            VISIT,
            first=F("planned_on"),
            last=F("planned_on"),
            house=name,
            sort=F("kind"),
            hour=F("planned_at"),
        ),
        leg(closed, CLOSURE, **_days("starts_on", "ends_on"), house=name, sort=F("cause"), hour=hour),
        leg(due, ACTION, **_days("due_on"), house=EMPTY, sort=EMPTY, hour=hour),
    ]
    return legs[0].union(*legs[1:], all=True)


def _days(first, last=None):
    return {"first": F(first), "last": F(last or first)}


def _visits(rows):
    if len(rows) == 1:
        row = rows[0]
        at = f" · {clock(row['hour'])}" if row["hour"] else ""
        yield row["house"], f"{VisitKind(row['sort']).label}{at}", reverse("visits:detail", args=[row["row"]])
    elif rows:
        yield _names(rows), words()["visit"].counted(len(rows)), ""


def _closures(rows):
    if rows:
        causes = sentence_list(sorted({Closure.Cause(row["sort"]).label for row in rows}))
        yield _names(rows), f"{words()['closure'].counted(len(rows))} · {causes}", ""


def _actions(rows):
    if rows:
        yield f"{words()['action'].counted(len(rows))} à échéance", "", ""


def _names(rows):
    """ "Les Lilas, Piat, Rampal et 4 autres"."""
    names = list(dict.fromkeys(row["house"] for row in rows))
    more = len(names) - NAMES_A_DAY
    shown = names[:NAMES_A_DAY]
    return sentence_list([*shown, counted(more, "autre")] if more > 0 else shown)

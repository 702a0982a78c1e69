"""The days as they were counted and the attendance expected: read for pages, kept with their line in the journal."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from core.french import month_name, period
from establishments.models import JournalHead, OpeningHours, record
from establishments.workflow import StaleVersion, TransitionRefused

from ..half_hours import added, clock, span
from ..models import DailyActivity, ExpectedAttendance, MonthlyActivity
from .expected import WEEKS, Counted, draw

USUAL = range(14, 38)  # 7 h to 19 h, for a house whose hours nobody wrote
WORKWEEK = (1, 2, 3, 4, 5)
WEEKDAY_NAMES = dict(ExpectedAttendance._meta.get_field("weekday").choices)


@dataclass(frozen=True)
class ExpectedTable:
    """What a page shows of one day: weekdays across, half-hours down; None where nothing is known."""

    on: date
    weekdays: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int] | None, ...]], ...]
    periods: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(self.periods)


def opening_span(establishment, day: date, weekdays=None) -> range:
    """The half-hours that the house opens on that weekday (or on any of several), on the hours of that day."""
    hours = OpeningHours.objects.of(establishment).active_on(day)
    hours = hours.filter(weekday__in=weekdays or [day.isoweekday()])
    spans = [
        span(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)
        for opens, closes in hours.values_list("opens_at", "closes_at")
    ]
    return range(min(s.start for s in spans), max(s.stop for s in spans)) if spans else USUAL


def widened(places: range, *counts) -> range:
    """The same, with the half-hours outside it that hold children: what was stored is never hidden."""
    filled = [place for each in counts for place, count in enumerate(each) if count]
    return range(min([places.start, *filled]), max([places.stop, *(place + 1 for place in filled)]))


def keep_day(row: DailyActivity, *, by, seen: int) -> None:
    """Save a day unless it moved since version `seen` (0: no row). Raises StaleVersion, TransitionRefused."""
    with transaction.atomic():
        JournalHead.locked()
        rows = DailyActivity._base_manager.select_for_update(of=("self",))
        stored = rows.filter(establishment=row.establishment, day=row.day).first()
        month = MonthlyActivity.objects.of(row.establishment).of_month(row.day).published().first()
        if month is not None and stored is not None:
            said = f"L’activité {month_name(row.day)} est {month.get_status_display()}"
            raise TransitionRefused(f"{said}\u00a0: rouvrez le mois avant de corriger ce jour.")
        if (stored.version if stored else 0) != seen:
            raise StaleVersion(stored)
        if stored and (stored.non_walkers, stored.walkers) == (row.non_walkers, row.walkers):
            return
        row.pk, row.version, row.entered_by = stored.pk if stored else None, seen + 1, by
        row._state.adding = stored is None
        row.save()
        record("présences du jour saisies", row, by=by, establishment=row.establishment)


def keep_expected(new: ExpectedAttendance, *, by) -> ExpectedAttendance:
    """Expect this from its first day on: the row in force ends the day before, later ones stay. Returns what holds.

    The same choice on the same day is the same row: two clicks write once.
    """
    with transaction.atomic():
        JournalHead.locked()
        rows = ExpectedAttendance.objects.of(new.establishment).filter(weekday=new.weekday)
        current = rows.active_on(new.starts_on).first()
        if current and (current.non_walkers, current.walkers) == (new.non_walkers, new.walkers):
            return current
        if current and current.starts_on == new.starts_on:
            new.pk, new.ends_on, new._state.adding = current.pk, current.ends_on, False
        elif current:
            new.ends_on = current.ends_on
            current.ends_on = new.starts_on - timedelta(days=1)
            current.save()
        else:
            following = rows.filter(starts_on__gt=new.starts_on).order_by("starts_on").first()
            new.ends_on = following.starts_on - timedelta(days=1) if following else None
        new.entered_by = by
        new.save()
        record("présences attendues enregistrées", new, by=by, establishment=new.establishment)
    return new


def proposed(establishment, until: date):
    """(first day, last day, {weekday: Drawn}) out of the weeks before `until`."""
    since = until - timedelta(weeks=WEEKS)
    rows = DailyActivity.objects.of(establishment).between(since, until - timedelta(days=1))
    days = [Counted(*values) for values in rows.values_list("day", "non_walkers", "walkers")]
    found = [day.day for day in days]
    return (min(found), max(found), draw(days)) if found else (None, None, {})


def keep_proposed(establishment, starts_on: date, *, by, today: date) -> int:
    """Expect what the counted days tell, from `starts_on` on. Returns the number of weekdays kept."""
    since, until, found = proposed(establishment, today)
    with transaction.atomic():
        JournalHead.locked()
        for weekday, drawn in found.items():
            row = ExpectedAttendance(
                establishment=establishment,
                weekday=weekday,
                non_walkers=drawn.non_walkers,
                walkers=drawn.walkers,
                starts_on=starts_on,
                origin=ExpectedAttendance.Origin.DERIVED,
                derived_since=since,
                derived_until=until,
            )
            keep_expected(row, by=by)
    return len(found)


def expected_table(establishment, day: date) -> ExpectedTable:
    """What is expected in the week of a day. Two queries."""
    rows = {row.weekday: row for row in ExpectedAttendance.objects.of(establishment).active_on(day)}
    return table_of(rows, opening_span(establishment, day, [1, 2, 3, 4, 5, 6, 7]), day, period_said)


def period_said(row) -> str:
    told = period(row.starts_on, row.ends_on)
    if row.origin == ExpectedAttendance.Origin.DERIVED:
        told += f", d’après les jours relevés ({period(row.derived_since, row.derived_until)})"
    return told


def table_of(rows, places: range, day: date, said) -> ExpectedTable:
    """The table of {weekday: anything with two counts}; `said` tells each column."""
    shown = sorted({*WORKWEEK, *rows})
    places = widened(places, *(added(row.non_walkers, row.walkers) for row in rows.values()))
    cells = tuple(
        (
            clock(place),
            tuple((rows[w].non_walkers[place], rows[w].walkers[place]) if w in rows else None for w in shown),
        )
        for place in places
    )
    periods = tuple(said(rows[weekday]) if weekday in rows else "" for weekday in shown)
    return ExpectedTable(day, tuple(WEEKDAY_NAMES[weekday] for weekday in shown), cells, periods)

"""The authorised terms of a house through time, and the ones of a day (CSP R. 2324-20)."""

from dataclasses import dataclass
from datetime import date

from core.calendar import covers
from core.french import NBSP, counted, full_date, number, period, time_range

from .asof import is_told, told_end
from .due_dates import Due, renewal_due
from .fiche import hours_on, surnombre_limit
from .models.authorisations import WEEKDAYS
from .regulation import CapacitySlot, category, category_label, week_slots, weekly_capacity_hours


@dataclass(frozen=True)
class Term:
    """One authorisation of the past, of the day or to come."""

    period: str
    places: int
    category: str
    ratio_rule: str
    ages: str
    issued_on: date | None
    expires_on: date | None
    reference: str
    is_current: bool


@dataclass(frozen=True)
class Terms:
    """Everything the tab shows for one day; `places` is None when they are unknown."""

    kind: str
    places: int | None
    limit: int | None
    category: str
    renewal: Due
    rows: tuple[Term, ...]
    slots: tuple[tuple[str, tuple[str, ...]], ...]
    weekly_hours: str
    hours: tuple[tuple[str, str], ...]
    other_hours: tuple[str, ...]


def terms_of(establishment, day, today=None) -> Terms:
    """Five queries at most: identity, authorisations, their slots, hours (read three times).

    `today`, when `day` may be before it: what begins or ends after a past day is then left out.
    """
    today = today or day
    kind = establishment.identity_on(day).kind
    known = establishment.authorisations.prefetch_related("slots")
    rows = [row for row in known if is_told(row.starts_on, day, today)]
    current = next((row for row in rows if covers(row.starts_on, row.ends_on, day)), None)
    slots = list(current.slots.all()) if current else []
    return Terms(
        kind=kind,
        places=current.places if current else None,
        limit=surnombre_limit(kind, current.places, day) if current else None,
        category=category_label(kind, category(kind, current.places if current else None, day)),
        renewal=renewal_due(current.expires_on if current else None, day),
        rows=tuple(
            _term(row, kind, day if row is current else None, told_end(row.ends_on, day, today)) for row in rows
        ),
        **_modulation(kind, current, slots, establishment.opening_hours.active_on(day), day),
        hours=hours_on(establishment, day),
        other_hours=_other_hours(establishment, day, today),
    )


def _term(row, kind, current_on, ends_on) -> Term:
    # A term is judged by the rules of the day shown when it is in force, of its last day (or first) otherwise.
    day = current_on or row.ends_on or row.starts_on
    return Term(
        period=period(row.starts_on, ends_on),
        places=row.places,
        category=category_label(kind, category(kind, row.places, day)),
        ratio_rule=row.get_ratio_rule_display(),
        ages=_ages(row.age_min_months, row.age_max_months),
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        reference=row.reference,
        is_current=current_on is not None,
    )


def _ages(low, high) -> str:
    if low is None and high is None:
        return "—"
    if high is None:
        return f"dès {low} mois"
    return f"jusqu’à {high} mois" if low is None else f"de {low} à {high} mois"


def _modulation(kind, authorisation, slots, hours, day) -> dict:
    """The week of a modulated capacity: ("lundi", ("7 h 30 – 9 h, 15 places, 18 enfants au plus", …)), and its hours.

    Outside its slots the places are those of the authorisation: they count in the hours of presence that a week allows
    (arrêté of 8 October 2021, art. 4). Nothing when the capacity is the same all week.
    """
    if not slots:
        return {"slots": (), "weekly_hours": ""}
    try:
        week = week_slots(
            authorisation.places,
            [(row.weekday, row.opens_at, row.closes_at) for row in hours.order_by("weekday")],
            [CapacitySlot(slot.weekday, slot.starts_at, slot.ends_at, slot.places) for slot in slots],
        )
    except ValueError:
        return {"slots": _lines(kind, slots, day), "weekly_hours": "des créneaux se chevauchent"}
    if not week:
        return {"slots": _lines(kind, slots, day), "weekly_hours": "inconnue, faute d’horaires d’ouverture"}
    hours = f"{number(weekly_capacity_hours(week), 1)}".removesuffix(",0")
    return {"slots": _lines(kind, week, day), "weekly_hours": f"{hours}{NBSP}h par semaine"}


def _lines(kind, slots, day) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names, days = dict(WEEKDAYS), {}
    for slot in slots:
        limit = surnombre_limit(kind, slot.places, day) if slot.places else None
        most = f", {counted(limit, 'enfant')} au plus" if limit else ""
        line = f"{time_range(slot.starts_at, slot.ends_at)}, {counted(slot.places, 'place')}{most}"
        days.setdefault(names[slot.weekday], []).append(line)
    return tuple((day, tuple(lines)) for day, lines in days.items())


def _other_hours(establishment, day, today) -> tuple[str, ...]:
    """Hours of other periods, one sentence each; on a past day, of those before it."""
    names = dict(WEEKDAYS)
    rows = [row for row in establishment.opening_hours.all() if not covers(row.starts_on, row.ends_on, day)]
    rows = [row for row in rows if is_told(row.starts_on, day, today)]
    return tuple(
        f"{names[row.weekday]}, {time_range(row.opens_at, row.closes_at)}, {_span(row)}"
        for row in sorted(rows, key=lambda row: (row.starts_on, row.weekday))
    )


def _span(row) -> str:
    return period(row.starts_on, row.ends_on) if row.ends_on else f"à partir du {full_date(row.starts_on)}"

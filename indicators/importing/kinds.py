"""The two kinds of files: how a row is read, what is stored for its house and its date, how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.calendar import month_end
from core.spreadsheets import parse_date_fr, parse_int_fr

from ..capacity import NOTHING
from ..entry.judging import Judge
from ..entry.rules import COUNTS, LABELS, outside_life, refusals, written
from ..half_hours import HALF_HOURS, MOST, added, clock, packed, unpacked
from ..models import COMPUTED, ENTERED, HOURS, NUMBERS, DailyActivity, MonthlyActivity
from ..quality import Entry
from ..rates import Activity
from ..terms import known_capacity, terms_of
from .houses import House, Refusal
from .profiles import HALF_HOUR_COLUMNS
from .values import parse_month, parse_number

CACHED = 2_000  # spellings of months kept with what they mean
KEPT = ["entered_by_id", "version"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds for one house and one date."""

    values: Mapping[str, Any]
    version: int
    is_locked: bool


class Cells:
    """The cells of one row by field of the profile; `columns` gives their places."""

    __slots__ = ("cells", "columns")

    def __init__(self, cells, columns):
        self.cells, self.columns = cells, columns

    def get(self, field: str) -> Any:
        place = self.columns.get(field)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def parsed(self, field: str, parse) -> Any:
        try:
            return parse(self.get(field))
        except ValueError as error:
            raise Refusal(field, str(error)) from error


class Monthly:
    """One row a house and a month; a blank cell erases nothing."""

    model, date_field, names = MonthlyActivity, "month", [*NUMBERS, "blanks"]
    date_column = "month"
    locked = "ce mois est soumis\u00a0: rouvrez-le avant de le corriger"

    def __init__(self, run, today):
        self.run, self.today = run, today
        self.judge = Judge()
        self.terms: dict[int, Any] = {}
        self.months: dict[tuple[str, Any], date] = {}
        self.chosen = [name for name in NUMBERS if name in run.columns]

    def date_of(self, cells: Cells, house: House) -> date:
        year = cells.get("year")
        month = cells.parsed("month", lambda cell: self._month(cell, year)) or self.run.month
        if month is None:
            raise Refusal("month", "le mois est vide")
        if month > self.today:
            raise Refusal("month", "ce mois est à venir")
        if reason := outside_life(house, month):
            raise Refusal("month", reason)
        return month

    def _month(self, cell, year):
        known = isinstance(cell, str) and self.months.get((cell, year))
        if known:
            return known
        month = parse_month(cell, year)
        if len(self.months) < CACHED and isinstance(cell, str):
            self.months[cell, year] = month
        return month

    def given(self, cells: Cells) -> dict[str, Any]:
        found = {name: self._number(cells, name) for name in self.chosen}
        found = {name: value for name, value in found.items() if value is not None}
        if not found:
            raise Refusal("actual_hours", "la ligne ne donne aucun nombre")
        return found

    def _number(self, cells, name):
        try:
            return parse_number(name, cells.get(name))
        except ValueError as error:
            raise Refusal(name, str(error)) from error

    def index(self, day: date) -> int:
        return (day.year - 2000) * 12 + day.month

    def prepare(self, new: list[tuple[House, date, Mapping[str, Any]]]) -> None:
        """Read, in one go for a batch, the terms of the houses whose file does not give the capacity."""
        asked = [(house.pk, month) for house, month, given in new if not _says_capacity(given)]
        months = [month for _, month in asked]
        self.terms = terms_of({pk for pk, _ in asked}, min(months), month_end(max(months))) if asked else {}

    def fresh(self, house: House, month: date, given: Mapping[str, Any]) -> dict[str, Any]:
        """A month of which only the register is known; nothing is computed when the file says it all."""
        capacity = NOTHING if _says_capacity(given) else known_capacity(self.terms[house.pk], month)
        known = capacity or NOTHING
        blanks = [*ENTERED, *([] if capacity else COMPUTED)]
        values = {name: getattr(known, name) for name in COMPUTED} | dict.fromkeys(ENTERED, 0)
        return {**values, "blanks": " ".join(blanks)}

    def merged(self, values: Mapping[str, Any], given: Mapping[str, Any], month: date) -> dict[str, Any]:
        after = {**values, **given}
        after["blanks"] = " ".join(name for name in values["blanks"].split() if name not in given)
        if wrong := refusals(after, month):
            field, reason = next(iter(wrong.items()))
            raise Refusal(field, reason)
        return after

    def doubts(self, house: House, month: date, after: Mapping[str, Any]) -> str:
        if after["blanks"]:
            return ""
        activity = Activity(*(after[name] for name in HOURS))
        entry = Entry(month, activity, after["children_enrolled"], after["opening_days"])
        return " ".join(verdict.sentence for verdict in self.judge.verdicts(house.pk, entry))

    def encode(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}

    def decode(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        numbers = {name: facts[name] if name in COUNTS else Decimal(facts[name]) for name in NUMBERS}
        return {**numbers, "blanks": facts["blanks"]}

    def differences(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]):
        """(label, before, after) of each cell that changes."""
        for name in NUMBERS:
            old = None if before is None or name in before["blanks"].split() else before[name]
            new = None if name in after["blanks"].split() else after[name]
            if old != new:
                yield LABELS[name], _shown(name, old), _shown(name, new)


def _says_capacity(given):
    return all(name in given for name in COMPUTED)


def _shown(name, value):
    return written(value if value is None or name in COUNTS else Decimal(value)) or "—"


class Daily:
    """One row a house and a day, two columns a half-hour; the columns of the file replace the same half-hours."""

    model, date_field, names = DailyActivity, "day", ["non_walkers", "walkers"]
    date_column = "day"
    locked = "le mois de ce jour est soumis\u00a0: rouvrez-le avant de corriger le jour"

    def __init__(self, run, today):
        self.run, self.today = run, today
        self.half_hours = [tuple(entry) for entry in run.columns.get(HALF_HOUR_COLUMNS, ())]

    def date_of(self, cells: Cells, house: House) -> date:
        day = cells.parsed("day", parse_date_fr)
        if day is None:
            raise Refusal("day", "le jour est vide")
        if day > self.today:
            raise Refusal("day", "ce jour est à venir")
        if day.year < 2000:
            raise Refusal("day", "l’année n’est pas vraisemblable")
        if day < house.opened_on or (house.closed_on and day >= house.closed_on):
            raise Refusal("day", f"{house.name} n’accueillait pas ce jour-là")
        return day

    def given(self, cells: Cells) -> dict[str, Any]:
        found: dict[str, dict[int, int]] = {"non_walkers": {}, "walkers": {}}
        for group, place, index in self.half_hours:
            cell = cells.cells[index] if index < len(cells.cells) else None
            try:
                count = parse_int_fr(cell)
            except ValueError as error:
                raise Refusal(_half_hour_field(index), str(error)) from error
            if count is not None and not 0 <= count <= MOST:
                raise Refusal(_half_hour_field(index), f"un nombre d’enfants va de 0 à {MOST}")
            if count is not None:
                found[group][place] = count
        if not any(found.values()):
            raise Refusal("day", "la ligne ne donne aucun nombre")
        return found

    def index(self, day: date) -> int:
        return (day - date(2000, 1, 1)).days

    def prepare(self, new) -> None:
        """A day needs nothing of the register."""

    def fresh(self, house, day, given) -> dict[str, Any]:
        return {"non_walkers": (0,) * HALF_HOURS, "walkers": (0,) * HALF_HOURS}

    def merged(self, values, given, day) -> dict[str, Any]:
        return {
            group: tuple(given[group].get(place, count) for place, count in enumerate(values[group]))
            for group in self.names
        }

    def doubts(self, house, day, after) -> str:
        return "" if any(map(any, after.values())) else "Aucun enfant de la journée\u00a0: à vérifier."

    def encode(self, values) -> dict[str, Any]:
        return {name: packed(values[name]) for name in self.names}

    def decode(self, facts) -> dict[str, Any]:
        return {name: unpacked(facts[name]) for name in self.names}

    def differences(self, before, after):
        old = self.decode(before) if before else self.fresh(None, None, None)
        new = self.decode(after)
        if not before:
            present = added(new["non_walkers"], new["walkers"])
            yield "présents au plus", "—", str(max(present))
            return
        for name, label in (("non_walkers", "ne marchent pas"), ("walkers", "marchent")):
            for place, (one, other) in enumerate(zip(old[name], new[name], strict=True)):
                if one != other:
                    yield f"{label}, {clock(place)}", str(one), str(other)


def _half_hour_field(index: int) -> str:
    return f"#{index}"


KINDS = {"monthly": Monthly, "daily": Daily}


def stored_in(kind, houses, first: date, last: date) -> dict[tuple[int, date], Stored]:
    """{(house id, date): Stored} of some houses between two dates; one query, two for days."""
    rows = kind.model._base_manager.filter(
        **{"establishment__in": houses, f"{kind.date_field}__gte": first, f"{kind.date_field}__lte": last}
    )
    locked = _locked_months(kind, houses, first, last)
    found = {}
    columns = ["establishment_id", kind.date_field, *KEPT, *kind.names]
    if kind.model is MonthlyActivity:
        columns.append("status")
    for house, day, by, version, *values in rows.values_list(*columns).iterator(chunk_size=2000):
        if kind.model is MonthlyActivity:
            is_locked = values.pop() != MonthlyActivity.Status.DRAFT
        else:
            is_locked = (house, day.replace(day=1)) in locked
        found[house, day] = Stored({**dict(zip(kind.names, values, strict=True)), "by": by}, version, is_locked)
    return found


def _locked_months(kind, houses, first, last):
    if kind.model is MonthlyActivity:
        return set()
    months = MonthlyActivity.objects.filter(establishment__in=houses, month__gte=first.replace(day=1), month__lte=last)
    return set(months.published().order_by().values_list("establishment_id", "month"))

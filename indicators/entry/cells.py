"""One cell of the month of one house, typed by one person while another may be typing too.

The page sends what the cell showed with what was typed: a cell that someone else changed meanwhile is a conflict that
shows both values, and the other cells of the row are nobody's conflict.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db import transaction

from core.calendar import month_end
from core.french import NONE
from establishments.models import JournalHead, record

from ..capacity import NOTHING
from ..models import COMPUTED, ENTERED, MonthlyActivity
from ..terms import known_capacity, terms_of_one
from .rules import LABELS, outside_life, read_value, refusals, written


class Kind(StrEnum):
    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of a cell: `stored` is what the database holds now, `typed` the text that was sent."""

    kind: Kind
    typed: str
    stored: str = ""
    reason: str = ""

    @property
    def is_kept(self) -> bool:
        return self.kind in (Kind.SAVED, Kind.UNCHANGED)


def save_cell(establishment, month: date, column: str, typed: str, shown: str, *, by) -> Outcome:
    """Store what was typed over what was shown; raises nothing: the outcome says it. `column` is one of ENTERED."""
    try:
        value = read_value(column, typed)
        before = read_value(column, shown)
    except ValueError as error:
        return Outcome(Kind.REFUSED, typed, shown, f"{error}")
    if reason := outside_life(establishment, month):
        return Outcome(Kind.REFUSED, typed, shown, reason)
    with transaction.atomic():
        JournalHead.locked()
        row = _locked_row(establishment, month)
        stored = None if row is None else cell_value(row, column)
        if row is not None and row.status != row.Status.DRAFT:
            return Outcome(
                Kind.REFUSED, typed, written(stored), f"ce mois est verrouillé ({row.get_status_display()})"
            )
        if stored == value:
            return Outcome(Kind.UNCHANGED, typed, written(stored))
        if stored != before:
            said = written(stored) or "rien"
            return Outcome(Kind.CONFLICT, typed, written(stored), f"quelqu’un a enregistré «\u00a0{said}\u00a0» ici")
        reason = refusals({column: value}, month).get(column)
        if reason:
            return Outcome(Kind.REFUSED, typed, written(stored), reason)
        _store(row or new_row(establishment, month), column, value, before=stored, by=by)
    return Outcome(Kind.SAVED, typed, written(value))


def cell_value(row: MonthlyActivity, column: str) -> Decimal | int | None:
    """None for a cell that nobody typed yet: it is not a zero."""
    return None if column in row.missing else getattr(row, column)


def new_row(establishment, month: date) -> MonthlyActivity:
    """A month of which only the register is known. Not saved."""
    terms = terms_of_one(establishment, month, month_end(month))
    return blank_row(establishment, month, known_capacity(terms, month))


def blank_row(establishment, month: date, capacity) -> MonthlyActivity:
    """Same, for a capacity already computed (None: the register does not know it)."""
    known = capacity or NOTHING
    unknown = [] if capacity else COMPUTED
    return MonthlyActivity(
        establishment=establishment,
        month=month,
        **{name: getattr(known, name) for name in COMPUTED},
        **dict.fromkeys(ENTERED, 0),
        blanks=" ".join([*ENTERED, *unknown]),
        version=0,
    )


def _locked_row(establishment, month):
    rows = MonthlyActivity._base_manager.select_for_update(of=("self",))
    return rows.filter(establishment=establishment, month=month).first()


def _store(row, column, value, *, before, by):
    left = [name for name in row.missing if name != column]
    row.blanks = " ".join([*left, column] if value is None else left)
    setattr(row, column, 0 if value is None else value)
    row.version, row.entered_by = row.version + 1, by
    row.save()
    note = f"{LABELS[column]}\u00a0: {written(before) or NONE} → {written(value) or NONE}"
    record("activité saisie", row, by=by, establishment=row.establishment, note=note)

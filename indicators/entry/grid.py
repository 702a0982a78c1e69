"""The month of a sector as a grid: one line a house, what is typed and what the register computes. Eleven queries.

The sums add the hours of the lines that are complete and divide once; lines with a blank are counted apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString

from core.calendar import month_end
from core.french import number, percent
from core.tables import fr_cell
from establishments.models import Capability, Establishment
from establishments.vocabulary import words

from ..marks import hatch
from ..models import ENTERED, HOURS, MonthlyActivity
from ..months import written as written_month
from ..overview import living
from ..rates import NO_ACTIVITY, Activity
from ..terms import known_capacity, terms_of
from .cells import Outcome, blank_row, cell_value
from .judging import judged
from .rules import LABELS, written

Status = MonthlyActivity.Status


@dataclass(frozen=True)
class GridCell:
    """One input: `shown` is what it held when the page was made, `text` what it holds now."""

    column: str
    label: str
    name: str
    text: str
    shown: str
    told: str
    outcome: Outcome | None = None


@dataclass(frozen=True)
class GridLine:
    """One house. A locked line has no input; `row` is the stored month or one of the register only."""

    house: Establishment
    row: MonthlyActivity
    is_known: bool
    cells: tuple[GridCell, ...]
    verdicts: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"{reverse('indicators:activity_edit', args=[self.house.pk])}?mois={written_month(self.row.month)}"

    @property
    def capacity(self) -> tuple[str, str]:
        """Authorised and open hours as the register computes them, or as the locked month holds them."""
        known = self.is_known or self.is_locked
        return tuple(fr_cell(getattr(self.row, name) if known else None) for name in HOURS[:2])

    @property
    def is_stored(self) -> bool:
        return self.row.pk is not None

    @property
    def is_locked(self) -> bool:
        return self.row.status != Status.DRAFT

    @property
    def is_unvalidated(self) -> bool:
        return self.row.status == Status.SUBMITTED

    @property
    def hatch(self) -> str:
        return SafeString(hatch())

    @property
    def is_complete(self) -> bool:
        return self.is_stored and not self.row.missing

    @property
    def activity(self) -> Activity:
        return self.row.activity if self.is_complete else NO_ACTIVITY

    @property
    def state(self) -> str:
        if not self.is_stored:
            return "à saisir"
        if self.row.missing:
            left = len([name for name in self.row.missing if name in ENTERED])
            return f"en saisie, {left} {'case vide' if left == 1 else 'cases vides'}" if left else "en saisie"
        return self.row.get_status_display()

    @property
    def told(self) -> dict[str, object]:
        """What a saved cell changes in its line, for the script of the page."""
        rates = {"admission": self.admission, "attendance": self.attendance}
        return {"state": self.state, "verdicts": list(self.verdicts), **rates}

    @property
    def admission(self) -> str:
        return percent(self.activity.admission_rate)

    @property
    def attendance(self) -> str:
        return percent(self.activity.attendance_rate)


@dataclass(frozen=True)
class Grid:
    """Everything the page shows, and what a saved cell changes of it."""

    month: date
    lines: tuple[GridLine, ...] = ()
    labels: tuple[str, ...] = field(default_factory=lambda: tuple(LABELS[name] for name in ENTERED))

    @property
    def total(self) -> Activity:
        return sum((line.activity for line in self.lines), NO_ACTIVITY)

    @property
    def coverage(self) -> str:
        """ "13 établissements sur 15, dont 2 non validés et 3 en saisie"."""
        house, complete = words()["establishment"], [line for line in self.lines if line.is_complete]
        waiting = sum(line.is_unvalidated for line in complete)
        drafts = sum(not line.is_locked for line in complete)
        apart = [f"{waiting} non {house.accord('validé', waiting)}"] if waiting else []
        apart += [f"{drafts} en saisie"] if drafts else []
        marked = f", dont {' et '.join(apart)}" if apart else ""
        return f"{house.counted(len(complete))} sur {len(self.lines)}{marked}"

    def totals(self) -> dict[str, str]:
        """What the foot of the table says, by column."""
        total = self.total
        enrolled = sum(line.row.children_enrolled for line in self.lines if line.is_complete)
        sums = {name: fr_cell(getattr(total, name)) for name in HOURS}
        rates = {"admission": percent(total.admission_rate), "attendance": percent(total.attendance_rate)}
        return {**sums, "children_enrolled": number(enrolled), **rates, "coverage": self.coverage}


def houses_of(user, month: date, territory=None):
    """Houses whose month the user may enter, in the order of the grid."""
    houses = Establishment.objects.visible_to(user, Capability.ENTER_ACTIVITY)
    if territory is not None:
        houses = houses.within(territory, month_end(month))
    return living(houses, month).order_by("name", "pk")


def read_grid(houses: Iterable[Establishment], month: date, outcomes=None) -> Grid:
    """The grid of `houses`; `outcomes` ({(house id, column): Outcome}) are those of a form just sent."""
    houses, outcomes = list(houses), outcomes or {}
    rows = MonthlyActivity.objects.filter(establishment__in=[house.pk for house in houses]).of_month(month)
    stored = {row.establishment_id: row for row in rows}
    terms = terms_of([house.pk for house in houses], month, month_end(month))
    lines = []
    for house in houses:
        capacity = known_capacity(terms[house.pk], month)
        row = stored.get(house.pk) or blank_row(house, month, capacity)
        row.establishment = house
        if row.status == Status.DRAFT:
            row.take(capacity)
        lines.append((house, row, capacity is not None))
    verdicts = judged([row for _, row, _ in lines if row.pk and not row.missing])
    return Grid(
        month,
        tuple(
            GridLine(house, row, known, tuple(_cells(house, row, outcomes)), tuple(verdicts.get(house.pk, ())))
            for house, row, known in lines
        ),
    )


def cell_name(house_id: int, column: str) -> str:
    return f"{house_id}-{column}"


def _cells(house, row, outcomes):
    for column in ENTERED:
        outcome = outcomes.get((house.pk, column))
        value = cell_value(row, column)
        stored = written(value)
        kept = outcome is None or outcome.is_kept
        yield GridCell(
            column=column,
            label=LABELS[column],
            name=cell_name(house.pk, column),
            text=stored if kept else outcome.typed,
            shown=stored,
            told=fr_cell(value),
            outcome=None if kept else outcome,
        )

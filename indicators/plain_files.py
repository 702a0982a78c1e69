"""Small files of one known shape, read all or nothing; the same file again changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from core.french import counted, number
from core.spreadsheets import Row, find_header, header_key, is_total, iter_rows, parse_decimal_fr, parse_int_fr

CENT = Decimal("0.01")
MOST = Decimal(9_999_999_999)  # what the columns of these tables hold: one digit more, and no page reads it back


class RefusedFile(ValueError):
    """The first thing that is wrong, in French, with its line and column: nothing was written."""


@dataclass(frozen=True)
class Outcome:
    """How many rows were created, changed, left as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        told = ((self.created, "créée"), (self.changed, "modifiée"), (self.unchanged, "inchangée"))
        return ", ".join(counted(count, word) for count, word in told)


@dataclass(frozen=True)
class Line:
    """One row of the file; `places` is {field: place of its column, None when the file has none}."""

    row: Row
    places: Mapping[str, int | None]
    headers: tuple[str, ...]

    def cell(self, field: str) -> Any:
        place = self.places[field]
        return self.row.cells[place] if place is not None and place < len(self.row.cells) else None

    def text(self, field: str) -> str:
        return str(self.cell(field) if self.cell(field) is not None else "").strip()

    def refused(self, field: str, why: str) -> RefusedFile:
        place = self.places[field]
        column = self.headers[place] if place is not None else field
        return RefusedFile(
            f"Ligne {self.row.number}, colonne {column}\u00a0: {why} («\u00a0{self.text(field)}\u00a0»)."
        )

    def amount(self, field: str, expected: str) -> Decimal:
        """A number that is not negative, to the cent: as it is stored, so that the same file changes nothing.

        Raises RefusedFile.
        """
        try:
            value = parse_decimal_fr(self.cell(field))
        except ValueError as error:
            raise self.refused(field, str(error)) from error
        if value is None or value < 0:
            raise self.refused(field, expected)
        if value > MOST:
            raise self.refused(field, f"un nombre démesuré\u00a0: au plus {number(MOST)}")
        return value.quantize(CENT, ROUND_HALF_UP)

    def whole(self, field: str) -> int | None:
        """A whole number, None for an empty cell. Raises RefusedFile."""
        try:
            return parse_int_fr(self.cell(field))
        except ValueError as error:
            raise self.refused(field, str(error)) from error


def lines_of(content: bytes, name: str, columns: Mapping[str, Collection[str]], optional: Collection[str] = ()):
    """The lines under the header, totals left out. Raises RefusedFile, UnreadableFile."""
    rows = list(iter_rows(content, name))
    start = find_header(rows, [alias for names in columns.values() for alias in names])
    if start is None:
        wanted = ", ".join(next(iter(names)) for field, names in columns.items() if field not in optional)
        raise RefusedFile(f"Aucune ligne d’en-têtes reconnue\u00a0: {wanted}.")
    headers = tuple(str(cell or "") for cell in rows[start].cells)
    keys = [header_key(header) for header in headers]
    places = {field: next((keys.index(n) for n in names if n in keys), None) for field, names in columns.items()}
    missing = [
        next(iter(columns[field])) for field, place in places.items() if place is None and field not in optional
    ]
    if missing:
        raise RefusedFile(f"Il manque une colonne\u00a0: {missing[0]}.")
    return [Line(row, places, headers) for row in rows[start + 1 :] if not is_total(row)]


def keep_all(model: type[Model], wanted: Iterable[tuple[dict, dict]]) -> Outcome:
    """Write the (key, values) pairs in one transaction; the last of two lines with the same key wins."""
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    with transaction.atomic():
        for key, values in {tuple(key.items()): values for key, values in wanted}.items():
            counts[_keep(model, dict(key), values)] += 1
    return Outcome(**counts)


def _keep(model, key, values):
    row = model._default_manager.filter(**key).first()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    model._default_manager.update_or_create(**key, defaults=values)
    return "created" if row is None else "changed"

"""What every reader gives and every limit it keeps. Pure: no Django."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

MEGABYTE = 1024 * 1024
NOTHING_IMPORTED = "Rien n’a été importé."
EXPECTED = "Formats attendus\u00a0: CSV, XLSX, XLS, ODS ou GeoJSON."


class UnreadableFile(Exception):  # noqa: N818 - named for what the reader is told
    """The file cannot be read; the message is the French sentence shown to the person who sent it."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(f"{reason} {NOTHING_IMPORTED}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings checked before and while reading; a file above any of them is refused whole."""

    max_bytes: int = 20 * MEGABYTE
    max_rows: int = 200_000
    max_cells: int = 2_000_000
    max_columns: int = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; `number` is its line (CSV), row (workbook) or rank (GeoJSON), counted from 1."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table read whole. `headers` is empty when the file has none."""

    headers: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line number, {header: cell}) for each row; short rows are completed with empty text."""
        width = len(self.headers)
        for row in self.rows:
            cells = row.cells + ("",) * (width - len(row.cells))
            yield row.number, dict(zip(self.headers, cells, strict=False))


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def bounded(rows: Iterable[Row], limits: Limits) -> Iterator[Row]:
    """Drop blank rows and trailing blank cells; refuse the file as soon as a ceiling is passed."""
    count = cells = 0
    for row in rows:
        width = len(row.cells)
        while width and is_blank(row.cells[width - 1]):
            width -= 1
        if not width:
            continue
        count += 1
        cells += width
        if width > limits.max_columns:
            raise too_wide(row.number, width, limits)
        if count > limits.max_rows or cells > limits.max_cells:
            raise too_long(limits)
        yield row if width == len(row.cells) else Row(row.number, row.cells[:width])


def grouped(number: int) -> str:
    """Digits by three with the narrow no-break space of French."""
    return f"{number:,}".replace(",", "\u202f")


def too_wide(line: int, width: int, limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        f"La ligne {grouped(line)} a {grouped(width)} colonnes, au plus {grouped(limits.max_columns)} sont attendues."
    )


def too_long(limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        f"Le tableau est trop grand\u00a0: au plus {grouped(limits.max_rows)} lignes "
        f"et {grouped(limits.max_cells)} cellules sont attendues. Partagez-le en plusieurs fichiers."
    )

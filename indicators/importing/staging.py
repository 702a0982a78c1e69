"""Read a file by batches into `ImportLine` rows: what it would change, what it would not, what it cannot.

Each batch is its own short transaction: the advance is seen by everyone on both engines, and a stop loses nothing.
Memory holds one batch, the houses of the perimeter and one bit for each date seen, whatever the length of the file.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from core.spreadsheets import Limits, Row, clean_text, header_key, is_total, iter_rows
from core.spreadsheets.table import is_blank

from ..models import ImportLine, ImportRun
from .houses import HouseIndex, Refusal
from .kinds import KINDS, Cells, stored_in
from .profiles import HALF_HOUR_COLUMNS, load_profile

BATCH = 1_000
SHOWN = 120
LIMITS = Limits(max_rows=200_000)
Outcome = ImportLine.Outcome


def rows_below(run: ImportRun) -> Iterator[Row]:
    """The rows under the titles, one batch of the reader at a time."""
    with run.file.open("rb") as stream:
        yield from (row for row in iter_rows(stream, run.filename, limits=LIMITS) if row.number > run.header_line)


def headers_of(run: ImportRun) -> list[str]:
    with run.file.open("rb") as stream:
        rows = iter_rows(stream, run.filename, limits=LIMITS)
        return next([clean_text(cell) for cell in row.cells] for row in rows if row.number >= run.header_line)


class Stager:
    """One reading of one file."""

    def __init__(self, run: ImportRun, today):
        self.run, self.kind = run, KINDS[run.kind](run, today)
        self.columns = {field: place for field, place in run.columns.items() if field != HALF_HOUR_COLUMNS}
        self.headers = headers_of(run)
        self.header_keys = [header_key(header) for header in self.headers]
        self.houses = HouseIndex(run.by, run.source)
        self.seen: dict[int, int] = defaultdict(int)
        self.counts: Counter[str] = Counter()
        self.doubtful = 0

    def batch(self, rows: list[Row]) -> list[ImportLine]:
        """The lines of one batch, in order; what changes nothing has none."""
        lines, read = [], []
        for row in rows:
            if why := self._left_out(row):
                lines.append(self._line(row, Outcome.SKIPPED, reason=why))
                continue
            cells = Cells(row.cells, self.columns)
            try:
                house = self.houses.find(cells.get("code"), cells.get("name"))
                day = self.kind.date_of(cells, house)
                given = self.kind.given(cells)
                self._once(house, day)
                read.append((row, cells, house, day, given))
            except Refusal as refusal:
                lines.append(self._reject(row, cells, refusal))
        lines += self._compared(read)
        for line in lines:
            self.counts[line.outcome] += 1
        return lines

    def _left_out(self, row: Row) -> str:
        if self._may_be_a_total(row) and is_total(row):
            return "ligne de total"
        if clean_text(row.cells[0]) != self.headers[0]:  # cheap, and enough for nearly every row
            return ""
        keys = [header_key(cell) for cell in row.cells[: len(self.header_keys)]]
        return "titres répétés" if keys == self.header_keys[: len(keys)] and any(keys) else ""

    @staticmethod
    def _may_be_a_total(row: Row) -> bool:
        """Cheap, for the rows that are none: the first filled cell holds the word, whatever its case."""
        first = next((cell for cell in row.cells if not is_blank(cell)), "")
        return isinstance(first, str) and "tota" in first.casefold()

    def _once(self, house, day) -> None:
        bit = 1 << self.kind.index(day)
        if self.seen[house.pk] & bit:
            raise Refusal(self.kind.date_column, f"{house.name} a déjà une ligne plus haut pour cette date")
        self.seen[house.pk] |= bit

    def _compared(self, read) -> Iterator[ImportLine]:
        if not read:
            return
        days = [day for _, _, _, day, _ in read]
        stored = stored_in(self.kind, {house.pk for _, _, house, _, _ in read}, min(days), max(days))
        self.kind.prepare([(house, day, given) for _, _, house, day, given in read if (house.pk, day) not in stored])
        for row, cells, house, day, given in read:
            try:
                line = self._compare(row, house, day, given, stored.get((house.pk, day)))
            except Refusal as refusal:
                line = self._reject(row, cells, refusal)
            if line is None:
                self.counts["unchanged"] += 1
            else:
                yield line

    def _compare(self, row, house, day, given, known) -> ImportLine | None:
        kind = self.kind
        before = known.values if known else kind.fresh(house, day, given)
        after = kind.merged({name: before[name] for name in kind.names}, given, day)
        if known and all(before[name] == after[name] for name in kind.names):
            return None
        if known and known.is_locked:
            raise Refusal(kind.date_column, kind.locked)
        doubt = kind.doubts(house, day, after)
        self.doubtful += bool(doubt)
        return self._line(
            row,
            Outcome.UPDATED if known else Outcome.CREATED,
            establishment_id=house.pk,
            day=day,
            before={**kind.encode({name: before[name] for name in kind.names}), "by": before["by"]} if known else None,
            after=kind.encode(after),
            seen_version=known.version if known else 0,
            reason=doubt,
        )

    def _reject(self, row, cells, refusal) -> ImportLine:
        field = refusal.field
        place = int(field[1:]) if field.startswith("#") else self.columns.get(field)
        if place is None and field == "name":
            place = self.columns.get("code")
        known = place is not None and place < len(self.headers)
        value = row.cells[place] if place is not None and place < len(row.cells) else ""
        return self._line(
            row,
            Outcome.REJECTED,
            column=(self.headers[place] if known else load_profile(self.run.kind).fields[field][0])[:SHOWN],
            value=_printable(clean_text(value))[:SHOWN],
            reason=refusal.reason,
        )

    def _line(self, row, outcome, **values) -> ImportLine:
        return ImportLine(run_id=self.run.pk, number=row.number, outcome=outcome, **values)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else "\ufffd" for c in text)


def stage(run: ImportRun, advance=None) -> ImportRun:
    """Read the whole file. `advance(rows read)` is called after each batch and may raise to stop.

    Raises UnreadableFile, possibly after batches were kept: the caller clears the lines.
    """
    clear(run)
    stager = Stager(run, timezone.localdate())
    rows, done = rows_below(run), 0
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            ImportLine.objects.bulk_create(stager.batch(batch), batch_size=BATCH)
        done += len(batch)
        if advance is not None:
            advance(done)
    run.created_count, run.updated_count = stager.counts[Outcome.CREATED], stager.counts[Outcome.UPDATED]
    run.unchanged_count, run.rejected_count = stager.counts["unchanged"], stager.counts[Outcome.REJECTED]
    run.skipped_count, run.doubtful_count = stager.counts[Outcome.SKIPPED], stager.doubtful
    return run


def clear(run: ImportRun) -> None:
    lines = ImportLine.objects.filter(run=run)
    lines._raw_delete(lines.db)  # nothing points to a line: no need to read them first

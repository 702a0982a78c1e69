"""Give a table away as CSV, XLSX or ODS: every row, in memory that does not grow with them."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from xlsxwriter import Workbook

from .cells import csv_text, decimal_of, naive, safe_text, written_text
from .ods import MIMETYPE as ODS_TYPE
from .ods import write_ods

CSV_BATCH = 500
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_TEXT_MAX = 32_767
XLSX_ROWS_MAX = 1_048_575
SPOOL_BYTES = 2 * 1024 * 1024
WIDTH_SAMPLE = 100
NARROWEST, WIDEST = 8, 60
XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
Rows = Iterable[Sequence[Any]]


class _Line:
    """What csv.writer writes into: it hands each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(headers: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """CSV as French Excel and LibreOffice open it: UTF-8 with its mark, ";", CRLF, decimal comma, no live cell."""
    write = csv.writer(_Line(), delimiter=";", lineterminator="\r\n").writerow
    batch = ["\ufeff", write([safe_text(str(header)) for header in headers])]
    for row in rows:
        batch.append(write([csv_text(value) for value in row]))
        if len(batch) >= CSV_BATCH:
            yield "".join(batch).encode()
            batch = []
    yield "".join(batch).encode()


def csv_response(filename: str, headers: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(headers, rows), content_type="text/csv; charset=utf-8")
    return _named(response, filename, "csv")


def xlsx_response(filename: str, headers: Sequence[str], rows: Rows, *, sheet: str = "Liste") -> FileResponse:
    """Typed dates and numbers, texts that stay texts, frozen header, filters; written on disk, then sent."""
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - FileResponse closes it
    write_xlsx(spool, headers, rows, sheet=sheet)
    return _file_response(spool, filename, "xlsx", XLSX_TYPE)


def ods_response(filename: str, headers: Sequence[str], rows: Rows, *, sheet: str = "Liste") -> FileResponse:
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - FileResponse closes it
    write_ods(spool, headers, rows, sheet=sheet)
    return _file_response(spool, filename, "ods", ODS_TYPE)


def write_xlsx(stream: Any, headers: Sequence[str], rows: Rows, *, sheet: str = "Liste") -> None:
    iterator = iter(rows)
    sample = list(islice(iterator, WIDTH_SAMPLE))
    with Workbook(stream, XLSX_OPTIONS) as workbook:
        page = workbook.add_worksheet(sheet)
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for column, width in enumerate(_widths(headers, sample)):
            page.set_column(column, column, width)
        page.freeze_panes(1, 0)
        for column, header in enumerate(headers):
            page.write_string(0, column, _cut(str(header)), bold)
        last = _write_rows(page, _writers(workbook, page), chain(sample, iterator))
        if headers:
            page.autofilter(0, 0, last, len(headers) - 1)


def _write_rows(page: Any, writers: dict[type, Callable[..., Any]], rows: Rows) -> int:
    other, number = writers[str], 0
    for number, row in enumerate(rows, start=1):
        if number > XLSX_ROWS_MAX:
            raise ValueError(
                "Une feuille XLSX ne tient pas plus de 1\u202f048\u202f575 lignes\u00a0: exportez en CSV."
            )
        for column, value in enumerate(row):
            if value is not None:
                writers.get(type(value), other)(number, column, value)
    return number


def _writers(workbook: Any, page: Any) -> dict[type, Callable[..., Any]]:
    """By type of value: the method of xlsxwriter that never guesses (a text is never a formula, a link, a number)."""
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    hour = workbook.add_format({"num_format": "hh:mm"})
    duration = workbook.add_format({"num_format": "[h]:mm"})
    text, number, dated = page.write_string, page.write_number, page.write_datetime
    return {
        str: lambda row, column, value: text(row, column, _cut(value)) if value else None,
        bool: lambda row, column, value: text(row, column, "oui" if value else "non"),
        int: lambda row, column, value: (number if abs(value) < 10**15 else _as_text(text))(row, column, value),
        float: number,
        Decimal: number,
        Fraction: lambda row, column, value: number(row, column, decimal_of(value)),
        date: lambda row, column, value: (dated if value.year >= 1900 else _as_text(text))(row, column, value, day),
        datetime: lambda row, column, value: dated(row, column, naive(value), moment),
        time: lambda row, column, value: dated(row, column, value, hour),
        timedelta: lambda row, column, value: dated(row, column, value, duration),
    }


def _as_text(write: Callable[..., Any]) -> Callable[..., Any]:
    return lambda row, column, value, style=None: write(row, column, csv_text(value))


def _cut(text: Any) -> str:
    """A cell of XLSX holds 32,767 characters; xlsxwriter would drop a longer one whole."""
    text = written_text(str(text))
    return text if len(text) <= XLSX_TEXT_MAX else f"{text[: XLSX_TEXT_MAX - 1]}…"


def _widths(headers: Sequence[str], sample: Sequence[Sequence[Any]]) -> list[int]:
    """Column widths in characters, after the headers and the first rows."""
    widths = [len(str(header)) for header in headers]
    for row in sample:
        for column, value in enumerate(row[: len(widths)]):
            widths[column] = max(widths[column], len(csv_text(value)))
    return [min(max(width + 2, NARROWEST), WIDEST) for width in widths]


def _file_response(spool: Any, filename: str, extension: str, content_type: str) -> FileResponse:
    spool.seek(0)
    return _named(FileResponse(spool, content_type=content_type), filename, extension)


def _named(response: Any, filename: str, extension: str) -> Any:
    """`attachment` with an ASCII name, and the accented one after RFC 5987 when it differs."""
    stem = " ".join("".join(c if c.isalnum() or c in "-_." else " " for c in filename).split())
    stem = stem.removesuffix(f".{extension}")[:100] or "export"
    plain = slugify(stem) or "export"
    header = content_disposition_header(True, f"{plain}.{extension}")
    if not stem.isascii():
        accented = content_disposition_header(True, f"{stem.replace(' ', '-')}.{extension}")
        header += f"; {accented.removeprefix('attachment; ')}"
    response["Content-Disposition"] = header
    return response

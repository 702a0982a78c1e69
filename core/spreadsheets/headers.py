"""Find the header of a sheet under its title, and the total at its foot. Pure: no Django."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from .cleaning import clean_text
from .table import Row, Table, is_blank

SEARCHED_ROWS = 30
TOTAL = re.compile(r"(sous )?tota(l|ux)\b")


def header_key(name: Any) -> str:
    """A column name as it is compared: "N° de téléphone " and "n de telephone" are the same."""
    text = unicodedata.normalize("NFKD", clean_text(name)).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", text.replace("_", " ")))


def find_header(rows: Sequence[Row], expected_names: Iterable[str]) -> int | None:
    """Index in `rows` of the row that holds most of the expected names (at least two, or the only one), or None.

    Titles, dates and logos above a header are usual in sheets made to be printed.
    """
    expected = {header_key(name) for name in expected_names} - {""}
    best, best_score = None, min(2, len(expected)) - 1
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        score = len(expected & {header_key(cell) for cell in row.cells})
        if score > best_score:
            best, best_score = index, score
    return best


def looks_like_header(rows: Sequence[Row]) -> bool:
    """True when every cell of the first row is a distinct name without a digit run, and rows follow."""
    names = [clean_text(cell) for cell in rows[0].cells]
    if any(not isinstance(cell, str) for cell in rows[0].cells if not is_blank(cell)):
        return False
    filled = [header_key(name) for name in names if name]
    if len(filled) < max(1, len(names) - 1) or len(set(filled)) != len(filled):
        return False
    return not any(re.search(r"\d[\d.,]{2,}", name) for name in names) and all(filled)


def is_total(row: Row) -> bool:
    """True for the closing row of a sheet: its first filled cell reads "Total", "Totaux", "Sous-total"…"""
    first = next((cell for cell in row.cells if not is_blank(cell)), "")
    return TOTAL.match(header_key(first)) is not None


def table_from(rows: Sequence[Row], expected_names: Iterable[str]) -> Table | None:
    """The table under its true header, without the rows above it nor a total at its end; None without a header."""
    index = find_header(rows, expected_names)
    if index is None:
        return None
    body = list(rows[index + 1 :])
    while body and is_total(body[-1]):
        body.pop()
    return Table(tuple(clean_text(cell) for cell in rows[index].cells), body)

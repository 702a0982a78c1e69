"""The cells that only a file of activity holds: months and durations as people write them. Pure."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.french import normalise
from core.spreadsheets import clean_text, parse_date_fr

from ..entry.rules import CENT, COUNTS, read_value

NAMES = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
NUMERIC = re.compile(
    r"(?:(?P<m>0?[1-9]|1[0-2])[/.\- ](?P<y>\d{4}|\d{2}))|(?:(?P<y2>20\d\d)[/.\- ]?(?P<m2>0?[1-9]|1[0-2]))"
)
SPELLED = re.compile(r"(?P<name>[a-z]{3,9}) (?P<year>\d{4}|\d{2})")
DURATION = re.compile(
    r"(?:(?P<days>\d+) days?, )?(?P<hours>\d+)\s?[:hH]\s?(?P<minutes>[0-5]\d)?(?::[0-5]\d(?:\.\d+)?)?"
)
UNIT = re.compile(r"(?<=\d)\s?(?:h|heures?)$", re.IGNORECASE)
WHOLE, PLAIN = re.compile(r"[0-9]{1,9}"), re.compile(r"[0-9]{1,9}(,[0-9]{1,2})?")
FIRST_YEAR, LAST_YEAR = 2000, 2099


def parse_month(cell: Any, year: Any = None) -> date | None:
    """The first day of "02/2026", "février 2026", "févr.-26", 2026-02-15, 202602, a date cell; None when blank.

    With `year`, a month alone is read: 2, "février". Raises ValueError with the French reason.
    """
    if isinstance(cell, (date, datetime)):
        return _checked(cell.year, cell.month, cell)
    text = clean_text(cell)
    if not text:
        return None
    if clean_text(year):
        return _checked(_year(year), _month_alone(text), cell)
    plain = normalise(text)
    if found := NUMERIC.fullmatch(text):
        return _checked(int(found["y"] or found["y2"]), int(found["m"] or found["m2"]), cell)
    if found := SPELLED.fullmatch(plain):
        month = _named(found["name"])
        if month:
            return _checked(int(found["year"]), month, cell)
    try:
        day = parse_date_fr(cell if isinstance(cell, (int, float)) else text)
    except ValueError as error:
        raise ValueError(f"«\u00a0{text[:40]}\u00a0» n’est pas un mois (02/2026 ou février 2026 attendu)") from error
    return _checked(day.year, day.month, cell) if day else None


def _year(cell: Any) -> int:
    text = clean_text(cell)
    if not re.fullmatch(r"\d{4}", text):
        raise ValueError(f"«\u00a0{text[:40]}\u00a0» n’est pas une année")
    return int(text)


def _month_alone(text: str) -> int:
    if re.fullmatch(r"0?[1-9]|1[0-2]", text):
        return int(text)
    month = _named(normalise(text).split(" ")[0])
    if not month:
        raise ValueError(f"«\u00a0{text[:40]}\u00a0» n’est pas un mois")
    return month


def _named(word: str) -> int | None:
    return next((number for number, name in enumerate(NAMES, start=1) if word.startswith(name)), None)


def _checked(year: int, month: int, cell: Any) -> date:
    year += 2000 if year < 100 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"l’année de «\u00a0{clean_text(cell)[:40]}\u00a0» n’est pas vraisemblable")
    return date(year, month, 1)


def parse_number(column: str, cell: Any) -> Decimal | int | None:
    """A number of the month; hours may also be written "7 100:30", "7100 h 30", "7100 h" or "7100,5 h"."""
    if isinstance(cell, str):
        plain = cell.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
        if (WHOLE if column in COUNTS else PLAIN).fullmatch(
            plain
        ):  # nearly every cell: the whole parser costs four times as much
            return int(plain) if column in COUNTS else Decimal(plain.replace(",", ".")).quantize(CENT)
    if column not in COUNTS and isinstance(cell, str) and any(mark in cell for mark in ":hH"):
        text = clean_text(cell).replace(" ", "") if "day" not in cell else clean_text(cell)
        if found := DURATION.fullmatch(text):
            whole = int(found["days"] or 0) * 24 + int(found["hours"])
            minutes = Decimal(int(found["minutes"] or 0)) / 60
            return (whole + minutes).quantize(CENT, ROUND_HALF_UP)
        return read_value(column, UNIT.sub("", clean_text(cell)))
    return read_value(column, cell)

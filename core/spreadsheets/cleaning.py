"""Turn a cell as typed by someone into a value. Pure: no Django.

Each `parse_*` gives None for a blank cell, the value, or ValueError with the French reason to print.
"""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

EXCEL_EPOCH = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_NUMBER = 40
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
GROUPED_BY_DOT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
FRENCH_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T].*)?")
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
SERIAL = re.compile(r"\d{5}([.,]\d+)?")
TRUE_WORDS = frozenset({"oui", "o", "vrai", "true", "yes", "y", "x", "1", "✓", "✔"})
FALSE_WORDS = frozenset({"non", "n", "faux", "false", "no", "0", "-", "—"})
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
FORMULA_STARTERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def clean_text(cell: Any) -> str:
    """Text without padding: every run of spaces, no-break ones included, is one space.

    The apostrophe that our own exports put before "=", "+", "-" or "@" is taken away again.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = " ".join(str(cell).translate(INVISIBLE).replace("\x00", "").split())
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTERS and text[1:] else text


def _shown(cell: Any) -> str:
    text = clean_text(cell)
    return text if len(text) <= LONGEST_NUMBER else text[:LONGEST_NUMBER] + "…"


def parse_decimal_fr(cell: Any) -> Decimal | None:
    """ "1 234,50" (any kind of space), "1.234,50", "1234.5", 12.5; a trailing "%" or "€" is dropped, not divided."""
    if isinstance(cell, bool):
        raise ValueError("un nombre est attendu, pas «\u00a0vrai\u00a0» ou «\u00a0faux\u00a0»")
    if isinstance(cell, (int, Decimal)):
        number = Decimal(cell)
    elif isinstance(cell, float):
        number = Decimal(repr(cell))
    else:
        text = clean_text(cell)
        if not text:
            return None
        number = _decimal_of_text(text)
    if not number.is_finite():
        raise ValueError(f"«\u00a0{_shown(cell)}\u00a0» n’est pas un nombre fini")
    return number


def _decimal_of_text(text: str) -> Decimal:
    digits = text.replace("\u2212", "-").rstrip("%€").replace(" ", "").replace("'", "").replace("’", "")
    if GROUPED_BY_DOT.fullmatch(digits) and ("," in digits or digits.count(".") > 1):
        digits = digits.replace(".", "")
    if len(digits) > LONGEST_NUMBER or not digits.isascii() or not NUMBER.fullmatch(digits):
        raise ValueError(f"«\u00a0{_shown(text)}\u00a0» n’est pas un nombre")
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(f"«\u00a0{_shown(text)}\u00a0» n’est pas un nombre") from error


def parse_int_fr(cell: Any) -> int | None:
    """A whole number: "1 234", "12,0", 12.0."""
    number = parse_decimal_fr(cell)
    if number is None:
        return None
    if abs(number) >= Decimal(10) ** 18:
        raise ValueError(f"«\u00a0{_shown(cell)}\u00a0» est un nombre démesuré")
    if number != number.to_integral_value():
        raise ValueError(f"«\u00a0{_shown(cell)}\u00a0» n’est pas un nombre entier")
    return int(number)


def parse_date_fr(cell: Any) -> date | None:
    """ "17/03/2026", "17-3-26" (20..), "2026-03-17", with or without a time, an Excel serial, a date, a datetime."""
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        found = _date_of_serial(float(cell))
    else:
        text = clean_text(cell)
        if not text:
            return None
        found = _date_of_text(text)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"l’année {found.year} de «\u00a0{_shown(cell)}\u00a0» n’est pas vraisemblable")
    return found


def _date_of_serial(serial: float) -> date:
    if not (math.isfinite(serial) and 1 <= serial <= 110_000):
        raise ValueError(f"«\u00a0{_shown(serial)}\u00a0» n’est pas une date")
    return EXCEL_EPOCH + timedelta(days=int(serial))


def _date_of_text(text: str) -> date:
    if SERIAL.fullmatch(text) and text.isascii():
        return _date_of_serial(float(text.replace(",", ".")))
    if match := ISO_DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := FRENCH_DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
    else:
        raise ValueError(f"«\u00a0{_shown(text)}\u00a0» n’est pas une date (jj/mm/aaaa attendu)")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"«\u00a0{_shown(text)}\u00a0» n’existe pas dans le calendrier") from error


def parse_bool_fr(cell: Any) -> bool | None:
    """ "oui"/"non", "vrai"/"faux", "x", 1/0."""
    if isinstance(cell, bool):
        return cell
    text = clean_text(cell).casefold()
    if not text:
        return None
    if text in TRUE_WORDS:
        return True
    if text in FALSE_WORDS:
        return False
    raise ValueError(f"«\u00a0{_shown(cell)}\u00a0» ne veut dire ni oui ni non")


def parse_coordinates(cell: Any) -> tuple[float, float] | None:
    """ "48.85, 2.35" or "48,85 ; 2,35": (latitude, longitude) in degrees."""
    text = clean_text(cell).strip("()[]")
    if not text:
        return None
    parts = re.split(r"\s*;\s*|\s*,\s+|\s+", text) if re.search(r"[;\s]", text) else text.split(",")
    try:
        latitude, longitude = (float(_decimal_of_text(part)) for part in parts)
    except ValueError as error:
        raise ValueError(f"«\u00a0{_shown(cell)}\u00a0» n’est pas «\u00a0latitude, longitude\u00a0»") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"«\u00a0{_shown(cell)}\u00a0» sort du globe (latitude de −90 à 90, longitude de −180 à 180)")
    return latitude, longitude

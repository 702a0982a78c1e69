"""One value as a cell that no spreadsheet program runs, and that a French one reads back as typed."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .cleaning import FORMULA_STARTERS, INVISIBLE

# OWASP "CSV injection": these start a formula, also after spaces or invisible characters, also in full width.
HIDING = "".join(map(chr, INVISIBLE)) + "\ufffd"
SUSPECT_FIRSTS = frozenset(FORMULA_STARTERS + HIDING + " \u00a0\u202f\u3000")
NEGATIVE_NUMBER = re.compile(r"-\d+([.,]\d+)?")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FRACTION_DIGITS = Decimal("0.000001")


def written_text(text: str) -> str:
    """`text` without what no file can hold: control characters, halves of characters."""
    return text if text.isascii() and text.isprintable() else UNWRITABLE.sub("\ufffd", text)


def safe_text(text: str) -> str:
    """`text` for a CSV cell: an apostrophe goes before anything that could be taken for a formula."""
    text = written_text(text)
    if not text or text[0] not in SUSPECT_FIRSTS:
        return text
    visible = "".join(text.split()).lstrip(HIDING)
    starts = text[0] in FORMULA_STARTERS or visible.startswith(tuple(FORMULA_STARTERS))
    return f"'{text}" if starts and not NEGATIVE_NUMBER.fullmatch(text) else text


def decimal_of(value: Fraction) -> Decimal:
    """A fraction to six decimals, without useless zeros."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(FRACTION_DIGITS).normalize()


def naive(moment: datetime) -> datetime:
    """A spreadsheet has no time zone: the hour written is the one of the collectivité (the active zone)."""
    if moment.tzinfo is None:
        return moment
    from django.utils.timezone import make_naive

    return make_naive(moment)


def number_text(value: Any) -> str:
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else repr(value).replace(".", ",")


CSV_TEXT: dict[type, Callable[[Any], str]] = {
    str: safe_text,
    int: str,
    bool: lambda value: "oui" if value else "non",
    type(None): lambda value: "",
    float: number_text,
    Decimal: number_text,
    Fraction: lambda value: number_text(decimal_of(value)),
    date: lambda value: f"{value.day:02d}/{value.month:02d}/{value.year:04d}",
    datetime: lambda value: f"{naive(value):%d/%m/%Y %H:%M}",
    time: lambda value: f"{value:%H:%M}",
    timedelta: lambda value: number_text(Decimal(value / timedelta(hours=1)).quantize(Decimal("0.01")).normalize()),
}


def csv_text(value: Any) -> str:
    """The text of a CSV cell: decimal comma, dd/mm/yyyy, oui or non, empty for None."""
    convert = CSV_TEXT.get(type(value))
    return convert(value) if convert else safe_text(str(value))

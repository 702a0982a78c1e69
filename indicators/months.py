"""Months as pages name them: ?mois=2026-02. Pure."""

import re
from datetime import date

from core.calendar import add_months, month_start

MONTHS_OFFERED = 36
WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def last_complete_month(today: date) -> date:
    """The first day of the month before the one of today: the one that people enter and look at."""
    return add_months(month_start(today), -1)


def written(month: date) -> str:
    """ "2026-02"."""
    return f"{month:%Y-%m}"


def read_month(text: str | None, today: date) -> date | None:
    """The first day of "2026-02", None for anything else or for a month to come."""
    found = WRITTEN.fullmatch(text or "")
    if not found:
        return None
    month = date(int(found[1]), int(found[2]), 1)
    return month if month <= today else None


def months_until(last: date, count: int) -> list[date]:
    """`count` first days of months, in order, ending with the month of `last`."""
    return [add_months(month_start(last), -back) for back in range(count - 1, -1, -1)]

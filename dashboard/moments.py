"""The moment a dashboard shows: `?mois=2026-02`, `?au=2026-02-14`, or today with the last month entered."""

import re
from dataclasses import dataclass
from datetime import date

from core.calendar import add_months, month_end, month_start
from core.french import full_date, month_name
from establishments.asof import as_of

PARAMETER = "mois"
FIRST = date(2000, 1, 1)
WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Moment:
    """`day` for the register and the visits, `last_month` for the rates.

    `chosen` is the month of the address, None when the page shows today; `error` says why it was left aside.
    """

    today: date
    chosen: date | None = None
    error: str = ""
    on: date | None = None  # the day of the address: the month shown is then the last that was known on it

    @property
    def day(self) -> date:
        if self.on:
            return self.on
        return min(month_end(self.chosen), self.today) if self.chosen else self.today

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def value(self) -> str:
        """What the address holds: "2026-02", "" for today."""
        return f"{self.chosen:%Y-%m}" if self.chosen else ""

    @property
    def past_note(self) -> str:
        """What a past day leaves out, "" today."""
        if self.is_today:
            return ""
        day = full_date(self.day)
        return (
            f"Registre, visites et taux tels qu’au {day}, corrections faites depuis comprises. "
            "Les congés et les actions ne sont connus qu’au jour même."
        )

    @property
    def last_month(self) -> date:
        return self.chosen or add_months(month_start(self.day), -1)


def moment_of(query, today) -> Moment:
    """An unreadable month, or one to come, is said and today is shown."""
    asked = query.get(PARAMETER, "").strip()
    if not asked:
        when = as_of(query, today)
        if when.day > today:
            return Moment(today, error="Rien n’est su d’un jour à venir\u00a0: la page est celle d’aujourd’hui.")
        return Moment(today, error=when.error, on=None if when.is_today else when.day)
    found = WRITTEN.fullmatch(asked)
    month = date(int(found[1]), int(found[2]), 1) if found and int(found[1]) else None
    if month is None:
        return Moment(today, error="Ce mois ne se lit pas\u00a0: la page est montrée telle qu’aujourd’hui.")
    if not FIRST <= month <= today:
        return Moment(today, error=f"Rien à montrer pour {month_name(month)}\u00a0: la page est celle d’aujourd’hui.")
    return Moment(today, month)


def months_to_choose(moment) -> list[tuple[str, str]]:
    """(value, label) of the 24 last months, for the form of the page; the one shown is always among them."""
    last = month_start(moment.today)
    months = [add_months(last, -back) for back in range(24)]
    if moment.chosen and moment.chosen not in months:
        months.append(moment.chosen)
    return [(f"{month:%Y-%m}", month_name(month)) for month in months]

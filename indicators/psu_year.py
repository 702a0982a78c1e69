"""The prestation de service unique of one house over one year: what its page and its files show. Five queries.

Each month is calculated as if it were the whole year; the line of the year sums the hours and divides once.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from core.calendar import add_months, clip, is_working_day, iter_days
from core.french import NBSP, NONE, agreed, capitalise, month_name
from establishments.models import Closure

from .capacity import opening_of
from .links import explain_url
from .models import MonthlyActivity, PsuTariff
from .overview import as_percent
from .psu import (
    LINEAR_SINCE,
    PEDAGOGICAL_DAYS,
    Band,
    TariffIncomplete,
    band,
    ceiling_price,
    doubts,
    funding_at_ceiling,
    is_near_threshold,
    pedagogical_days,
    projected_year,
)
from .rates import NO_ACTIVITY, Activity
from .terms import opening_terms

MONTHS = 12
Status = MonthlyActivity.Status
BANDS = {
    Band.UNKNOWN: NONE,
    Band.IMPOSSIBLE: "à vérifier",
    Band.BEST: "plein",
    Band.REDUCED: "réduit",
    Band.LOWEST: "le plus bas",
}
TONES = {Band.IMPOSSIBLE: "alert", Band.BEST: "good", Band.REDUCED: "watch", Band.LOWEST: "alert"}


@dataclass(frozen=True)
class PsuLine:
    """One month, or the year, of one house; `price` is None when it cannot be told, and `why` says so."""

    name: str
    activity: Activity
    linear: bool
    price: Decimal | None
    why: str
    state: str
    is_unvalidated: bool = False
    url: str = ""  # of the page that explains the billing rate

    @property
    def actual_hours(self) -> Decimal | int | None:
        return self.activity.actual_hours if self.activity != NO_ACTIVITY else None

    @property
    def billed_hours(self) -> Decimal | int | None:
        return self.activity.billed_hours if self.activity != NO_ACTIVITY else None

    @property
    def billing(self) -> Decimal | None:
        return as_percent(self.activity.billing_rate)

    @property
    def band(self) -> Band:
        return band(self.activity.billing_rate, linear=self.linear)

    @property
    def band_label(self) -> str:
        near = is_near_threshold(self.activity.billing_rate, linear=self.linear)
        return f"{BANDS[self.band]}, seuil proche" if near else BANDS[self.band]

    @property
    def tone(self) -> str:
        return TONES.get(self.band, "neutral")

    @property
    def most(self) -> Decimal | None:
        return None if self.price is None else funding_at_ceiling(self.activity.billed_hours, self.price)

    @property
    def remarks(self) -> list[str]:
        return [doubt.sentence for doubt in doubts(self.activity)]

    @property
    def remark(self) -> str:
        return " ".join([*self.remarks, self.why]).strip()


@dataclass(frozen=True)
class PsuYear:
    """A year of one house: its months, their sum, what it brings and what it would at 107 %."""

    year: int
    months: tuple[PsuLine, ...]
    total: PsuLine
    best_price: Decimal | None
    projected: Activity | None
    pedagogical: int
    pedagogical_amount: Decimal | None
    pedagogical_why: str

    @property
    def lines(self) -> list[PsuLine]:
        return [*self.months, self.total]

    @property
    def is_partial(self) -> bool:
        return sum(line.activity != NO_ACTIVITY for line in self.months) < MONTHS

    @property
    def lost(self) -> Decimal | None:
        """Euros that the year's billing costs, at the ceiling: None when a price is missing."""
        if self.total.price is None or self.best_price is None:
            return None
        return funding_at_ceiling(self.total.activity.billed_hours, self.best_price - self.total.price)


def psu_year(establishment, year, last):
    """The year of a house, up to the month `last`."""
    first, end = max(date(year, 1, 1), establishment.opened_on.replace(day=1)), min(date(year, 12, 1), last)
    rows = _published(establishment, year)
    tariffs = list(PsuTariff.objects.between(date(year, 1, 1), date(year, 12, 31)))
    months = [add_months(first, n) for n in range(MONTHS) if add_months(first, n) <= end]
    opens = partial(explain_url, "billing_rate", establishment=establishment.pk)
    lines = [_month(month, rows.get(month), _tariff(tariffs, month), opens(month)) for month in months]
    this = {month.month: row.activity for month, row in rows.items() if month.year == year and month <= end}
    tariff = _tariff(tariffs, end)
    count, amount, why = _pedagogical(establishment, year, tariffs)
    return PsuYear(
        year=year,
        months=tuple(lines),
        total=_total(year, sum(this.values(), NO_ACTIVITY), tariff, lines, opens(end, since=first)),
        best_price=tariff.p107 if tariff else None,
        projected=projected_year(
            this, {month.month: row.activity for month, row in rows.items() if month.year == year - 1}
        ),
        pedagogical=count,
        pedagogical_amount=amount,
        pedagogical_why=why,
    )


def _published(establishment, year):
    """{month: row} of the year and of the one before."""
    rows = MonthlyActivity.objects.of(establishment).between(date(year - 1, 1, 1), date(year, 12, 1)).published()
    return {row.month: row for row in rows}


def _tariff(tariffs, month):
    return next((t for t in tariffs if t.starts_on <= month and (t.ends_on is None or t.ends_on >= month)), None)


def _priced(rate, tariff, year):
    """(price, "") or (None, why it cannot be told)."""
    if rate is None:
        return None, ""
    if tariff is None:
        return None, unknown_tariff(year)
    try:
        return ceiling_price(rate, tariff.tariff), ""
    except TariffIncomplete as lacking:
        return None, str(lacking)


def unknown_tariff(year):
    return f"Valeur du barème inconnue{NBSP}: aucun barème pour {year}."


def _is_linear(tariff, year):
    return tariff.is_linear if tariff else year >= LINEAR_SINCE


def _month(month, row, tariff, url):
    activity = row.activity if row else NO_ACTIVITY
    price, why = _priced(activity.billing_rate, tariff, month.year)
    return PsuLine(
        name=capitalise(month_name(month)),
        activity=activity,
        linear=_is_linear(tariff, month.year),
        price=price,
        why=why,
        state=row.get_status_display() if row else "sans donnée",
        is_unvalidated=bool(row) and row.status == Status.SUBMITTED,
        url=url,
    )


def _total(year, activity, tariff, lines, url):
    price, why = _priced(activity.billing_rate, tariff, year)
    known, waiting = sum(line.activity != NO_ACTIVITY for line in lines), sum(line.is_unvalidated for line in lines)
    marked = f", dont {waiting} non {agreed(waiting, 'validé')}" if waiting else ""
    return PsuLine(
        name=f"Année {year}",
        activity=activity,
        linear=_is_linear(tariff, year),
        price=price,
        why=why,
        state=f"{known} mois sur {len(lines)}{marked}",
        is_unvalidated=bool(waiting),
        url=url if known else "",
    )


def _pedagogical(establishment, year, tariffs):
    """(days planned in the year, what they are paid or None, why not).

    Each day is paid on the places and at the barème of that day: what changes later in the year changes none of it.
    """
    terms = opening_terms(establishment, date(year, 1, 1), date(year, 12, 31))
    days = _pedagogical_days(establishment, year, terms)
    amount = Decimal(0)
    for day in days[:PEDAGOGICAL_DAYS]:
        places = next((one.places for one in terms.places if one.holds(day)), None)
        if places is None:
            return len(days), None, "nombre de places inconnu"
        tariff = _tariff(tariffs, day)
        if tariff is None or tariff.hourly is None:
            return len(days), None, "barème inconnu"
        amount += pedagogical_days(places, tariff.tariff)
    return len(days), amount, ""


def _pedagogical_days(establishment, year, terms):
    """The days of the year that the closures take, in order: on a weekend or a holiday nobody would have come."""
    rows = Closure.objects.of(establishment).touching(date(year, 1, 1), date(year, 12, 31))
    rows = rows.filter(cause=Closure.Cause.PEDAGOGICAL, part=Closure.Part.DAY).order_by()
    spans = (clip(row.starts_on, row.ends_on, date(year, 1, 1), date(year, 12, 31)) for row in rows)
    days = {day for first, last in spans for day in iter_days(first, last)}
    welcomes = (lambda day: opening_of(terms, day) is not None) if terms.hours else is_working_day
    return sorted(day for day in days if welcomes(day))

"""The prestation de service unique: ceiling prices, bands of the billing rate, and hours in the wrong box. Pure.

Sources: barème of the Cnaf, three steps until 2024 (circulaire PSU of 2014), a straight line from 107 % to 120 % since
1 January 2025. The barème is dated data (`PsuTariff`): no price is written here, a missing one is never guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from core.french import hours, percent

from .rates import NO_ACTIVITY, Activity, Hours

LINEAR_SINCE = 2025
THRESHOLD = Fraction(107, 100)  # above: the price falls
MIDDLE = Fraction(117, 100)  # the second step, until 2024
LOWEST = Fraction(120, 100)  # the end of the line, since 2025
NEAR = Fraction(1, 100)  # how close to a threshold is close
IMPLAUSIBLE = Fraction(3, 2)  # billed far beyond presence: rather a wrong box than absences
SHARE = Fraction(66, 100)  # of the hourly price, families' share included
PEDAGOGICAL_HOURS = 10  # a place, a day
PEDAGOGICAL_DAYS = 3  # a year, an establishment
CENT, TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")


class TariffIncomplete(Exception):
    """The barème lacks a value that the calculation needs; its message is the sentence to show."""


@dataclass(frozen=True)
class Tariff:
    """One dated barème, in euros an hour; None where the value is not known.

    `p107`: ceiling price up to 107 %. `p117`: price from 107 to 117 % (steps only). `p120`: the lowest price, from
    120 % (`linear`) or above 117 % (steps). `hourly`: published amount of an hour at the best price (prestation and
    families' share), which pays pedagogical days. Raises TypeError for a float, ValueError for prices that rise.
    """

    p107: Decimal | None
    p120: Decimal | None
    p117: Decimal | None = None
    hourly: Decimal | None = None
    linear: bool = True

    def __post_init__(self) -> None:
        prices = [self.p107, self.p117, self.p120]
        if any(price is not None and not isinstance(price, Decimal) for price in [*prices, self.hourly]):
            raise TypeError("a price is a Decimal, or None when it is not known")
        known = [price for price in prices if price is not None]
        if known != sorted(known, reverse=True):
            raise ValueError("ceiling prices never rise with the billing rate")

    @property
    def thresholds(self) -> tuple[Fraction, Fraction]:
        return (THRESHOLD, LOWEST if self.linear else MIDDLE)


def ceiling_price(billing_rate: Fraction, tariff: Tariff) -> Decimal:
    """The ceiling of the hourly cost price for a billing rate (1.10 = 110 %), four decimals, half up.

    Raises TariffIncomplete when the barème lacks the value this rate needs, ValueError for a negative rate.
    """
    if billing_rate < 0:
        raise ValueError("a billing rate is not negative")
    first, last = tariff.thresholds
    if billing_rate <= first:
        return _rounded(_known(tariff.p107, "jusqu’à 107\u202f%"), TEN_THOUSANDTH)
    if not tariff.linear:
        if billing_rate <= last:
            return _rounded(_known(tariff.p117, "de 107 à 117\u202f%"), TEN_THOUSANDTH)
        return _rounded(_known(tariff.p120, "au-delà de 117\u202f%"), TEN_THOUSANDTH)
    lowest = _known(tariff.p120, "à partir de 120\u202f%")
    if billing_rate >= last:
        return _rounded(lowest, TEN_THOUSANDTH)
    best = _known(tariff.p107, "jusqu’à 107\u202f%")
    return _rounded(best - (best - lowest) * (billing_rate - first) / (last - first), TEN_THOUSANDTH)


def funding_at_ceiling(billed_hours: Hours, price: Decimal) -> Decimal:
    """Prestation and families' share together, in euros, when the cost price reaches the ceiling `price`: the most."""
    return _rounded(SHARE * Fraction(price) * Fraction(billed_hours), CENT)


def pedagogical_days(places: int, tariff: Tariff, *, days: int = 1) -> Decimal:
    """Euros paid for `days` pedagogical days of a year: 10 h × places × hourly amount, three days at most.

    Raises TariffIncomplete without the hourly amount, ValueError for negative places or days.
    """
    if places < 0 or days < 0:
        raise ValueError("places and days are not negative")
    hourly = _known(tariff.hourly, "d’une heure de prestation", noun="le montant")
    return _rounded(hourly * PEDAGOGICAL_HOURS * places * min(days, PEDAGOGICAL_DAYS), CENT)


class Band(StrEnum):
    """Where a billing rate lies."""

    UNKNOWN = "unknown"
    IMPOSSIBLE = "impossible"
    BEST = "best"
    REDUCED = "reduced"
    LOWEST = "lowest"


def band(billing_rate: Fraction | None, *, linear: bool = True) -> Band:
    """The band of a rate; bounds belong to the better band, except 120 % (`p120` applies from it)."""
    if billing_rate is None:
        return Band.UNKNOWN
    if billing_rate < 1:
        return Band.IMPOSSIBLE
    if billing_rate <= THRESHOLD:
        return Band.BEST
    is_lowest = billing_rate >= LOWEST if linear else billing_rate > MIDDLE
    return Band.LOWEST if is_lowest else Band.REDUCED


def to_next_threshold(billing_rate: Fraction | None, *, linear: bool = True) -> tuple[Fraction, Fraction] | None:
    """(next threshold above, what is left before it), None beyond the last one or without a rate."""
    if billing_rate is None:
        return None
    above = [mark for mark in (THRESHOLD, LOWEST if linear else MIDDLE) if billing_rate <= mark]
    return (above[0], above[0] - billing_rate) if above else None


def is_near_threshold(billing_rate: Fraction | None, *, linear: bool = True) -> bool:
    """Whether a plausible rate is within a point under a threshold."""
    if billing_rate is None or billing_rate < 1:
        return False
    found = to_next_threshold(billing_rate, linear=linear)
    return found is not None and found[1] <= NEAR


def excess_hours(activity: Activity) -> Fraction:
    """Billed hours beyond 107 % of presence: what contracts closer to presence would give back. Never negative."""
    return max(Fraction(0), Fraction(activity.billed_hours) - THRESHOLD * Fraction(activity.actual_hours))


def projected_year(this_year: Mapping[int, Activity], year_before: Mapping[int, Activity]) -> Activity | None:
    """The year's hours: known months (by number), and for the others those of the year before, season for season.

    None when nothing is known this year, or when a missing month was not known a year before either.
    """
    if not this_year:
        return None
    months = [this_year.get(month) or year_before.get(month) for month in range(1, 13)]
    known = [month for month in months if month is not None]
    return sum(known, NO_ACTIVITY) if len(known) == len(months) else None


@dataclass(frozen=True)
class Doubt:
    """A rule that the hours of a month break: `rule` names it, `sentence` says it in plain French."""

    rule: str
    sentence: str


def doubts(activity: Activity) -> tuple[Doubt, ...]:
    """Hours that look as if they were in the wrong box (C36): the prestation falls to nothing for one of these."""
    return tuple(_doubts(activity))


def _doubts(activity: Activity) -> Iterator[Doubt]:
    actual, billed, rate = activity.actual_hours, activity.billed_hours, activity.billing_rate
    if actual and not billed:
        yield Doubt(
            "actual_without_billed",
            f"{hours(actual)} réalisées et aucune heure facturée\u00a0: "
            "la case «\u00a0heures facturées\u00a0» est vide.",
        )
    elif billed and not actual:
        yield Doubt(
            "billed_without_actual",
            f"{hours(billed)} facturées et aucune heure réalisée\u00a0: "
            "la case «\u00a0heures réalisées\u00a0» est vide.",
        )
    elif rate is not None and rate < 1:
        yield Doubt(
            "billed_below_actual",
            f"Moins d’heures facturées que d’heures réalisées ({percent(rate)})\u00a0: toute heure de présence se "
            "facture, les deux cases sont peut-être inversées.",
        )
    elif rate is not None and rate > IMPLAUSIBLE:
        yield Doubt(
            "billed_far_from_actual",
            f"{hours(billed)} facturées pour {hours(actual)} réalisées ({percent(rate)})\u00a0: l’écart est trop "
            "grand pour des absences, vérifiez les deux cases.",
        )


def _known(price: Decimal | None, what: str, *, noun: str = "le prix plafond") -> Fraction:
    if price is None:
        raise TariffIncomplete(f"Valeur du barème inconnue\u00a0: {noun} {what}.")
    return Fraction(price)


def _rounded(value: Fraction, step: Decimal) -> Decimal:
    """Half up, exactly: a Fraction never meets the context of decimals, which rounds twice."""
    steps = int(value / Fraction(step) + Fraction(1, 2))
    return (Decimal(steps) * step).quantize(step, ROUND_HALF_UP)

"""How fast a budget line is spent: against the days of welcome, projected to the year's end with its interval. Pure.

A line spends when the house is open: half of the days of welcome gone and half of the money spent is on pace, whatever
the month. The interval is what the line's own stretches between two statements show; one statement gives none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from statistics import stdev

AHEAD = Fraction(110, 100)  # of the pace: spending too fast
LEAST_STRETCHES = 3
Z = 1.645  # nine years in ten


@dataclass(frozen=True)
class Statement:
    """What was committed and spent after `days` days of welcome of the year, in euros."""

    days: int
    committed: Decimal
    spent: Decimal


@dataclass(frozen=True)
class Burn:
    """A line read on its last statement: rates are fractions of the allotted, `projected` euros at the year's end."""

    spent_rate: Fraction | None
    committed_rate: Fraction | None
    elapsed: Fraction | None
    pace: Fraction | None
    projected: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def tone(self) -> str:
        """ "alert" when the line would end beyond what was allotted, "watch" ahead of its pace."""
        if self.committed_rate is not None and self.committed_rate > 1:
            return "alert"
        if self.pace is None:
            return "neutral"
        return "watch" if self.pace > AHEAD else "good"


def burn(allotted: Decimal, statements: Sequence[Statement], year_days: int) -> Burn:
    """The reading of a line; `year_days` are the days of welcome of its year.

    Raises ValueError without a statement.
    """
    if not statements:
        raise ValueError("a line has at least one statement")
    ordered = sorted(statements, key=lambda one: one.days)
    last = ordered[-1]
    elapsed = Fraction(last.days, year_days) if year_days else None
    spent = _rate(last.spent, allotted)
    projected = _euros(Fraction(last.spent) / elapsed) if elapsed else None
    low, high = _interval(ordered, year_days, projected)
    return Burn(
        spent_rate=spent,
        committed_rate=_rate(max(last.committed, last.spent), allotted),
        elapsed=elapsed,
        pace=spent / elapsed if spent is not None and elapsed else None,
        projected=projected,
        low=low,
        high=high,
    )


def _interval(
    ordered: list[Statement], year_days: int, projected: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """From the spending a day of each stretch: what is left to spend varies as the past stretches did."""
    stretches = [
        (after.days - before.days, after.spent - before.spent)
        for before, after in zip([Statement(0, Decimal(0), Decimal(0)), *ordered], ordered, strict=False)
        if after.days > before.days
    ]
    left = year_days - ordered[-1].days
    if projected is None or len(stretches) < LEAST_STRETCHES or left < 0:
        return None, None
    daily = [float(euros) / days for days, euros in stretches]
    typical = sum(days for days, _ in stretches) / len(stretches)
    half = Z * stdev(daily) * sqrt(typical * left)
    spent = ordered[-1].spent
    return max(spent, _euros(Fraction(projected) - Fraction(half))), _euros(Fraction(projected) + Fraction(half))


def _rate(amount: Decimal, allotted: Decimal) -> Fraction | None:
    return Fraction(amount) / Fraction(allotted) if allotted else None


def _euros(value: Fraction) -> Decimal:
    return Decimal(int(value + Fraction(1, 2)))

"""From numbers to positions, and from numbers to French text."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from core import french
from core.charts import svg

EMPTY = french.NONE


def finite(value: SupportsFloat | None) -> float | None:
    """The number to draw; None, NaN and infinities are gaps."""
    if value is None:
        return None
    plain = float(value)
    return plain if math.isfinite(plain) else None


def number(value: float, decimals: int | None = None) -> str:
    """1234.5 → '1 234,5' (decision 9). Without `decimals`, at most two and no trailing zero."""
    if decimals is None:
        decimals = next(d for d in (0, 1, 2) if round(value, d) == round(value, 2))
    return french.number(value, decimals)


def quantity(value: float | None, unit: str, decimals: int | None = None) -> str:
    """The number and its unit: '60 %', '1 200 h', '—' for a missing one."""
    if value is None:
        return EMPTY
    space = french.NNBSP if unit.startswith("%") else french.NBSP
    return f"{number(value, decimals)}{space}{unit}" if unit else number(value, decimals)


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round values (steps of 1, 2, 2,5 or 5 × 10ⁿ) that enclose [low, high]."""
    widest = max(abs(low), abs(high))
    if high - low <= max(1e-9 * widest, 1e-12):  # the same number, but for a float's last digits
        half = 0.5 * widest if widest > 1e-12 else 0.5
        low, high = low - half, high + half
    raw = (high - low) / max(1, count)
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def axis(values: Iterable[float | None], low: float | None, high: float | None, count: int = 5) -> list[float]:
    """Ticks that hold every value: given bounds may widen the axis, never cut the data."""
    known = [v for v in values if v is not None]
    bottom = min([*known, low] if low is not None else [*known, 0.0])
    top = max([*known, high] if high is not None else [*known, bottom])
    return nice_ticks(bottom, top, count)


def every(labels: Sequence[str], room: float, size: float) -> int:
    """Print one label in how many so that they do not touch."""
    widest = max((svg.text_width(label, size) for label in labels), default=1) + size
    slot = room / max(1, len(labels))
    return max(1, math.ceil(widest / slot))


@dataclass(frozen=True)
class Scale:
    """A straight line from values to coordinates."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

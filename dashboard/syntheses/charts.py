"""The charts of a synthesis: what they draw is kept as values, drawn again for each page and paper. Pure.

A chart says its unit, its months, its sentence and its table (interface.md, 4), and stops at the level of the
document: the sheet of an elected member shows the attendance alone.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction

from core.charts import Figure, Series, line_chart
from core.charts.grids import MONTHS
from core.french import full_date, month_name, number, percent
from indicators.figures import reading

from .sentences import INSIDE, Facts, activity_of
from .variants import allowed

PREFIX = "graphique-"
RATES = {"Fréquentation": "attendance_rate", "Admission": "admission_rate"}
VALIDATION = {"": "sans donnée", "no": "non validé", "yes": "validé"}


@dataclass(frozen=True)
class Chart:
    """`names` are the curves; `rows` one month each: [month, validation, a rate as a fraction for each curve]."""

    title: str
    day: str
    n: str
    sentence: str
    names: list[str]
    rows: list[list[str]]

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "Chart":
        return cls(**json.loads(text))

    def figure(self, prefix: str) -> Figure:
        """Drawn wide and narrow; `prefix` names it among the drawings of its page."""
        months = [date.fromisoformat(month) for month, *_ in self.rows]
        rates = [[Fraction(rate) if rate else None for rate in given] for _, _, *given in self.rows]
        series = [Series(name, [_points(row[place]) for row in rates]) for place, name in enumerate(self.names)]
        labels = [f"{MONTHS[month.month - 1]} {month:%y}" for month in months]
        unsure = [place for place, (_, state, *_) in enumerate(self.rows) if state == "no"]
        frame = {"unit": "%", "y_min": 0, "provisional": unsure, "title": self.title}
        return Figure(
            title=self.title,
            unit="%",
            period=f"{month_name(months[0])} – {month_name(months[-1])}",
            data_date=f"données au {self.day}",
            n=self.n,
            sentence=self.sentence,
            svg=line_chart(series, labels, prefix=prefix, **frame),
            svg_compact=line_chart(series, labels, prefix=f"{prefix}-court", compact=True, **frame),
            headers=["Mois", *self.names, "Validation"],
            rows=[
                [month_name(month), *map(percent, given), VALIDATION[row[1]]]
                for month, given, row in zip(months, rates, self.rows, strict=True)
            ],
        )


def _points(rate: Fraction | None) -> float | None:
    return None if rate is None else float(rate * 100)


def rates_chart(facts: Facts, level: str) -> Chart:
    """Month by month up to the last one told, over a year at least: seasons are read against the year before."""
    names = [name for name in RATES if name == "Fréquentation" or allowed(INSIDE, level)]
    told = {date.fromisoformat(row[0]): row for row in facts.now["months"]}
    known = {month: activity_of(row) for month, row in told.items() if row[2]}
    rows = [
        [month.isoformat(), _state(row), *(_rate(known.get(month), name) for name in names)]
        for month, row in told.items()
    ]
    _, _, entered, _, expected, *_ = told[max(told)]
    n = f"{facts.terms.house.counted(entered)} sur {number(expected)} le dernier mois"
    title = "Fréquentation mois par mois" if len(names) == 1 else "Fréquentation et admission mois par mois"
    return Chart(title, full_date(facts.last), n, reading(known, list(told)), names, rows)


def _state(row: Sequence) -> str:
    _, _, entered, locked, *_ = row
    return ("yes" if locked == entered else "no") if entered else ""


def _rate(activity, name: str) -> str:
    rate = getattr(activity, RATES[name]) if activity else None
    return "" if rate is None else str(Fraction(rate))

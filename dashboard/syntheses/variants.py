"""The documents that can be asked for, read from variants.yaml: a new one needs no code."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from core.calendar import add_months, month_end, month_start

FILE = Path(__file__).with_name("variants.yaml")
FORTNIGHT = 14
LEVELS = ("elu", "etablissement", "interne")  # from the widest circle of readers to the narrowest


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    holds: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """One kind of document; `levels` are the readings it may be given, the first one proposed."""

    key: str
    label: str
    levels: tuple[str, ...]
    period: str
    sections: tuple[Section, ...]

    @property
    def order(self) -> list[str]:
        return [section.key for section in self.sections]

    def proposed_days(self, today: date) -> tuple[date, date]:
        """The last period that is over: month, year before, or the fourteen days that end today."""
        if self.period == "fortnight":
            return today - timedelta(days=FORTNIGHT - 1), today
        if self.period == "year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        month = add_months(month_start(today), -1)
        return month, month_end(month)


def allowed(level: str, document: str) -> bool:
    """Whether what is written for the readers of `level` may appear in a document of level `document`."""
    return LEVELS.index(level) <= LEVELS.index(document)


@cache
def variants() -> dict[str, Variant]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        key: Variant(
            key,
            row["label"],
            tuple(row["levels"]),
            row["period"],
            tuple(Section(name, one["title"], tuple(one["holds"])) for name, one in row["sections"].items()),
        )
        for key, row in content.items()
    }


def labels() -> list[tuple[str, str]]:
    return [(variant.key, variant.label) for variant in variants().values()]

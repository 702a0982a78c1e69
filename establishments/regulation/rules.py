"""What one dated rule is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Extra:
    """What is added for each complete block of `per_places` places above `from_places`."""

    from_places: int
    per_places: int
    amount: Decimal

    def above(self, places: int) -> Decimal:
        return self.amount * max(0, (places - self.from_places) // self.per_places)


@dataclass(frozen=True)
class Rule:
    """One value of the texts (or of the pôle's practice), over one inclusive period.

    `id` is a stable key; an amended rule is two rows with the same id and periods that do not overlap.
    `starts_on` empty means that the beginning is not stated by the sources, `ends_on` empty that it is in force.
    `verified` is False for a default that no public source confirmed: it is never shown as law.
    `kinds` is empty when the rule is for every kind of establishment.
    """

    id: str
    title: str
    article: str
    statement: str
    value: Mapping[str, Any] = field(hash=False)
    source_key: str
    starts_on: date | None = None
    ends_on: date | None = None
    verified: bool = True
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", MappingProxyType(dict(self.value)))

    def in_force(self, on: date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)

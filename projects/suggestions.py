"""Subjects that the follow-up suggests for an agenda: how they are ranked and how few of them are shown. Pure.

The rows come from every room: they are gathered at the roof (dashboard/agenda). What is suggested is what is open,
so the same thing is suggested again for the next meeting until it is settled, whatever was said of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

SHOWN = 12  # an agenda is chosen at a glance
OF_A_KIND = 3  # a pile of late actions must not hide an injunction


@dataclass(frozen=True)
class Suggestion:
    """One open thing worth speaking of: `reason` says why that day, `url` is where it is treated.

    `key` is stable ("action-12"): its first word is the kind. `weight` is one of core.attention; `minutes` is the
    time proposed for it.
    """

    key: str
    weight: int
    title: str
    reason: str
    url: str
    minutes: int
    due_on: date | None = None

    @property
    def kind(self) -> str:
        return self.key.partition("-")[0]

    @property
    def rank(self) -> tuple[int, date, str, str]:
        return (-self.weight, self.due_on or date.max, self.title, self.key)


@dataclass(frozen=True)
class Suggestions:
    """Those shown, the most pressing first, those set aside for this meeting, and how many more there are."""

    shown: tuple[Suggestion, ...] = ()
    aside: tuple[Suggestion, ...] = ()
    more: int = 0


def choose(found: Iterable[Suggestion], *, taken: Collection[str] = (), aside: Collection[str] = ()) -> Suggestions:
    """At most SHOWN, at most OF_A_KIND of one kind; `taken` keys are already subjects, `aside` keys were refused."""
    by_key = {one.key: one for one in sorted(found, key=lambda one: one.rank, reverse=True)}
    waiting = [one for one in sorted(by_key.values(), key=lambda one: one.rank) if one.key not in taken]
    open_ones = [one for one in waiting if one.key not in aside]
    kinds: Counter[str] = Counter()
    shown: list[Suggestion] = []
    for one in open_ones:
        kinds[one.kind] += 1
        if kinds[one.kind] <= OF_A_KIND and len(shown) < SHOWN:
            shown.append(one)
    refused = tuple(one for one in waiting if one.key in aside)
    return Suggestions(tuple(shown), refused, len(open_ones) - len(shown))

"""The biennial reviews spread over the months (S-028): nobody has more than her capacity, none is overdue. Pure.

A review is due 24 calendar months after the last validated one, or after the opening (domain 5.2). Each is placed in
the latest month that still ends on or before its due day and in which its coordinator has room: for tasks of one
slot this finds a plan whenever one exists, and it brings forward no review more than the load demands.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

Month = int  # year × 12 + month − 1
Capacity = Callable[[int, Month], int]  # (owner, month) -> how many reviews she can validate in that month

INTERVAL_MONTHS = 24


def month_of(day: date) -> Month:
    return day.year * 12 + day.month - 1


def first_day(month: Month) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: Month) -> date:
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def due_after(reviewed_on: date) -> date:
    """Day by which the next review must be validated: 24 calendar months later, clipped to the month's end."""
    month = month_of(reviewed_on) + INTERVAL_MONTHS
    return min(last_day(month), first_day(month).replace(day=min(reviewed_on.day, last_day(month).day)))


def latest_month(due_on: date) -> Month:
    """The last month that ends on or before `due_on`: a review of that month is in time whatever its day."""
    month = month_of(due_on)
    return month if due_on == last_day(month) else month - 1


@dataclass(frozen=True)
class ReviewDue:
    """One house to review: `owner` is its coordinator, `fixed` the month somebody chose and nobody moves."""

    house: int
    owner: int
    due_on: date
    fixed: Month | None = None


@dataclass(frozen=True)
class CampaignPlan:
    """`months` says when each house is reviewed; `late` those placed after their due month; `unplaced` the rest."""

    months: Mapping[int, Month]
    late: tuple[int, ...] = ()
    unplaced: tuple[int, ...] = ()
    overloaded: tuple[tuple[int, Month], ...] = ()

    def load(self, reviews: Iterable[ReviewDue]) -> dict[tuple[int, Month], int]:
        """Number of reviews by (owner, month)."""
        counts: dict[tuple[int, Month], int] = defaultdict(int)
        for review in reviews:
            if review.house in self.months:
                counts[review.owner, self.months[review.house]] += 1
        return dict(counts)


def spread(reviews: Iterable[ReviewDue], *, start: Month, horizon: int, capacity: Capacity) -> CampaignPlan:
    """Place every review between `start` and `start + horizon` months (excluded).

    Fixed ones come first and stay, even above the capacity (said in `overloaded`). Those already past due, or that
    the load pushes out, go to the earliest free month and are named in `late`.
    """
    wanted = sorted(reviews, key=lambda review: (review.due_on, review.house))
    room: dict[tuple[int, Month], int] = {}

    def left(owner: int, month: Month) -> int:
        return room.setdefault((owner, month), capacity(owner, month))

    def take(review: ReviewDue, choices: Iterable[Month]) -> bool:
        place = next((month for month in choices if left(review.owner, month) > 0), None)
        if place is not None:
            room[review.owner, place] -= 1
            months[review.house] = place
        return place is not None

    months: dict[int, Month] = {}
    for review in wanted:
        if review.fixed is not None:
            room[review.owner, review.fixed] = left(review.owner, review.fixed) - 1
            months[review.house] = review.fixed
    overloaded = tuple(sorted(key for key, value in room.items() if value < 0))
    end = start + horizon
    free = [review for review in wanted if review.house not in months]
    pushed = [
        review
        for review in reversed(free)
        if not take(review, range(min(latest_month(review.due_on), end - 1), start - 1, -1))
    ]
    unplaced = tuple(review.house for review in reversed(pushed) if not take(review, range(start, end)))
    late = tuple(r.house for r in wanted if r.house in months and months[r.house] > latest_month(r.due_on))
    return CampaignPlan(months, late, unplaced, overloaded)


@dataclass(frozen=True)
class MoveEffect:
    """What moving one review does: the new plan, the other houses that change month, those that become late."""

    plan: CampaignPlan
    others: tuple[int, ...]
    newly_late: tuple[int, ...]
    overloads: bool


def move(
    reviews: Iterable[ReviewDue], house: int, month: Month, *, start: Month, horizon: int, capacity: Capacity
) -> MoveEffect:
    """The effect of reviewing `house` in `month`, shown before anybody accepts it."""
    before = list(reviews)
    after = [replace(review, fixed=month) if review.house == house else review for review in before]
    old = spread(before, start=start, horizon=horizon, capacity=capacity)
    new = spread(after, start=start, horizon=horizon, capacity=capacity)
    others = tuple(r.house for r in before if r.house != house and old.months.get(r.house) != new.months.get(r.house))
    newly_late = tuple(sorted(set(new.late) - set(old.late)))
    return MoveEffect(new, others, newly_late, overloads=len(new.overloaded) > len(old.overloaded))

"""What is judged over a month or a week: the 40 % of category 1°, the hours of presence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.calendar import month_start
from core.french import hours
from establishments import regulation
from establishments.regulation import (
    CapacitySlot,
    breaches_weekly_capacity,
    meets_category_1_share,
    weekly_capacity_hours,
)
from staffing.coverage.shapes import Breach, ChildrenPresence, Segment, Topic


@dataclass(frozen=True)
class MonthlyQualification:
    """Category 1° against the reference staff of one calendar month, in professionals, exact.

    Means are None when nothing was open, `share` also when nothing was required; `compliant` is None when there is
    nothing to judge or before the rule (2023).
    """

    month: date
    minutes: int
    category_1_mean: Fraction | None
    reference_mean: Fraction | None
    compliant: bool | None

    @property
    def share(self) -> Fraction | None:
        if self.category_1_mean is None or not self.reference_mean:
            return None
        return self.category_1_mean / self.reference_mean


def monthly_qualification(
    days: Mapping[date, Sequence[Segment]], *, with_floor: bool = False
) -> MonthlyQualification | None:
    """The 40 % of CSP R. 2324-42 over the assessed days of one calendar month; None without any day.

    Both means are taken over the same instants, all those of opening. The reference is the need of the ratio without
    the floor of two (R. 2324-43 I al. 2, decision 15); `with_floor` is the other reading.
    Raises ValueError when the days are of several months.
    """
    if not days:
        return None
    months = {month_start(day) for day in days}
    if len(months) > 1:
        raise ValueError("the 40 % is judged over one calendar month")
    (month,) = months
    segments = [segment for assessed in days.values() for segment in assessed]
    minutes = sum(segment.minutes for segment in segments)
    if not minutes:
        return MonthlyQualification(month, 0, None, None, None)
    category_1 = Fraction(sum(s.category_1 * s.minutes for s in segments), minutes)
    reference = Fraction(sum((s.required if with_floor else s.need) * s.minutes for s in segments), minutes)
    compliant = meets_category_1_share(category_1, reference, month)
    return MonthlyQualification(month, minutes, category_1, reference, compliant)


@dataclass(frozen=True)
class WeeklyOccupancy:
    """Hours of presence of one week against its capacity in hours; `breach` is None when the rule holds."""

    presence_hours: Fraction
    capacity_hours: Fraction
    breach: Breach | None

    @property
    def rate(self) -> Fraction | None:
        return self.presence_hours / self.capacity_hours if self.capacity_hours else None


def weekly_overcapacity(
    days: Mapping[date, Iterable[ChildrenPresence]], slots: Iterable[CapacitySlot], *, kind: str
) -> WeeklyOccupancy:
    """The hours of presence of one week, Monday to Sunday, against 100 % of its capacity (CSP R. 2324-27 1°).

    Hours are counted, not heads, and all of them, even outside the opening (arrêté of 8 October 2021, art. 4). `slots`
    are the places of the week as it was open: leave out those of a day that was closed.
    Raises ValueError when the days are of several weeks, or two slots of a day overlap.
    """
    slots = list(slots)
    if len({day.isocalendar()[:2] for day in days}) > 1:
        raise ValueError("the weekly capacity is judged over one week")
    presence = Fraction(sum(group.child_minutes for groups in days.values() for group in groups), 60)
    capacity = weekly_capacity_hours(slots)
    found = regulation.rule("SURNOMBRE-HEBDO", min(days)) if days else None
    if found is None or kind not in found.kinds or not breaches_weekly_capacity(presence, slots):
        return WeeklyOccupancy(presence, capacity, None)
    message = f"{hours(presence)} de présence dans la semaine, {hours(capacity)} au plus."
    return WeeklyOccupancy(presence, capacity, Breach(found.id, found.article, message, Topic.OVERCAPACITY))

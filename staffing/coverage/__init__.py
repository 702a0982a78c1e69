"""Who is with the children, instant by instant: exact, event-based, with the article of each breach.

Pure. Times are whole minutes after midnight, intervals are half-open, nothing is sampled (decisions 13 to 15).
"""

from staffing.coverage.bulk import Clash, HouseDay, assess_days, assessed, presences_in_two_places
from staffing.coverage.day import assess_day
from staffing.coverage.halves import HalfHour, half_hours_in_breach
from staffing.coverage.periods import (
    MonthlyQualification,
    WeeklyOccupancy,
    monthly_qualification,
    weekly_overcapacity,
)
from staffing.coverage.requirements import FIVE_EIGHT_BY_GROUP, FIVE_EIGHT_SUMMED, KINDERGARTEN, ONE_SIX, requirement
from staffing.coverage.shapes import Breach, ChildrenPresence, Segment, StaffPresence, Topic, set_apart

__all__ = [
    "FIVE_EIGHT_BY_GROUP",
    "FIVE_EIGHT_SUMMED",
    "KINDERGARTEN",
    "ONE_SIX",
    "Breach",
    "ChildrenPresence",
    "Clash",
    "HalfHour",
    "HouseDay",
    "MonthlyQualification",
    "Segment",
    "StaffPresence",
    "Topic",
    "WeeklyOccupancy",
    "assess_day",
    "assess_days",
    "assessed",
    "half_hours_in_breach",
    "monthly_qualification",
    "presences_in_two_places",
    "requirement",
    "set_apart",
    "weekly_overcapacity",
]

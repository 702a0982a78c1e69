"""A coordinator's next eight weeks: which establishment on which half-day. Pure (ADR 0010).

`plan(problem)` first settles, exactly, whether every visit can be made on time (visits.schedule, the two-month rule),
then shortens the way without ever giving that up. `replan(plan, urgent)` adds one urgent visit and moves at most
three others. Both explain each choice in French.
"""

from visits.tours.model import (
    AFTERNOON,
    HALF_DAY_LABELS,
    MORNING,
    Absence,
    Agenda,
    House,
    LateVisit,
    Locked,
    PlannedVisit,
    Problem,
    Review,
    TourPlan,
    Urgent,
)
from visits.tours.planner import plan
from visits.tours.replanner import MOST_MOVED, moved, replan

__all__ = [
    "AFTERNOON",
    "HALF_DAY_LABELS",
    "MORNING",
    "MOST_MOVED",
    "Absence",
    "Agenda",
    "House",
    "LateVisit",
    "Locked",
    "PlannedVisit",
    "Problem",
    "Review",
    "TourPlan",
    "Urgent",
    "moved",
    "plan",
    "replan",
]

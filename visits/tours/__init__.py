"""A coordinator's next eight weeks: which establishment on which half-day. Pure (ADR 0010).

`plan(problem)` first settles, exactly, whether every visit can be made on time (visits.schedule, the two-month rule),
then shortens the way without ever giving that up. `replan(plan, urgent)` adds one urgent visit and moves at most
three others. Both explain each choice in French.
"""

from visits.tours.model import (
    AFTERNOON,
    HALF_DAY_LABELS,
    MORNING,
    MOST_VISITS_A_DAY,
    STATUS_LABELS,
    WORKING_WEEK,
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
from visits.tours.planner import TIME_LIMIT_SECONDS, plan
from visits.tours.rearranger import objection, rearranged
from visits.tours.replanner import MOST_MOVED, moved, replan

__all__ = [
    "AFTERNOON",
    "HALF_DAY_LABELS",
    "MORNING",
    "MOST_MOVED",
    "MOST_VISITS_A_DAY",
    "STATUS_LABELS",
    "TIME_LIMIT_SECONDS",
    "WORKING_WEEK",
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
    "objection",
    "plan",
    "rearranged",
    "replan",
]

"""The tables of the teams: people, hours of work, leaves and their plans, interims."""

from .interims import Interim
from .leaves import LeaveRequest, LeaveRequestQuerySet
from .people import Category, Employee, EmployeeQuerySet, Posting, PostingQuerySet
from .plans import LeavePlan
from .rosters import Absence, DirectionRelay, Roster, RosterSlot, StaffOwnedQuerySet

__all__ = [
    "Absence",
    "Category",
    "DirectionRelay",
    "Employee",
    "EmployeeQuerySet",
    "Interim",
    "LeavePlan",
    "LeaveRequest",
    "LeaveRequestQuerySet",
    "Posting",
    "PostingQuerySet",
    "Roster",
    "RosterSlot",
    "StaffOwnedQuerySet",
]

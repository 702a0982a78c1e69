"""The tables of the teams: people, hours of work, leaves and their plans, interims."""

from .agency import AgencyBooking
from .appraisals import Appraisal, AppraisalObjective
from .development import Intervention, Training
from .imports import StaffImport, StaffImportLine, StaffImportQuerySet
from .interims import Interim
from .leaves import LeaveRequest, LeaveRequestQuerySet
from .needs import StaffingNeed
from .people import Category, Employee, EmployeeQuerySet, Posting, PostingQuerySet
from .plans import LeavePlan
from .pool import FloatAssignment, PoolProposal
from .posts import AccidentYear, DisciplinaryMeeting, OccupationalRisk, Post, Recruitment
from .rosters import Absence, DirectionRelay, Roster, RosterSlot, StaffOwnedQuerySet

__all__ = [
    "Recruitment",
    "Post",
    "OccupationalRisk",
    "DisciplinaryMeeting",
    "AccidentYear",
    "Absence",
    "AgencyBooking",
    "Appraisal",
    "AppraisalObjective",
    "Category",
    "DirectionRelay",
    "Employee",
    "EmployeeQuerySet",
    "FloatAssignment",
    "Interim",
    "Intervention",
    "LeavePlan",
    "LeaveRequest",
    "LeaveRequestQuerySet",
    "PoolProposal",
    "Posting",
    "PostingQuerySet",
    "Roster",
    "RosterSlot",
    "StaffImport",
    "StaffImportLine",
    "StaffImportQuerySet",
    "StaffOwnedQuerySet",
    "StaffingNeed",
    "Training",
]

"""The empreinte of a demonstration: SHA-256 of what the database holds, whatever its engine and its keys.

A row is known by its place among those of its table; what the machine decides (passwords, file names, instants of
writing, addresses that hold a key) is left out.
"""

import hashlib
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from core.models import Notification, User
from dashboard.models import Synthesis, SynthesisLine, WeeklyLine, WeeklyReport
from establishments import models as register
from indicators.models import (
    BudgetLine,
    ContextFigure,
    DailyActivity,
    ExpectedAttendance,
    MonthlyActivity,
    PlaceOffer,
)
from projects import models as projects
from projects.models import ActionItem
from staffing import models as staffing
from staffing.models import DirectionRelay, Employee, LeavePlan, LeaveRequest, Posting, Roster, RosterSlot
from visits import models as visits

MODELS = [
    User,
    register.Territory,
    register.Establishment,  # before what points to it: its place is known, not its key
    register.SectorAttachment,
    register.TerritoryBoundary,
    register.PastIdentity,
    register.Authorisation,
    register.AuthorisationSlot,
    register.OpeningHours,
    register.WorksPeriod,
    register.WorksCheck,
    register.Closure,
    register.CapacityChange,
    register.Mandate,
    register.Directorship,
    register.TakingOfficeStep,
    register.SharedRole,
    register.Unavailability,
    register.Document,
    register.Obligation,
    register.OpeningProject,
    Employee,
    Posting,
    Roster,
    RosterSlot,
    DirectionRelay,
    LeavePlan,
    LeaveRequest,
    staffing.StaffingNeed,
    staffing.FloatAssignment,
    staffing.AgencyBooking,
    staffing.Appraisal,
    staffing.AppraisalObjective,
    staffing.Training,
    staffing.Intervention,
    staffing.Post,
    staffing.Absence,
    staffing.Recruitment,
    staffing.OccupationalRisk,
    staffing.AccidentYear,
    MonthlyActivity,
    DailyActivity,
    ExpectedAttendance,
    PlaceOffer,
    BudgetLine,
    ContextFigure,
    ActionItem,
    projects.EstablishmentProject,
    projects.ProjectSection,
    projects.PedagogicalDay,
    projects.ServiceRequest,
    projects.ServiceOrder,
    projects.OrderAddressee,
    projects.Arbitration,
    projects.ArbitrationOption,
    projects.WatchNotice,
    projects.WatchReading,
    projects.GoodPractice,
    projects.PracticeReuse,
    projects.Partner,
    projects.PartnerContact,
    projects.PartnerExchange,
    projects.LocalAction,
    projects.TransversalProject,
    projects.Milestone,
    projects.ProjectTarget,
    projects.MilestoneReached,
    projects.NetworkEvent,
    projects.TraineePlace,
    projects.MeetingSeries,
    projects.SeriesMember,
    projects.Meeting,
    projects.Attendance,
    projects.Decision,
    projects.MinuteLine,
    projects.Subject,
    visits.GridItem,
    visits.Visit,
    visits.Observation,
    visits.ActionCheck,
    visits.Event,
    visits.EventNotice,
    visits.Inspection,
    visits.Finding,
    visits.FindingCheck,
    visits.FindingCorrection,
    visits.ActionOrigin,
    visits.VisitResponse,
    visits.FunctioningReview,
    visits.ReviewItem,
    visits.Framework,
    visits.FrameworkItem,
    visits.FrameworkMapping,
    register.RuleChange,
    register.RuleNotice,
    visits.DoubleRating,
    visits.DoublePoint,
    visits.DoubleAnswer,
    Synthesis,
    SynthesisLine,
    WeeklyReport,
    WeeklyLine,
    Notification,
]
LEFT_OUT = {
    User: {"password", "last_login", "home_seen_at"},
    register.TerritoryBoundary: {"imported_at"},
    register.Document: {"file", "size", "digest"},
    staffing.Appraisal: {"sealed_report", "sealed_reply"},
    staffing.AppraisalObjective: {"sealed"},
    visits.FunctioningReview: {"document", "fingerprint"},
    visits.ReviewItem: {"facts"},
    Synthesis: {"fingerprint"},
    WeeklyReport: {"fingerprint"},
    Notification: {"event", "url"},
}


def empreinte():
    """64 hexadecimal digits for the whole of the database; users of other addresses are not looked at."""
    digest, places = hashlib.sha256(), {}
    for model in MODELS:
        for line in _lines(model, places):
            digest.update(line)
    return digest.hexdigest()


def counts():
    """[(French plural, number of rows)] of what was written."""
    return [(str(model._meta.verbose_name_plural), model._base_manager.count()) for model in MODELS]


def _lines(model, places):
    fields = [field for field in model._meta.concrete_fields if _counts(model, field)]
    rows = model._base_manager.order_by("pk")
    if model is User:
        rows = rows.filter(email__endswith="@demo.example")
    known = places.setdefault(model, {})
    columns = [places.get(f.related_model) if f.is_relation else None for f in fields]
    yield model._meta.label_lower.encode()
    for place, (pk, *values) in enumerate(rows.values_list("pk", *(f.attname for f in fields)).iterator(5000)):
        known[pk] = place
        content = [
            value if table is None else None if value is None else table.get(value, -1)
            for value, table in zip(values, columns, strict=True)
        ]
        yield json.dumps(content, default=_plain, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()


def _counts(model, field):
    """A link to a table outside the list would bring in a key."""
    outside = field.is_relation and field.related_model not in MODELS
    return not (field.primary_key or outside or field.name in LEFT_OUT.get(model, ()))


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return value.hex
    raise TypeError(f"{type(value).__name__} has no place in an empreinte")

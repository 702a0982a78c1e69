"""Models of the visits, one file a subject."""

from .corrections import FindingCorrection
from .doubles import DoubleAnswer, DoublePoint, DoubleRating
from .drafts import FieldChange, VisitAttachment
from .events import Event, EventNotice
from .feeds import CalendarFeed
from .frameworks import Framework, FrameworkItem, FrameworkMapping
from .grids import GridItem, GridTheme, ObservationGrid
from .inspections import Finding, FindingCheck, Inspection
from .issued import IssuedReport
from .observations import ActionCheck, ActionOrigin, Observation, VisitResponse
from .practices import PracticeOrigin
from .remarks import Remark
from .reviews import FunctioningReview, ReviewItem
from .rhythm import CountingRule, counting_rules, counts_on
from .sensitive import PurgeCertificate, SensitiveFile, SensitiveNote, SensitiveReader, SensitiveReading
from .tours import BusyPeriod, TourLate, TourPlan, TourStop
from .visits import PARAGRAPH_LEVELS, Visit, VisitKind

__all__ = [
    "PARAGRAPH_LEVELS",
    "ActionCheck",
    "ActionOrigin",
    "BusyPeriod",
    "CalendarFeed",
    "CountingRule",
    "DoubleAnswer",
    "DoublePoint",
    "DoubleRating",
    "Event",
    "EventNotice",
    "FieldChange",
    "Framework",
    "FrameworkItem",
    "FrameworkMapping",
    "Finding",
    "FindingCheck",
    "FindingCorrection",
    "FunctioningReview",
    "GridItem",
    "GridTheme",
    "Inspection",
    "IssuedReport",
    "Observation",
    "ObservationGrid",
    "PracticeOrigin",
    "PurgeCertificate",
    "Remark",
    "ReviewItem",
    "SensitiveFile",
    "SensitiveNote",
    "SensitiveReader",
    "SensitiveReading",
    "TourLate",
    "TourPlan",
    "TourStop",
    "Visit",
    "VisitAttachment",
    "VisitKind",
    "VisitResponse",
    "counting_rules",
    "counts_on",
]

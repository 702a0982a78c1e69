"""Models of the projects, one file a subject."""

from .actions import ActionItem, ActionItemQuerySet
from .arbitrations import Arbitration, ArbitrationOption
from .days import PedagogicalDay
from .events import NetworkEvent, Participation, TraineePlace
from .legal import LegalDocument, SectionRule
from .meetings import Attendance, Meeting, MeetingSeries, SeriesMember
from .orders import OrderAddressee, OrderDocument, ServiceOrder
from .partners import LocalAction, Partner, PartnerContact, PartnerExchange
from .practices import GoodPractice, PracticeReuse
from .requests import ServiceRequest
from .subjects import Decision, MinuteLine, SetAside, Subject
from .transversal import Milestone, MilestoneReached, ProjectTarget, TransversalProject
from .versions import EstablishmentProject, ProjectSection
from .watch import WatchNotice, WatchReading

__all__ = [
    "ActionItem",
    "ActionItemQuerySet",
    "Arbitration",
    "ArbitrationOption",
    "Attendance",
    "Decision",
    "EstablishmentProject",
    "GoodPractice",
    "LegalDocument",
    "LocalAction",
    "Meeting",
    "MeetingSeries",
    "Milestone",
    "MilestoneReached",
    "MinuteLine",
    "NetworkEvent",
    "OrderAddressee",
    "OrderDocument",
    "Participation",
    "Partner",
    "PartnerContact",
    "PartnerExchange",
    "PedagogicalDay",
    "PracticeReuse",
    "ProjectSection",
    "ProjectTarget",
    "SectionRule",
    "ServiceOrder",
    "ServiceRequest",
    "SeriesMember",
    "SetAside",
    "Subject",
    "TraineePlace",
    "TransversalProject",
    "WatchNotice",
    "WatchReading",
]

"""Models of the projects, one file a subject."""

from .actions import ActionItem, ActionItemQuerySet
from .days import PedagogicalDay
from .events import NetworkEvent, Participation, TraineePlace
from .legal import LegalDocument, SectionRule
from .partners import LocalAction, Partner, PartnerContact, PartnerExchange
from .requests import ServiceRequest
from .transversal import Milestone, MilestoneReached, ProjectTarget, TransversalProject
from .versions import EstablishmentProject, ProjectSection

__all__ = [
    "ActionItem",
    "ActionItemQuerySet",
    "EstablishmentProject",
    "LegalDocument",
    "LocalAction",
    "Milestone",
    "MilestoneReached",
    "NetworkEvent",
    "Participation",
    "Partner",
    "PartnerContact",
    "PartnerExchange",
    "PedagogicalDay",
    "ProjectSection",
    "ProjectTarget",
    "SectionRule",
    "ServiceRequest",
    "TraineePlace",
    "TransversalProject",
]

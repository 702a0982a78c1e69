"""Models of the register, one file a subject."""

from .authorisations import Authorisation, AuthorisationSlot, CapacityChange, PeriodQuerySet, RatioRule
from .calendars import Closure, OpeningHours
from .establishments import (
    Establishment,
    EstablishmentOwnedQuerySet,
    ImportKey,
    Kind,
    ManagementMode,
    Organisation,
    PastIdentity,
)
from .files import Document, Level, Obligation, OpeningProject
from .journal import JournalEntry, JournalHead, broken_links, record
from .mandates import Mandate
from .people import Directorship, SharedRole, Unavailability
from .roles import CAPABILITIES, POLE_WIDE, Capability, Role, roles_with
from .rule_changes import RuleChange, RuleNotice
from .taking_office import TakingOfficeStep
from .territories import SectorAttachment, Territory, TerritoryBoundary, TerritoryLink
from .works import WorksCheck, WorksPeriod

__all__ = [
    "CAPABILITIES",
    "POLE_WIDE",
    "Authorisation",
    "AuthorisationSlot",
    "Capability",
    "CapacityChange",
    "Closure",
    "Directorship",
    "Document",
    "Establishment",
    "EstablishmentOwnedQuerySet",
    "ImportKey",
    "JournalEntry",
    "JournalHead",
    "Kind",
    "Level",
    "ManagementMode",
    "Mandate",
    "Obligation",
    "OpeningHours",
    "OpeningProject",
    "Organisation",
    "PastIdentity",
    "PeriodQuerySet",
    "RatioRule",
    "Role",
    "RuleChange",
    "RuleNotice",
    "SectorAttachment",
    "SharedRole",
    "TakingOfficeStep",
    "Territory",
    "TerritoryBoundary",
    "TerritoryLink",
    "Unavailability",
    "WorksCheck",
    "WorksPeriod",
    "broken_links",
    "record",
    "roles_with",
]

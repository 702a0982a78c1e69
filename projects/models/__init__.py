"""Models of the projects, one file a subject."""

from .actions import ActionItem, ActionItemQuerySet
from .days import PedagogicalDay
from .legal import LegalDocument, SectionRule
from .versions import EstablishmentProject, ProjectSection

__all__ = [
    "ActionItem",
    "ActionItemQuerySet",
    "EstablishmentProject",
    "LegalDocument",
    "PedagogicalDay",
    "ProjectSection",
    "SectionRule",
]

"""Models of the visits, one file a subject."""

from .grids import GridItem, GridTheme, ObservationGrid
from .observations import ActionCheck, ActionOrigin, Observation, VisitResponse
from .visits import PARAGRAPH_LEVELS, Visit, VisitKind

__all__ = [
    "PARAGRAPH_LEVELS",
    "ActionCheck",
    "ActionOrigin",
    "GridItem",
    "GridTheme",
    "Observation",
    "ObservationGrid",
    "Visit",
    "VisitKind",
    "VisitResponse",
]

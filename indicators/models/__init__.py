"""The tables of the activity. Targets and tariffs keep their rules beside them, in their own modules."""

from ..targets import Target
from ..tariffs import PsuTariff
from .activity import COMPUTED, ENTERED, HOURS, NUMBERS, MonthlyActivity, MonthlyActivityQuerySet
from .attendance import DailyActivity, ExpectedAttendance
from .budget import BudgetLine
from .context import ContextFigure
from .definitions import PublishedFormula
from .imports import ColumnMemory, ImportLine, ImportRun
from .places import PlaceOffer

__all__ = [
    "BudgetLine",
    "ContextFigure",
    "PlaceOffer",
    "PublishedFormula",
    "COMPUTED",
    "ENTERED",
    "HOURS",
    "NUMBERS",
    "ColumnMemory",
    "DailyActivity",
    "ExpectedAttendance",
    "ImportLine",
    "ImportRun",
    "MonthlyActivity",
    "MonthlyActivityQuerySet",
    "PsuTariff",
    "Target",
]

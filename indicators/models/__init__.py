"""The tables of the activity. Targets and tariffs keep their rules beside them, in their own modules."""

from ..targets import Target
from ..tariffs import PsuTariff
from .activity import COMPUTED, ENTERED, HOURS, NUMBERS, MonthlyActivity, MonthlyActivityQuerySet, StaleVersion
from .attendance import DailyActivity, ExpectedAttendance
from .imports import ColumnMemory, ImportLine, ImportRun

__all__ = [
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
    "StaleVersion",
    "Target",
]

"""The tables of the activity. Targets and tariffs keep their rules beside them, in their own modules."""

from ..targets import Target
from ..tariffs import PsuTariff
from .activity import HOURS, MonthlyActivity, MonthlyActivityQuerySet, StaleVersion

__all__ = [
    "HOURS",
    "MonthlyActivity",
    "MonthlyActivityQuerySet",
    "PsuTariff",
    "StaleVersion",
    "Target",
]

"""The weather of the teams: how likely the ratio is to break, by house and day, and what that forecast is worth."""

from .model import DayRecord, Rates, fit, probability_of_break
from .skill import Skill, evaluate, usual

__all__ = ["DayRecord", "Rates", "Skill", "evaluate", "fit", "probability_of_break", "usual"]

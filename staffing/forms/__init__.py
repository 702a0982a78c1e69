"""What is typed about the teams, by subject."""

from .leaves import DayInput, DerogationForm, LeaveForm, RefusalForm

__all__ = ["DayInput", "DerogationForm", "LeaveForm", "RefusalForm"]

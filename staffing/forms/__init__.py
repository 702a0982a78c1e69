"""What is typed about the teams, by subject."""

from .leaves import DerogationForm, LeaveForm, RefusalForm

__all__ = ["DerogationForm", "LeaveForm", "RefusalForm"]

"""Two organisations of one house, side by side: sections and opening hours, on the same days (functions S-073)."""

from .compare import Organisation, Outcome, explained, outcome_of

__all__ = ["Organisation", "Outcome", "explained", "outcome_of"]

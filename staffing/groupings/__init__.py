"""Summer groupings: which houses stay open, where the children of the others go, how far (M13)."""

from .plan import Move, Plan, Site, group

__all__ = ["Move", "Plan", "Site", "group"]

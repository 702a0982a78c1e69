"""Models of the projects, one file a subject."""

from .actions import ActionItem, ActionItemQuerySet, StaleVersion

__all__ = [
    "ActionItem",
    "ActionItemQuerySet",
    "StaleVersion",
]

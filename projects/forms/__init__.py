"""Forms of the projects, one file a subject."""

from .actions import ActionEditForm, ActionForm, prefilled

__all__ = ["ActionEditForm", "ActionForm", "prefilled"]

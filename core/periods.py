"""Queries on inclusive periods; a null end is open (docs: one form of period everywhere)."""

from django.db.models import Q


def active_on(day, *, prefix=""):
    """Rows whose period holds `day`."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def touching(start, end, *, prefix=""):
    """Rows whose period shares at least one day with start–end (`end` None = open)."""
    query = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": start})
    return query if end is None else query & Q(**{f"{prefix}starts_on__lte": end})

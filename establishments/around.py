"""What reaches the people of a territory: those who work in it, above it, or in a house below it."""

from django.utils import timezone

from core.compiled import subquery_once
from core.periods import active_on

from .models import Capability, TerritoryLink, roles_with


def territories_around(user, capability, on=None):
    """For `__in=`: ids of the territories below and above every mandate of the day that grants the capability.

    Those above a house of hers too: a director works in her sector and in what is above it, though she reads none of
    their files. One compiled subquery; none for a closed account.
    """
    if not user.is_active or not user.is_authenticated:
        return []
    return _around(user, on or timezone.localdate(), capability)


@subquery_once
def _around(user, day, capability):
    """Joins, not subqueries: one sentence may ask for this inside two others, and SQLite stops at 100 levels."""
    roles = roles_with(capability)

    def leg(path, column):
        held = {f"{path}user": user, f"{path}role__in": roles}
        days = active_on(day, prefix=path)
        if "attachments" in path:
            days &= active_on(day, prefix="descendant__attachments__")
        return TerritoryLink.objects.filter(days, **held).order_by().values_list(column)

    below, above = leg("ancestor__mandates__", "descendant"), leg("descendant__mandates__", "ancestor")
    return below.union(above, leg("descendant__attachments__establishment__mandates__", "ancestor"), all=True)


def working_in(user, on=None):
    """The same for whoever knows of a place: where the meetings and the actions of a territory may reach her."""
    return territories_around(user, Capability.SUMMARY, on)

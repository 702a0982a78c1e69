"""Where a territory stands and what the user may read there: one query."""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from core.addresses import address
from core.compiled import rows_once
from establishments.models import Capability, Territory

READ = [Capability.VIEW_AGGREGATES, Capability.VIEW_STAFF, Capability.VIEW_ACTIONS]
READ += [Capability.VIEW, Capability.VIEW_INSPECTIONS, Capability.WRITE_SYNTHESIS]


@dataclass(frozen=True)
class Trail:
    """`crumbs` are (name, URL or None) from the widest territory down; `held`, the capabilities over the last one."""

    crumbs: tuple[tuple[str, str | None], ...]
    held: frozenset[str]


def trail_of(territory, user) -> Trail:
    """The territories above, linked when the user may open their dashboard, then the territory itself."""
    rows = _above(territory, user)
    crumbs = [
        (row.name, address("dashboard:territory", row.pk) if row.view_aggregates and row.depth else None)
        for row in rows
    ]
    return Trail(tuple(crumbs), frozenset(one for one in READ if getattr(rows[-1], one.value)))


@rows_once
def _above(territory, user):
    known = {capability.value: _reached(user, capability) for capability in READ}
    above = Territory.objects.filter(descendant_links__descendant=territory)
    return above.annotate(depth=F("descendant_links__depth"), **known).order_by("-depth")


def _reached(user, capability):
    reached = Territory.objects.visible_to(user, capability).order_by().values("pk")
    return ExpressionWrapper(Q(pk__in=reached), BooleanField())

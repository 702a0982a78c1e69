"""Where a page of the indicators stands: the territories above, each linked to its own indicators. One query."""

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.urls import reverse

from establishments.models import Capability, Territory


def indicator_trail(territory, user, query=""):
    """(name, URL or None) pairs from the widest territory down; `query` keeps the month chosen."""
    readable = Territory.objects.visible_to(user, Capability.VIEW_AGGREGATES).order_by().values("pk")
    rows = Territory.objects.filter(descendant_links__descendant=territory).annotate(
        depth=F("descendant_links__depth"), opens=ExpressionWrapper(Q(pk__in=readable), BooleanField())
    )
    return [
        (row.name, f"{reverse('indicators:territory', args=[row.pk])}{query}" if row.opens and row.depth else None)
        for row in rows.order_by("-depth")
    ]

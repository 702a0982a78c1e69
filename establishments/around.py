"""What reaches the people of a territory: those who work in it, above it, or in a house below it."""

from django.db.models import Q
from django.utils import timezone

from .models import Establishment, SectorAttachment, Territory, TerritoryLink


def territories_around(user, capability, on=None):
    """Ids of the territories under a mandate, and of those above the houses that the user reaches. Subqueries only."""
    attached = SectorAttachment.objects.active_on(on or timezone.localdate()).filter(
        establishment__in=Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
    )
    above = TerritoryLink.objects.filter(descendant__in=attached.values("territory")).values("ancestor")
    covered = Territory.objects.visible_to(user, capability, on).order_by().values("pk")
    return Territory.objects.filter(Q(pk__in=above) | Q(pk__in=covered)).order_by().values("pk")

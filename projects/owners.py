"""Who may own an action: those whose mandate of the day reaches the house and lets them read the action."""

from django.db.models import Q
from django.utils import timezone

from core.models import User
from establishments.models import (
    Capability,
    Establishment,
    Level,
    Mandate,
    SectorAttachment,
    TerritoryLink,
    roles_with,
)

INSIDE = {Level.POLE, Level.NOMINATIF}


def people_covering(houses, on=None, capability=Capability.VIEW_ACTIONS):
    """Accounts that read the actions of at least one of the houses (a queryset), by name. Subqueries only."""
    day = on or timezone.localdate()
    attached = SectorAttachment.objects.active_on(day).filter(establishment__in=houses)
    above = TerritoryLink.objects.filter(descendant__in=attached.values("territory")).values("ancestor")
    mandates = Mandate.objects.active_on(day).filter(
        Q(establishment__in=houses) | Q(territory__in=above), role__in=roles_with(capability)
    )
    return User.objects.filter(is_active=True, pk__in=mandates.order_by().values("user"))


def people_holding(capability, establishment):
    """Accounts whose mandate of the day gives a right over one house: who is told that something waits."""
    return people_covering([establishment.pk], capability=capability)


def may_read(person, establishment, level):
    """Whether the person reads actions of that level over that house: an owner must see what is asked of her."""
    capability = Capability.VIEW if level in INSIDE else Capability.VIEW_ACTIONS
    return Establishment.objects.visible_to(person, capability).filter(pk=establishment.pk).exists()

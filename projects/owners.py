"""Who may own an action: those whose mandate of the day reaches the house and lets them read the action."""

from django.db.models import Q
from django.utils import timezone

from core.models import User
from establishments.around import working_in
from establishments.models import (
    Capability,
    Establishment,
    Level,
    Mandate,
    SectorAttachment,
    Territory,
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


def people_around(territory, on=None):
    """Accounts that work over a territory, in it or in one of its houses, by name: who may own its actions."""
    day = on or timezone.localdate()
    links = TerritoryLink.objects.all()
    above, below = links.filter(descendant=territory).values("ancestor"), links.filter(ancestor=territory)
    attached = SectorAttachment.objects.active_on(day).filter(territory__in=below.values("descendant"))
    mandates = Mandate.objects.active_on(day).filter(
        Q(territory__in=above)
        | Q(territory__in=below.values("descendant"))
        | Q(establishment__in=attached.values("establishment")),
        role__in=roles_with(Capability.SUMMARY),
    )
    return User.objects.filter(is_active=True, pk__in=mandates.order_by().values("user"))


def may_read(person, place, level):
    """Whether the person, as its owner, reads an action of that level over that house or territory."""
    inside = level in INSIDE
    if isinstance(place, Territory):
        over = Territory.objects.filter(pk=place.pk)
        return (over.visible_to(person) if inside else over.filter(pk__in=working_in(person))).exists()
    capability = Capability.VIEW if inside else Capability.VIEW_ACTIONS
    return Establishment.objects.visible_to(person, capability).filter(pk=place.pk).exists()

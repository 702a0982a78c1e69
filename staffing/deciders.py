"""Who decides for a house: those to tell when there is something to decide."""

from django.db.models import Q
from django.utils import timezone

from core.models import User
from core.periods import active_on
from establishments.models import Mandate, Role, SectorAttachment, TerritoryLink


def deciders_of(establishment, on=None):
    """The coordinators of the sector of a house on a day, interims included; none when the sector has none."""
    return _holding(establishment, Role.COORDINATOR, on)


def pole_heads_of(establishment, on=None):
    """The heads of the pôle of a house on a day."""
    return _holding(establishment, Role.POLE_HEAD, on)


def _holding(establishment, role, on):
    day = on or timezone.localdate()
    sectors = SectorAttachment.objects.active_on(day).filter(establishment=establishment).values("territory")
    above = TerritoryLink.objects.filter(descendant__in=sectors).values("ancestor")
    mandates = Mandate.objects.filter(active_on(day), role=role).filter(
        Q(territory__in=above) | Q(establishment=establishment)
    )
    return list(User.objects.filter(pk__in=mandates.values("user"), is_active=True).order_by("pk"))

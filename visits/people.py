"""Who holds which role over a house, today: whom a step tells."""

from django.utils import timezone

from establishments.models import Mandate, TerritoryLink


def mandates_over(establishment, roles):
    """Mandates of these roles over the house, or over a territory that holds it, of open accounts."""
    day = timezone.localdate()
    attached = establishment.attachments.active_on(day).values("territory")
    above = TerritoryLink.objects.filter(descendant__in=attached).values("ancestor")
    held = Mandate.objects.active_on(day).filter(role__in=roles, user__is_active=True)
    return (held.filter(establishment=establishment) | held.filter(territory__in=above)).select_related("user")


def holders_over(establishment, roles):
    return {mandate.user for mandate in mandates_over(establishment, roles)}

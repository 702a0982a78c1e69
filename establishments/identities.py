"""Houses under the name, the kind and the address that they had on a day (decisions, 1)."""

from django.utils import timezone

from core.periods import active_on

from .models import Establishment, PastIdentity


def as_they_were(houses, day):
    """The houses given, each as it was on `day`. One query, none for today."""
    if day >= timezone.localdate():
        return houses
    houses = list(houses)
    past = PastIdentity.objects.filter(active_on(day), establishment__in=[house.pk for house in houses])
    then = {identity.establishment_id: identity for identity in past}
    for house in houses:
        if house.pk in then:
            for name in Establishment.IDENTITY:
                setattr(house, name, getattr(then[house.pk], name))
    return houses

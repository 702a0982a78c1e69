"""How a record reaches the people: by its territory, by the houses that take part, or by both."""

from django.db import models
from django.db.models import Q

from establishments.around import territories_around
from establishments.models import Capability, Establishment, Territory


class TerritoryOwnedQuerySet(models.QuerySet):
    """Rows that belong to a territory."""

    def within(self, territory):
        """Rows of the territory itself and of those below it."""
        return self.filter(territory__in=Territory.objects.within(territory).order_by().values("pk"))

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)


class SharedQuerySet(TerritoryOwnedQuerySet):
    """Base of the rows of a territory in which houses take part.

    What `steering` names is decided over the territory itself; the rest is read from the territory or from a house.
    """

    houses_lookup = ""
    open_to_all_below = False  # whether everyone under the territory is invited
    steering = frozenset({Capability.STEER_PROJECTS, Capability.MANAGE_PARTNERS})

    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        if self.open_to_all_below and capability not in self.steering:
            return self.filter(territory__in=territories_around(user, capability, on))
        covered = Territory.objects.visible_to(user, capability, on).order_by().values("pk")
        rows = Q(territory__in=covered)
        if capability not in self.steering and self.houses_lookup:
            houses = Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
            through = self.model._base_manager.filter(**{f"{self.houses_lookup}__in": houses})
            rows |= Q(pk__in=through.order_by().values("pk"))
        return self.filter(rows)


class AroundQuerySet(TerritoryOwnedQuerySet):
    """Base of what belongs to a territory and serves everyone who works in it or under it."""

    territory_lookup = "territory"

    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        return self.filter(**{f"{self.territory_lookup}__in": territories_around(user, capability, on)})

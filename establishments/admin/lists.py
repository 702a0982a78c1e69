"""Filters of the admin's lists: by territory, by state; never a query per row."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils import timezone

from core.french import NBSP

from ..admin_scope import territories_of
from ..models import SectorAttachment, TerritoryLink
from .gaps import conditions, with_gap


def tree(user):
    """(territory, depth) of the perimeter in the order of the tree. One query."""
    rows = list(territories_of(user))
    inside = {row.pk for row in rows}
    below = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in inside else None, []).append(row)

    def walk(parent, depth):
        for row in below.get(parent, []):
            yield row, depth
            yield from walk(row.pk, depth + 1)

    return list(walk(None, 0))


class TerritoryFilter(SimpleListFilter):
    """Everything below a territory of the perimeter; the key of another one filters nothing in."""

    title = "territoire"
    parameter_name = "territoire"
    reach = "establishment"

    def lookups(self, request, model_admin):
        return [(str(row.pk), f"{NBSP * 3 * depth}{row}") for row, depth in tree(request.user)]

    def queryset(self, request, queryset):
        value = self.value()
        if value is None:
            return queryset
        if not any(value == key for key, _ in self.lookup_choices):
            return queryset.none()
        below = TerritoryLink.objects.filter(ancestor=value).values("descendant")
        return self.reached(queryset, below)

    def reached(self, queryset, below):
        houses = SectorAttachment.objects.active_on(timezone.localdate()).filter(territory__in=below)
        return queryset.filter(**{f"{self.reach}__in": houses.values("establishment")})


class HouseTerritoryFilter(TerritoryFilter):
    """For the list of the houses themselves."""

    reach = "pk"


class DirectTerritoryFilter(TerritoryFilter):
    """For rows that hang on a territory or on a house below it."""

    def reached(self, queryset, below):
        houses = SectorAttachment.objects.active_on(timezone.localdate()).filter(territory__in=below)
        query = Q(territory__in=below)
        if hasattr(queryset.model, "establishment"):
            query |= Q(establishment__in=houses.values("establishment"))
        return queryset.filter(query)


class GapFilter(SimpleListFilter):
    title = "points à régler"
    parameter_name = "a_regler"

    def lookups(self, request, model_admin):
        return [(slug, label) for slug, (label, _) in conditions(timezone.localdate()).items()]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return with_gap(queryset, self.value(), timezone.localdate())


class OpenFilter(SimpleListFilter):
    title = "ouverture"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("ouvert", "ouvert aujourd’hui"), ("ferme", "fermé définitivement"), ("a-ouvrir", "à ouvrir")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        states = {
            "ouvert": lambda: queryset.open_on(today),
            "ferme": lambda: queryset.filter(closed_on__lte=today),
            "a-ouvrir": lambda: queryset.filter(opened_on__gt=today),
        }
        return states.get(self.value(), lambda: queryset)()


class ActiveFilter(SimpleListFilter):
    """For dated rows: those that hold today, those to come, those that are over."""

    title = "validité"
    parameter_name = "validite"

    def lookups(self, request, model_admin):
        return [("en-cours", "en cours"), ("a-venir", "à venir"), ("passe", "terminé")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        over = Q(ends_on__lt=today)
        states = {"en-cours": Q(starts_on__lte=today) & ~over, "a-venir": Q(starts_on__gt=today), "passe": over}
        return queryset.filter(states[self.value()]) if self.value() in states else queryset

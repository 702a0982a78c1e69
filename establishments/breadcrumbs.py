"""Where a page stands in the territories: (label, URL or None) pairs, from the widest down. One query each."""

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone

from core.addresses import address
from core.compiled import rows_once
from core.periods import active_on

from .models import Capability, Territory


def establishment_breadcrumb(establishment, user, on=None):
    """The territories of a house on a day, linked when the user may open them, then the house."""
    rows = _above_house(establishment, user, on or timezone.localdate())
    return [*_linked(rows), (establishment.name, establishment.get_absolute_url())]


def territory_breadcrumb(territory, user):
    """The territories above one, linked when the user may open them, then itself."""
    return [*_linked(_above(territory, user))[:-1], (territory.name, None)]


@rows_once
def _above_house(establishment, user, on):
    prefix = "descendant_links__descendant__attachments__"
    attached = active_on(on, prefix=prefix) & Q(**{f"{prefix}establishment": establishment})
    return _trail(Territory.objects.filter(attached), user)


@rows_once
def _above(territory, user):
    return _trail(Territory.objects.filter(descendant_links__descendant=territory), user)


def _linked(rows):
    return [(name, address("dashboard:territory", pk) if is_open else None) for pk, name, is_open in rows]


def _trail(territories, user):
    # The dashboard of a territory opens to those who read its figures.
    readable = Territory.objects.visible_to(user, Capability.VIEW_AGGREGATES).order_by().values("pk")
    opens = ExpressionWrapper(Q(pk__in=readable), BooleanField())
    rows = territories.annotate(depth=F("descendant_links__depth"), opens=opens).order_by("-depth")
    return rows.values_list("pk", "name", "opens")

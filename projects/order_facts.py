"""What the addressees of an order already have around its date: orders, closures, events of the network."""

from collections import defaultdict

from django.db.models import Q
from django.db.models.functions import Coalesce

from core.calendar import add_working_days, iter_days
from core.french import counted, period, short_date
from establishments.models import Closure, SectorAttachment, TerritoryLink
from establishments.vocabulary import words

from .clashes import ORDER, REACH, Busy, clashes, free_days
from .models import NetworkEvent, OrderAddressee, ServiceOrder

WINDOW = REACH + 5


def around(order, today):
    """(clashes by addressee, other dates without any). Six queries, whatever the number of addressees."""
    rows = list(order.addressees.select_related("territory"))
    places = [row.territory_id for row in rows]
    busy = _busy(order, places)
    load = order.workload_days or 0
    by_place = defaultdict(list)
    for row in rows:
        for clash in clashes(row.due_on or order.due_on, [row.territory_id], busy, load):
            by_place[row.territory].append(clash)
    return dict(by_place), free_days(order.due_on, places, busy, today=today, workload=load)


def _busy(order, places):
    dates = [order.due_on, *order.addressees.exclude(due_on=None).values_list("due_on", flat=True)]
    first, last = add_working_days(min(dates), -WINDOW), add_working_days(max(dates), WINDOW)
    related = defaultdict(set)
    links = TerritoryLink.objects.filter(Q(descendant__in=places) | Q(ancestor__in=places))
    for ancestor, descendant in links.values_list("ancestor", "descendant"):
        if descendant in places:
            related[ancestor].add(descendant)
        if ancestor in places:
            related[descendant].add(ancestor)
    return [
        *_orders(order, related, first, last),
        *_events(related, first, last),
        *_closures(places, first, last),
    ]


def _orders(order, related, first, last):
    rows = OrderAddressee.objects.filter(order__status=ServiceOrder.Status.SENT, territory__in=related)
    rows = rows.filter(status__in=OrderAddressee.OPEN).exclude(order=order).select_related("order")
    for row in rows.annotate(day=Coalesce("due_on", "order__due_on")).filter(day__range=(first, last)):
        label = (
            f"autre commande pour le {short_date(row.day)}\u00a0: {row.order.title} ({row.order.get_issuer_display()})"
        )
        load = row.order.workload_days or 0
        for place in related[row.territory_id]:
            yield Busy(place, ORDER, label, row.order.get_absolute_url(), row.day, row.day, load)


def _events(related, first, last):
    rows = NetworkEvent.objects.filter(territory__in=related, status=NetworkEvent.Status.PLANNED)
    for event in rows.filter(starts_on__lte=last, ends_on__gte=first):
        label = f"{event.get_kind_display()}\u00a0: {event.title}, {period(event.starts_on, event.ends_on)}"
        for place in related[event.territory_id]:
            yield Busy(place, "event", label, event.get_absolute_url(), event.starts_on, event.ends_on)


def _closures(places, first, last):
    """Days on which at least half of the houses of an addressee are closed."""
    below = TerritoryLink.objects.filter(ancestor__in=places).values_list("descendant", "ancestor")
    above = defaultdict(set)
    for descendant, ancestor in below:
        above[descendant].add(ancestor)
    houses, of_house = defaultdict(set), defaultdict(set)
    for house, territory in (
        SectorAttachment.objects.active_on(first).filter(territory__in=above).values_list("establishment", "territory")
    ):
        for place in above[territory]:
            houses[place].add(house)
            of_house[house].add(place)
    closed = defaultdict(set)
    rows = Closure.objects.filter(establishment__in=of_house, part=Closure.Part.DAY)
    rows = rows.filter(starts_on__lte=last, ends_on__gte=first)
    for house, starts_on, ends_on in rows.values_list("establishment", "starts_on", "ends_on"):
        for day in iter_days(max(starts_on, first), min(ends_on, last)):
            for place in of_house[house]:
                closed[place, day].add(house)
    for (place, day), shut in closed.items():
        if 2 * len(shut) >= len(houses[place]):
            word = words()["establishment"]
            label = f"{counted(len(shut), word.singular, word.plural)} sur {len(houses[place])} en fermeture"
            yield Busy(place, "closure", label, "", day, day)

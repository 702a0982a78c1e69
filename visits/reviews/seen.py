"""What the visits and the events of the period told, each house apart: counts, days, ratings."""

from collections import defaultdict

from django.db.models import Count, Q
from django.utils import timezone

from establishments.models import Authorisation

from ..inspections.findings import INJUNCTION
from ..models import Event, Finding, Inspection, Observation, Visit
from ..report_facts import ratio_of
from .facts import Span

COMPLAINT = "complaint"


def _made(span: Span):
    return Visit.objects.done().filter(visited_on__range=span.days, establishment__in=span.houses)


def visits(span):
    """[visit, day, kind, counts or not]"""
    counting = set(_made(span).counting().order_by().values_list("pk", flat=True))
    found = defaultdict(list)
    rows = _made(span).order_by("visited_on", "pk").values_list("establishment", "pk", "visited_on", "kind")
    for house, pk, day, kind in rows:
        found[house].append([pk, day.isoformat(), kind, pk in counting])
    return dict(found)


def ratios(span):
    """[visit, day, present, required] where the numbers of the moment were written down."""
    found = defaultdict(list)
    rows = _made(span).filter(present_walkers__isnull=False, staff_category_1__isnull=False)
    dated = _dated_terms(span)
    for visit in rows.select_related("establishment").order_by("visited_on", "pk"):
        authorisation = next((row for row in dated[visit.establishment_id] if _holds(row, visit.visited_on)), None)
        ratio = ratio_of(visit, authorisation=authorisation, identity=visit.establishment) if authorisation else None
        if ratio is not None:
            found[visit.establishment_id].append(
                [visit.pk, visit.visited_on.isoformat(), ratio.present, ratio.required]
            )
    return dict(found)


def _dated_terms(span):
    found = defaultdict(list)
    for row in Authorisation.objects.filter(establishment__in=span.houses).order_by("starts_on"):
        found[row.establishment_id].append(row)
    return found


def _holds(row, day):
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


def _observed(span):
    """Observations of reports shared by then, inside the reading of a house: its director will read the review."""
    rows = Observation.objects.filter(
        visit__in=_made(span), visit__shared_at__date__lte=span.until, level__in=["public", "etablissement"]
    ).exclude(rating=Observation.Rating.NOT_OBSERVED)
    return rows.order_by("visit__visited_on", "item__position", "pk").values_list(
        "visit__establishment", "item__reference", "pk", "visit__visited_on", "item__title", "rating", "nature"
    )


def seen(span):
    """{"charte 2": [observation, day, rating]}"""
    found = defaultdict(lambda: defaultdict(list))
    for house, reference, pk, day, _, rating, _ in _observed(span):
        if reference:
            found[house][reference].append([pk, day.isoformat(), rating])
    return {house: dict(parts) for house, parts in found.items()}


def _of_nature(span, natures, ratings=()):
    found = defaultdict(list)
    for house, _, pk, day, title, rating, nature in _observed(span):
        if nature in natures or rating in ratings:
            found[house].append([pk, day.isoformat(), title])
    return dict(found)


def strengths(span):
    return _of_nature(span, {"strength"}, {"strength"})


def gaps(span):
    return _of_nature(span, {"gap", "to_improve"}, {"to_build"})


def practices(span):
    return _of_nature(span, {"good_practice"})


def _told(span):
    """Events known by the last day; the restricted families are in no document of others (told_to_all)."""
    rows = Event.objects.told_to_all().filter(
        establishment__in=span.houses, happened_at__date__range=span.days, reported_at__date__lte=span.until
    )
    return rows.order_by("happened_at", "pk").values_list("establishment", "pk", "happened_at", "family", "severity")


def events(span):
    """[event, day, family, severity], complaints apart"""
    found = defaultdict(list)
    for house, pk, moment, family, severity in _told(span):
        if family != COMPLAINT:
            found[house].append([pk, timezone.localdate(moment).isoformat(), family, severity])
    return dict(found)


def complaints(span):
    """[event, day] of the complaints of families: their number, never who."""
    found = defaultdict(list)
    for house, pk, moment, family, _ in _told(span):
        if family == COMPLAINT:
            found[house].append([pk, timezone.localdate(moment).isoformat()])
    return dict(found)


def inspections(span):
    """[inspection, day, authority, findings, injunctions among them, still to lift on the last day]"""
    rows = Inspection.objects.filter(
        establishment__in=span.houses, held_on__range=span.days, recorded_at__date__lte=span.until
    )
    known = Q(findings__noted_at__date__lte=span.until) & ~Q(findings__status=Finding.Status.WITHDRAWN)
    values = rows.order_by("held_on", "pk").annotate(
        found=Count("findings", filter=known),
        enjoined=Count("findings", filter=known & Q(findings__nature=INJUNCTION)),
        lifted=Count("findings", filter=known & Q(findings__lifted_on__lte=span.until)),
    )
    found = defaultdict(list)
    for row in values:
        counts = [row.found, row.enjoined, row.found - row.lifted]
        found[row.establishment_id].append([row.pk, row.held_on.isoformat(), row.authority, *counts])
    return dict(found)


READINGS_OF_THE_VISITS = {
    read.__name__: read for read in (visits, ratios, seen, strengths, gaps, practices, events, complaints, inspections)
}

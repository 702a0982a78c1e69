"""Erases what visits and analyses tell ten years after their house closed, and what only served to plan after a year.

Dates, kinds, numbers of the moment and ratings stay: the figures of the years keep them. The texts, the remarks and
answers of directors, the files and the frozen report go; a certificate remains, which alone lets a validated report
change. What an open action, review or inspection still leans on is kept, and said.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import DateField, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from core.search.index import replace_entries
from establishments.models import JournalHead, record
from projects.models import ActionItem

from . import retention, review_purging
from .models import (
    ActionCheck,
    BusyPeriod,
    CalendarFeed,
    DoubleRating,
    FunctioningReview,
    Inspection,
    TourPlan,
    Visit,
    VisitResponse,
)
from .purging import certificate

TEXTS = ["directing", "sections_seen", "context_note", "interview", "decisions", "summary"]
ACTION, REVIEW, INSPECTION = (
    "une action encore suivie la cite",
    "une analyse de fonctionnement en cours s’appuie sur elle",
    "un contrôle de l’établissement n’est pas clos",
)


@dataclass(frozen=True)
class Purge:
    """What a day erases, or would erase: visits, analyses, double ratings, plans, days not free, calendars' addresses.

    `held` is what is kept past its time, and why.
    """

    visits: tuple[Visit, ...]
    reviews: tuple[FunctioningReview, ...]
    doubles: tuple[DoubleRating, ...]
    held: tuple[tuple[Visit | FunctioningReview | DoubleRating, str], ...]
    plans: tuple[TourPlan, ...]
    busy: tuple[BusyPeriod, ...]
    feeds: tuple[CalendarFeed, ...]


def due(today) -> Purge:
    """What is past its time on a day; a fixed number of queries, nothing is written."""
    rows = list(Visit.objects.to_purge(today).select_related("establishment").order_by("pk"))
    reasons = holding(rows)
    reviews, held_reviews = review_purging.reviews_due(today)
    doubles, held_doubles = review_purging.doubles_due(today)
    held = [(visit, reasons[visit.pk]) for visit in rows if visit.pk in reasons]
    return Purge(
        visits=tuple(visit for visit in rows if visit.pk not in reasons),
        reviews=reviews,
        doubles=doubles,
        held=(*held, *held_reviews, *held_doubles),
        plans=tuple(_plans(today)),
        busy=tuple(BusyPeriod.objects.filter(ends_on__lt=retention.planned_before(today)).order_by("pk")),
        feeds=tuple(_feeds(today)),
    )


def holding(visits) -> dict[int, str]:
    """{visit: why it is kept past its time}: what still leans on it. Four queries."""
    keys, houses = [visit.pk for visit in visits], {visit.establishment_id for visit in visits}
    if not keys:
        return {}
    followed = ActionItem.objects.filter(status__in=ActionItem.FOLLOWED)
    cited = set(followed.filter(origin__visit__in=keys).values_list("origin__visit", flat=True))
    seen = ActionCheck.objects.filter(visit__in=keys, action__status__in=ActionItem.FOLLOWED)
    cited |= set(seen.values_list("visit", flat=True))
    spans = defaultdict(list)
    reviews = FunctioningReview.objects.filter(establishment__in=houses, since__isnull=False)
    reviews = reviews.exclude(status__in=FunctioningReview.CLOSED)
    for house, since, until in reviews.values_list("establishment", "since", "until"):
        spans[house].append((since, until))
    controlled = set(
        Inspection.objects.open().filter(establishment__in=houses).values_list("establishment", flat=True)
    )
    found = {}
    for visit in visits:
        day = visit.visited_on
        if visit.pk in cited:
            found[visit.pk] = ACTION
        elif day and any(since <= day <= until for since, until in spans[visit.establishment_id]):
            found[visit.pk] = REVIEW
        elif visit.establishment_id in controlled:
            found[visit.pk] = INSPECTION
    return found


def held_past_its_time(visit, today) -> str:
    """ "Conservée au-delà de son terme : …" on the page of a visit; no query while its house is open."""
    closed = visit.establishment.closed_on
    if visit.purged_at or closed is None or closed >= retention.closed_before(today):
        return ""
    reason = holding([visit]).get(visit.pk)
    return f"Conservée au-delà de son terme\u00a0: {reason}." if reason else ""


def purge_visits(today) -> Purge:
    """Erase everything whose time is over, each object in its own transaction; returns what was erased and kept."""
    found = due(today)
    for visit in found.visits:
        purge_visit(visit)
    for review in found.reviews:
        review_purging.purge_review(review)
    for double in found.doubles:
        review_purging.purge_double(double)
    for rows, verb in (
        (found.plans, "tournée purgée"),
        (found.busy, "indisponibilité purgée"),
        (found.feeds, "agenda non lu révoqué"),
    ):
        for row in rows:
            _delete(row, verb)
    return found


def purge_visit(visit):
    """Empty one visit, unless something came to lean on it meanwhile; returns its certificate, or None."""
    with transaction.atomic():
        JournalHead.locked()
        row = Visit.objects.select_for_update(of=("self",)).select_related("establishment").get(pk=visit.pk)
        if row.purged_at or holding([row]):
            return None
        pieces = list(row.attachments.all())
        told = sum(bool(getattr(row, name)) for name in TEXTS) + len(pieces) + row.remarks.count()
        told += row.observations.exclude(fact="", appreciation="").count()
        paper = certificate("visit", f"VI-{row.pk}", row.created_at, row.establishment.closed_on, told)
        row.observations.update(fact="", appreciation="")
        row.checks.update(note="")
        for children in (row.remarks, row.changes, row.attachments):
            children.all().delete()
        VisitResponse.objects.filter(visit=row).delete()
        for name in TEXTS:
            setattr(row, name, "")
        row.status_reason = retention.PURGED if row.status_reason else ""
        row.facts, row.purged_at = None, timezone.now()
        row.save()
        replace_entries("visits.visit", row.pk, [])
        record("visite purgée", row, by=None, establishment=row.establishment)
        transaction.on_commit(lambda: [piece.file.delete(save=False) for piece in pieces])
    return paper


def _plans(today):
    """Tours over for a year; one that a kept tour takes up waits for it. The latest first: it takes up the others."""
    begun = retention.planned_before(today) - timedelta(weeks=TourPlan.WEEKS) + timedelta(days=1)
    old = TourPlan.objects.filter(starts_on__lt=begun)
    kept = TourPlan.objects.filter(starts_on__gte=begun, revises__isnull=False).order_by().values("revises")
    return old.exclude(pk__in=kept).order_by("-pk")


def _feeds(today):
    last = Coalesce("read_on", TruncDate("created_at"), output_field=DateField())
    unread = Q(last__lt=retention.unread_before(today))
    return CalendarFeed.objects.annotate(last=last).filter(unread | Q(user__is_active=False)).order_by("pk")


def _delete(row, verb):
    with transaction.atomic():
        JournalHead.locked()
        record(verb, row, by=None)
        row.delete()

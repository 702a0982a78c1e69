"""Erases what functioning reviews and double ratings tell ten years after their house closed.

Dates, points and ratings stay: the figures of the years keep them. What was proposed, written, answered and frozen
goes; a certificate remains, which alone lets a closed text change. What is not finished is kept, and said.
"""

from django.db import transaction
from django.utils import timezone

from core.search.index import replace_entries
from core.sources import forget
from establishments.models import JournalHead, record
from projects.models import ActionItem

from . import retention
from .models import DoubleAnswer, DoubleRating, FunctioningReview, Inspection
from .purging import certificate
from .reviews.pouring import document_of

WRITTEN, ACTION, INSPECTION, RATED = (
    "elle n’est pas validée",
    "une action de son plan est encore suivie",
    "un contrôle de l’établissement n’est pas clos",
    "elle n’est ni concertée ni abandonnée",
)
TEXTS = ["summary", "director_opinion"]
OPEN = [DoubleRating.Status.RATING, DoubleRating.Status.COMPARED]


def reviews_due(today):
    """(reviews to erase, [(review kept, why)]); four queries, nothing is written."""
    rows = list(FunctioningReview.objects.to_purge(today).select_related("establishment").order_by("pk"))
    return _parted(rows, holding(rows))


def doubles_due(today):
    """(double ratings to erase, [(rating kept, why)])."""
    rows = list(DoubleRating.objects.to_purge(today).select_related("establishment").order_by("pk"))
    return _parted(rows, {row.pk: RATED for row in rows if row.status in OPEN})


def _parted(rows, reasons):
    kept = tuple((row, reasons[row.pk]) for row in rows if row.pk in reasons)
    return tuple(row for row in rows if row.pk not in reasons), kept


def holding(reviews) -> dict[int, str]:
    """{review: why it is kept past its time}: what still leans on it. Two queries."""
    if not reviews:
        return {}
    followed = ActionItem.objects.filter(status__in=ActionItem.FOLLOWED, origin__review__in=reviews)
    cited = set(followed.values_list("origin__review", flat=True))
    houses = {review.establishment_id for review in reviews}
    open_ones = Inspection.objects.open().filter(establishment__in=houses)
    controlled = set(open_ones.values_list("establishment", flat=True))
    found = {}
    for review in reviews:
        if review.status not in FunctioningReview.CLOSED:
            found[review.pk] = WRITTEN
        elif review.pk in cited:
            found[review.pk] = ACTION
        elif review.establishment_id in controlled:
            found[review.pk] = INSPECTION
    return found


def purge_review(review):
    """Empty one review, unless something came to lean on it meanwhile; returns its certificate, or None."""
    with transaction.atomic():
        JournalHead.locked()
        row = _locked(FunctioningReview, review)
        if row.purged_at or holding([row]):
            return None
        told = sum(bool(getattr(row, name)) for name in TEXTS) + 1  # and the opinion that validated it
        told += row.items.exclude(proposal="", comment="", reason="", previous_text="").count()
        paper = certificate("review", f"AF-{row.pk}", row.created_at, row.establishment.closed_on, told)
        row.items.update(proposal="", facts={}, previous_text="", comment="", reason="")
        for name in TEXTS:
            setattr(row, name, "")
        row.head_opinion, row.document, row.purged_at = retention.PURGED, None, timezone.now()
        row.save()
        forget(document_of(row))
        replace_entries("visits.functioningreview", row.pk, [])
        record("analyse purgée", row, by=None, establishment=row.establishment)
    return paper


def _locked(model, row):
    return model.objects.select_for_update(of=("self",)).select_related("establishment").get(pk=row.pk)


def purge_double(double):
    """Empty what was seen, noted and explained in one double rating; returns its certificate, or None."""
    with transaction.atomic():
        JournalHead.locked()
        row = _locked(DoubleRating, double)
        if row.purged_at or row.status in OPEN:
            return None
        answers = DoubleAnswer.objects.filter(point__double=row)
        told = row.points.exclude(fact="", reason="").count() + answers.exclude(note="").count()
        paper = certificate("double", f"DC-{row.pk}", row.created_at, row.establishment.closed_on, told)
        row.points.update(fact="", reason="")
        answers.update(note="")
        row.purged_at = timezone.now()
        row.save(update_fields=["purged_at"])
        record("double cotation purgée", row, by=None, establishment=row.establishment)
    return paper

"""What the search finds in a functioning review: one entry a reading, as for the reports of the visits."""

from collections.abc import Iterator

from core.french import short_date
from core.search.index import Entry, replace_entries
from establishments.models import Capability

from ..models import FunctioningReview

SUBJECT = "visits.functioningreview"
KIND = "analyse de fonctionnement"


def index_review(review: FunctioningReview) -> None:
    """Bring the entries of one review up to date, in the transaction that changed it."""
    replace_entries(SUBJECT, review.pk, entries_of(review))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    """Every review that says something, for a rebuild of the index."""
    rows = FunctioningReview.objects.exclude(status=FunctioningReview.Status.SCHEDULED).select_related("establishment")
    for review in rows.prefetch_related("items").order_by("pk").iterator(500):
        yield SUBJECT, review.pk, entries_of(review)


def entries_of(review: FunctioningReview) -> list[Entry]:
    """Nothing before the opening; for those who read the whole file, then also for those it was transmitted to."""
    if not review.is_open or review.purged_at:
        return []
    readings = [("interne", Capability.VIEW, "")]
    if review.is_transmitted:
        readings.append(("etablissement", Capability.READ_TRANSMITTED, Capability.VIEW))
    body = "\n".join(filter(None, texts_of(review)))
    return [
        Entry(
            part=reading,
            kind=KIND,
            title=f"{review.establishment}, analyse de fonctionnement à valider avant le {short_date(review.due_on)}",
            body=body,
            url=review.get_absolute_url(),
            capability=capability,
            unless=fuller,
            scope_id=review.establishment_id,
            on=review.until,
        )
        for reading, capability, fuller in readings
    ]


def texts_of(review: FunctioningReview) -> list[str]:
    """The synthesis, what somebody wrote at each point, the opinions; proposals repeat what other pages say."""
    written = [text for item in review.items.all() for text in (item.comment, item.reason)]
    return [review.summary, *written, review.director_opinion, review.head_opinion]

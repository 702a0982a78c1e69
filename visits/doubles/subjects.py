"""What is rated twice: the points of a visit's grid, or those of a functioning review; and back to the review."""

from core.french import full_date
from establishments.models import Level

from ..models import DoublePoint, FunctioningReview, Observation, Visit

NEUTRAL = Observation.Rating.NOT_OBSERVED
# A colleague of the pôle reads what was transmitted, never an internal note.
TRANSMITTED = [Level.PUBLIC, Level.ETABLISSEMENT]


def is_closed(text) -> bool:
    """Validated: nothing that is retained goes back to it."""
    if isinstance(text, FunctioningReview):
        return text.status in FunctioningReview.CLOSED
    return text.report_status == Visit.ReportStatus.VALIDATED


def is_rated(text) -> bool:
    """Somebody already rated a point of it."""
    if isinstance(text, FunctioningReview):
        return text.items.exclude(rating="").exists()
    return text.observations.exclude(rating=NEUTRAL).exists()


def title_of(text) -> str:
    if isinstance(text, FunctioningReview):
        return "Analyse de fonctionnement" + (f", faits jusqu’au {full_date(text.until)}" if text.until else "")
    return f"Visite du {full_date(text.visited_on)}"


def points_of(double) -> list[DoublePoint]:
    """The sheet: labels and facts without any rating; the facts of a visit only once it is closed."""
    if double.review_id:
        rows = [(one.key, one.label, one.reference, one.proposal) for one in double.review.items.all()]
    else:
        seen = double.visit.observations.filter(level__in=TRANSMITTED) if double.training else []
        facts = {one.item_id: one.fact for one in seen}
        rows = [(one.key, one.title, one.reference, facts.get(one.pk, "")) for one in double.visit.grid.items.all()]
    return [
        DoublePoint(double=double, position=position, key=key, label=label, reference=reference, fact=fact)
        for position, (key, label, reference, fact) in enumerate(rows, start=1)
    ]


def carry(double):
    """Write what was retained into a review still being written; a closed text never changes."""
    review = double.review
    if double.training or review is None or not review.is_writable:
        return
    retained = {point.key: point.retained for point in double.points.all()}
    for item in review.items.all():
        if item.key in retained:
            item.rating = retained[item.key]
            item.save(update_fields=["rating"])
    review.version += 1
    review.save(update_fields=["version"])

"""From sources to proposals: followed until a review is opened, then poured into it once and frozen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.calendar import add_months
from core.sources import Document, Source, cite, quoted_by, read

from .facts import Window
from .sections import POINTS, Point
from .sentences import propose
from .sources import sources_of

DOCUMENT = "visits.functioningreview"
MONTHS = 24


@dataclass(frozen=True)
class Proposal:
    """What is proposed on a point, from which facts, read in which sources."""

    point: Point
    text: str
    facts: dict[str, Any]
    sources: tuple[Source, ...]


def window_of(house: int, until: date) -> Window:
    """The twenty-four months that end on a day."""
    return Window(house, add_months(until, -MONTHS), until)


def proposals(window: Window) -> tuple[list[Proposal], dict[Source, Any]]:
    """Every point as its sources tell it now, and the facts read: a fixed number of queries."""
    wanted = {point: sources_of(point, window) for point in POINTS}
    found = read(source for held in wanted.values() for source in held.values())
    made = []
    for point, held in wanted.items():
        facts = {subject: found[source] for subject, source in held.items() if source in found}
        made.append(Proposal(point, propose(point, facts), facts, tuple(held.values())))
    return made, found


def pour(review) -> None:
    """Write the points of a review that opens, with what they quote. Its period is set; called once, locked."""
    from ..models import Framework, ReviewItem

    made, found = proposals(Window(review.establishment_id, review.since, review.until))
    before = _previous(review)
    ReviewItem.objects.bulk_create(
        ReviewItem(
            review=review,
            position=position,
            section=one.point.section,
            key=one.point.key,
            label=one.point.label,
            reference=one.point.reference,
            proposal=one.text,
            facts=one.facts if one.text else {},
            previous_rating=before[one.point.key].rating if one.point.key in before else "",
            previous_text=before[one.point.key].text if one.point.key in before else "",
        )
        for position, one in enumerate(made, start=1)
    )
    review.frameworks.set(Framework.objects.in_force(review.until))
    cite(document_of(review), {one.point.key: one.sources for one in made if one.sources}, found)


def _previous(review) -> dict:
    return {item.key: item for item in review.previous.items.all()} if review.previous_id else {}


def document_of(review) -> Document:
    return Document(DOCUMENT, review.pk)


def quoted(review):
    """{key of a point: its sources, each saying whether it moved since the opening}"""
    return quoted_by([document_of(review)])[document_of(review)]

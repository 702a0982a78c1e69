"""« Analyse biennale de fonctionnement » on paper: the rows of today while it is written, frozen once validated."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone
from django.utils.text import slugify

from core.french import full_date, short_date
from core.pdf import fingerprint, render_pdf
from establishments.vocabulary import current_pack, words

from ..models.observations import Observation
from .evolution import evolution
from .plan import plan_of
from .sections import SECTIONS

TITLE = "Analyse biennale de fonctionnement"
RATINGS = dict(Observation.Rating.choices)


@dataclass(frozen=True)
class Line:
    """A point as it is printed: what is kept, what was said before beside it, how it moved."""

    label: str
    text: str
    rating: str
    previous: str
    evolution: str
    reason: str
    reference: str
    previous_text: str  # it and the next one are absent from documents frozen before they were printed
    direction: str


@dataclass(frozen=True)
class Planned:
    title: str
    owner: str
    due_on: str


@dataclass(frozen=True)
class ReviewPaper:
    """What the document says; `sections` are (number, title, lines) without the two opinions."""

    establishment: str
    address: str
    category: str
    since: str
    until: str
    summary: str
    sections: list
    plan: list
    director: str
    director_name: str
    head: str
    head_name: str
    validated_on: str
    frameworks: list  # the versions that it was read against; absent from documents frozen before they were kept
    has_previous: bool  # the same


def paper_of(review) -> dict:
    """Plain values of a `ReviewPaper`: stored once validated, gathered from the rows before."""
    return review.document or _gather(review)


def document_of(review) -> tuple[dict, str]:
    """(what is frozen, its fingerprint), at the validation."""
    document = _gather(review)
    return document, fingerprint(document)


def _gather(review) -> dict:
    house, until = review.establishment, review.until
    identity = house.identity_on(until)
    lines: dict[int, list] = {}
    for item in review.items.all():
        lines.setdefault(item.section, []).append(asdict(_line(item)))
    paper = ReviewPaper(
        establishment=identity.name,
        address=", ".join(filter(None, [identity.street, f"{identity.postcode} {identity.city}".strip()])),
        category=house.category_on(until),
        since=review.since.isoformat(),
        until=until.isoformat(),
        summary=review.summary,
        sections=[[number, title, lines[number]] for number, title in SECTIONS.items() if number in lines],
        plan=[asdict(Planned(a.title, str(a.owner or ""), short_date(a.due_on))) for a in plan_of(review)],
        director=review.director_opinion,
        director_name=str(review.answered_by or ""),
        head=review.head_opinion,
        head_name=str(review.validated_by or ""),
        validated_on=short_date(timezone.localdate(review.validated_at)) if review.validated_at else "",
        frameworks=[str(one) for one in review.frameworks.all()],
        has_previous=review.previous_id is not None,
    )
    return asdict(paper)


def _line(item) -> Line:
    moved = evolution(item.previous_rating, item.rating)
    return Line(
        label=item.label,
        text=item.text,
        rating=str(RATINGS.get(item.rating, "")),
        previous=str(RATINGS.get(item.previous_rating, "")),
        evolution=moved.label if moved else "",
        reason=item.reason,
        reference=item.reference,
        previous_text=item.previous_text,
        direction=moved.direction if moved else "",
    )


def review_file(review):
    """(bytes, file name) of the document; the same bytes for ever once it is validated."""
    paper = paper_of(review)
    since, until = date.fromisoformat(paper["since"]), date.fromisoformat(paper["until"])
    content = render_pdf(
        "visits/pdf/review.html",
        {"paper": paper, "words": words(), "pack": current_pack()},
        title=f"{TITLE} — {paper['establishment']}",
        subject=f"Du {full_date(since)} au {full_date(until)}",
        level="etablissement" if review.is_transmitted else "interne",
        version=review.version,
        draft=review.status not in review.CLOSED,
        fingerprint=review.fingerprint or fingerprint(paper),
        created_at=review.validated_at or review.shared_at or review.until,
    )
    return content, slugify(f"analyse-de-fonctionnement {paper['establishment']} {until.isoformat()}") + ".pdf"

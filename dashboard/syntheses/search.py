"""What the search finds in a synthesis once it is approved, for the readers of its level."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries

from .grids import DRAWN

SUBJECT = "dashboard.synthesis"
KIND = "Synthèse"


def index_synthesis(document) -> None:
    """Called once, when the document is approved, in the same transaction."""
    replace_entries(SUBJECT, document.pk, [_entry(document, document.lines.all())])


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    from ..models import Synthesis

    rows = Synthesis.objects.approved().select_related("territory", "establishment").prefetch_related("lines")
    for document in rows.order_by("pk"):
        yield SUBJECT, document.pk, [_entry(document, document.lines.all())]


def _entry(document, lines):
    from ..models.syntheses import READERS

    texts = [line.text for line in lines if not line.is_left_out and not line.key.startswith(DRAWN)]
    return Entry(
        part="entier",
        kind=KIND,
        title=str(document),
        body="\n".join(texts),
        url=document.get_absolute_url(),
        capability=READERS[document.level],
        scope="territory" if document.territory_id else "establishment",
        scope_id=document.territory_id or document.establishment_id,
        on=document.ends_on,
    )

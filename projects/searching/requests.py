"""A question and its answer: found by the house that asked, then by everyone to whom the answer is told."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries
from establishments.models import Capability

SUBJECT = "projects.servicerequest"
KIND = "demande"


def index_request(request) -> None:
    """In the transaction that changed the request."""
    replace_entries(SUBJECT, request.pk, entries_of(request))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    from ..models import ServiceRequest

    for request in (
        ServiceRequest.objects.filter(purged_at=None).select_related("same_as").order_by("pk").iterator(500)
    ):
        yield SUBJECT, request.pk, entries_of(request)


def entries_of(request) -> list[Entry]:
    scope, scope_id = request.search_scope
    entry = Entry(
        part="entier",
        kind=KIND,
        title=request.title,
        body="\n".join(filter(None, [request.text, request.given_answer])),
        url=request.get_absolute_url(),
        capability=Capability.READ_TRANSMITTED,
        scope=scope,
        scope_id=scope_id,
        on=request.asked_on,
    )
    return [entry]

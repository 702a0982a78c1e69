"""What the pages of the requests show beside the record: questions alike, ages and delays."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from core.calendar import working_days_between
from establishments.models import Capability

from .likeness import alike, stems_of
from .models import ServiceRequest

YEAR = timedelta(days=365)
COMPARED = 400


@dataclass(frozen=True)
class Twin:
    """A question that looks like the one shown; `may_group` when the reader may put them together."""

    request: ServiceRequest
    percent: int
    may_group: bool


@dataclass(frozen=True)
class Waiting:
    """Open requests of one service: how many, and the age of the oldest in working days."""

    service: str
    count: int
    oldest: int


@dataclass(frozen=True)
class Figures:
    """`median_days`: working days between a question and its answer over twelve months; None without any answer."""

    n_open: int
    n_late: int
    n_answered: int
    median_days: float | None
    services: tuple[Waiting, ...]


def twins_of(request, user, today) -> list[Twin]:
    """The likest questions of the last year that the reader may open. Three queries at most."""
    others = ServiceRequest.objects.visible_to(user).filter(asked_on__gt=today - YEAR, same_as__isnull=True)
    others = others.exclude(status=ServiceRequest.Status.WITHDRAWN).exclude(pk=request.pk)
    known = {row.pk: row for row in others.select_related("establishment", "territory")[:COMPARED]}
    texts = [(row.pk, stems_of(row.title, row.text)) for row in known.values()]
    found = alike(stems_of(request.title, request.text), texts)
    groupable = set()
    if found and request.status in ServiceRequest.OPEN:
        handled = ServiceRequest.objects.visible_to(user, Capability.HANDLE_REQUESTS)
        wanted = [request.pk, *(one.key for one in found)]
        groupable = set(handled.filter(pk__in=wanted).values_list("pk", flat=True))
    may = request.pk in groupable and request.same_as_id is None
    return [Twin(known[one.key], round(100 * one.share), may and one.key in groupable) for one in found]


def figures_of(user, today) -> Figures:
    """Over what the reader may open. Two queries."""
    seen = ServiceRequest.objects.visible_to(user).order_by()
    waiting = list(seen.open().values_list("service", "asked_on", "due_on"))
    settled = seen.filter(status__in=ServiceRequest.SETTLED, answered_on__gt=today - YEAR)
    delays = [
        working_days_between(asked, answered) for asked, answered in settled.values_list("asked_on", "answered_on")
    ]
    ages = {}
    for service, asked_on, _ in waiting:
        ages.setdefault(service, []).append(working_days_between(asked_on, today))
    services = (Waiting(name or "Non relayées", len(days), max(days)) for name, days in ages.items())
    return Figures(
        n_open=len(waiting),
        n_late=sum(due_on < today for _, _, due_on in waiting),
        n_answered=len(delays),
        median_days=median(delays) if delays else None,
        services=tuple(sorted(services, key=lambda one: (-one.oldest, one.service))),
    )

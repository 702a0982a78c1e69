"""The facts of a review, subject by subject, over its twenty-four months: what its points say and cite.

A key is "house|since|until", with a fourth part where a subject has several ("charte 2"). Facts are those of the day
`until`: an action closed after it is still open here, so that the life of the house marks nothing « périmé » and only
a correction of the past does. Each reading takes many houses of one window in a fixed number of queries.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils import timezone

from core.calendar import is_working_day, iter_days
from core.periods import active_on, touching
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    Directorship,
    Establishment,
    Obligation,
    OpeningHours,
    SectorAttachment,
    SharedRole,
    WorksPeriod,
)
from establishments.regulation import category, category_label
from indicators.models import HOURS, MonthlyActivity
from projects.models import ActionItem, EstablishmentProject, PedagogicalDay
from staffing.compliance import compliance_of
from staffing.models import Absence, LeaveRequest, Posting


@dataclass(frozen=True)
class Window:
    """One house over the period of its review; `part` is "charte 2" for a subject that has parts."""

    house: int
    since: date
    until: date
    part: str = ""

    @property
    def key(self) -> str:
        parts = [str(self.house), self.since.isoformat(), self.until.isoformat(), *([self.part] if self.part else [])]
        return "|".join(parts)

    @classmethod
    def of(cls, key: str) -> "Window":
        house, since, until, *part = key.split("|")
        return cls(int(house), date.fromisoformat(since), date.fromisoformat(until), *part)


@dataclass(frozen=True)
class Span:
    """The houses read at once, over one period."""

    houses: frozenset[int]
    since: date
    until: date

    @property
    def days(self) -> tuple[date, date]:
        return (self.since, self.until)

    @property
    def mine(self) -> dict[str, frozenset[int]]:
        return {"establishment__in": self.houses}


def by_key(read: Callable[[Span], dict[int, object]]) -> Callable[[set[str]], dict[str, object]]:
    """`read(span)` → {house: facts}, as the registry calls it; subjects in parts give {house: {part: facts}}."""

    def facts(keys: set[str]) -> dict[str, object]:
        windows = [Window.of(key) for key in keys]
        found: dict[str, object] = {}
        for since, until in sorted({(window.since, window.until) for window in windows}):
            held = [window for window in windows if (window.since, window.until) == (since, until)]
            values = read(Span(frozenset(window.house for window in held), since, until))
            for window in held:
                value = values.get(window.house)
                if window.part and value is not None:
                    value = value.get(window.part)
                if value:
                    found[window.key] = value
        return found

    return facts


def _lists(rows: Iterable[tuple]) -> dict[int, list]:
    """{house: [the rest of each row]}, dates and decimals as plain text."""
    found: dict[int, list] = defaultdict(list)
    for house, *values in rows:
        found[house].append([_plain(value) for value in values])
    return dict(found)


def _plain(value):
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _working_days(span, start, end):
    """Working days of a stretch that lie in the period, both ends counted."""
    return sum(map(is_working_day, iter_days(max(start, span.since), min(end, span.until))))


def identity(span):
    rows = (
        Authorisation.objects.filter(active_on(span.until), **span.mine)
        .order_by("pk")
        .annotate(slots_n=Count("slots"))
    )
    values = rows.values("establishment", "places", "ratio_rule", "expires_on", "issued_on", "slots_n")
    held = {row.pop("establishment"): {name: _plain(value) for name, value in row.items()} for row in values}
    houses = Establishment.objects.filter(pk__in=span.houses).only("name", "kind", "organisation", "opened_on")
    return {
        house.pk: {
            "kind": house.get_kind_display(),
            "organisation": house.get_organisation_display(),
            "category": _category(house.kind, held[house.pk]["places"], span.until),
            **held[house.pk],
        }
        for house in houses
        if house.pk in held
    }


def _category(kind, places, day):
    return category_label(kind, category(kind, places, day))


def hours(span):
    rows = OpeningHours.objects.filter(active_on(span.until), **span.mine).order_by("weekday")
    return _lists(rows.values_list("establishment", "weekday", "opens_at", "closes_at"))


def months(span):
    rows = MonthlyActivity.objects.published().between(*span.days).filter(**span.mine).order_by("month")
    return _lists(rows.values_list("establishment", "month", *HOURS))


def around(span):
    """Summed hours of the other houses of the same sector; {house: [number of houses, hours…]}."""
    today = SectorAttachment.objects.active_on(span.until)
    sector_of = dict(today.filter(**span.mine).values_list("establishment", "territory"))
    members = defaultdict(set)
    for house, sector in today.filter(territory__in=set(sector_of.values())).values_list("establishment", "territory"):
        members[sector].add(house)
    everywhere = {house for held in members.values() for house in held}
    rows = MonthlyActivity.objects.published().between(*span.days).filter(establishment__in=everywhere)
    sums = {
        row["establishment"]: [row[name] for name in SUMMED]
        for row in rows.order_by().values("establishment").annotate(**{f"s_{name}": Sum(name) for name in HOURS})
    }
    found = {}
    for house, sector in sector_of.items():
        others = [sums[other] for other in members[sector] - {house} if other in sums]
        if others:
            found[house] = [len(others), *(str(sum(column, Decimal(0))) for column in zip(*others, strict=True))]
    return found


SUMMED = [f"s_{name}" for name in HOURS]


def quotas(span):
    """[label, required, actual, met, article] of the compliance table on the last day (domain 2.6)."""
    lines = compliance_of(Establishment.objects.filter(pk__in=span.houses), span.until)
    return _lists(
        (line.house, line.label, line.required, line.actual, line.requirement.is_met, line.article) for line in lines
    )


def team(span):
    """[job, category, posts, FTE] of the last day: no name."""
    rows = Posting.objects.filter(pool__isnull=True, **span.mine).active_on(span.until).order_by("job", "category")
    counts = rows.values_list("establishment", "job", "category").annotate(n=Count("pk"), fte=Sum("fte"))
    return _lists(counts)


def moves(span):
    """{arrived, left, held}: postings begun and ended in the period, and those of its last day."""
    rows = Posting.objects.filter(touching(*span.days), pool__isnull=True, **span.mine)
    arrived = Count("pk", filter=Q(starts_on__gte=span.since))
    left = Count("pk", filter=Q(ends_on__isnull=False, ends_on__lt=span.until))
    counts = rows.order_by().values("establishment").annotate(arrived=arrived, left=left, held=Count("pk") - left)
    return {row.pop("establishment"): row for row in counts}


def directions(span):
    rows = Directorship.objects.filter(touching(*span.days), position="director", **span.mine)
    values = rows.order_by("starts_on", "pk").values_list("establishment", "starts_on", "ends_on", "is_interim")
    return _lists((house, start, _known_end(end, span.until), interim) for house, start, end, interim in values)


def _known_end(end, until):
    """An end later than the last day was not known to the review."""
    return end if end and end <= until else None


def _absent(span, kinds):
    rows = Absence.objects.filter(touching(*span.days), kind__in=kinds, **span.mine).order_by("pk")
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"spells": 0, "half_days": 0})
    for house, start, end, part in rows.values_list("establishment", "starts_on", "ends_on", "part"):
        days = _working_days(span, start, end)
        found[house]["spells"] += 1
        found[house]["half_days"] += 1 if part != Absence.Part.DAY else 2 * days
    return dict(found)


def absences(span):
    """Unplanned absences: a number of days for the whole team, never whose nor why (decisions, access)."""
    return _absent(span, [Absence.Kind.UNPLANNED])


def training(span):
    return _absent(span, [Absence.Kind.TRAINING])


def leaves(span):
    """{status: number} of the leave decided in the period."""
    rows = LeaveRequest.objects.filter(decided_at__date__range=span.days, **span.mine)
    found: dict[int, Counter] = defaultdict(Counter)
    for house, status, n in rows.order_by().values_list("establishment", "status").annotate(n=Count("pk")):
        found[house][status] += n
    return {house: dict(sorted(counts.items())) for house, counts in found.items()}


def projects(span):
    """[document, number, status, in force since, to revise on] of the versions in force on the last day."""
    rows = EstablishmentProject.objects.filter(starts_on__lte=span.until, **span.mine)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=span.until)).order_by("document", "number")
    return _lists(rows.values_list("establishment", "document", "number", "starts_on", "revise_on"))


def days(span):
    """[day, theme] of the pedagogical days held; those that only the calendar of closures knows too."""
    held = PedagogicalDay.objects.filter(held_on__range=span.days, status__in=["validated", "reported"], **span.mine)
    rows = list(held.order_by("held_on").values_list("establishment", "held_on", "theme"))
    told = {(house, day) for house, day, _ in rows}
    closed = Closure.objects.filter(cause=Closure.Cause.PEDAGOGICAL, starts_on__range=span.days, **span.mine)
    for house, day in closed.order_by("starts_on", "pk").values_list("establishment", "starts_on"):
        if (house, day) not in told:
            rows.append((house, day, ""))
    return _lists(sorted(rows, key=lambda row: (row[0], row[1])))


FAMILIES = {
    "protocols": [kind for kind in Obligation.Kind.values if kind.startswith("protocol_")],
    "safety": [Obligation.Kind.SAFETY_COMMISSION, Obligation.Kind.EVACUATION, Obligation.Kind.LOCKDOWN],
    "premises": [
        *(Obligation.Kind.WATER, Obligation.Kind.AIR, Obligation.Kind.FIRST_AID, Obligation.Kind.RISK_DOCUMENT)
    ],
    "all": Obligation.Kind.values,
}


def duties(span):
    """{part: [kind, done on, to do again before]}"""
    rows = _lists(
        Obligation.objects.filter(**span.mine)
        .order_by("kind")
        .values_list("establishment", "kind", "done_on", "expires_on")
    )
    return {
        house: {part: [row for row in held if row[0] in kinds] for part, kinds in FAMILIES.items()}
        for house, held in rows.items()
    }


def health(span):
    """Functions shared by several houses that cover this one on the last day: [function], no name."""
    above = defaultdict(set)
    attached = SectorAttachment.objects.active_on(span.until).filter(**span.mine)
    for house, territory in attached.values_list("establishment", "territory__ancestor_links__ancestor"):
        above[house].add(territory)
    everywhere = {territory for held in above.values() for territory in held}
    rows = SharedRole.objects.filter(active_on(span.until), function__in=["rsai", "nurse"])
    rows = rows.filter(Q(establishment__in=span.houses) | Q(territory__in=everywhere)).order_by("function", "pk")
    values = list(rows.values_list("function", "establishment", "territory"))
    return {
        house: sorted({function for function, own, wide in values if own == house or wide in above[house]})
        for house in span.houses
    }


def works(span):
    """[title, status on the last day as far as dates tell, start, end, places]"""
    rows = WorksPeriod.objects.filter(needed_on__lte=span.until, **span.mine)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=span.since)).order_by("needed_on", "pk")
    return _lists(rows.values_list("establishment", "title", "status", "starts_on", "ends_on", "places"))


def closures(span):
    """{closed: {cause: days}, frozen: [places, reason, from, to]}"""
    rows = Closure.objects.touching(*span.days).filter(**span.mine).order_by("starts_on", "pk")
    found: dict[int, dict] = {}
    for house, cause, start, end in rows.values_list("establishment", "cause", "starts_on", "ends_on"):
        held = found.setdefault(house, {"closed": {}, "frozen": []})
        count = _working_days(span, start, end)
        held["closed"][cause] = held["closed"].get(cause, 0) + count
    frozen = CapacityChange.objects.filter(touching(*span.days), **span.mine).order_by("starts_on", "pk")
    for house, places, reason, start, end in frozen.values_list(
        "establishment", "places", "reason", "starts_on", "ends_on"
    ):
        held = found.setdefault(house, {"closed": {}, "frozen": []})
        held["frozen"].append([places, reason, str(start), _plain(_known_end(end, span.until))])
    return found


def actions(span):
    """[number, state on the last day, origin, due on]: "open", "late", "verified" or "abandoned" in the period."""
    start = span.since
    rows = ActionItem.objects.filter(created_at__date__lte=span.until, **span.mine).order_by("pk")
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gte=start))
    values = rows.values_list("establishment", "pk", "status", "closed_at", "declared_at", "origin_kind", "due_on")
    return _lists(
        (house, pk, _state(status, closed, declared, due, span.until), origin, due)
        for house, pk, status, closed, declared, origin, due in values
    )


def _state(status, closed, declared, due, until):
    if closed and timezone.localdate(closed) <= until:
        return status
    if declared and timezone.localdate(declared) <= until:
        return "done"
    return "late" if due < until else "open"


READINGS_OF_THE_HOUSE = {
    read.__name__: read
    for read in (
        *(identity, hours, months, around, quotas, team, moves, directions, absences, training, leaves),
        *(projects, days, duties, health, works, closures, actions),
    )
}

"""Posts of several houses, and their vacancies ranked by the places they hold: five queries for any number."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Max, OuterRef, Subquery, Sum, Value
from django.urls import reverse

from core.french import counted
from core.periods import active_on
from establishments.models import Authorisation, CapacityChange, OpeningHours

from ..models import AccidentYear, LeaveRequest, Post, Posting, Recruitment
from . import risk

WITH_CHILDREN = {Posting.Job.EJE, Posting.Job.NURSE, Posting.Job.AUXILIARY, Posting.Job.ASSISTANT}
LACK_OF_STAFF = [CapacityChange.Reason.VACANCY, CapacityChange.Reason.RATIO]
JOBS = dict(Posting.Job.choices)


@dataclass(frozen=True)
class PostLine:
    """One job of one house: budgeted, filled, present today, in full-time equivalents; what its vacancy costs."""

    house: int
    house_name: str
    job: str
    budgeted: Fraction
    filled: Fraction
    present: Fraction
    at_risk: int
    freed: int
    frozen: int = 0
    vacant_since: object = None
    recruitment: str = ""

    @property
    def vacant(self) -> Fraction:
        return max(Fraction(0), self.budgeted - self.filled)

    @property
    def label(self) -> str:
        return str(JOBS[self.job])

    @property
    def sentence(self) -> str:
        if self.freed:
            return f"pourvoir rouvre {counted(self.freed, 'place')}"
        return f"{counted(self.at_risk, 'place')} en jeu" if self.at_risk else "hors encadrement direct"

    def get_absolute_url(self) -> str:
        return reverse("staffing:establishment_posts", args=[self.house])


def posts_of(houses, today) -> list[PostLine]:
    """Each job budgeted or filled in the houses of a queryset, those that free most places first."""
    ids = houses.order_by().values("pk")
    names, known = _houses(houses, ids, today)
    budgeted, filled, away = _sums(ids, today)
    left, running = _left(ids, today), _running(ids)
    lines = [
        _line(house, names[house], job, budgeted, filled, away, known[house], left, running)
        for house, job in sorted({*budgeted, *filled})
    ]
    return sorted(lines, key=lambda one: (-one.freed, -one.at_risk, -one.vacant, one.house_name, one.job))


def freed_in_all(lines) -> int:
    """Places that filling every post would give back: two posts of one house do not reopen the same place twice."""
    by_house, frozen = defaultdict(int), {}
    for line in lines:
        by_house[line.house] += line.freed
        frozen[line.house] = line.frozen
    return sum(min(frozen[house], freed) for house, freed in by_house.items())


def _line(house, name, job, budgeted, filled, away, known, left, running):
    key = house, job
    vacant = max(Fraction(0), budgeted[key] - filled[key])
    near = job in WITH_CHILDREN
    return PostLine(
        house=house,
        house_name=name,
        job=job,
        budgeted=budgeted[key],
        filled=filled[key],
        present=filled[key] - away[key],
        at_risk=risk.at_risk(known, vacant, with_children=near),
        freed=risk.freed(known, vacant, with_children=near),
        frozen=known.frozen,
        vacant_since=left.get(key) if vacant else None,
        recruitment=running.get(key, "") if vacant else "",
    )


def _sums(ids, today):
    """Three {(house, job): FTE}, zero for what is not there: budgeted, filled, away today. One query."""
    posted = Posting.objects.filter(establishment__in=ids, pool__isnull=True).active_on(today)
    gone = LeaveRequest.objects.granted().filter(active_on(today)).order_by().values("employee")
    legs = [
        Post.objects.filter(establishment__in=ids).active_on(today),
        posted,
        posted.filter(employee__in=gone),
    ]
    parts = [
        rows.order_by().values("establishment", "job").annotate(fte=Sum("fte"), part=Value(number))
        for number, rows in enumerate(legs)
    ]
    found = [defaultdict(Fraction) for _ in legs]
    for row in parts[0].union(*parts[1:], all=True):
        found[row["part"]][row["establishment"], row["job"]] = Fraction(row["fte"])
    return found


def _left(ids, today):
    """{(house, job): the last day that somebody held it}."""
    posted = Posting.objects.filter(establishment__in=ids, pool__isnull=True, ends_on__lt=today)
    gone = posted.order_by().values_list("establishment", "job")
    return {(house, job): last for house, job, last in gone.annotate(last=Max("ends_on"))}


def _running(ids):
    rows = Recruitment.objects.filter(establishment__in=ids, status=Recruitment.Status.OPEN)
    return {
        (house, job): "publié" if published else "demandé"
        for house, job, published in rows.order_by("pk").values_list("establishment", "job", "published_on")
    }


def _houses(houses, ids, today):
    """({house: name}, {house: what the risk is computed from}); two queries."""
    frozen = CapacityChange.objects.filter(active_on(today), establishment=OuterRef("pk"), reason__in=LACK_OF_STAFF)
    rule = Authorisation.objects.filter(active_on(today), establishment=OuterRef("pk")).values("ratio_rule")[:1]
    annotated = houses.order_by().annotate(
        lacking=Subquery(frozen.order_by().values("establishment").annotate(n=Sum("places")).values("n")),
        rule=Subquery(rule),
    )
    hours = defaultdict(Fraction)
    rows = OpeningHours.objects.filter(active_on(today), establishment__in=ids).order_by()
    for house, opens, closes in rows.values_list("establishment", "opens_at", "closes_at"):
        hours[house] += Fraction((closes.hour - opens.hour) * 60 + closes.minute - opens.minute, 60)
    names, known = {}, {}
    for pk, name, lacking, held in annotated.values_list("pk", "name", "lacking", "rule"):
        names[pk], known[pk] = name, risk.House(lacking or 0, hours[pk], held or "")
    return names, known


@dataclass(frozen=True)
class AccidentLine:
    """The accidents of a house in a year; the rate is kept silent under five people."""

    house: int
    house_name: str
    year: int
    people: int
    accidents: int
    with_leave: int

    @property
    def rate(self) -> Fraction | None:
        return risk.rate_per_hundred(self.accidents, self.people)

    def get_absolute_url(self) -> str:
        return reverse("staffing:establishment_posts", args=[self.house])


def accidents_of(houses, today) -> list[AccidentLine]:
    """The accidents entered for the houses of a queryset, the latest first. Two queries."""
    ids = houses.order_by().values("pk")
    people = defaultdict(int)
    rows = Posting.objects.filter(establishment__in=ids, pool__isnull=True).active_on(today)
    for house in rows.order_by().values_list("establishment", flat=True):
        people[house] += 1
    found = AccidentYear.objects.filter(establishment__in=ids).select_related("establishment")
    return [
        AccidentLine(
            row.establishment_id,
            row.establishment.name,
            row.year,
            people[row.establishment_id],
            row.accidents,
            row.with_leave,
        )
        for row in found.order_by("-year", "establishment__name", "pk")
    ]

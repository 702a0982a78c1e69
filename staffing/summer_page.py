"""The summer of several houses judged at once, and the fewest changes that leave nothing in the red (S-044).

Five queries for any number of agents and days: the day book, the names of the requests, the Augusts of before.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.calendar import clip
from core.charts import Figure
from core.charts.grids import Cell, heatmap
from core.french import capitalise, counted, full_date, period

from .coverage import Segment, Topic
from .day_book import DayBook, Scenario, open_book
from .decision import Feasible, other_span
from .judged import TONES, TOPICS, JudgedDay, judge, pending_of
from .leave_rules import Span
from .leave_spans import calendar_of
from .models import LeaveRequest
from .presences import Away
from .summer import Proposal, Shortfall, fewest_changes

LONGEST_DAYS = 92
FAIR_YEARS = 3
AUGUST = 8
SEARCH = timedelta(days=28)


@dataclass(frozen=True)
class Change:
    """One request to move: its present dates, those proposed (None: no other date holds), why this one."""

    leave: LeaveRequest
    proposed: Span | None
    weeks_of_august: int

    @property
    def dates(self) -> str:
        if self.proposed is None:
            return "aucune autre date ne tient\u00a0: à revoir avec la personne"
        return capitalise(period(self.proposed.starts_on, self.proposed.ends_on))

    @property
    def reason(self) -> str:
        if not self.weeks_of_august:
            return f"aucune semaine d’août en {FAIR_YEARS} ans"
        return f"{counted(self.weeks_of_august, 'semaine')} d’août en {FAIR_YEARS} ans"


@dataclass(frozen=True)
class Summer:
    """Several houses over a period, everything pending supposed granted; then the changes proposed."""

    judged: dict[tuple[int, date], JudgedDay]
    names: dict[int, str]
    agents: int
    requests: int
    proposal: Proposal
    changes: tuple[Change, ...]

    @property
    def added(self) -> int:
        return sum(one.added for one in self.judged.values())

    @property
    def sentence(self) -> str:
        if not self.proposal.changes and not any(one.tone == "alert" for one in self.judged.values()):
            return "Tout peut être accordé sans ajouter une demi-heure en défaut."
        moved = f"il suffit d’en déplacer {len(self.proposal.changes)}"
        least = "aucune solution plus courte" if self.proposal.exact else f"au moins {self.proposal.bound} nécessaires"
        return f"{counted(self.added, 'demi-heure')} en défaut si tout est accordé\u00a0; {moved} ({least})."


def judge_summer(houses, start: date, end: date, today: date | None = None):
    """(book, judged days): all the agents of houses given by their ids, everything pending supposed granted."""
    book = open_book(houses, start, end, today)
    return book, judge(book, Scenario(granted=pending_of(book, houses)))


def summer_of(houses, start: date, end: date, today: date) -> Summer:
    houses = list(houses)
    book = open_book(houses, start - SEARCH, end + SEARCH, today)  # other dates may be found around the period
    judged = judge(book, Scenario(granted=pending_of(book, houses)), start, end)
    asked = pending_of(book, houses)
    weights, august = _fairness(book, asked, start)
    proposal = fewest_changes(shortfalls_of(book, judged, Scenario(granted=asked)), weights)
    return Summer(
        judged=judged,
        names={pk: house.name for pk, house in book.houses.items()},
        agents=sum(len(agents) for agents in book.people.agents.values()),
        requests=len(asked),
        proposal=proposal,
        changes=tuple(_placed(book, proposal, asked, august, today)),
    )


def shortfalls_of(book: DayBook, judged, after: Scenario) -> list[Shortfall]:
    """What is missing on the days in the red that pending requests explain, and who would bring it back."""
    found = []
    for (house, day), one in judged.items():
        if one.tone != "alert":
            continue
        owners = {away.agent: away.request for away in book.asked_on(house, day) if away.request in after.granted}
        if one.known:
            found += _stretches(book, house, day, after, owners)
        if one.newly_uncovered:
            chain = {member.person for member in book.chain(house, day)}
            helpers = frozenset(request for agent, request in owners.items() if agent in chain)
            found.append(Shortfall(1, helpers))
    return found


def _stretches(book, house, day, after, owners):
    """Instant by instant: where `after` breaks what held before, how many people and which requests."""
    given, now = book.house_day(house, day, after), book.house_day(house, day)
    if given is None:
        return
    then = book.assess(house, day, after)
    before = book.assess(house, day)
    back = [p for p in now.presences if p.person in owners]
    edges = {moment for s in (*then, *before) for moment in (s.start, s.end)}
    edges |= {moment for p in back for moment in (p.start, p.end)}
    ordered = sorted(edge for edge in edges if given.opening[0] <= edge <= given.opening[1])
    for start, end in zip(ordered, ordered[1:], strict=False):
        there = [p for p in back if p.start <= start and end <= p.end]
        for missing, useful in _missing(_at(then, start), _at(before, start)):
            yield Shortfall(missing, frozenset(owners[p.person] for p in there if useful(p)))


def _at(segments: Sequence[Segment], start) -> Segment:
    return next(s for s in segments if s.start <= start < s.end)


def _missing(then: Segment, before: Segment):
    """(people missing, which presences help) of each rule broken then and kept before, or broken further."""
    broken = {breach.topic for breach in then.breaches} & TOPICS
    held = broken - {breach.topic for breach in before.breaches}
    # Where too few are there already, nobody more may leave.
    wanted = min(then.required, before.present)
    if broken & {Topic.RATIO, Topic.MINIMUM} and wanted > then.present:
        yield wanted - then.present, lambda p: p.counts
    if Topic.CATEGORY_1 in held:
        yield 1, lambda p: p.counts and p.category == 1
    if Topic.DIRECTION in held:
        yield 1, lambda p: p.may_direct


def _fairness(book, asked, start):
    """What moving each request costs, less for who had more Augusts; and the weeks of each agent. One query."""
    agents = {away.agent for away in book.people.aways if away.request in asked}
    days = defaultdict(int)
    years = range(start.year - FAIR_YEARS, start.year)
    rows = LeaveRequest.objects.granted().filter(employee__in=agents, ends_on__year__gte=min(years))
    for employee, first, last in rows.values_list("employee", "starts_on", "ends_on"):
        for year in years:
            if held := clip(first, last, date(year, AUGUST, 1), date(year, AUGUST, 31)):
                days[employee] += (held[1] - held[0]).days + 1
    weeks = {employee: round(found / 7) for employee, found in days.items()}
    most = max(weeks.values(), default=0)
    owners = {away.request: away.agent for away in book.people.aways if away.request in asked}
    return {request: most - weeks.get(agent, 0) for request, agent in owners.items()}, weeks


def _placed(book, proposal, asked, august, today):
    """Each change with its nearest dates, the others standing where they are; one query for the names."""
    rows = LeaveRequest.objects.filter(pk__in=proposal.changes).select_related("employee", "establishment")
    scenario = Scenario(granted=asked - proposal.changes, lifted=frozenset(proposal.changes))
    for leave in rows.order_by("starts_on", "pk"):
        mine = [agent for agent in book.agents(leave.establishment_id) if agent.id == leave.employee_id]
        calendar = calendar_of(mine, book.houses[leave.establishment_id])
        span = other_span(Feasible(book, leave, calendar, scenario), today)
        if span is not None:
            moved = Away(leave.employee_id, span.starts_on, span.ends_on, kind=leave.kind)
            scenario = replace(scenario, extra=(*scenario.extra, moved))
        yield Change(leave, span, august.get(leave.employee_id, 0))


def summer_figure(summer: Summer, start: date, end: date, today: date) -> Figure:
    """Houses × weeks: half-hours in the red if everything is granted."""
    weeks = sorted({day - timedelta(day.weekday()) for _, day in summer.judged})
    houses = sorted(summer.names, key=lambda pk: summer.names[pk])
    by_week = defaultdict(list)
    for (house, day), one in summer.judged.items():
        by_week[house, day - timedelta(day.weekday())].append(one)
    cells = [[_cell(by_week.get((house, week))) for week in weeks] for house in houses]
    names = [summer.names[house] for house in houses]
    columns = [f"{week:%d/%m}" for week in weeks]
    title = "Demi-heures en défaut par semaine, si tout est accordé"
    return Figure(
        title=title,
        unit="demi-heures en défaut",
        period=period(start, end),
        data_date=f"horaires, congés et enfants attendus au {full_date(today)}",
        n=f"{counted(summer.agents, 'agent')}, {counted(summer.requests, 'demande')} à décider",
        sentence=summer.sentence,
        svg=heatmap(names, columns, cells, tones=TONES, title=title, prefix="ete"),
        svg_compact=heatmap(names, columns, cells, tones=TONES, title=title, compact=True, prefix="ete-c"),
        headers=["", *columns],
        rows=[
            [name, *(_twin(by_week.get((house, week))) for week in weeks)]
            for name, house in zip(names, houses, strict=True)
        ],
    )


def _cell(days):
    if not days:
        return None
    tones = {one.tone for one in days}
    total = sum(one.after for one in days)
    tone = next(tone for tone in ("alert", "watch", "good") if tone in tones)
    return Cell(tone, str(total) if total else "")


def _twin(days):
    if not days:
        return "fermé"
    return str(sum(one.after for one in days)) if any(one.known for one in days) else "inconnu"

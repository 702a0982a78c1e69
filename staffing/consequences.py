"""What granting a leave would do to a house, day by day and half-hour by half-hour (functions S-042, S-043).

The same facts serve one request and a selection granted together: a fixed number of queries for any number of leaves.
Before is the house as it is; after, with these leaves granted. What breaks only after is the consequence.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q

from core.calendar import iter_days
from core.french import NBSP, counted, percent, sentence_list
from establishments.models import Establishment
from establishments.vocabulary import said
from indicators.capacity import is_open_on

from .continuity import HALF_NAMES, Link
from .coverage import Segment, Topic, half_hours_in_breach
from .day_book import AS_IT_IS, DayBook, Scenario, open_book
from .leave_rules import ANNUAL, Leave, absence_with
from .leave_spans import calendar_of, span_of
from .models import FloatAssignment, Interim
from .month_share import months_broken

SHARE_AWAY = Fraction(1, 3)  # of those who count in the ratio (domain.md §5.8 g)
LONGEST = 31  # consecutive calendar days (décret 85-1250, art. 4)
HELD, RELAY, UNCOVERED, VACANT = "held", "relay", "uncovered", "vacant"
LINK_NAMES = {
    Link.DIRECTOR: said("{director}"),
    Link.INTERIM: "intérim",
    Link.DEPUTY: said("{deputy}"),
    Link.RELAY: "relais désigné",
}
PARTS = {"morning": HALF_NAMES[0], "afternoon": HALF_NAMES[1]}
# What a leave may not break without a derogation, in the order told.
RULES = {
    Topic.RATIO: "taux d’encadrement non tenu",
    Topic.MINIMUM: "moins de deux personnes auprès des enfants",
    Topic.CATEGORY_1: f"personne de catégorie{NBSP}1° auprès des enfants",
    Topic.DIRECTION: "personne sur place pour diriger",
}


@dataclass(frozen=True)
class Side:
    """One day before or after: half-hours in breach by topic, and the minutes of work missing; None when unknown."""

    half_hours: dict[Topic, int] = field(default_factory=dict, hash=False)
    missing: int = 0
    segments: tuple[Segment, ...] = ()

    @classmethod
    def of(cls, segments):
        counts = Counter(topic for half in half_hours_in_breach(segments) for topic in _topics(half))
        missing = sum(max(0, s.required - s.present) * s.minutes for s in segments)
        return cls(dict(counts), missing, tuple(segments))

    def text(self) -> str:
        found = [f"{RULES[topic]} {counted(self.half_hours[topic], 'demi-heure')}" for topic in RULES if self[topic]]
        return sentence_list(found) if found else "tout est tenu"

    def breaks_more_than(self, before: "Side") -> dict[Topic, int]:
        """Half-hours broken here and not before, or further than before, by topic."""
        found = {topic: self[topic] for topic in RULES if self[topic] > before[topic]}
        if not found and self.missing > before.missing:
            found[Topic.RATIO] = self[Topic.RATIO] or self[Topic.MINIMUM]
        return found

    def __getitem__(self, topic) -> int:
        return self.half_hours.get(topic, 0)

    @property
    def broken(self) -> int:
        return sum(self[topic] for topic in RULES)


def _topics(half):
    return {breach.topic for breach in half.breaches}


@dataclass(frozen=True)
class DayFacts:
    """One open day of a leave, if it is granted. Names are those of colleagues of the house."""

    day: date
    absentees: tuple[str, ...]
    pending: tuple[str, ...]
    direction: str
    directing: tuple[str, ...]
    away: int
    team: int
    first_left: int
    before: Side | None = None
    after: Side | None = None
    newly_uncovered: tuple[int, ...] = ()
    floats: tuple[str, ...] = ()
    without_hours: int = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.away, self.team) if self.team else Fraction(0)

    @property
    def broken(self) -> dict[Topic, int]:
        """Half-hours that this leave breaks, or breaks further, by topic."""
        return {} if self.before is None or self.after is None else self.after.breaks_more_than(self.before)

    @property
    def is_breach(self) -> bool:
        return bool(self.broken or self.newly_uncovered)

    @property
    def tone(self) -> str:
        alone = self.before is None and self.team and not self.first_left
        if self.is_breach or self.direction == UNCOVERED or alone:
            return "alert"
        already = self.after is not None and self.after.broken
        return "watch" if already or self.share > SHARE_AWAY or self.direction == VACANT else "good"

    @property
    def direction_text(self) -> str:
        if self.direction == UNCOVERED:
            return "absente\u00a0: relais à désigner"
        if self.direction == VACANT:
            return "aucun poste pourvu"
        return sentence_list(self.directing)

    @property
    def share_text(self) -> str:
        return f"{self.away} sur {self.team} ({percent(self.share, 0)})" if self.team else "—"

    @property
    def before_text(self) -> str:
        return "horaires inconnus" if self.before is None else self.before.text()

    @property
    def after_text(self) -> str:
        return "horaires inconnus" if self.after is None else self.after.text()


@dataclass(frozen=True)
class Consequences:
    """Of one leave: its open days, how many of its days are closed anyway, and what to look at."""

    days: tuple[DayFacts, ...]
    closed_days: int
    warnings: tuple[str, ...]
    longest: int = 0
    sources: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    months: tuple[str, ...] = ()

    @property
    def has_hours(self) -> bool:
        return any(day.after is not None for day in self.days)

    @property
    def tone(self) -> str:
        tones = {day.tone for day in self.days} | ({"watch"} if self.warnings else set())
        if self.breach:
            return "alert"
        return next((tone for tone in ("alert", "watch") if tone in tones), "good")

    @property
    def breach(self) -> str:
        """What a derogation would have to answer for, in one sentence; "" when nothing breaks."""
        found = []
        for topic, words in RULES.items():
            if broken := [day.broken[topic] for day in self.days if topic in day.broken]:
                found.append(f"{words} {counted(len(broken), 'jour')} ({counted(sum(broken), 'demi-heure')})")
        uncovered = sum(bool(day.newly_uncovered) for day in self.days)
        if uncovered:
            found.append(f"direction laissée sans personne {counted(uncovered, 'jour')}")
        found += [*self.months, *self.elsewhere]
        if self.longest > LONGEST:
            found.append(f"absence de {self.longest} jours consécutifs, {LONGEST} au plus")
        return f"Ce congé enfreint une règle\u00a0: {sentence_list(found)}." if found else ""

    @property
    def sentence(self) -> str:
        """What to know before the click, in one sentence."""
        if not self.days:
            return str(said("Fermeture tous les jours demandés {establishment.au}."))
        parts = []
        uncovered = sum(day.direction == UNCOVERED for day in self.days)
        thin = sum(day.share > SHARE_AWAY for day in self.days)
        alone = sum(bool(day.team) and not day.first_left for day in self.days if day.after is None)
        if uncovered:
            parts.append(f"direction absente {counted(uncovered, 'jour')}")
        for topic, words in RULES.items():
            if total := sum(day.after[topic] for day in self.days if day.after is not None):
                parts.append(f"{words} {counted(total, 'demi-heure')}")
        if alone:
            parts.append(f"personne de catégorie{NBSP}1° {counted(alone, 'jour')}")
        if thin:
            parts.append(f"plus d’un tiers de l’équipe absente {counted(thin, 'jour')}")
        opened = counted(len(self.days), "jour ouvert", "jours ouverts")
        if not parts:
            return f"Rien ne s’y oppose dans les données présentes, sur {opened}."
        return f"Sur {opened}\u00a0: {sentence_list(parts)}."


def consequences(leave, book=None):
    return consequences_of([leave], book)[leave.pk]


def consequences_of(leaves, book=None):
    """{leave id: Consequences}, each as if all these leaves were granted. Three queries, none with a book."""
    leaves = list(leaves)
    if not leaves:
        return {}
    if book is None:
        margin = timedelta(days=LONGEST)
        start, end = min(leave.starts_on for leave in leaves), max(leave.ends_on for leave in leaves)
        book = open_book(houses_reached(leaves), start - margin, end + margin)
    after = Scenario(granted=frozenset(leave.pk for leave in leaves))
    months: dict = {}
    return {leave.pk: _of_one(book, leave, after, months) for leave in leaves}


def houses_reached(leaves):
    """A subquery: the houses of these leaves, and those where their owners direct or are sent meanwhile."""
    people = {leave.employee_id for leave in leaves}
    start, end = min(leave.starts_on for leave in leaves), max(leave.ends_on for leave in leaves)
    directed = Interim.objects.standing().filter(employee__in=people).touching(start, end)
    sent = FloatAssignment.objects.confirmed().filter(employee__in=people).between(start, end)
    reached = Q(pk__in={leave.establishment_id for leave in leaves})
    for rows in (directed, sent):
        reached |= Q(pk__in=rows.order_by().values("establishment"))
    return Establishment.objects.filter(reached).order_by().values("pk")


def _elsewhere(book, leave, after):
    """What breaks in the houses that the person directs or helps on these days, besides her own."""
    directs = {
        house for house, found in book.people.interims.items() for one in found if one.person == leave.employee_id
    }
    helps = {one.house for one in book.people.sent if one.agent == leave.employee_id}
    for house in sorted((directs | helps) & set(book.houses) - {leave.establishment_id}):
        facts = book.houses[house]
        opened = [day for day in iter_days(leave.starts_on, leave.ends_on) if is_open_on(facts.terms, day)]
        broken = sum(breaks(book, house, day, AS_IT_IS, after) for day in opened)
        if broken:
            yield f"règle non tenue {counted(broken, 'jour')} à {facts.name}, où cette personne est attendue"


def breaks(book: DayBook, house: int, day, before: Scenario = AS_IT_IS, after: Scenario = AS_IT_IS) -> bool:
    """Whether one scenario breaks on a day what another did not."""
    now, then = book.holders(house, day, before), book.holders(house, day, after)
    if any(holder is None and now[half] is not None for half, holder in then.items()):
        return True
    if not book.has_hours(house, day):
        return False
    side = Side.of(book.assess(house, day, after))
    return bool(side.broken and side.breaks_more_than(Side.of(book.assess(house, day, before))))


def _of_one(book, leave, after, months):
    house = book.houses[leave.establishment_id]
    asked = list(iter_days(leave.starts_on, leave.ends_on))
    days = tuple(day_facts(book, leave, day, after) for day in asked if is_open_on(house.terms, day))
    longest = longest_absence(book, leave)
    warnings = [f"Plus de {LONGEST} jours consécutifs (décret 85-1250, art. 4)."] if longest > LONGEST else []
    expectation = house.expectation
    sources = dict.fromkeys(expectation.source_text(expectation.source_on(day.day)) for day in days)
    return Consequences(
        days,
        len(asked) - len(days),
        tuple(warnings),
        longest,
        tuple(sources),
        tuple(_elsewhere(book, leave, after)),
        tuple(months_broken(book, house.pk, [day.day for day in days], after, months)),
    )


def longest_absence(book, leave):
    """Calendar days in a row with the leaves around this one, days off joining them."""
    mine = [agent for agent in book.agents(leave.establishment_id) if agent.id == leave.employee_id]
    calendar = calendar_of(mine, book.houses[leave.establishment_id])
    others = [
        Leave(span_of(away), away.kind)
        for away in book.people.aways
        if away.agent == leave.employee_id and away.request not in (None, leave.pk)
    ]
    return absence_with(Leave(span_of(leave), leave.kind or ANNUAL), others, calendar).calendar_days


def day_facts(book, leave, day, after):
    house = leave.establishment_id
    names = {one.person: one.name for one in book.people.interims.get(house, ())}
    names |= {agent.id: agent.name for agent in book.agents(house)}
    that_day = sorted(book.asked_on(house, day), key=lambda away: (names.get(away.agent, ""), away.agent))
    away = {one.agent for one in that_day if after.holds(one) and not one.in_the_house} | {leave.employee_id}
    others = [one for one in that_day if one.agent != leave.employee_id and not one.in_the_house]
    team = [agent for agent in book.posted(house, day) if agent.category is not None and not agent.is_float]
    now, then = book.holders(house, day), book.holders(house, day, after)
    known = book.has_hours(house, day)
    return DayFacts(
        day=day,
        absentees=tuple(_name(one, names) for one in others if one.agent in away),
        pending=tuple(_name(one, names) for one in others if one.agent not in away),
        direction=_direction(book, house, day, then),
        directing=_directing(then),
        away=sum(agent.id in away for agent in team),
        team=len(team),
        first_left=sum(agent.category == 1 and agent.id not in away for agent in team),
        before=Side.of(book.assess(house, day, AS_IT_IS)) if known else None,
        after=Side.of(book.assess(house, day, after)) if known else None,
        newly_uncovered=tuple(half for half, holder in then.items() if holder is None and now[half] is not None),
        floats=tuple(agent.name for agent in book.floats_on(day)),
        without_hours=len(book.without_hours(house, day)),
    )


def _name(away, names):
    name = names.get(away.agent, "—")
    return f"{name} ({PARTS[away.part]})" if away.part in PARTS else name


def _direction(book, house, day, holders):
    if not book.chain(house, day):
        return VACANT
    if any(holder is None for holder in holders.values()):
        return UNCOVERED
    return HELD if all(holder.link == Link.DIRECTOR for holder in holders.values()) else RELAY


def _directing(holders):
    """ "Alice Roux (responsable)", or by half-day when two persons follow each other."""
    found = {half: f"{one.name} ({LINK_NAMES[one.link]})" for half, one in holders.items() if one}
    if len(set(found.values())) <= 1:
        return tuple(dict.fromkeys(found.values()))
    return tuple(
        f"{text} le {HALF_NAMES[half]}" if half == 0 else f"{text} l’{HALF_NAMES[1]}" for half, text in found.items()
    )

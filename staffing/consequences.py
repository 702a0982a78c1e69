"""What granting a leave would do to a house, day by day, as far as postings and leaves tell (functions S-042).

The same facts serve one request and a selection granted together: a fixed number of queries for any number of leaves.
Half-hours and the ratio come with the coverage engine; here: who is away, who directs, who remains.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.calendar import covers, iter_days
from core.french import NBSP, counted, percent, sentence_list
from establishments.vocabulary import said
from indicators.capacity import is_open_on
from indicators.terms import terms_of

from .models import Category, LeaveRequest, Posting

SHARE_AWAY = Fraction(1, 3)  # of those who count in the ratio (domain.md §5.8 g)
LONGEST = 31  # consecutive calendar days (décret 85-1250, art. 4)
HELD, RELAY, UNCOVERED, VACANT = "held", "relay", "uncovered", "vacant"


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

    @property
    def share(self) -> Fraction:
        return Fraction(self.away, self.team) if self.team else Fraction(0)

    @property
    def tone(self) -> str:
        if self.direction == UNCOVERED or (self.team and not self.first_left):
            return "alert"
        return "watch" if self.share > SHARE_AWAY or self.direction == VACANT else "good"

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


@dataclass(frozen=True)
class Consequences:
    """Of one leave: its open days, how many of its days are closed anyway, and what to look at."""

    days: tuple[DayFacts, ...]
    closed_days: int
    warnings: tuple[str, ...]

    @property
    def tone(self) -> str:
        tones = {day.tone for day in self.days} | ({"watch"} if self.warnings else set())
        return next((tone for tone in ("alert", "watch") if tone in tones), "good")

    @property
    def sentence(self) -> str:
        """What to know before the click, in one sentence."""
        if not self.days:
            return str(said("Fermeture tous les jours demandés {establishment.au}."))
        parts = []
        uncovered = sum(day.direction == UNCOVERED for day in self.days)
        thin = sum(day.share > SHARE_AWAY for day in self.days)
        alone = sum(bool(day.team) and not day.first_left for day in self.days)
        if uncovered:
            parts.append(f"direction absente {counted(uncovered, 'jour')}")
        if alone:
            parts.append(f"personne de catégorie{NBSP}1° {counted(alone, 'jour')}")
        if thin:
            parts.append(f"plus d’un tiers de l’équipe absente {counted(thin, 'jour')}")
        opened = counted(len(self.days), "jour ouvert", "jours ouverts")
        if not parts:
            return f"Rien ne s’y oppose dans les données présentes, sur {opened}."
        return f"Sur {opened}\u00a0: {sentence_list(parts)}."


def consequences(leave):
    return consequences_of([leave])[leave.pk]


def consequences_of(leaves):
    """{leave id: Consequences}, each as if all these leaves were granted. Eight queries."""
    leaves = list(leaves)
    if not leaves:
        return {}
    houses = {leave.establishment_id for leave in leaves}
    start, end = min(leave.starts_on for leave in leaves), max(leave.ends_on for leave in leaves)
    postings, absences = defaultdict(list), defaultdict(list)
    posted = Posting.objects.filter(establishment__in=houses).touching(start, end).select_related("employee")
    for posting in posted.order_by("employee__last_name", "employee__first_name", "pk"):
        postings[posting.establishment_id].append(posting)
    asked = LeaveRequest.objects.filter(establishment__in=houses).touching(start, end).counting()
    for leave in asked.select_related("employee").order_by("employee__last_name", "employee__first_name", "pk"):
        absences[leave.establishment_id].append(leave)
    terms, together = terms_of(houses, start, end), {leave.pk for leave in leaves}
    found = {}
    for leave in leaves:
        house = leave.establishment_id
        found[leave.pk] = _of_one(leave, postings[house], absences[house], terms[house], together)
    return found


def _of_one(leave, postings, absences, terms, together):
    asked = list(iter_days(leave.starts_on, leave.ends_on))
    days = tuple(_day(leave, day, postings, absences, together) for day in asked if is_open_on(terms, day))
    warnings = []
    if leave.days > LONGEST:
        warnings.append(f"Plus de {LONGEST} jours consécutifs (décret 85-1250, art. 4).")
    return Consequences(days, len(asked) - len(days), tuple(warnings))


def _day(leave, day, postings, absences, together):
    present = [posting for posting in postings if covers(posting.starts_on, posting.ends_on, day)]
    that_day = [other for other in absences if covers(other.starts_on, other.ends_on, day)]
    away = {other.employee_id for other in that_day if other.status == other.Status.GRANTED or other.pk in together}
    away.add(leave.employee_id)
    others = [other for other in that_day if other.employee_id != leave.employee_id]
    team = [posting for posting in present if posting.category is not None]
    heads = [posting for posting in present if posting.job in Posting.HEADS]
    directing = [posting for posting in heads if posting.employee_id not in away]
    return DayFacts(
        day=day,
        absentees=tuple(_name(other) for other in others if other.employee_id in away),
        pending=tuple(_name(other) for other in others if other.employee_id not in away),
        direction=_direction(heads, directing),
        directing=tuple(f"{posting.employee} ({posting.get_job_display()})" for posting in directing),
        away=sum(posting.employee_id in away for posting in team),
        team=len(team),
        first_left=sum(p.category == Category.FIRST and p.employee_id not in away for p in team),
    )


def _name(leave):
    return str(leave.employee) if leave.part == leave.Part.DAY else f"{leave.employee} ({leave.get_part_display()})"


def _direction(heads, directing):
    if not heads:
        return VACANT
    if not directing:
        return UNCOVERED
    return HELD if any(posting.job == Posting.Job.DIRECTOR for posting in directing) else RELAY

"""The board of the float pool: needs and who may go, what a change costs, who is where on each day."""

from dataclasses import dataclass
from datetime import date

from core.french import NBSP, NNBSP, agreed, counted, hours, sentence_list

from .float_pool import Cost, FloatAgent, Need, evaluate, obstacle
from .float_pool.rest import Obstacle
from .models import StaffingNeed
from .pool_week import PoolWeek

DAY_BY_DAY_FROM = 40  # needs: beyond, the board shows one day at a time
# A rule of law or of the calendar stops a confirmation; a wish of the need may be set aside by the coordination.
BLOCKING = {Obstacle.HOURS, Obstacle.REST, Obstacle.WEEK}
FAULTS = {
    Obstacle.HOURS: "n’est pas disponible à ces heures (absence, horaires, ou déjà affectée ce jour-là)",
    Obstacle.CATEGORY: "n’est pas de la catégorie 1° demandée",
    Obstacle.DIRECTION: "n’est pas apte à la direction",
    Obstacle.REST: "n’aurait pas son repos légal (décret 2000-815, art. 3)",
    Obstacle.WEEK: "dépasserait la durée légale de travail (décret 2000-815, art. 3)",
}


@dataclass(frozen=True)
class Option:
    """One agent in the list of a need."""

    agent: int
    label: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """One need, who may go and who is chosen."""

    need: StaffingNeed
    house: str
    options: tuple[Option, ...]
    confirmed: str
    reason: str

    @property
    def field(self) -> str:
        return field_of(self.need.pk)


@dataclass(frozen=True)
class Effect:
    """What a choice changes against what is confirmed: moves, cost before and after, what forbids it."""

    moves: tuple[str, ...]
    costs: tuple[tuple[str, str, str], ...]
    faults: tuple[str, ...]
    blocked: bool

    @property
    def sentence(self) -> str:
        return counted(len(self.moves), "affectation changée", "affectations changées")


def field_of(need: int) -> str:
    return f"besoin-{need}"


def shown_needs(week: PoolWeek, day: date | None) -> list[StaffingNeed]:
    """All of them, or those of one day when they are many."""
    if len(week.needs) <= DAY_BY_DAY_FROM:
        return list(week.needs)
    day = day if day in {need.on for need in week.needs} else min(need.on for need in week.needs)
    return [need for need in week.needs if need.on == day]


def rows_of(week: PoolWeek, shown, choice, reasons) -> list[Row]:
    asked = {need.id: need for need in week.asked}
    return [
        Row(
            need=need,
            house=week.houses[need.establishment_id],
            options=tuple(_options(week, asked[need.pk], choice.get(need.pk))),
            confirmed=week.names.get(week.choice.get(need.pk), ""),
            reason=reasons.get(need.pk, ""),
        )
        for need in shown
    ]


def _options(week: PoolWeek, need: Need, chosen):
    """Those whom nothing forbids, the cheapest first; and whoever is chosen all the same."""
    possible = [a for a in week.agents if a.id == chosen or obstacle(a, need) in (None, Obstacle.CATEGORY)]
    for agent in sorted(possible, key=lambda a: _rank(a, need)):
        yield Option(agent.id, f"{week.names[agent.id]} ({_why(agent, need)})", agent.id == chosen)


def _rank(agent: FloatAgent, need: Need):
    return obstacle(agent, need) is not None, need.house not in agent.knows, agent.travel_to(need.house), agent.id


def _why(agent: FloatAgent, need: Need) -> str:
    found = ["connaît les lieux"] if need.house in agent.knows else []
    if need.house in agent.travel:
        found.append(hours(minutes=agent.travel[need.house]) if agent.travel[need.house] else "sur place")
    if need.category_1 and agent.category != 1:
        found.append("catégorie 2°")
    return ", ".join(found) or "trajet non renseigné"


def effect_of(week: PoolWeek, choice: dict[int, int]) -> Effect:
    """Against what is confirmed, needs of the whole week together."""
    before, after = (evaluate(week.agents, week.asked, given) for given in (week.choice, choice))
    moves = [_move(week, need, choice) for need in week.needs if week.choice.get(need.pk) != choice.get(need.pk)]
    asked = {need.pk: need for need in week.needs}
    new = [fault for fault in after.faults if choice[fault[0]] != week.choice.get(fault[0])]
    faults = [f"{week.names[who]} {FAULTS[why]}{NBSP}: {_said(week, asked[need])}." for need, who, why in new]
    return Effect(
        moves=tuple(moves),
        costs=tuple(_costs(before.cost, after.cost)),
        faults=tuple(faults),
        blocked=any(why in BLOCKING for _, _, why in new),
    )


def _said(week, need) -> str:
    return f"{week.houses[need.establishment_id]}, {need.on:%d/%m}"


def _move(week, need, choice) -> str:
    names = [week.names.get(given.get(need.pk), "personne") for given in (week.choice, choice)]
    return f"{_said(week, need)}{NBSP}: {names[0]} → {names[1]}"


def _costs(before: Cost, after: Cost):
    """(what, before, after) in the order in which they count."""
    yield "Demi-heures qui restent sous le taux", str(before.uncovered), str(after.uncovered)
    yield "Maisons à découvrir pour une personne", str(before.discoveries), str(after.discoveries)
    yield "Trajets", hours(minutes=before.travel), hours(minutes=after.travel)
    yield "Équité (moins est mieux)", *(str(round(cost.unfairness / 3600)) for cost in (before, after))


def sentence_of(week: PoolWeek, choice) -> str:
    """The week in one sentence."""
    left = [need for need in week.needs if need.pk not in choice]
    halves = sum(need.half_hours for need in left)
    if not week.needs:
        return "Aucun besoin de renfort cette semaine."
    text = f"{counted(len(week.needs), 'besoin')}, {counted(len(week.agents), 'personne')} dans le pool{NNBSP}; "
    if not left:
        return f"{text}chaque besoin a quelqu’un."
    exposed = f"{counted(halves, 'demi-heure')} {agreed(halves, 'exposée')}"
    return f"{text}{counted(len(left), 'besoin')} sans personne, {exposed}."


def grid_of(week: PoolWeek, choice) -> list[tuple[str, list[tuple[date, str]]]]:
    """(name, (day, where she is) of the week)."""
    sent = {(who, need.on): need for need in week.needs if (who := choice.get(need.pk))}
    elsewhere = {(agent.id, shift.on) for agent in week.agents for shift in agent.shifts}

    def where(agent, day):
        if (agent.id, day) in sent:
            return week.houses[sent[agent.id, day].establishment_id]
        return "ailleurs" if (agent.id, day) in elsewhere else "libre" if day in agent.free else "—"

    return [(week.names[agent.id], [(day, where(agent, day)) for day in week.days]) for agent in week.agents]


def unused(week: PoolWeek, choice) -> str:
    """Who is sent nowhere, for the one who looks for somebody."""
    sent = set(choice.values())
    names = [week.names[agent.id] for agent in week.agents if agent.id not in sent and agent.free]
    return sentence_list(names)

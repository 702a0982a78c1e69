"""Where a transversal project stands in each house: computed from the milestones reached, never declared."""

from dataclasses import dataclass

from core.charts import Figure, Span, timeline
from core.french import agreed, counted, full_date, number, percent, period
from core.maps import Area, Place, area_map
from establishments.register_map import outlines, perimeter_codes
from establishments.vocabulary import words

from .gantt import DONE, GOING, LATE, TONES, WORDS, Placed, Step, place
from .models import MilestoneReached

TO_START = "to_start"
HOUSE_WORDS = {TO_START: "à lancer", GOING: "en cours", LATE: "en retard", DONE: "terminé"}
HOUSE_TONES = {TO_START: "neutral", GOING: "info", LATE: "alert", DONE: "good"}


@dataclass(frozen=True)
class HouseState:
    """One house: how many milestones it did out of how many, `late` ones among those left."""

    target: object
    done: frozenset[int]
    total: int
    late: int

    @property
    def state(self) -> str:
        if self.total and len(self.done) >= self.total:
            return DONE
        if self.late:
            return LATE
        return GOING if self.done else TO_START

    @property
    def word(self) -> str:
        return HOUSE_WORDS[self.state]

    @property
    def tone(self) -> str:
        return HOUSE_TONES[self.state]


@dataclass(frozen=True)
class Deployment:
    """A project on a day, for the houses that a reader sees."""

    milestones: tuple[Placed, ...]
    houses: tuple[HouseState, ...]

    @property
    def share(self) -> float | None:
        pairs = len(self.milestones) * len(self.houses)
        return sum(len(house.done) for house in self.houses) / pairs if pairs else None

    @property
    def sentence(self) -> str:
        if self.share is None:
            return "Aucun lieu concerné, ou aucun jalon."
        finished = sum(house.state == DONE for house in self.houses)
        late = sum(house.state == LATE for house in self.houses)
        critical = [one.step.title for one in self.milestones if one.is_critical]
        slip = max((one.slip for one in self.milestones if one.is_critical), default=0)
        delay = f" Chemin critique en retard de {counted(slip, 'jour')}\u00a0: {', '.join(critical)}." if slip else ""
        return (
            f"Déployé à {percent(self.share, 0)}\u00a0: {counted(finished, 'lieu', 'lieux')} sur "
            f"{number(len(self.houses))} {agreed(finished, 'a', 'ont')} tout fait, {number(late)} en retard.{delay}"
        )


def deployment_of(project, targets, today) -> Deployment:
    """Two queries more than `targets` (through the door, with their houses) and the milestones."""
    milestones, targets = list(project.milestones.all()), list(targets)
    rows = MilestoneReached.objects.filter(target__in=[target.pk for target in targets])
    reached = {}
    for target, milestone in rows.values_list("target", "milestone"):
        reached.setdefault(target, set()).add(milestone)
    overdue = {milestone.pk for milestone in milestones if milestone.due_on < today}
    houses = [
        HouseState(one, frozenset(reached.get(one.pk, ())), len(milestones), len(overdue - reached.get(one.pk, set())))
        for one in targets
    ]
    steps = [
        Step(
            one.pk,
            one.title,
            one.starts_on,
            one.due_on,
            sum(one.pk in house.done for house in houses),
            len(houses),
            one.after_id,
        )
        for one in milestones
    ]
    return Deployment(tuple(place(steps, today)), tuple(houses))


def gantt_figure(project, deployment, today):
    """The milestones as bars on the calendar of the project, the same as a table; None without milestones."""
    if not deployment.milestones:
        return None
    placed = deployment.milestones
    spans = [Span(one.step.title, one.step.starts_on, one.step.due_on, one.word, one.tone) for one in placed]
    used = {one.state for one in placed}
    tones = {TONES[state]: WORDS[state] for state in WORDS if state in used}
    first = min(project.starts_on, *(one.step.starts_on for one in placed))
    last = max(project.ends_on, *(one.step.due_on for one in placed))
    frame = {"starts_on": first, "ends_on": last, "tones": tones, "today": today, "title": "Jalons"}
    return Figure(
        title="Jalons",
        unit="jours",
        period=period(first, last),
        data_date=f"état au {full_date(today)}",
        n=f"{counted(len(placed), 'jalon')}, {counted(len(deployment.houses), 'lieu', 'lieux')}",
        sentence=deployment.sentence,
        svg=timeline(spans, prefix="jalons", **frame),
        svg_compact=timeline(spans, prefix="jalons-etroit", compact=True, **frame),
        headers=["Jalon", "Période", "État", "Fait", "Attendu le", "Chemin critique"],
        rows=[
            [
                one.step.title,
                period(one.step.starts_on, one.step.due_on),
                one.word,
                f"{one.step.done} sur {one.step.houses}",
                full_date(one.expected_on),
                "oui" if one.is_critical else "non",
            ]
            for one in placed
        ],
    )


def deployment_map(project, deployment, today):
    """The houses of the project by state; None when none has a position. Three queries."""
    houses = [house for house in deployment.houses if house.target.establishment.latitude is not None]
    if not houses:
        return None
    shapes = [Area(name, shape) for name, shape in outlines(_codes(project, houses))]
    points = [
        Place(
            house.target.establishment.name,
            float(house.target.establishment.longitude),
            float(house.target.establishment.latitude),
            tone=house.tone,
            href=house.target.establishment.get_absolute_url(),
        )
        for house in houses
    ]
    used = {house.state for house in houses}
    tones = {HOUSE_TONES[state]: HOUSE_WORDS[state] for state in HOUSE_WORDS if state in used}
    frame = {"tones": tones, "title": "Carte du déploiement"}
    return Figure(
        title="Carte du déploiement",
        unit=f"un point par {words()['establishment'].singular}",
        period=f"le {full_date(today)}",
        data_date="jalons du jour",
        n=f"{number(len(houses))} sur {number(len(deployment.houses))} avec une position",
        sentence=deployment.sentence,
        svg=area_map(shapes, points, prefix="deploiement", **frame),
        svg_compact=area_map(shapes, points, prefix="deploiement-c", compact=True, **frame),
        headers=[words()["establishment"].cap, "État", "Jalons"],
        rows=[[h.target.establishment.name, h.word, f"{len(h.done)} sur {h.total}"] for h in deployment.houses],
    )


def _codes(project, houses):
    return perimeter_codes([project.territory], [house.target.establishment for house in houses])

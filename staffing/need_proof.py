"""The proof that a punctual need of staff carries: half-hours under the ratio, alternatives tried (functions S-049).

Computed by the coverage engine, kept as it was on the day of the request, and computed again when the page is read.
"""

from dataclasses import dataclass
from datetime import date

from core.french import capitalise, counted, hours, sentence_list
from establishments.workflow import TransitionRefused

from .coverage import HalfHour, assessed, half_hours_in_breach
from .day_book import AS_IT_IS, Scenario
from .short_staff import HEADCOUNT, Step
from .short_today import today_of

NO_HOURS = "Les horaires de travail ne sont pas enregistrés\u00a0: le taux d’encadrement ne peut pas être calculé."
CLOSED = "Il n’y a pas d’accueil ce jour-là\u00a0: aucun renfort à demander."
NOTHING = "Le calcul ne trouve aucune demi-heure sous le taux à ces heures\u00a0: rien ne prouve ce besoin."


@dataclass(frozen=True)
class Stretch:
    """Consecutive half-hours that break the same rules, [start, end[ in minutes; (message, article) of each."""

    start: int
    end: int
    broken: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return f"{hours(minutes=self.start)} – {hours(minutes=self.end)}"


@dataclass(frozen=True)
class Proof:
    """What the engine finds in one house on one day, and the options already looked at."""

    half_hours: int
    children: int
    category_1: bool
    stretches: tuple[Stretch, ...]
    steps: tuple[Step, ...]
    source: str
    without_hours: int
    computed_on: str = ""
    supposed: str = ""

    @property
    def bounds(self) -> tuple[int, int]:
        """From the first half-hour under the ratio to the last."""
        return self.stretches[0].start, self.stretches[-1].end

    @property
    def sentence(self) -> str:
        if not self.half_hours:
            return "Aucune demi-heure sous le taux d’encadrement."
        return (
            f"{capitalise(counted(self.half_hours, 'demi-heure'))} sous le taux d’encadrement, "
            f"{counted(self.children, 'enfant')} au plus présents à ce moment."
        )

    def stored(self) -> dict:
        """As JSON keeps it."""
        return {
            "half_hours": self.half_hours,
            "children": self.children,
            "category_1": self.category_1,
            "stretches": [[one.start, one.end, [list(each) for each in one.broken]] for one in self.stretches],
            "steps": [[str(step.option), step.text, step.children, step.enough] for step in self.steps],
            "source": self.source,
            "without_hours": self.without_hours,
            "computed_on": self.computed_on,
            "supposed": self.supposed,
        }

    @classmethod
    def read(cls, stored: dict) -> "Proof":
        return cls(
            **stored
            | {
                "stretches": tuple(
                    Stretch(start, end, tuple(tuple(each) for each in broken))
                    for start, end, broken in stored["stretches"]
                ),
                "steps": tuple(Step(*step) for step in stored["steps"]),
            }
        )


def proof_of(establishment, day: date, *, leave=None, between=(0, 24 * 60)) -> Proof:
    """What the engine finds between two times; `leave` is supposed granted.

    Raises TransitionRefused, with the sentence to show, when nothing can be computed.
    """
    waits = leave is not None and leave.status == leave.Status.PROPOSED
    scenario = Scenario(granted=frozenset({leave.pk})) if waits else AS_IT_IS
    now = today_of(establishment, day, scenario)
    if now is None:
        raise TransitionRefused(CLOSED)
    if now.side is None:
        raise TransitionRefused(NO_HOURS)
    segments = assessed(now.given)
    start, end = between
    broken = [half for half in half_hours_in_breach(segments, HEADCOUNT) if half.start < end and start < half.end]
    concerned = [
        s.children for s in segments if s.breaches and any(h.start < s.end and s.start < h.end for h in broken)
    ]
    return Proof(
        half_hours=len(broken),
        children=max(concerned, default=0),
        category_1=any(breach.topic.value == "category_1" for half in broken for breach in half.breaches),
        stretches=tuple(_stretches(broken)),
        steps=now.steps,
        source=now.source,
        without_hours=now.without_hours,
        supposed="si le congé demandé est accordé" if waits else "",
    )


def _stretches(broken: list[HalfHour]) -> list[Stretch]:
    found: list[Stretch] = []
    for half in broken:
        said = tuple(dict.fromkeys((breach.message, breach.article) for breach in half.breaches))
        if found and found[-1].end == half.start and found[-1].broken == said:
            found[-1] = Stretch(found[-1].start, half.end, said)
        else:
            found.append(Stretch(half.start, half.end, said))
    return found


def prove(need) -> None:
    """Write the proof on a need about to be asked. Raises TransitionRefused when nothing proves it."""
    found = proof_of(need.establishment, need.on, leave=need.leave, between=need.minutes)
    if not found.half_hours:
        raise TransitionRefused(NOTHING)
    need.half_hours, need.children = found.half_hours, found.children
    need.proof = found.stored() | {"computed_on": need.asked_at.date().isoformat()}


def tried(proof: Proof) -> str:
    """The options in one sentence, for a list or a paper."""
    return sentence_list([f"{step.option}\u00a0: {step.text.rstrip('.').lower()}" for step in proof.steps])

"""Where a project of several milestones and houses stands: states, shares done, what a late milestone delays. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DONE, LATE, DELAYED, GOING, COMING = "done", "late", "delayed", "going", "coming"
WORDS = {DONE: "fait", LATE: "en retard", DELAYED: "retardé", GOING: "en cours", COMING: "à venir"}
TONES = {DONE: "good", LATE: "alert", DELAYED: "watch", GOING: "info", COMING: "neutral"}


@dataclass(frozen=True)
class Step:
    """A milestone: `done` houses out of `houses`; `after` is the key of the one it waits for, None otherwise."""

    key: int
    title: str
    starts_on: date
    due_on: date
    done: int
    houses: int
    after: int | None = None

    @property
    def is_done(self) -> bool:
        return self.houses > 0 and self.done >= self.houses

    @property
    def share(self) -> float | None:
        return self.done / self.houses if self.houses else None


@dataclass(frozen=True)
class Placed:
    """A milestone with its state; `expected_on` is when it can be done now, `slip` the days beyond its due date."""

    step: Step
    state: str
    expected_on: date
    slip: int
    is_critical: bool

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]


def place(steps: Sequence[Step], today: date) -> list[Placed]:
    """Milestones in the order given, each with what the lateness of those before it does to it.

    A milestone lasts as long as planned once the one it waits for is done. Critical: the chain that makes the project
    end latest, when it ends late. A loop in `after` is cut where it closes.
    """
    known = {step.key: step for step in steps}
    expected = {step.key: _expected(step, known, today, set()) for step in steps}
    critical = _chain(steps, known, expected)
    return [_placed(step, known, expected, critical, today) for step in steps]


def _expected(step: Step, known: dict[int, Step], today: date, seen: set[int]) -> date:
    if step.is_done:
        return step.due_on
    end = max(step.due_on, today)
    before = known.get(step.after) if step.after is not None else None
    if before is None or before.key in seen or before.is_done:
        return end
    free_on = _expected(before, known, today, seen | {step.key}) + timedelta(days=1)
    return max(end, free_on + (step.due_on - step.starts_on)) if free_on > step.starts_on else end


def _chain(steps: Sequence[Step], known: dict[int, Step], expected: dict[int, date]) -> set[int]:
    late = [step for step in steps if not step.is_done and expected[step.key] > step.due_on]
    if not late:
        return set()
    last = max(late, key=lambda step: (expected[step.key], step.key))
    chain: set[int] = set()
    step: Step | None = last
    while step is not None and step.key not in chain and expected[step.key] > step.due_on:
        chain.add(step.key)
        step = known.get(step.after) if step.after is not None else None
    return chain


def _placed(step: Step, known: dict[int, Step], expected: dict[int, date], critical: set[int], today: date) -> Placed:
    slip = (expected[step.key] - step.due_on).days
    if step.is_done:
        state = DONE
    elif step.due_on < today:
        state = LATE
    elif slip > 0:
        state = DELAYED
    else:
        state = GOING if step.starts_on <= today or step.done else COMING
    return Placed(step, state, expected[step.key], slip, step.key in critical)

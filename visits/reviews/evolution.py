"""How a point moved since the previous review: an arrow and a word, never a score. Pure."""

from dataclasses import dataclass

SCALE = ("to_build", "in_progress", "acquired", "strength")


@dataclass(frozen=True)
class Evolution:
    """`direction` is that of the trend component: up, down or flat."""

    direction: str
    label: str
    tone: str


UP = Evolution("up", "en progrès", "good")
DOWN = Evolution("down", "en recul", "watch")
SAME = Evolution("flat", "stable", "neutral")


def evolution(before: str, now: str) -> Evolution | None:
    """None when one of the two ratings is unknown or « non observé »: nothing is compared with nothing."""
    if before not in SCALE or now not in SCALE:
        return None
    step = SCALE.index(now) - SCALE.index(before)
    return UP if step > 0 else DOWN if step < 0 else SAME

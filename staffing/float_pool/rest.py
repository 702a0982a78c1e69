"""Whether an agent may take a need: hours, qualification, legal rest.

Limits of décret 2000-815 art. 3 I, applied to the collectivités by décret 2001-623.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from staffing.float_pool.shapes import DAY, FloatAgent, Need, Shift

DAILY_REST = 11 * 60
DAILY_WORK = 10 * 60
WEEKLY_WORK = 48 * 60
WEEKLY_REST = 35 * 60


class Obstacle(StrEnum):
    """Why an agent cannot take a need, said of several agents."""

    HOURS = "sans disponibilité à ces heures"
    CATEGORY = "hors de la catégorie 1°"
    DIRECTION = "sans aptitude à la direction"
    REST = "en repos légal"
    WEEK = "au-delà de la durée légale de travail"


def obstacle(agent: FloatAgent, need: Need, others: Sequence[Shift] = ()) -> Obstacle | None:
    """What prevents the agent from taking the need, None when nothing does; `others` are her shifts besides.

    One house a day: a shift on the same day makes her unavailable.
    """
    shift = need.shift
    first, last = agent.free.get(shift.on, (0, 0))
    worked = [*agent.shifts, *others]
    if not first <= shift.start < shift.end <= last or any(each.on == shift.on for each in worked):
        return Obstacle.HOURS
    if need.category_1 and agent.category != 1:
        return Obstacle.CATEGORY
    if need.may_direct and not agent.may_direct:
        return Obstacle.DIRECTION
    if any(each.begins - shift.ends < DAILY_REST and shift.begins - each.ends < DAILY_REST for each in worked):
        return Obstacle.REST
    return _week(shift, worked)


def _week(shift: Shift, worked: Sequence[Shift]) -> Obstacle | None:
    monday = shift.on - timedelta(days=shift.on.weekday())
    start = monday.toordinal() * DAY
    week = sorted((s for s in (*worked, shift) if start <= s.begins < start + 7 * DAY), key=lambda s: s.begins)
    if shift.minutes > DAILY_WORK or sum(each.minutes for each in week) > WEEKLY_WORK:
        return Obstacle.WEEK
    edges = [start, *(edge for each in week for edge in (each.begins, each.ends)), start + 7 * DAY]
    rests = [after - before for before, after in list(pairwise(edges))[::2]]
    return Obstacle.REST if max(rests) < WEEKLY_REST else None

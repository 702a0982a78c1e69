"""The effect of a finished action on the attendance of its house: months read, similar houses chosen, measured."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from core.calendar import add_months, month_start
from indicators.models import MonthlyActivity
from indicators.profiles_of import profiles
from indicators.similar import similar_to

from .effect import Effect, House, measure
from .models import ActionItem

MONTHS = 6
MOST_CONTROLS = 60


@dataclass(frozen=True)
class ActionEffect:
    """`before` and `after` are inclusive periods of whole months."""

    before: tuple[date, date]
    after: tuple[date, date]
    effect: Effect


def effect_of_action(action, today):
    """An ActionEffect, None while six months have not passed since the action was verified, or for the action of
    a territory. Five queries.

    Controls are the similar houses, whoever looks: only their mean is told, and never of fewer than ten. Those where
    an action of the same theme was verified meanwhile are set aside.
    """
    if action.status != ActionItem.Status.VERIFIED or action.establishment_id is None:
        return None
    began = month_start(timezone.localtime(action.created_at).date())
    ended = month_start(timezone.localtime(action.closed_at).date())
    before = [add_months(began, -n) for n in range(MONTHS, 0, -1)]
    after = [add_months(ended, n) for n in range(1, MONTHS + 1)]
    if add_months(after[-1], 1) > today:
        return None
    known = profiles(began)
    mine = known.get(action.establishment_id)
    treated = _same_theme(action, before[0], add_months(after[-1], 1)) if action.theme else set()
    near = similar_to(mine, known.values(), MOST_CONTROLS) if mine else []
    keys = [profile.key for profile in near if profile.key not in treated]
    rates = _rates([action.establishment_id, *keys], before, after)
    houses = [House([rates.get((key, m)) for m in before], [rates.get((key, m)) for m in after]) for key in keys]
    own = [[rates.get((action.establishment_id, m)) for m in side] for side in (before, after)]
    return ActionEffect((before[0], before[-1]), (after[0], after[-1]), measure(House(*own), houses))


def _same_theme(action, since, until):
    rows = ActionItem.objects.filter(theme=action.theme, status=ActionItem.Status.VERIFIED)
    rows = rows.filter(closed_at__date__gte=since, closed_at__date__lt=until)
    return set(rows.order_by().values_list("establishment", flat=True))


def _rates(keys, before, after):
    """{(house, month): attendance in points}. One query."""
    months = MonthlyActivity.objects.published().filter(establishment__in=keys, month__in=[*before, *after])
    return {
        key: float(activity.attendance_rate * 100)
        for key, activity in months.by_establishment_and_month().items()
        if activity.attendance_rate is not None
    }

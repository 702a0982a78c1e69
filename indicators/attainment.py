"""How far the rates are from their targets: the month, the same month a year before, the last twelve months."""

from core.calendar import add_months
from core.french import NBSP, agreed, capitalise, month_name, percent, points, short_date

from .rates import NO_ACTIVITY

YEAR = 12


def attainments(by_month, month, targets):
    """[{label, value, note, tone, sentence}] of {month: Activity} against {indicator: Target}."""
    return [_attainment(by_month, month, target) for target in targets.values()]


def rolling(by_month, month):
    """(sum of the twelve months that end with `month`, how many of them are known): summed, then divided."""
    known = [by_month[m] for m in (add_months(month, -back) for back in range(YEAR)) if m in by_month]
    return sum(known, NO_ACTIVITY), len(known)


def _attainment(by_month, month, target):
    rate = _rate(by_month, month, target)
    reached = rate is not None and rate >= target.rate
    return {
        "label": capitalise(target.get_indicator_display()),
        "value": percent(rate),
        "note": f"objectif {percent(target.rate)}",
        "tone": None if rate is None else "good" if reached else "watch",
        "sentence": " ".join(_told(by_month, month, target, rate)),
    }


def _told(by_month, month, target, rate):
    since = f"depuis le {short_date(target.starts_on)}"
    whose = f", fixé pour {target.territory.name}" if target.territory_id else ""
    yield f"{capitalise(month_name(month))}{NBSP}: {_gap(rate, target)} ({since}{whose})."
    before = _rate(by_month, add_months(month, -YEAR), target)
    if rate is not None and before is not None:
        yield f"Sur un an{NBSP}: {points(rate - before)}."
    total, months = rolling(by_month, month)
    if months:
        known = f"{months} mois {agreed(months, 'connu')}"
        yield f"Sur douze mois{NBSP}: {percent(getattr(total, target.indicator))} ({known})."


def _gap(rate, target):
    name = f"objectif de {percent(target.rate)}"
    if rate is None:
        return f"{name}, sans donnée"
    if rate >= target.rate:
        return f"{name} atteint"
    return f"{name} non atteint, il manque {points(target.rate - rate).lstrip('+').strip()}"


def _rate(by_month, month, target):
    activity = by_month.get(month)
    return getattr(activity, target.indicator) if activity is not None else None

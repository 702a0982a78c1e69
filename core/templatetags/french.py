"""French in templates: numbers, hours, dates and agreement. A builtin library, so no template loads it.

Every filter shows "—" for a missing value, so that a page never prints "None".
"""

from datetime import date, datetime
from functools import wraps

from django import template
from django.utils import timezone

from core import french

register = template.Library()


def _day(value: date) -> date:
    """The calendar day here: an instant of 23 h 30 UTC is already tomorrow in Paris."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _noun(term: object) -> tuple[str, str | None]:
    """`"visite,visites"`, `"visite"` or a `Term` of the vocabulary pack, as singular and plural."""
    if isinstance(term, french.Term):
        return term.singular, term.plural
    singular, _, plural = str(term).partition(",")
    return singular.strip(), plural.strip() or None


def _or_dash(show):
    """The filter made of `show`, that answers "—" to None and to an empty string.

    `wraps` matters: Django counts the arguments of the function it unwraps.
    """

    @wraps(show)
    def shown(value, *args):
        return french.NONE if value is None or value == "" else show(value, *args)

    return shown


for name, show in {
    "number": french.number,
    "signed": french.signed,
    "percent": french.percent,
    "points": french.points,
    "euros": french.euros,
    "hours": french.hours,
    "minutes": lambda value: french.hours(minutes=value),
    "fr_time": french.clock,
    "fr_date": lambda value: french.long_date(_day(value)),
    "fr_full_date": lambda value: french.full_date(_day(value)),
    "fr_short_date": lambda value: french.short_date(_day(value)),
    "fr_day": lambda value: french.day_month(_day(value)),
    "fr_of": french.of,
    "fr_month": lambda value: french.month_name(_day(value)),
    "relative_days": lambda value, today: french.relative_days((_day(value) - _day(today)).days),
    "counted": lambda n, term: french.counted(n, *_noun(term)),
    "agreed": lambda n, term: french.agreed(n, *_noun(term)),
}.items():
    register.filter(name, _or_dash(show))


@register.filter
def fr_instant(value):
    """ "17 mars 2026 à 14 h 05", in local time."""
    if not value:
        return french.NONE
    local = timezone.localtime(value)
    return f"{french.full_date(local)} à {french.clock(local.time())}"


@register.filter
def fr_period(start, end):
    """`{{ leave.starts_on|fr_period:leave.ends_on }}`: inclusive dates, None is open."""
    return french.period(start or None, end or None)


@register.filter(is_safe=True)
def fr_typo(text):
    """French spaces and apostrophes in what somebody typed."""
    return french.typo(str(text or ""))


@register.filter
def fr_list(items):
    """ "a, b et c"."""
    return french.sentence_list(items)


@register.filter(is_safe=True)
def capitalised(text):
    """First letter in upper case; also takes a `Term`."""
    return french.capitalise(str(text))


@register.filter
def accord(term, adjective):
    """`{{ words.sector|accord:"validé" }}`: the adjective in the gender of the term."""
    return term.accord(adjective)

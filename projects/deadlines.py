"""Deadlines as people type them: « avant le 12 mars », « d’ici fin avril », « sous quinze jours ». Pure.

A deadline is the last day on which the thing may be done; « avant le 12 mars » is read as people mean it, the 12th
included. A date without a year is the first one on or after the day of the meeting; « avant le 15 » is the next 15th.
A date that contradicts itself (« mardi 8 mars » when the 8th is a Monday) is never guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import add_months, add_working_days, month_end
from core.french import MONTHS, WEEKDAYS, normalise


@dataclass(frozen=True)
class Deadline:
    """What was found: the day (or None), the text without it, and whether a date was there but made no sense."""

    due_on: date | None
    rest: str
    unreadable: bool = False


_S = r"[\s\u00a0\u202f]+"
_MONTH = (
    r"(?P<{0}>janv(?:ier|\.)?|f[ée]v(?:rier|r?\.?)|mars|avr(?:il|\.)?|mai|juin|juil(?:let|l?\.?)"
    r"|ao[uû]t|sept(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?)"
)
_WEEKDAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_COUNTS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8}
_COUNTS |= {"dix": 10, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30}
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + ")"
_BEFORE = r"(?:au" + _S + r"plus" + _S + r"tard|avant|avt|pour|d[’']ici(?:" + _S + r"à)?|jusqu[’'](?:à|au)|échéance)"
_THE = rf"(?:{_S}|{_S}?:{_S}?)(?:(?:le|au|la|notre){_S}|l[’'])?"
_EDGE = r"(?=\s*[.,;:)!@]|\s*$)"
_SEPARATOR = r"(?:[.-]|[ \u00a0\u202f]?/[ \u00a0\u202f]?)"
_NUMERIC = (
    rf"(?:(?P<iso>\d{{4}})-(?P<iso_month>\d{{1,2}})-(?P<iso_day>\d{{1,2}})"
    rf"|(?P<day>\d{{1,2}}){_SEPARATOR}(?P<month>\d{{1,2}})(?:{_SEPARATOR}(?P<year>\d{{4}}|\d{{2}}))?)(?![\d/])"
)
_WRITTEN = (
    rf"(?:(?P<on_weekday>{_WEEKDAYS}){_S})?(?P<written_day>\d{{1,2}}(?:er|ᵉʳ)?|premier)(?:{_S})?"
    rf"{_MONTH.format('written_month')}(?:{_S}(?P<written_year>\d{{4}}|[’']?\d{{2}}{_EDGE}))?(?!\w)"
)
# « le 15 », « vendredi 12 », « le 5 du mois prochain »: a day of the month, unless things are counted by it.
_DAY_ONLY = (
    rf"(?:(?P<of_weekday>{_WEEKDAYS}){_S}(?P<weekday_day>\d{{1,2}}|1er){_EDGE}"
    rf"|(?<=le[\s\u00a0\u202f])(?P<day_only>\d{{1,2}}|1er)(?:{_S}du{_S}mois(?P<next_month>{_S}prochain)?(?!\w)|{_EDGE}))"
)
_END_OF_MONTH = (
    rf"(?:fin|(?P<half>mi))(?:-|{_S})(?:de{_S}|d[’'])?{_MONTH.format('end_month')}(?:{_S}(?P<end_year>\d{{4}}))?(?!\w)"
)
_NAMED = (
    rf"(?P<named>fin{_S}(?:du{_S}mois|d[’']année|de{_S}l[’']année|de{_S}(?:la{_S})?semaine)|prochaine{_S}(?:réunion|fois)"
    rf"|réunion{_S}(?:prochaine|suivante)"
    rf"|demain|après-demain|aujourd[’']hui|ce{_S}soir)(?!\w)"
)
_NEXT_WEEKDAY = rf"(?P<weekday>{_WEEKDAYS})(?:{_S}prochain)?(?!\w)"
_WITHIN = (
    rf"(?P<within>sous|dans|avant|d[’']ici(?:{_S}à)?){_S}(?:(?:les|un{_S}délai{_S}de){_S})?"
    rf"(?:{_COUNT}{_S}?(?P<unit>jours?|semaines?|mois|h(?:eures)?)(?:{_S}(?P<working>ouvrés|ouvrables?))?"
    r"|(?P<old>huitaine|quinzaine))(?!\w)"
)
_AFTER_BEFORE = "|".join([_NUMERIC, _WRITTEN, _END_OF_MONTH, _NAMED, _DAY_ONLY, _NEXT_WEEKDAY])
_ENOUGH = rf"(?:{_S}(?:prochain|inclus|au{_S}plus{_S}tard|dernier{_S}délai)(?!\w))?"
_DEADLINE = re.compile(
    rf"(?<!\w)(?:{_BEFORE}{_THE}(?:{_AFTER_BEFORE}){_ENOUGH}|{_WITHIN})",
    re.IGNORECASE,
)
# « le 3 mars au plus tard »: the words come behind the date.
_AT_LATEST = rf"{_S}(?:au{_S}plus{_S}tard|dernier{_S}délai)(?!\w)"
_BEHIND = re.compile(rf"(?<!\w)(?:le{_S})?(?:{_NUMERIC}|{_WRITTEN}|{_NEXT_WEEKDAY}){_AT_LATEST}", re.IGNORECASE)
FURTHEST_YEARS = 10  # beyond, it is a slip of the keyboard (03/04/2207)
# « dans » and « avant » count as a delay only at the end: « dans trois sections » is a place, « avant 18 h » an hour.
_ONLY_AT_AN_EDGE = {"dans", "avant"}
_DAY = timedelta(days=1)
Found = Mapping[str, str | None]


def _month_number(word: str) -> int:
    letters = normalise(word)
    return next(n for n, month in enumerate(MONTHS, start=1) if normalise(month).startswith(letters[:4].rstrip()))


def _number(day: str) -> int:
    return 1 if normalise(day) in ("premier", "1er") else int(day)


def _first_after(held_on: date, month: int, day: int) -> date | None:
    for year in (held_on.year, held_on.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= held_on:
            return found
    return None


def _exact(held_on: date, year: str | None, month: int, day: int) -> date | None:
    if year is None:
        return _first_after(held_on, month, day) if 1 <= month <= 12 else None
    digits = year.lstrip("’'")
    try:
        return date(int(digits) + (2000 if len(digits) == 2 else 0), month, day)
    except ValueError:
        return None


def _on_weekday(due: date | None, weekday: str | None) -> date | None:
    """The day, None when it does not fall on the weekday that was typed with it."""
    agrees = due is None or weekday is None or WEEKDAYS.index(weekday.lower()) == due.weekday()
    return due if agrees else None


def _day_of_month(found: Found, held_on: date) -> date | None:
    """« le 15 »: the next 15th; « le 5 du mois prochain »: of the month after that of the meeting."""
    day = _number(found.get("weekday_day") or found.get("day_only") or "")
    first = held_on.replace(day=1)
    starts = [add_months(first, 1)] if found.get("next_month") else [first, add_months(first, 1)]
    for start in starts:
        try:
            due = start.replace(day=day)
        except ValueError:
            continue
        if due >= held_on:
            return _on_weekday(due, found.get("of_weekday"))
    return None


def _end_of_month(found: Found, held_on: date) -> date:
    month, typed = _month_number(found["end_month"] or ""), found["end_year"]
    year = int(typed) if typed else held_on.year
    due = date(year, month, 15) if found["half"] else month_end(date(year, month, 1))
    if due < held_on and not typed:
        due = date(year + 1, month, 15) if found["half"] else month_end(date(year + 1, month, 1))
    return due


def _named(word: str, held_on: date, next_on: date | None) -> date | None:
    friday = held_on + _DAY * ((4 - held_on.weekday()) % 7)
    days: dict[str, date | None] = {
        "fin du mois": month_end(held_on),
        "fin d annee": date(held_on.year, 12, 31),
        "fin de l annee": date(held_on.year, 12, 31),
        "fin de semaine": friday,
        "fin de la semaine": friday,
        "demain": held_on + _DAY,
        "apres demain": held_on + 2 * _DAY,
        "aujourd hui": held_on,
        "ce soir": held_on,
    }
    return days.get(normalise(word), next_on)


def _within(found: Found, held_on: date) -> date | None:
    if old := found["old"]:
        return held_on + _DAY * (8 if old.lower() == "huitaine" else 15)
    typed, unit = (found["count"] or "").lower(), (found["unit"] or "").lower()
    count = _COUNTS.get(typed) or int(typed)
    if working := found["working"]:  # « ouvrables » counts Saturdays: the date is asked for
        return add_working_days(held_on, count) if unit.startswith("jour") and working == "ouvrés" else None
    if unit.startswith("h"):
        return held_on + _DAY * -(-count // 24)
    if unit == "mois":
        return add_months(held_on, count)
    return held_on + _DAY * count * (7 if unit.startswith("semaine") else 1)


def _due(found: Found, held_on: date, next_on: date | None) -> date | None:
    if found.get("within"):
        return _within(found, held_on)
    if found["iso"]:
        return _exact(held_on, found["iso"], int(found["iso_month"] or 0), int(found["iso_day"] or 0))
    if found["day"]:
        return _exact(held_on, found["year"], int(found["month"] or 0), int(found["day"]))
    if found["written_day"]:
        month = _month_number(found["written_month"] or "")
        due = _exact(held_on, found["written_year"], month, _number(found["written_day"]))
        return _on_weekday(due, found["on_weekday"])
    if found.get("end_month"):
        return _end_of_month(found, held_on)
    if named := found.get("named"):
        return _named(named, held_on, next_on)
    if found.get("weekday_day") or found.get("day_only"):
        return _day_of_month(found, held_on)
    ahead = (WEEKDAYS.index((found["weekday"] or "").lower()) - held_on.weekday() - 1) % 7 + 1
    return held_on + _DAY * ahead


def _is_deadline(found: re.Match[str], text: str) -> bool:
    parts = found.groupdict()
    within = (parts.get("within") or "").lower()
    if within not in _ONLY_AT_AN_EDGE:
        return not (within.startswith("d") and (parts["unit"] or "").lower().startswith("h"))
    if within == "avant" and (parts["unit"] or "").lower().startswith("h"):
        return False
    after = text[found.end() :].lstrip(" \u00a0\u202f")
    return not after or after[0] in ".,;:)@" or not text[: found.start()].strip()


def find_deadline(text: str, held_on: date, next_on: date | None = None) -> Deadline:
    """The last deadline of `text`, and `text` without it.

    A date that does not exist (31/02), contradicts itself, is more than ten years away, or « avant la prochaine
    réunion » when none is set, is `unreadable`, kept in the text so that its author can correct it.
    """
    matches = [*_DEADLINE.finditer(text), *_BEHIND.finditer(text)]
    candidates = [found for found in matches if _is_deadline(found, text)]
    if not candidates:
        return Deadline(None, text)
    found = max(candidates, key=lambda one: (one.end(), -one.start()))
    due = _due(found.groupdict(), held_on, next_on)
    if due is None or due > add_months(held_on, 12 * FURTHEST_YEARS):
        return Deadline(None, text, unreadable=True)
    return Deadline(due, f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}")

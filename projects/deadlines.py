"""Deadlines as people type them: « avant le 12 mars », « d’ici fin avril », « sous quinze jours ». Pure.

A deadline is the last day on which the thing may be done; « avant le 12 mars » is read as people mean it, the 12th
included. A date without a year is the first one on or after the day of the meeting.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.french import MONTHS, WEEKDAYS, normalise


@dataclass(frozen=True)
class Deadline:
    """What was found: the day (or None), the text without it, and whether a date was there but made no sense."""

    due_on: date | None
    rest: str
    unreadable: bool = False


_S = r"[\s\u00a0\u202f]+"
_MONTH = (
    r"(?P<{0}>janv(?:ier|\.)?|f[ée]v(?:rier|r?\.)|mars|avr(?:il|\.)|mai|juin|juil(?:let|l?\.)"
    r"|ao[uû]t|sept(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?)"
)
_WEEKDAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_COUNTS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8}
_COUNTS |= {"dix": 10, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30}
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + ")"
_BEFORE = r"(?:au" + _S + r"plus" + _S + r"tard|avant|pour|d[’']ici(?:" + _S + r"à)?|jusqu[’'](?:à|au)|échéance)"
_THE = rf"(?:{_S}|{_S}?:{_S}?)(?:(?:le|au|la){_S}|l[’'])?"
_SEPARATOR = r"[/.-]"
_NUMERIC = (
    rf"(?:(?P<iso>\d{{4}})-(?P<iso_month>\d{{1,2}})-(?P<iso_day>\d{{1,2}})"
    rf"|(?P<day>\d{{1,2}}){_SEPARATOR}(?P<month>\d{{1,2}})(?:{_SEPARATOR}(?P<year>\d{{4}}|\d{{2}}))?)(?![\d/])"
)
_WRITTEN = (
    rf"(?:{_WEEKDAY}{_S})?(?P<written_day>\d{{1,2}})(?:er)?{_S}{_MONTH.format('written_month')}"
    rf"(?:{_S}(?P<written_year>\d{{4}}))?(?!\w)"
)
_END_OF_MONTH = (
    rf"(?:fin|mi)(?:-|{_S})(?:de{_S}|d[’'])?{_MONTH.format('end_month')}(?:{_S}(?P<end_year>\d{{4}}))?(?!\w)"
)
_NAMED = (
    rf"(?P<named>fin{_S}(?:du{_S}mois|d[’']année|de{_S}l[’']année|de{_S}(?:la{_S})?semaine)|prochaine{_S}réunion"
    rf"|demain|après-demain|aujourd[’']hui|ce{_S}soir)(?!\w)"
)
_NEXT_WEEKDAY = rf"(?P<weekday>{_WEEKDAY})(?:{_S}prochain)?(?!\w)"
_WITHIN = (
    rf"(?P<within>sous|dans){_S}(?:{_COUNT}{_S}?(?P<unit>jours?|semaines?|mois|h(?:eures)?)"
    r"|(?P<old>huitaine|quinzaine))(?!\w)"
)
_AFTER_BEFORE = "|".join([_NUMERIC, _WRITTEN, _END_OF_MONTH, _NAMED, _NEXT_WEEKDAY])
_DEADLINE = re.compile(
    rf"(?<!\w)(?:{_BEFORE}{_THE}(?:{_AFTER_BEFORE})|{_WITHIN})",
    re.IGNORECASE,
)
# « dans » counts as a deadline only at the end: « dans trois sections » is a place.
_MOVES = timedelta(days=1)


def _month_number(word: str) -> int:
    letters = normalise(word)
    return next(n for n, month in enumerate(MONTHS, start=1) if normalise(month).startswith(letters[:4].rstrip()))


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
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _end_of_month(found: re.Match[str], held_on: date) -> date:
    month = _month_number(found["end_month"])
    middle = bool(re.search(rf"(?<!\w)mi(?:-|{_S})", found[0], re.IGNORECASE))
    year = int(found["end_year"]) if found["end_year"] else held_on.year
    due = date(year, month, 15) if middle else _month_end(year, month)
    if due < held_on and not found["end_year"]:
        due = date(year + 1, month, 15) if middle else _month_end(year + 1, month)
    return due


def _named(word: str, held_on: date, next_on: date | None) -> date | None:
    name = normalise(word)
    days: dict[str, Callable[[], date | None]] = {
        "fin du mois": lambda: _month_end(held_on.year, held_on.month),
        "fin d annee": lambda: date(held_on.year, 12, 31),
        "fin de l annee": lambda: date(held_on.year, 12, 31),
        "fin de semaine": lambda: held_on + _MOVES * ((4 - held_on.weekday()) % 7),
        "fin de la semaine": lambda: held_on + _MOVES * ((4 - held_on.weekday()) % 7),
        "prochaine reunion": lambda: next_on,
        "demain": lambda: held_on + _MOVES,
        "apres demain": lambda: held_on + 2 * _MOVES,
        "aujourd hui": lambda: held_on,
        "ce soir": lambda: held_on,
    }
    return days[name]()


def _within(found: re.Match[str], held_on: date) -> date:
    if found["old"]:
        return held_on + _MOVES * (8 if found["old"].lower() == "huitaine" else 15)
    count = _COUNTS.get(found["count"].lower()) or int(found["count"])
    unit = found["unit"].lower()
    if unit.startswith("h"):
        return held_on + _MOVES * -(-count // 24)
    if unit == "mois":
        month = held_on.month - 1 + count
        year, month = held_on.year + month // 12, month % 12 + 1
        return date(year, month, min(held_on.day, monthrange(year, month)[1]))
    return held_on + _MOVES * count * (7 if unit.startswith("semaine") else 1)


def _due(found: re.Match[str], held_on: date, next_on: date | None) -> date | None:
    if found["within"]:
        return _within(found, held_on)
    if found["iso"]:
        return _exact(held_on, found["iso"], int(found["iso_month"]), int(found["iso_day"]))
    if found["day"]:
        return _exact(held_on, found["year"], int(found["month"]), int(found["day"]))
    if found["written_day"]:
        month = _month_number(found["written_month"])
        return _exact(held_on, found["written_year"], month, int(found["written_day"]))
    if found["end_month"]:
        return _end_of_month(found, held_on)
    if found["named"]:
        return _named(found["named"], held_on, next_on)
    ahead = (WEEKDAYS.index(found["weekday"].lower()) - held_on.weekday() - 1) % 7 + 1
    return held_on + _MOVES * ahead


def _is_deadline(found: re.Match[str], text: str) -> bool:
    after = text[found.end() :].lstrip(" \u00a0\u202f")
    at_an_edge = not after or after[0] in ".,;:)@" or not text[: found.start()].strip()
    return not found["within"] or found["within"].lower() == "sous" or at_an_edge


def find_deadline(text: str, held_on: date, next_on: date | None = None) -> Deadline:
    """The last deadline of `text`, and `text` without it.

    A date that does not exist (31/02) or « avant la prochaine réunion » when none is set is `unreadable`, kept in
    the text so that its author can correct it.
    """
    candidates = [found for found in _DEADLINE.finditer(text) if _is_deadline(found, text)]
    if not candidates:
        return Deadline(None, text)
    found = candidates[-1]
    due = _due(found, held_on, next_on)
    if due is None:
        return Deadline(None, text, unreadable=True)
    return Deadline(due, f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}")

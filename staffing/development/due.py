"""Hours that a house must receive in a year, and those planned and done: articles beside each. Pure.

Analysis of practices: six hours a professional and a year, two in each four months, groups of fifteen at most
(CSP R. 2324-37). Attendance is counted, nobody is named: the hours of one professional are a mean over the team.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from core.calendar import quarter
from core.french import NBSP, hours, number

PRACTICE, RSAI, NURSE = "practice", "rsai", "nurse"
PRACTICE_YEAR, PRACTICE_THIRD, GROUP = Decimal(6), Decimal(2), 15
PRACTICE_ARTICLE = "CSP R. 2324-37"
FULL_TIME = Decimal(1607)  # hours a year of a full-time agent (decree 2000-815), to tell a share of post in hours
THIRDS = ("janvier à avril", "mai à août", "septembre à décembre")
QUARTERS = ("1er trimestre", "2e trimestre", "3e trimestre", "4e trimestre")


@dataclass(frozen=True)
class Held:
    """One intervention of the year: `hours` of the professional, `people` who took part, done or planned."""

    function: str
    on: date
    hours: Decimal
    people: int = 0
    is_done: bool = False


@dataclass(frozen=True)
class Minimum:
    """What the texts ask of one house: hours a year and a quarter (RSAI), share of post missing (health)."""

    rsai_year: Decimal | None = None
    rsai_quarter: Decimal | None = None
    rsai_article: str = ""
    health_fte: Decimal | None = None
    health_posted: Decimal = Decimal(0)
    health_article: str = ""


@dataclass(frozen=True)
class HoursLine:
    """One line: due (None: no text fixes it), planned besides what is done, done, by function and part of the year."""

    function: str
    label: str
    part: str
    due: Decimal | None
    planned: Decimal
    done: Decimal
    article: str = ""
    is_over: bool = False
    note: str = ""
    house: int = 0
    house_name: str = ""

    @property
    def gap(self) -> Decimal | None:
        """Hours that nobody has planned: negative when some are missing."""
        return None if self.due is None else self.done + self.planned - self.due

    @property
    def state(self) -> str:
        if self.due is None:
            return "sans minimum"
        if self.done >= self.due:
            return "fait"
        if self.is_over:
            return "non fait"
        return "prévu" if self.done + self.planned >= self.due else "à prévoir"

    @property
    def tone(self) -> str:
        return {"fait": "good", "prévu": "info", "à prévoir": "watch", "non fait": "alert"}.get(self.state, "neutral")

    @property
    def due_text(self) -> str:
        return "—" if self.due is None else hours(self.due)

    @property
    def gap_text(self) -> str:
        return "—" if self.gap is None else f"+{hours(self.gap)}" if self.gap > 0 else hours(self.gap)


def groups_of(professionals: int) -> int:
    """How many groups a team makes, of fifteen at most."""
    return -(-professionals // GROUP)


def lines_of(
    year: int, minimum: Minimum, professionals: int, held: Iterable[Held], today: date, labels: Mapping[str, str]
) -> list[HoursLine]:
    """The lines of one house; `labels` {function: French label} for the functions without minimum too."""
    held = [one for one in held if one.on.year == year]
    found = [*_practice(year, professionals, held, today), *_rsai(year, minimum, held, today)]
    found += _health(year, minimum, held, today)
    told = {line.function for line in found}
    for function in dict.fromkeys(one.function for one in held):
        if function not in told:
            found.append(_line(function, labels[function], "année", None, held, _is_over(date(year, 12, 31), today)))
    return found


def _is_over(last: date, today: date) -> bool:
    return today > last


def _practice(year, professionals, held, today):
    if not professionals:
        return
    mine = [one for one in held if one.function == PRACTICE]
    groups = groups_of(professionals)
    note = f"{number(professionals)} professionnels, {groups} groupe{'s' if groups > 1 else ''} de {GROUP} au plus"
    year_end = date(year, 12, 31)
    yield _practice_line("année", PRACTICE_YEAR, mine, professionals, _is_over(year_end, today), note)
    for rank, part in enumerate(THIRDS):
        rows = [one for one in mine if (one.on.month - 1) // 4 == rank]
        last = (date(year, 4, 30), date(year, 8, 31), year_end)[rank]
        yield _practice_line(part, PRACTICE_THIRD, rows, professionals, _is_over(last, today), note)


def _practice_line(part, due, rows, professionals, is_over, note):
    """Hours of one professional: those of the groups, shared over the team (never more than the hours held)."""
    done = _mean([one for one in rows if one.is_done], professionals)
    planned = _mean([one for one in rows if not one.is_done], professionals)
    label = "Analyse des pratiques, par professionnel"
    return HoursLine(PRACTICE, label, part, due, planned, done, PRACTICE_ARTICLE, is_over, note)


def _mean(rows, professionals):
    """Rounded down: a team that lacks a minute has not had its hours."""
    hours_in_all = sum((one.hours * one.people for one in rows), Decimal(0))
    return (hours_in_all / professionals).quantize(Decimal("0.01"), ROUND_DOWN)


def _rsai(year, minimum, held, today):
    if minimum.rsai_year is None:
        return
    label, mine = "Référent santé et accueil inclusif", [one for one in held if one.function == RSAI]
    over = _is_over(date(year, 12, 31), today)
    yield _line(RSAI, label, "année", minimum.rsai_year, mine, over, minimum.rsai_article)
    for rank, part in enumerate(QUARTERS if minimum.rsai_quarter is not None else ()):
        rows = [one for one in mine if quarter(one.on) == rank + 1]
        over = (today.year, quarter(today)) > (year, rank + 1)
        yield _line(RSAI, label, part, minimum.rsai_quarter, rows, over, minimum.rsai_article)


def _health(year, minimum, held, today):
    """The share of post that the team does not fill itself, in hours of a shared nurse."""
    if minimum.health_fte is None:
        return
    missing = max(Decimal(0), minimum.health_fte - minimum.health_posted)
    share = f"{number(minimum.health_fte, 2)}{NBSP}ETP exigé, {number(minimum.health_posted, 2)} dans l’équipe"
    over = _is_over(date(year, 12, 31), today)
    mine = [one for one in held if one.function == NURSE]
    due = missing * FULL_TIME
    yield _line(NURSE, "Accompagnement santé mutualisé", "année", due, mine, over, minimum.health_article, share)


def _line(function, label, part, due, rows, is_over, article="", note=""):
    rows = [one for one in rows if one.function == function]
    done = sum((one.hours for one in rows if one.is_done), Decimal(0))
    planned = sum((one.hours for one in rows if not one.is_done), Decimal(0))
    return HoursLine(function, label, part, due, planned, done, article, is_over, note)

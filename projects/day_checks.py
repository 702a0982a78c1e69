"""What is looked at before a pedagogical day is validated (domain.md §5.6). Pure.

Blocking: a day that is not an opening day, a fourth funded day, children of another house expected that day.
To be weighed: families told late, the start of the school year, a neighbour that hosts or is hosted closed that day,
a date already past.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import holiday_name
from core.french import counted, full_date, sentence_list

FUNDED_A_YEAR = 3  # CAF: at most three funded days in a civil year
NOTICE = timedelta(weeks=8)
SETTLING_UNTIL = 14  # first fortnight of September: families settle in


@dataclass(frozen=True)
class Planned:
    """A day asked for, and what is known around it.

    `open_weekdays`: ISO numbers of the days the house opens, none when unknown. `funded_already`: funded days
    validated the same civil year. `hosting`: houses whose children are expected here that day. `neighbours_closed`:
    houses used for regrouping that are closed that day. `closed_already`: why the house is closed anyway, "" if not.
    `is_past`: the day is over when it is looked at.
    """

    held_on: date
    is_funded: bool
    told_on: date | None
    open_weekdays: frozenset[int]
    funded_already: int
    hosting: tuple[str, ...] = ()
    neighbours_closed: tuple[str, ...] = ()
    closed_already: str = ""
    is_past: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing found; a blocking one forbids the validation."""

    sentence: str
    is_blocking: bool

    @property
    def tone(self) -> str:
        return "alert" if self.is_blocking else "watch"


def findings(day: Planned) -> list[Finding]:
    """The blocking ones first; an empty list means that nothing stands in the way."""
    return [Finding(text, True) for text in _blocking(day)] + [Finding(text, False) for text in _to_weigh(day)]


def _blocking(day: Planned) -> Iterable[str]:
    holiday = holiday_name(day.held_on)
    weekdays = day.open_weekdays or frozenset({1, 2, 3, 4, 5})
    if holiday:
        yield f"Le {full_date(day.held_on)} est férié\u00a0: {holiday}."
    elif day.held_on.isoweekday() not in weekdays:
        yield f"Le {full_date(day.held_on)} n’est pas un jour d’ouverture."
    if day.closed_already:
        yield f"Déjà fermé ce jour-là\u00a0: {day.closed_already}."
    if day.is_funded and day.funded_already >= FUNDED_A_YEAR:
        yield (
            f"Déjà {counted(day.funded_already, 'journée financée', 'journées financées')} en {day.held_on.year}, "
            f"la CAF en finance {FUNDED_A_YEAR} au plus."
        )
    if day.hosting:
        yield f"Des enfants d’ailleurs sont attendus ce jour-là\u00a0: {sentence_list(day.hosting)}."


def _to_weigh(day: Planned) -> Iterable[str]:
    if day.is_past:
        yield "Cette date est déjà passée\u00a0: la valider change des taux déjà comptés."
    if day.told_on is None:
        yield "Les familles ne sont pas encore informées."
    elif day.told_on > day.held_on:
        yield "Les familles seraient informées après la journée."
    elif day.held_on - day.told_on < NOTICE:
        left = counted((day.held_on - day.told_on).days, "jour")
        yield f"Les familles sont informées {left} avant, moins que huit semaines."
    if day.held_on.month == 9 and day.held_on.day <= SETTLING_UNTIL:
        yield "Première quinzaine de septembre\u00a0: les familles s’installent."
    if day.neighbours_closed:
        yield f"Ferme aussi ce jour-là\u00a0: {sentence_list(day.neighbours_closed)}, où vous regroupez les enfants."

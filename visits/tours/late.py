"""Which deadlines a set of visits misses, counted again from the visits alone, and why in French."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.french import counted, day_month, full_date, sentence_list
from visits.schedule import REVIEW
from visits.tours.diary import Diary
from visits.tours.model import LATE_UNPROVEN, House, LateVisit, PlannedVisit
from visits.tours.needs import answers

MOST_NAMED = 6


@dataclass(frozen=True)
class Miss:
    """A deadline of a house, and the day of the visit that comes after it, None if there is none."""

    house: House
    due: date
    day: date | None


def misses(diary: Diary, visits: Sequence[PlannedVisit]) -> list[Miss]:
    """Every deadline missed, one a visit, houses in their order."""
    found: list[Miss] = []
    for house in diary.problem.houses:
        own = sorted((visit for visit in visits if visit.house.id == house.id), key=lambda visit: visit.day)
        rows = _rhythm(diary, house, [visit.day for visit in own if visit.counts])
        rows += _wishes(diary, house, own)
        by_day: dict[date | None, Miss] = {}
        for miss in sorted(rows, key=lambda miss: miss.due):
            by_day.setdefault(miss.day, miss)
        found += by_day.values()
    return found


def _rhythm(diary: Diary, house: House, days: Sequence[date]) -> list[Miss]:
    due, found = diary.due(house), []
    for day in days:
        if day > due:
            found.append(Miss(house, due, day))
        due = house.next_due(day)
    if due < diary.beyond(house):
        found.append(Miss(house, due, None))
    return found


def _wishes(diary: Diary, house: House, own: Sequence[PlannedVisit]) -> list[Miss]:
    wishes = [(REVIEW, one.due_on) for one in house.reviews if one.due_on < diary.beyond(house)]
    wishes += [(one.kind, one.due_on) for one in diary.problem.urgent if one.house_id == house.id]
    found = []
    for kind, due in wishes:
        day = next((visit.day for visit in own if answers(visit.kind, kind)), None)
        if day is None or day > due:
            found.append(Miss(house, due, day))
    return found


class Reasons:
    """Why each deadline is missed."""

    def __init__(self, diary: Diary, visits: Sequence[PlannedVisit], status: str) -> None:
        self.diary, self.visits, self.status = diary, visits, status
        self.start = diary.problem.agenda.starts_on

    def explained(self, miss: Miss, known: str | None = None) -> LateVisit:
        return LateVisit(miss.house, miss.due, miss.day, known or self._why(miss))

    def _why(self, miss: Miss) -> str:
        if miss.due < self.start:
            return f"L’échéance du {full_date(miss.due)} était dépassée avant le début de la période."
        if miss.due > self.diary.problem.agenda.ends_on:
            closed = f"Due le {day_month(miss.due)}, après la période mais pendant une fermeture ou un congé"
            return f"{closed}\u00a0: aucune place n’a été trouvée avant."
        span = f"du {day_month(self.start)} au {day_month(miss.due)}"
        agenda = [day for day in self.diary.days if day <= miss.due]
        if not agenda:
            return f"Aucune demi-journée n’est libre dans l’agenda {span}."
        if not any(miss.house.opens_on(day) for day in agenda):
            return f"Aucun jour d’ouverture ne tombe sur une demi-journée libre {span}."
        if any(visit.locked and visit.day == miss.day and visit.house.id == miss.house.id for visit in self.visits):
            locked = f"La visite verrouillée du {day_month(miss.day or miss.due)} vient après l’échéance"
            return f"{locked}, et aucune autre n’a trouvé place avant le {day_month(miss.due)}."
        return self._crowd(miss)

    def _crowd(self, miss: Miss) -> str:
        """Hall's condition, violated: these houses have fewer half-days than visits between them."""
        houses, days = {miss.house.id: miss.house}, set(self._days(miss.house, miss.due))
        size = -1
        while size != len(days):
            size = len(days)
            for visit in self.visits:
                if (
                    visit.day in days
                    and not visit.locked
                    and visit.house.id not in houses
                    and visit.day <= visit.due_on
                ):
                    houses[visit.house.id] = visit.house
                    days.update(self._days(visit.house, visit.due_on))
        places = sum(self.diary.capacity[day] for day in days)
        if len(houses) <= places:
            if self.status == LATE_UNPROVEN:
                return "Aucune place trouvée\u202f; toutes les possibilités n’ont pas pu être essayées."
            tight = "Les visites d’une journée entière et les secondes visites n’ont pas toutes leur place"
            return f"{tight} avant le {day_month(miss.due)}."
        names = [f"«\u00a0{house.name}\u00a0»" for house in houses.values()]
        shown = names if len(names) <= MOST_NAMED else [*names[:MOST_NAMED], counted(len(names) - MOST_NAMED, "autre")]
        return (
            f"{counted(len(houses), 'visite')} pour {counted(places, 'place libre', 'places libres')} jusqu’au "
            f"{day_month(max(days))}\u00a0: {sentence_list(shown)}."
        )

    def _days(self, house: House, due: date) -> list[date]:
        return [day for day in self.diary.usable(house) if day <= due]

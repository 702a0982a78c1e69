"""What a dashboard says in plain French: agreement right, every number taken from its lines."""

from dataclasses import dataclass

from core.french import NNBSP, counted, month_name, number, of, percent, sentence_list
from establishments.models import Capability
from establishments.vocabulary import words

from .rates import LEVERS, weakest_lever


@dataclass(frozen=True)
class PageFacts:
    """The texts around the table of a dashboard; `totals` are (term, value) pairs."""

    level: str
    headline: str
    reading: str
    totals: tuple[tuple[str, str], ...]


def facts_of(territory, dashboard, held, moment) -> PageFacts:
    level = words()[territory.kind].cap
    return PageFacts(level, headline(dashboard), reading(dashboard), tuple(_totals(dashboard, held, moment)))


def _totals(dashboard, held, moment):
    """What the lines add up to; nothing of what the user may not read, nor of what is not known that day."""
    total, on = dashboard.total, f"sur {dashboard.total.houses}"
    yield "Visites en retard", f"{total.overdue} {on}"
    yield "Jamais visités", f"{total.never} {on}"
    yield "Directions vacantes", f"{total.vacant} {on}"
    if total.frozen:
        yield "Places gelées", f"{total.frozen} sur {number(total.places)}"
    if moment.is_today and Capability.VIEW_ACTIONS in held:
        yield "Actions ouvertes", f"{total.actions}, dont {total.late} en retard"
    if moment.is_today and Capability.VIEW_STAFF in held:
        yield "Congés à décider", str(total.leaves)


def headline(dashboard) -> str:
    """ "15 établissements, 862 places"; places that nobody gave are unknown, not zero."""
    total = dashboard.total
    houses = words()["establishment"].counted(total.houses)
    if total.houses and total.unknown_places == total.houses:
        return f"{houses}, nombre de places inconnu"
    text = f"{houses}, {counted(total.places, 'place')}"
    if total.unknown_places:
        return f"{text} ({words()['establishment'].counted(total.unknown_places)} sans capacité connue)"
    return text


def reading(dashboard) -> str:
    """Two sentences: the visits and the directions, then the attendance with its lever."""
    total = dashboard.total
    if not total.houses:
        return ""
    return " ".join(filter(None, [_visits(total), _attendance(dashboard.attendance)]))


def _visits(total):
    house = words()["establishment"]
    parts = []
    if total.overdue:
        parts.append(f"{counted(total.overdue, 'visite')} en retard")
    if total.never:
        parts.append(f"{house.counted(total.never)} jamais {house.accord('visité', total.never)}")
    if total.vacant:
        parts.append(counted(total.vacant, "direction vacante", "directions vacantes"))
    if total.late:
        parts.append(f"{words()['action'].counted(total.late)} en retard")
    on = f"sur {house.counted(total.houses)}"
    if not parts:
        return f"Aucun retard de visite ni direction vacante {on}."
    return f"À suivre {on}\u00a0: {sentence_list(parts)}."


def _attendance(attendance):
    month = month_name(attendance.month)
    if attendance.rate is None:
        return f"Aucune activité n’est encore connue pour {month}."
    text = f"La fréquentation {of(month)} est de {attendance.value}"
    if attendance.change_text:
        text += f" ({attendance.change_text})"
    weakest = weakest_lever(attendance.activity)
    rate = getattr(attendance.activity, LEVERS[weakest][2])
    if rate is not None and rate < 1:
        text += f"{NNBSP}; son levier le plus faible est {LEVERS[weakest][1]}, à {percent(rate)}"
    return f"{text}."

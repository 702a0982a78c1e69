"""Why each visit is where it is, in French sentences a coordinator can check."""

from collections.abc import Sequence
from datetime import date

from core.calendar import covers
from core.french import counted, day_month, number
from visits.schedule import KIND_LABELS, REVIEW
from visits.tours.diary import Diary
from visits.tours.model import House, PlannedVisit
from visits.tours.routes import Ways

FEW_DAYS = 3


def distance(km: float) -> str:
    """ "600 m" under a kilometre, to the nearest 50 m, "3,2 km" beyond; "moins de 50 m" at one address."""
    if km < 0.025:
        return "moins de 50 m"
    return f"{number(max(1, round(km * 20)) * 50)} m" if km < 0.975 else f"{number(round(km, 1), 1)} km"


def reasons(
    diary: Diary, ways: Ways, visit: PlannedVisit, together: Sequence[PlannedVisit], days: Sequence[date]
) -> tuple[str, ...]:
    """Sentences for one visit: `together` are the visits of its day, `days` those on which it could be on time."""
    said = [_locked(visit)] if visit.locked else [_due(diary, visit)]
    if visit.house.interval_days is not None and visit.counts:
        said.append(f"Intervalle de {counted(visit.house.interval_days, 'jour')}\u00a0: prise de fonction.")
    said += _wished(diary, visit)
    said += [_near(ways, visit.house, other.house) for other in together if other.house.id != visit.house.id]
    if not visit.locked:
        said += _choice(diary, visit, days)
    if visit.whole_day:
        said.append("Prend la journée entière.")
    if visit.house.point is None:
        said.append("Sans coordonnées\u00a0: sa distance n’est pas comptée.")
    return tuple(said)


def _locked(visit: PlannedVisit) -> str:
    return f"Verrouillée le {day_month(visit.day)}\u00a0: laissée à sa place."


def _due(diary: Diary, visit: PlannedVisit) -> str:
    due = day_month(visit.due_on)
    if visit.due_on < diary.problem.agenda.starts_on:
        return f"Due le {due}, déjà en retard\u00a0: placée au plus tôt."
    if visit.day > visit.due_on:
        return f"Due le {due}, placée {counted((visit.day - visit.due_on).days, 'jour')} après."
    if visit.house.last_visit_on is None and visit.house.first_due_on is None and visit.house.due_on is None:
        return f"Jamais visitée\u00a0: à voir avant le {due}."
    return f"Due le {due}."


def _wished(diary: Diary, visit: PlannedVisit) -> list[str]:
    if visit.own_due_on is None:
        return []
    by = day_month(visit.own_due_on)
    if visit.kind == REVIEW:
        return [f"Analyse de fonctionnement due le {by}\u202f; sa visite compte pour la règle des deux mois."]
    also = "\u202f; compte aussi pour la règle des deux mois" if visit.counts else ""
    return [f"Urgente ({KIND_LABELS[visit.kind]}), demandée pour le {by}{also}."]


def _near(ways: Ways, house: House, other: House) -> str:
    return f"À {distance(ways.between[house.id, other.id])} de «\u00a0{other.name}\u00a0», le même jour."


def _choice(diary: Diary, visit: PlannedVisit, days: Sequence[date]) -> list[str]:
    said = []
    closed = [one for one in visit.house.closures if covers(*one, visit.due_on) or visit.day < one[0] <= visit.due_on]
    if closed:
        first, last = min(closed)
        said.append(f"Avant la fermeture du {day_month(first)} au {day_month(last)}.")
    if days and len(days) <= FEW_DAYS and visit.day <= visit.due_on:
        few = "Un seul jour possible" if len(days) == 1 else f"{len(days)} jours possibles seulement"
        said.append(f"{few} pour être à l’heure.")
    return said

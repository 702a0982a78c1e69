"""How each open point is suggested for an agenda: its words, its weight, the minutes proposed for it."""

from core.addresses import address
from core.attention import ALERT, DECISION, LATE, SAFETY, SOON
from core.french import capitalise, counted, day_month, full_date, month_name, of, sentence_list
from establishments.models import Closure, Obligation
from establishments.vocabulary import words
from indicators.months import written
from projects.suggestions import Suggestion
from staffing.models import LeavePlan
from visits import schedule
from visits.events.duties import FAMILIES
from visits.inspections.findings import AUTHORITIES
from visits.models import Event

from . import sources

MINUTES = {
    sources.INJUNCTION: 10,
    sources.ALERT: 10,
    sources.DIRECTION: 15,
    sources.REQUEST: 10,
    sources.WORKS: 10,
    sources.ACTION: 5,
    sources.REVIEW: 5,
    sources.PLAN: 15,
    sources.DUTY: 5,
    sources.CLOSURE: 10,
    sources.ACTIVITY: 5,
    "visit": 10,
}
NAMED = 3


def _point(row, weight, title, reason, url, due_on=None):
    what = row["what"]
    return Suggestion(f"{what}-{row['row']}", weight, title, reason, url, MINUTES[what], due_on)


def _action(row, day):
    late = (day - row["a_day"]).days
    due = f"Attendue le {day_month(row['a_day'])}"
    reason = f"{due}, {counted(late, 'jour')} avant la réunion." if late > 0 else f"Priorité haute. {due}."
    url = address("projects:action_detail", row["row"])
    return _point(row, LATE if late > 0 else SOON, f"{row['a_title']} ({row['a_house']})", reason, url, row["a_day"])


def _request(row, day):
    late = (day - row["a_day"]).days
    due = f"Réponse attendue le {day_month(row['a_day'])}"
    reason = f"{due}, {counted(late, 'jour')} avant la réunion." if late > 0 else f"{due}."
    title = f"Demande\u00a0: {row['a_title']} ({row['a_house']})"
    url = address("projects:request_detail", row["row"])
    return _point(row, LATE if late > 0 else DECISION, title, reason, url, row["a_day"])


def _works(row, day):
    when = "prévu" if row["a_day"] >= day else "prévu, et passé,"
    title = f"Travaux\u00a0: {row['a_title']} ({row['a_house']})"
    reason = f"Début {when} le {day_month(row['a_day'])}."
    return _point(row, SOON, title, reason, address("projects:works_detail", row["row"]), row["a_day"])


def _plan(row, day):
    title = f"{capitalise(words()['leave_plan'].singular)} à décider ({row['a_house']})"
    season = capitalise(str(LeavePlan.Season(row["a_sort"]).label))
    reason = f"{season}, à partir du {full_date(row['a_day'])}."
    return _point(row, DECISION, title, reason, address("staffing:plan_detail", row["row"]), row["a_day"])


def _injunction(row, day):
    late = counted((day - row["a_day"]).days, "jour")
    authority = AUTHORITIES[row["a_sort"]]
    reason = f"{capitalise(authority)}\u00a0: délai passé {late} avant la réunion, rien n’est vérifié."
    url = address("visits:finding", row["row"])
    return _point(row, ALERT, f"{row['a_house']}\u00a0: injonction en retard", reason, url, row["a_day"])


def _alert(row, day):
    family, _, status = row["a_sort"].partition("|")
    waits = status == Event.Status.REPORTED
    state = "que personne n’a prise en charge" if waits else "prise en charge, à clore"
    title = f"{row['a_house']}\u00a0: {FAMILIES[family].label}"
    reason = f"Alerte du {day_month(row['a_day'])}, {state}."
    return _point(row, ALERT if waits else LATE, title, reason, address("visits:event", row["row"]), row["a_day"])


def _review(row, day):
    late = row["a_day"] < day
    reason = (
        f"Échéance passée depuis le {day_month(row['a_day'])}." if late else f"Attendue le {day_month(row['a_day'])}."
    )
    title = f"{row['a_house']}\u00a0: analyse de fonctionnement"
    return _point(row, LATE if late else SOON, title, reason, address("visits:review", row["row"]), row["a_day"])


def _vacant(row, day):
    reason = "Personne ne dirige le jour de la réunion, ni en titre ni par intérim."
    title = f"{row['a_house']}\u00a0: direction vacante"
    return _point(row, SAFETY, title, reason, address("establishments:detail", row["row"]))


EACH = {
    sources.ACTION: _action,
    sources.REQUEST: _request,
    sources.WORKS: _works,
    sources.PLAN: _plan,
    sources.INJUNCTION: _injunction,
    sources.ALERT: _alert,
    sources.REVIEW: _review,
    sources.DIRECTION: _vacant,
}


def uncovered(continuity):
    """A house whose direction nobody ensures for some half-days to come (staffing.coverage_of_direction)."""
    first = continuity.gaps[0]
    size = counted(continuity.uncovered, "demi-journée")
    return Suggestion(
        key=f"{sources.DIRECTION}-{continuity.pk}",
        weight=SAFETY,
        title=f"{continuity.name}\u00a0: direction non assurée",
        reason=f"Ni direction, ni relais désigné pour {size}, à partir du {day_month(first.stretch.starts_on)}.",
        url=f"{address('staffing:continuity')}?etablissement={continuity.pk}",
        minutes=MINUTES[sources.DIRECTION],
        due_on=first.stretch.starts_on,
    )


def _together(key, weight, title, houses, url, due_on=None):
    """One point for several houses: their names, three at most."""
    names = list(dict.fromkeys(houses))
    more = len(names) - NAMED
    shown = names if more <= 1 else [*names[:NAMED], f"{more} autres"]
    minutes = MINUTES[key.partition("-")[0]]
    return Suggestion(key, weight, title, f"{sentence_list(shown)}.", url, minutes, due_on)


def _houses(names):
    return words()["establishment"].counted(len(set(names)))


def duties(rows, day, territory):
    names, first = [row["a_house"] for row in rows], rows[0]
    late = first["a_day"] < day
    if len(rows) == 1:
        title = capitalise(f"{Obligation.Kind(first['a_sort']).label}\u00a0: avant le {day_month(first['a_day'])}")
    else:
        title = f"{len(rows)} obligations à renouveler dans {_houses(names)}"
    url = f"{address('establishments:expiring')}?territory={territory.pk}"
    return _together(f"{sources.DUTY}-expiring", LATE if late else SOON, title, names, url, first["a_day"])


def closures(rows, day, territory):
    names, first = [row["a_house"] for row in rows], rows[0]
    causes = {str(Closure.Cause(row["a_sort"]).label) for row in rows}
    what = causes.pop() if len(causes) == 1 else "fermetures"
    title = f"{capitalise(what)} à venir\u00a0: {_houses(names)}, dès le {day_month(first['a_day'])}"
    url = f"{address('projects:closure_list')}?territory={territory.pk}"
    return _together(f"{sources.CLOSURE}-coming", SOON, title, names, url, first["a_day"])


def activity(rows, day, territory):
    names, month = [row["a_house"] for row in rows], rows[0]["a_day"]
    title = f"Activité {of(month_name(month))} manquante\u00a0: {_houses(names)}"
    url = f"{address('indicators:overview')}?mois={written(month)}&territoire={territory.pk}"
    return _together(f"{sources.ACTIVITY}-{written(month)}", LATE, title, names, url)


def visits(houses, territory):
    """Houses late, then never visited; the most late first, as the list of houses to visit sorts them."""
    late = [house.name for house in houses if house.freshness == schedule.OVERDUE]
    house, number = words()["establishment"], len(houses)
    title = f"Visites\u00a0: {house.counted(number)} en retard ou jamais {house.accord('visité', number)}"
    url = f"{address('visits:due')}?territory={territory.pk}"
    return _together("visit-late", LATE if late else SOON, title, [house.name for house in houses], url)


TOGETHER = {sources.DUTY: duties, sources.CLOSURE: closures, sources.ACTIVITY: activity}

"""The sentences of a synthesis, made from the facts of a period and of the one before. Pure.

Each knows the level of its readers (decisions, 4): a document says nothing above its own. Every number is in the
facts that the sentence quotes; rates are those of indicators.rates, on the hours that were summed.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.french import (
    NBSP,
    NNBSP,
    Term,
    agreed,
    capitalise,
    counted,
    full_date,
    month_name,
    number,
    of,
    percent,
    points,
    sentence_list,
)
from indicators.rates import ADMISSION, ASSIDUITY, OPENING, Activity, weakest_lever

from ..telling import sentences as tell
from ..telling.sentences import Terms

ELECTED, HOUSE, INSIDE = "elu", "etablissement", "interne"
LEVERS = {OPENING: "l’ouverture", ADMISSION: "l’admission", ASSIDUITY: "l’assiduité"}
PREVIOUS = "sur la période précédente"


@dataclass(frozen=True)
class Facts:
    """What was read, by subject without its prefix ("visits"), over the period and over the one before."""

    now: Mapping[str, Any]
    before: Mapping[str, Any]
    last: date
    is_house: bool
    terms: Terms


def _none_or(before: int, term: Term) -> str:
    return number(before) if before else term.accord("aucun")


def _compared(text: str, facts: Facts, subject: str, term: Term) -> str:
    """Counts of the same subject, this period against the one before."""
    now, before = len(facts.now[subject]), len(facts.before[subject])
    if before == now:
        return text
    return f"{text.removesuffix('.')}, contre {_none_or(before, term)} {PREVIOUS}."


def activity_of(row: list[Any]) -> Activity:
    """The hours of the row « hours »: [first, last, entered, validated, expected, authorised, open, contracted, …]."""
    return Activity(*(Decimal(value) for value in row[5:]))


def _scope(facts: Facts) -> str:
    rows, terms = facts.now["register"], facts.terms
    day = full_date(facts.last)
    if not rows:
        return f"{capitalise(terms.house.aucun)} n’accueillait d’enfants au {day}."
    known = [places for _, _, places, _ in rows if places is not None]
    total = sum(known)
    allowed = f"{terms.place.counted(total)} {terms.place.accord('autorisé', total)}"
    unknown = len(rows) - len(known)
    if facts.is_house:
        said = f"{capitalise(terms.house.le)} compte {allowed} au {day}."
        return said if known else f"Le nombre {terms.place.de_plural} n’est pas connu au {day}."
    if not known:
        return (
            f"Le périmètre compte {terms.house.counted(len(rows))} au {day}{NNBSP};"
            f" le nombre {terms.place.de_plural} n’est pas connu."
        )
    doubt = f" ({terms.house.counted(unknown)} sans capacité connue)" if unknown else ""
    return f"Le périmètre compte {terms.house.counted(len(rows))} et {allowed} au {day}{doubt}."


def _frozen(facts: Facts) -> str:
    rows, place = facts.now["register"], facts.terms.place
    frozen = sum(one for *_, one in rows)
    if not frozen:
        return f"{capitalise(place.aucun)} n’était {place.accord('gelé')} au {full_date(facts.last)}."
    were = "était" if frozen == 1 else "étaient"
    total = sum(places or 0 for _, _, places, _ in rows)
    share = f", soit {percent(Fraction(frozen, total))} {of('la capacité')}" if total else ""
    return f"{place.counted(frozen)} {were} {place.accord('gelé', frozen)} au {full_date(facts.last)}{share}."


def _visits(facts: Facts) -> str:
    text = tell.visits(facts.now["visits"], facts.terms, in_houses=not facts.is_house)
    return _compared(text, facts, "visits", facts.terms.visit)


def _reviews(facts: Facts) -> str:
    review, counts = facts.terms.review, Counter(what for *_, what in facts.now["reviews"])
    done, due = counts["validated"], counts["due"]
    if done:
        has = "a été" if done == 1 else "ont été"
        text = f"{review.counted(done)} {has} {review.accord('validé', done)}"
    else:
        text = f"{capitalise(review.aucun)} n’a été {review.accord('validé')}"
    return f"{text}{NNBSP}; {due} à rendre dans les semaines qui suivent." if due else f"{text}."


def _attendance(facts: Facts) -> str:
    first, last, entered, *_ = row = facts.now["hours"]
    rate = activity_of(row).attendance_rate
    when = _months(first, last)
    if not entered or rate is None:
        return f"Aucune activité n’est connue {when}."
    before = rate_before(facts)
    change = ""
    if before is not None:
        moved = round((rate - before) * 1000)
        change = f" ({points(rate - before) if moved else 'stable'} par rapport à la période précédente)"
    return f"La fréquentation est de {percent(rate)} {when}{change}."


def rate_before(facts: Facts) -> Fraction | None:
    """The attendance of the months before; None when both periods fall on the same month, which nothing compares."""
    now, before = facts.now["hours"], facts.before["hours"]
    return None if before[:2] == now[:2] else activity_of(before).attendance_rate


def _months(first: str, last: str) -> str:
    """ "en mars 2026", "de janvier à mars 2026", "d’octobre 2025 à mars 2026"."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if start == end:
        return f"en {month_name(start)}"
    begun = month_name(start) if start.year != end.year else month_name(start).split()[0]
    return f"{of(begun)} à {month_name(end)}"


def _levers(facts: Facts) -> str:
    activity = activity_of(facts.now["hours"])
    weakest = weakest_lever(activity)
    if weakest is None:
        return "Les leviers de la fréquentation ne sont pas encore connus."
    rates = {
        OPENING: activity.opening_rate,
        ADMISSION: activity.admission_rate,
        ASSIDUITY: activity.assiduity_rate,
    }
    told = [f"{LEVERS[name]} de {percent(rate)}" for name, rate in rates.items() if rate is not None]
    text = capitalise(sentence_list([told[0].replace(" de ", " est de ", 1), *told[1:]]))
    if min(rate for rate in rates.values() if rate is not None) >= 1:
        return f"{text}."
    return f"{text}{NNBSP}; le levier le plus faible est {LEVERS[weakest]}."


def _billing(facts: Facts) -> str:
    rate = activity_of(facts.now["hours"]).billing_rate
    known = "n’est pas encore connu" if rate is None else f"est de {percent(rate)}"
    return f"Le taux de facturation {known}."


def _entered(facts: Facts) -> str:
    _, _, entered, locked, expected, *_ = facts.now["hours"]
    if not expected:
        return "Aucune saisie mensuelle n’était attendue."
    awaited = f"sur {number(expected)} {agreed(expected, 'attendue')}"
    if not entered:
        return f"Aucune saisie mensuelle n’est faite {awaited}."
    unlocked = entered - locked
    doubt = f", dont {unlocked} non {agreed(unlocked, 'validée')}" if unlocked else ""
    given = "est faite" if entered == 1 else "sont faites"
    return f"{counted(entered, 'saisie mensuelle', 'saisies mensuelles')} {given} {awaited}{doubt}."


def _closures(facts: Facts) -> str:
    rows = facts.now["closures"]
    text = "Aucune fermeture non prévue n’a eu lieu."
    if rows:
        names = list(dict.fromkeys(name for _, _, name, *_ in rows))
        have = "a eu lieu" if len(rows) == 1 else "ont eu lieu"
        text = f"{counted(len(rows), 'fermeture non prévue', 'fermetures non prévues')} {have} ({tell.names(names)})."
    return _compared(text, facts, "closures", Term("fermeture", gender="f"))


def _works(facts: Facts) -> str:
    rows = facts.now["works"]
    if not rows:
        return "Aucune opération de travaux n’était en cours."
    names = list(dict.fromkeys(name for _, _, name in rows))
    are = "est en cours ou s’est terminée" if len(rows) == 1 else "sont en cours ou se sont terminées"
    return f"{counted(len(rows), 'opération de travaux', 'opérations de travaux')} {are} ({tell.names(names)})."


def _days(facts: Facts) -> str:
    rows, house = facts.now["days"], facts.terms.house
    text = "Aucune journée pédagogique n’a été tenue."
    if rows:
        was = "a été tenue" if len(rows) == 1 else "ont été tenues"
        where = "" if facts.is_house else f" dans {house.counted(len({pk for _, pk, _ in rows}))}"
        text = f"{counted(len(rows), 'journée pédagogique', 'journées pédagogiques')} {was}{where}."
    return _compared(text, facts, "days", Term("journée", gender="f"))


def _local(facts: Facts) -> str:
    rows = facts.now["local"]
    if not rows:
        return "Aucune action locale n’a été menée."
    families, partners = sum(row[2] for row in rows), len({key for row in rows for key in row[1]})
    were = agreed(len(rows), "a été menée", "ont été menées")
    led = f"{counted(len(rows), 'action locale', 'actions locales')} {were}"
    around = f" avec {counted(partners, 'partenaire')}" if partners else ""
    told = [row for row in rows if row[3]]
    reach = f"{NNBSP}; {counted(families, 'famille')} {agreed(families, 'touchée')}" if told else ""
    waits = len(rows) - len(told)
    left = f"{NNBSP}; {counted(waits, 'bilan')} {agreed(waits, 'attendu')}" if waits else ""
    return f"{led}{around}{reach}{left}."


def _commitments(facts: Facts) -> str:
    states = Counter(state for *_, state in facts.now["commitments"])
    total = states.total()
    if not total:
        return "Aucun engagement n’a été pris en réunion."
    going = states["open"] + states["late"]
    told = [
        *([counted(states["kept"], "tenu")] if states["kept"] else []),
        *([counted(states["dropped"], "abandonné")] if states["dropped"] else []),
        *([f"{number(going)} en cours"] if going else []),
    ]
    late = f", dont {number(states['late'])} en retard" if states["late"] else ""
    were = agreed(total, "a été pris", "ont été pris")
    return f"{counted(total, 'engagement')} {were} en réunion{NBSP}: {sentence_list(told)}{late}."


def _late_actions(facts: Facts) -> str:
    rows, action = facts.now["late_actions"], facts.terms.action
    if not rows:
        return f"{capitalise(action.aucun)} n’est en retard."
    names = list(dict.fromkeys(name for _, _, name, *_ in rows))
    oldest = full_date(date.fromisoformat(min(due for *_, due, _ in rows)))
    are = "est" if len(rows) == 1 else "sont"
    where = "" if facts.is_house else f"{NBSP}: {tell.names(names)}"
    return f"{action.counted(len(rows))} {are} en retard{where} (échéance la plus ancienne{NBSP}: {oldest})."


def _decisions(facts: Facts) -> str:
    counts = Counter(what for what, _ in facts.now["decisions"])
    terms = facts.terms
    nouns = {"leave": terms.leave, "report": terms.report, "review": terms.review}
    told = [noun.counted(counts[what]) for what, noun in nouns.items() if counts[what]]
    if counts["day"]:
        told.append(counted(counts["day"], "journée pédagogique", "journées pédagogiques"))
    if not told:
        return "Aucune décision n’est attendue."
    return f"{sentence_list(told)} {'attend' if counts.total() == 1 else 'attendent'} une décision."


def _directions(facts: Facts) -> str:
    rows = facts.now["directions"]
    return tell.directions(rows) if rows or not facts.is_house else "La direction est pourvue."


def _shared(write: Callable, subject: str) -> Callable[[Facts], str]:
    return lambda facts: write(facts.now[subject], facts.terms)


def _events(facts: Facts) -> str:
    return _compared(tell.events(facts.now["events"]), facts, "events", Term("événement"))


@dataclass(frozen=True)
class Model:
    """A sentence the product knows how to write; `compared` subjects are read over the period before too."""

    level: str
    subjects: tuple[str, ...]
    write: Callable[[Facts], str]
    compared: tuple[str, ...] = ()


MODELS = {
    "perimetre": Model(ELECTED, ("register",), _scope),
    "places-gelees": Model(ELECTED, ("register",), _frozen),
    "visites": Model(HOUSE, ("visits",), _visits, ("visits",)),
    "retards": Model(INSIDE, ("late",), _shared(tell.late, "late")),
    "comptes-rendus": Model(HOUSE, ("reports",), _shared(tell.reports, "reports")),
    "analyses": Model(HOUSE, ("reviews",), _reviews),
    "frequentation": Model(ELECTED, ("hours",), _attendance, ("hours",)),
    "leviers": Model(INSIDE, ("hours",), _levers),
    "facturation": Model(INSIDE, ("hours",), _billing),
    "saisie": Model(INSIDE, ("hours",), _entered),
    "fermetures": Model(ELECTED, ("closures",), _closures, ("closures",)),
    "travaux": Model(ELECTED, ("works",), _works),
    "engagements": Model(INSIDE, ("commitments",), _commitments),
    "actions-locales": Model(HOUSE, ("local",), _local),
    "directions": Model(INSIDE, ("directions",), _directions),
    "conges": Model(INSIDE, ("leaves",), _shared(tell.leaves, "leaves")),
    "journees": Model(ELECTED, ("days",), _days, ("days",)),
    "actions": Model(HOUSE, ("actions",), _shared(tell.actions, "actions")),
    "actions-en-retard": Model(INSIDE, ("late_actions",), _late_actions),
    "evenements": Model(INSIDE, ("events",), _events, ("events",)),
    "decisions": Model(INSIDE, ("decisions",), _decisions),
    "suite": Model(INSIDE, ("to_come",), _shared(tell.to_come, "to_come")),
}

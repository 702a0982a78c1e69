"""The sentences of a CRA, made from the facts of a week. Pure: the same facts give the same text.

Every number and name is in the facts of the sources that the sentence quotes; a section that has nothing to say says
so, quoting what was looked at.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from core.french import NBSP, Term, agreed, capitalise, counted, full_date, month_name, of, percent, sentence_list

EVENTS, VISITS, HOUSES, ACTIONS = "evenements", "visites", "etablissements", "actions"
STAFF, ACTIVITY, NEXT = "equipes", "activite", "suite"
SECTIONS = {
    EVENTS: "Faits marquants et alertes",
    VISITS: "Visites et comptes rendus",
    HOUSES: "Directions et lieux d’accueil",
    ACTIONS: "Actions",
    STAFF: "Équipes",
    ACTIVITY: "Activité",
    NEXT: "La semaine suivante",
}
LATE = "en retard"
SERIOUS = 3  # « grave »
NAMED = 5  # names given in full; the others are counted


@dataclass(frozen=True)
class Sentence:
    """`key` names the sentence within its report; `subjects` are the readings of dashboard.weekly.facts it quotes."""

    key: str
    section: str
    text: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """The words of the collectivité that the sentences need."""

    house: Term
    visit: Term
    action: Term
    leave: Term
    report: Term


def sentences(facts: Mapping[str, list[Any]], terms: Terms) -> list[Sentence]:
    """`facts` by subject ("week.visits"…), as dashboard.weekly.facts reads them."""
    made = [
        ("evenements", EVENTS, _events(facts["week.events"]), ("week.events",)),
        ("visites", VISITS, _visits(facts["week.visits"], terms), ("week.visits",)),
        ("retards", VISITS, _late(facts["week.late"], terms), ("week.late",)),
        ("comptes-rendus", VISITS, _reports(facts["week.reports"], terms), ("week.reports",)),
        ("directions", HOUSES, _directions(facts["week.directions"]), ("week.directions",)),
        ("actions", ACTIONS, _actions(facts["week.actions"], terms), ("week.actions",)),
        ("conges", STAFF, _leaves(facts["week.leaves"], terms), ("week.leaves",)),
        ("frequentation", ACTIVITY, _activity(facts["week.hours"], terms), ("week.hours",)),
        ("suite", NEXT, _to_come(facts["week.to_come"], terms), ("week.to_come",)),
    ]
    return [Sentence(key, section, text, subjects) for key, section, text, subjects in made]


def _events(rows: list[Any]) -> str:
    """ "2 événements, dont 1 grave ou critique : titre (maison), …"; the gravest first, as they are read."""
    if not rows:
        return "Aucun événement n’a été signalé."
    grave = sum(severity >= SERIOUS for *_, severity in rows)
    among = f", dont {grave} {agreed(grave, 'grave')} ou {agreed(grave, 'critique')}" if grave else ""
    told = _names([f"{title} ({house})" for _, title, house, _ in rows])
    return f"{counted(len(rows), 'événement')} {agreed(len(rows), 'signalé')}{among}{NBSP}: {told}."


def _visits(rows: list[Any], terms: Terms) -> str:
    if not rows:
        return f"{capitalise(terms.visit.aucun)} n’a été {terms.visit.accord('réalisé')}."
    houses = len({house for _, house, _, _ in rows})
    done = terms.visit.accord("réalisé", len(rows))
    has = "a été" if len(rows) == 1 else "ont été"
    return f"{terms.visit.counted(len(rows))} {has} {done} dans {terms.house.counted(houses)}."


def _late(rows: list[Any], terms: Terms) -> str:
    if not rows:
        return f"{capitalise(terms.house.aucun)} n’est en retard de visite."
    names = _names([name for _, name, _ in rows])
    oldest = full_date(date.fromisoformat(min(due for _, _, due in rows)))
    are = "est" if len(rows) == 1 else "sont"
    late = f"{terms.house.counted(len(rows))} {are} en retard de visite{NBSP}: {names}"
    return f"{late} (échéance la plus ancienne{NBSP}: {oldest})."


def _told(counts: Counter[str], noun: Term, words: dict[str, str]) -> str:
    """ "43 congés accordés et 4 refusés": the noun once, then what became of each; `words` by what is counted."""
    parts: list[str] = []
    for what, word in words.items():
        if number := counts[what]:
            agreed_word = word if word == LATE else noun.accord(word, number)
            parts.append(f"{noun.counted(number)} {agreed_word}" if not parts else f"{number} {agreed_word}")
    return f"{sentence_list(parts)}."


def _reports(rows: list[Any], terms: Terms) -> str:
    steps = Counter(step for _, step in rows)
    if not steps:
        shared, validated = terms.report.accord("transmis"), terms.report.accord("validé")
        return f"{capitalise(terms.report.aucun)} n’a été {shared} ni {validated}."
    return _told(steps, terms.report, {"shared": "transmis", "validated": "validé"})


def _directions(rows: list[Any]) -> str:
    vacant = [name for _, name, what in rows if what == "vacant"]
    started = [name for _, name, what in rows if what == "started"]
    parts = []
    if vacant:
        parts.append(f"{counted(len(vacant), 'direction est vacante', 'directions sont vacantes')} ({_names(vacant)})")
    if started:
        parts.append(
            f"{counted(len(started), 'direction a pris ses fonctions', 'directions ont pris leurs fonctions')}"
            f" ({_names(started)})"
        )
    return f"{sentence_list(parts)}." if parts else "Toutes les directions sont pourvues."


def _actions(rows: list[Any], terms: Terms) -> str:
    counts = Counter(what for _, what in rows)
    if not counts:
        opened, verified = terms.action.accord("ouvert"), terms.action.accord("vérifié")
        return f"{capitalise(terms.action.aucun)} n’a été {opened} ni {verified}."
    return _told(counts, terms.action, {"created": "ouvert", "verified": "vérifié", "late": LATE})


def _leaves(rows: list[Any], terms: Terms) -> str:
    counts = Counter(status for _, status in rows)
    if not counts:
        return f"{capitalise(terms.leave.aucun)} n’a été {terms.leave.accord('décidé')}."
    return _told(counts, terms.leave, {"granted": "accordé", "refused": "refusé"})


def _activity(row: list[Any], terms: Terms) -> str:
    month, entered, locked, houses, authorised, _, _, actual, *_ = row
    name = month_name(date.fromisoformat(month))
    rate = Fraction(actual) / Fraction(authorised) if Fraction(authorised) else None
    if not entered or rate is None:
        return f"Aucune activité n’est encore connue pour {name}."
    unvalidated = entered - locked
    doubt = f", dont {unvalidated} non {agreed(unvalidated, 'validé')}" if unvalidated else ""
    return f"La fréquentation {of(name)} est de {percent(rate)} ({terms.house.counted(entered)} sur {houses}{doubt})."


def _to_come(rows: list[Any], terms: Terms) -> str:
    visits = [row for row in rows if row[0] == "visit"]
    closures = [row for row in rows if row[0] == "closure"]
    parts = []
    if visits:
        parts.append(f"{terms.visit.counted(len(visits))} {terms.visit.accord('prévu', len(visits))}")
    if closures:
        names = _names(list(dict.fromkeys(name for _, _, name, _ in closures)))
        parts.append(f"{counted(len(closures), 'fermeture')} ({names})")
    return f"{sentence_list(parts)}." if parts else "Rien n’est encore inscrit."


def _names(names: list[str]) -> str:
    """ "Les Lilas, Piat et 3 autres"."""
    more = len(names) - NAMED
    return sentence_list([*names[:NAMED], counted(more, "autre")] if more > 0 else names)

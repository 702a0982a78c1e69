"""The sentences of a CRA, made from the facts of a week. Pure: the same facts give the same text.

Every number and name is in the facts of the sources that the sentence quotes; a section that has nothing to say says
so, quoting what was looked at.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.french import month_name, of, percent

from ..telling import sentences as tell
from ..telling.sentences import Sentence, Terms

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


def sentences(facts: Mapping[str, list[Any]], terms: Terms) -> list[Sentence]:
    """`facts` by subject ("week.visits"…), as dashboard.weekly.facts reads them."""
    made = [
        ("evenements", EVENTS, tell.events(facts["week.events"]), ("week.events",)),
        ("visites", VISITS, tell.visits(facts["week.visits"], terms), ("week.visits",)),
        ("retards", VISITS, tell.late(facts["week.late"], terms), ("week.late",)),
        ("comptes-rendus", VISITS, tell.reports(facts["week.reports"], terms), ("week.reports",)),
        ("directions", HOUSES, tell.directions(facts["week.directions"]), ("week.directions",)),
        ("actions", ACTIONS, tell.actions(facts["week.actions"], terms), ("week.actions",)),
        ("conges", STAFF, tell.leaves(facts["week.leaves"], terms), ("week.leaves",)),
        ("frequentation", ACTIVITY, _activity(facts["week.hours"], terms), ("week.hours",)),
        ("suite", NEXT, tell.to_come(facts["week.to_come"], terms), ("week.to_come",)),
    ]
    return [Sentence(key, section, text, subjects) for key, section, text, subjects in made]


def _activity(row: list[Any], terms: Terms) -> str:
    month, entered, locked, houses, authorised, _, _, actual, *_ = row
    name = month_name(date.fromisoformat(month))
    rate = Fraction(actual) / Fraction(authorised) if Fraction(authorised) else None
    if not entered or rate is None:
        return f"Aucune activité n’est encore connue pour {name}."
    unvalidated = entered - locked
    doubt = f", dont {unvalidated} non {terms.house.accord('validé', unvalidated)}" if unvalidated else ""
    return f"La fréquentation {of(name)} est de {percent(rate)} ({terms.house.counted(entered)} sur {houses}{doubt})."

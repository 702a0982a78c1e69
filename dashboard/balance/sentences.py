"""The sentences of a month of work, made from what one person did. Pure: facts, never a judgement."""

from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

from core.french import NNBSP, capitalise, counted, sentence_list

from ..telling.sentences import Sentence, Terms

SECTIONS = {
    "visites": "Visites et comptes rendus",
    "analyses": "Analyses de fonctionnement",
    "actions": "Actions",
    "decisions": "Décisions et délais",
    "evenements": "Événements",
}


def sentences(facts: Mapping[str, Any], terms: Terms) -> list[Sentence]:
    """`facts` by subject ("visits"…), as dashboard.balance.facts reads them."""
    made = [
        ("visites", "visites", _visits(facts["visits"], terms), "visits"),
        ("retards", "visites", _late(facts["late"], terms), "late"),
        ("comptes-rendus", "visites", _steps(facts["reports"], terms.report, delays="la visite"), "reports"),
        ("analyses", "analyses", _steps(facts["reviews"], terms.review), "reviews"),
        ("actions", "actions", _actions(facts["actions"], terms), "actions"),
        ("conges", "decisions", _leaves(facts["leaves"], terms), "leaves"),
        ("projets", "decisions", _projects(facts["projects"]), "projects"),
        ("evenements", "evenements", _events(facts["events"]), "events"),
    ]
    return [Sentence(key, section, text, (subject,)) for key, section, text, subject in made]


def _visits(rows, terms):
    visit = terms.visit
    if not rows:
        return f"{capitalise(visit.aucun)} n’a été {visit.accord('réalisé')}."
    has = "a été" if len(rows) == 1 else "ont été"
    return f"{visit.counted(len(rows))} {has} {visit.accord('réalisé', len(rows))}."


def _late(row, terms):
    late, held = row
    if not held:
        return f"{capitalise(terms.house.aucun)} n’était à visiter."
    if not late:
        return f"{capitalise(terms.house.aucun)} n’était en retard de visite à la fin du mois, sur {held}."
    were = "était" if late == 1 else "étaient"
    return f"{terms.house.counted(late)} sur {held} {were} en retard de visite à la fin du mois."


def _steps(rows, noun, delays=""):
    counts = Counter(step for _, step, *_ in rows)
    if not counts:
        return f"{capitalise(noun.aucun)} n’a été {noun.accord('transmis')} ni {noun.accord('validé')}."
    parts = []
    for step, done in (("shared", "transmis"), ("validated", "validé")):
        if number := counts[step]:
            agreed = noun.accord(done, number)
            parts.append(f"{noun.counted(number)} {agreed}" if not parts else f"{number} {agreed}")
    waited = [days for _, step, *rest in rows if step == "shared" for days in rest]
    tail = f"{NNBSP}; {_delay(waited)} après {delays}" if delays and waited else ""
    return f"{sentence_list(parts)}{tail}."


def _delay(days):
    """ "délai médian de 2 jours"."""
    return f"délai médian de {counted(median(days), 'jour')}"


def _actions(rows, terms):
    counts, action = Counter(what for _, what in rows), terms.action
    parts = []
    for what, done in (("created", "ouvert"), ("verified", "vérifié"), ("abandoned", "abandonné")):
        if number := counts[what]:
            agreed = action.accord(done, number)
            parts.append(f"{action.counted(number)} {agreed}" if not parts else f"{number} {agreed}")
    if not parts:
        return f"{capitalise(action.aucun)} n’a été {action.accord('ouvert')} ni {action.accord('vérifié')}."
    return f"{sentence_list(parts)}."


def _leaves(rows, terms):
    counts, leave = Counter(status for _, status, _ in rows), terms.leave
    if not counts:
        return f"{capitalise(leave.aucun)} n’a été {leave.accord('décidé')}."
    parts = []
    for status, done in (("granted", "accordé"), ("refused", "refusé")):
        if number := counts[status]:
            agreed = leave.accord(done, number)
            parts.append(f"{leave.counted(number)} {agreed}" if not parts else f"{number} {agreed}")
    return f"{sentence_list(parts)}{NNBSP}; {_delay([days for *_, days in rows])} après la demande."


def _projects(rows):
    counts = Counter(what for what, *_ in rows)
    nouns = {
        "day": ("journée pédagogique", "journées pédagogiques"),
        "works": ("opération de travaux", "opérations de travaux"),
        "project": ("projet", "projets"),
    }
    parts = [counted(counts[what], *noun) for what, noun in nouns.items() if counts[what]]
    if not parts:
        return "Aucune décision sur un projet, des travaux ou une journée pédagogique."
    said = f"Décisions sur {sentence_list(parts)}"
    return f"{said}{NNBSP}; {_delay([days for *_, days in rows])} après la demande."


def _events(rows):
    if not rows:
        return "Aucun événement n’a été pris en charge."
    taken = "a été pris" if len(rows) == 1 else "ont été pris"
    told = f"{counted(len(rows), 'événement')} {taken} en charge"
    return f"{told}{NNBSP}; {_delay([days for _, days in rows])} après le signalement."

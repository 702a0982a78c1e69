"""The sentences that every text may tell, made from the facts of a place over a period. Pure.

Every number and name is in the facts; what has nothing to say says so.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.french import NBSP, Term, agreed, capitalise, counted, full_date, sentence_list

LATE = "en retard"
SERIOUS = 3  # « grave »
NAMED = 5  # names given in full; the others are counted


@dataclass(frozen=True)
class Sentence:
    """`key` names the sentence within its text; `subjects` are the readings it quotes over the period of the text,
    `compared` those it also quotes over the period before."""

    key: str
    section: str
    text: str
    subjects: tuple[str, ...]
    compared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """The words of the collectivité that the sentences need."""

    house: Term
    visit: Term
    action: Term
    leave: Term
    report: Term
    review: Term = Term("analyse de fonctionnement", "analyses de fonctionnement", "f")
    place: Term = Term("place", gender="f")


def events(rows: list[Any]) -> str:
    """ "2 événements, dont 1 grave ou critique : titre (maison), …"; the gravest first, as they are read."""
    if not rows:
        return "Aucun événement n’a été signalé."
    grave = sum(severity >= SERIOUS for *_, severity in rows)
    among = f", dont {grave} {agreed(grave, 'grave')} ou {agreed(grave, 'critique')}" if grave else ""
    listed = names([f"{title} ({house})" for _, title, house, _ in rows])
    return f"{counted(len(rows), 'événement')} {agreed(len(rows), 'signalé')}{among}{NBSP}: {listed}."


def visits(rows: list[Any], terms: Terms, *, in_houses: bool = True) -> str:
    if not rows:
        return f"{capitalise(terms.visit.aucun)} n’a été {terms.visit.accord('réalisé')}."
    houses = len({house for _, house, _, _ in rows})
    done = terms.visit.accord("réalisé", len(rows))
    has = "a été" if len(rows) == 1 else "ont été"
    where = f" dans {terms.house.counted(houses)}" if in_houses else ""
    return f"{terms.visit.counted(len(rows))} {has} {done}{where}."


def late(rows: list[Any], terms: Terms) -> str:
    if not rows:
        return f"{capitalise(terms.house.aucun)} n’est en retard de visite."
    listed = names([name for _, name, _ in rows])
    oldest = full_date(date.fromisoformat(min(due for _, _, due in rows)))
    are = "est" if len(rows) == 1 else "sont"
    text = f"{terms.house.counted(len(rows))} {are} en retard de visite{NBSP}: {listed}"
    return f"{text} (échéance la plus ancienne{NBSP}: {oldest})."


def told(counts: Counter[str], noun: Term, words: dict[str, str]) -> str:
    """ "43 congés accordés et 4 refusés": the noun once, then what became of each; `words` by what is counted."""
    parts: list[str] = []
    for what, word in words.items():
        if number := counts[what]:
            agreed_word = word if word == LATE else noun.accord(word, number)
            parts.append(f"{noun.counted(number)} {agreed_word}" if not parts else f"{number} {agreed_word}")
    return f"{sentence_list(parts)}."


def reports(rows: list[Any], terms: Terms) -> str:
    steps = Counter(step for _, step in rows)
    if not steps:
        shared, validated = terms.report.accord("transmis"), terms.report.accord("validé")
        return f"{capitalise(terms.report.aucun)} n’a été {shared} ni {validated}."
    return told(steps, terms.report, {"shared": "transmis", "validated": "validé"})


def directions(rows: list[Any]) -> str:
    vacant = [name for _, name, what in rows if what == "vacant"]
    started = [name for _, name, what in rows if what == "started"]
    parts = []
    if vacant:
        parts.append(f"{counted(len(vacant), 'direction est vacante', 'directions sont vacantes')} ({names(vacant)})")
    if started:
        parts.append(
            f"{counted(len(started), 'direction a pris ses fonctions', 'directions ont pris leurs fonctions')}"
            f" ({names(started)})"
        )
    return f"{sentence_list(parts)}." if parts else "Toutes les directions sont pourvues."


def actions(rows: list[Any], terms: Terms) -> str:
    counts = Counter(what for _, what in rows)
    if not counts:
        opened, verified = terms.action.accord("ouvert"), terms.action.accord("vérifié")
        return f"{capitalise(terms.action.aucun)} n’a été {opened} ni {verified}."
    return told(counts, terms.action, {"created": "ouvert", "verified": "vérifié", "late": LATE})


def leaves(rows: list[Any], terms: Terms) -> str:
    counts = Counter(status for _, status in rows)
    if not counts:
        return f"{capitalise(terms.leave.aucun)} n’a été {terms.leave.accord('décidé')}."
    return told(counts, terms.leave, {"granted": "accordé", "refused": "refusé"})


def to_come(rows: list[Any], terms: Terms) -> str:
    planned = [row for row in rows if row[0] == "visit"]
    closures = [row for row in rows if row[0] == "closure"]
    parts = []
    if planned:
        parts.append(f"{terms.visit.counted(len(planned))} {terms.visit.accord('prévu', len(planned))}")
    if closures:
        listed = names(list(dict.fromkeys(name for _, _, name, _ in closures)))
        parts.append(f"{counted(len(closures), 'fermeture')} ({listed})")
    return f"{sentence_list(parts)}." if parts else "Rien n’est encore inscrit."


def names(names: list[str]) -> str:
    """ "Les Lilas, Piat et 3 autres"."""
    more = len(names) - NAMED
    return sentence_list([*names[:NAMED], counted(more, "autre")] if more > 0 else names)

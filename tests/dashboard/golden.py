"""The facts behind the golden sentences: rows made from the numbers that golden_sentences.yaml gives."""

import datetime

from core.french import Term
from dashboard.syntheses.sentences import MODELS, Facts
from dashboard.telling.sentences import Terms

LAST = datetime.date(2026, 3, 31)
NAMES = ["Les Lilas", "Piat", "Rampal", "Télégraphe", "Amandiers", "Pelleport", "Haxo"]
WORDS = {
    "generique": Terms(
        house=Term("établissement"),
        visit=Term("visite", gender="f"),
        action=Term("action", gender="f"),
        leave=Term("congé"),
        report=Term("compte rendu", "comptes rendus"),
    ),
    "val-de-marne": Terms(
        house=Term("crèche", gender="f"),
        visit=Term("visite", gender="f"),
        action=Term("action", gender="f"),
        leave=Term("congé"),
        report=Term("compte rendu", "comptes rendus"),
    ),
    # The other gender of each word, an h aspiré, a plural in -aux.
    "autre": Terms(
        house=Term("halte-garderie", "haltes-garderies", "f"),
        visit=Term("passage"),
        action=Term("engagement"),
        leave=Term("absence", gender="f"),
        report=Term("procès-verbal", "procès-verbaux"),
        review=Term("bilan"),
        place=Term("berceau"),
    ),
}


def houses(number):
    return [[n, NAMES[n % len(NAMES)]] for n in range(number)]


def of_houses(total, among):
    """`total` rows spread over `among` houses: (number, house, name)."""
    return [(n, n % max(among, 1), NAMES[n % max(among, 1)]) for n in range(total)]


def hours(first, last, entered, locked, expected, *sums):
    return [first, last, entered, locked, expected, *map(str, sums)]


MAKE = {
    "register": lambda places, frozen=0: [[n, NAMES[n % 7], p, frozen if n == 0 else 0] for n, p in enumerate(places)],
    "visits": lambda total, among=1: [[n, house, name, "regular"] for n, house, name in of_houses(total, among)],
    "late": lambda total: [[n, NAMES[n], f"2026-03-{n + 1:02d}"] for n in range(total)],
    "reports": lambda shared=0, validated=0: (
        [[n, "shared"] for n in range(shared)] + [[n, "validated"] for n in range(validated)]
    ),
    "reviews": lambda done=0, due=0: (
        [[n, NAMES[n], "validated"] for n in range(done)] + [[n, NAMES[n], "due"] for n in range(due)]
    ),
    "hours": hours,
    "closures": lambda total, among=1: [
        [n, house, name, "strike", "2026-03-03", "2026-03-03"] for n, house, name in of_houses(total, among)
    ],
    "works": lambda total, among=1: [list(row) for row in of_houses(total, among)],
    "commitments": lambda kept=0, dropped=0, late=0, going=0: [
        ["decision", n, state]
        for state, total in {"kept": kept, "dropped": dropped, "late": late, "open": going}.items()
        for n in range(total)
    ],
    "local": lambda told=0, waiting=0, families=0, partners=0: (
        [[n, list(range(partners)), families if n == 0 else 0, 1] for n in range(told)]
        + [[told + n, list(range(partners)), 0, 0] for n in range(waiting)]
    ),
    "days": lambda total, among=1: [[n, house, "2026-03-05"] for n, house, _ in of_houses(total, among)],
    "directions": lambda vacant=0, started=0: (
        [[n, NAMES[n], "vacant"] for n in range(vacant)] + [[n, NAMES[n], "started"] for n in range(started)]
    ),
    "leaves": lambda granted=0, refused=0: (
        [[n, "granted"] for n in range(granted)] + [[n, "refused"] for n in range(refused)]
    ),
    "actions": lambda created=0, verified=0, late=0: (
        [[n, "created"] for n in range(created)]
        + [[n, "verified"] for n in range(verified)]
        + [[n, "late"] for n in range(late)]
    ),
    "late_actions": lambda total, among=1: [
        [n, house, name, f"2026-03-{n + 1:02d}", 2] for n, house, name in of_houses(total, among)
    ],
    "events": lambda total, grave=0: [
        [n, f"Fuite n° {n + 1}", NAMES[n % 7], 3 if n < grave else 2] for n in range(total)
    ],
    "decisions": lambda leave=0, report=0, review=0, day=0: [
        [what, n]
        for what, total in {"leave": leave, "report": report, "review": review, "day": day}.items()
        for n in range(total)
    ],
    "to_come": lambda visits=0, closures=0: (
        [["visit", n, NAMES[n % 7], "2026-04-02"] for n in range(visits)]
        + [["closure", n, NAMES[n % 7], "2026-04-03"] for n in range(closures)]
    ),
}


def written(case):
    """The sentence that the product writes for a case."""
    now = {subject: MAKE[subject](*given) for subject, given in case["now"].items()}
    before = {subject: MAKE[subject](*given) for subject, given in case.get("before", case["now"]).items()}
    if "hours" in before:  # the rows give the hours of the period before; its months come before
        before["hours"] = ["2025-01-01", "2025-03-01", *before["hours"][2:]]
    facts = Facts(now, before, LAST, case.get("house", False), WORDS[case["words"]])
    return MODELS[case["key"]].write(facts)

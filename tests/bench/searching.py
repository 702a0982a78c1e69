"""Search under 200,000 notes: the page a person reads, against the same full-text match alone. Printed.

`make bench ARGS="--only recherche"` prints it alone, `make bench` after the rest. The notes are written once, in a
copy of the measured city, which stays as it was.
"""

import os
import random
import shutil
import sys
from datetime import timedelta
from itertools import accumulate

from . import city
from .clock import cpu

NOTES, QUESTIONS, WORDS_OF_A_NOTE = int(os.environ.get("RONDE_BENCH_NOTES", "200000")), 60, 45
MOST_RATIO = 3
SUBJECT = "bench.note"
READERS = ("coordinateur", "services.centraux")
CONSONANTS, VOWELS = "bcdflmnprstv", "aeiou"
TRADE = [
    *("accueil", "atelier", "bébé", "biberon", "bricolage", "calme", "comptine", "couchage", "dortoir", "doudou"),
    *("encadrement", "équipe", "éveil", "famille", "fenêtre", "fuite", "goûter", "hygiène", "jardin", "jeu", "linge"),
    *("parent", "peinture", "plomberie", "porte", "propreté", "protocole", "repas", "sécurité", "sieste", "sommeil"),
    *("terrasse", "toiture", "transmission", "travaux", "vestiaire"),
]


def vocabulary(chance):
    """Trade words first, the most frequent, then made-up ones; and their Zipf weights, summed."""
    syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    made = {"".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(30_000)}
    words = [*TRADE, *sorted(made)]
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


def write_notes(chance, words, weights):
    """Two hundred thousand entries of the index, spread over the houses and the readings that documents have."""
    from core.search.index import Entry, replace_many
    from establishments.models import Capability, Establishment

    houses = list(Establishment.objects.values_list("pk", flat=True))
    readings = [
        ("interne", Capability.VIEW, ""),
        ("etablissement", Capability.READ_TRANSMITTED, Capability.VIEW),
        ("action", Capability.VIEW_ACTIONS, ""),
    ]

    def documents():
        for number in range(NOTES):
            part, capability, unless = chance.choice(readings)
            body = " ".join(chance.choices(words, cum_weights=weights, k=WORDS_OF_A_NOTE))
            on = city.TODAY - timedelta(days=chance.randrange(3_000))
            house = chance.choice(houses)
            entry = Entry(part, "note", f"Note {number}", body, "/", capability, house, unless=unless, on=on)
            yield SUBJECT, number, [entry]

    for done in replace_many(documents()):
        if done % 20_000 == 0:
            sys.stderr.write(f"\r{done} notes")
    sys.stderr.write("\n")


def asked(chance, words):
    """Words from the most frequent to the rare, alone or by two."""
    found = []
    for number in range(QUESTIONS):
        rank = min(int(1.2 ** (number % 40)), len(words) - 1)
        found.append(words[rank] if number % 3 else f"{words[rank]} {chance.choice(TRADE)}")
    return found


def alone(typed):
    """The match, its count and the first page of its texts: no rights, no passage, no page."""
    from core.models import SearchEntry
    from core.search import wanted
    from core.search.match import Matches

    rows = SearchEntry.objects.filter(Matches(wanted(typed)))
    return rows.order_by().count(), list(rows.values_list("pk", "title", "body", "on")[:50])


def p95(times):
    return sorted(times)[int(0.95 * len(times))] * 1000


def with_notes():
    """Goes over to the copy of the city that holds the notes, written the first time only (some minutes)."""
    from django.db import connection

    from core.models import SearchEntry

    copy = city.path().with_name(f"{city.path().stem}-{NOTES}-notes.sqlite3")
    connection.close()
    if not copy.exists():
        for old in city.FOLDER.glob("direction-*-notes.sqlite3*"):
            old.unlink()
        shutil.copy(city.path(), copy)
    connection.settings_dict["NAME"] = str(copy)
    chance = random.Random(20)
    words, weights = vocabulary(chance)
    if not SearchEntry.objects.filter(subject=SUBJECT).exists():
        write_notes(chance, words, weights)
    return words


def searching():
    """The names of the readers for whom it is over its budget."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    words = with_notes()
    try:
        return _searching(words)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def _searching(words):
    from django.urls import reverse
    from django.utils.http import urlencode

    from core.models import SearchEntry

    from .measures import member
    from .pages import Browser

    over, questions = [], asked(random.Random(21), words)
    heads = f"{'p95 (ms)':>10}{'seul':>10}{'rapport':>9}{'budget':>9}"
    count = SearchEntry.objects.filter(subject=SUBJECT).count()
    sys.stdout.write(f"\n{f'recherche dans {count} notes, {QUESTIONS} questions':<52}{heads}\n")
    for name in READERS:
        page, taken = Browser(member(name)).page, {"value": [], "floor": []}
        page(reverse("dashboard:texts") + "?q=jardin")()
        alone("jardin")
        for typed in questions:
            address = f"{reverse('dashboard:texts')}?{urlencode({'q': typed})}"
            for kind, call in (("value", page(address)), ("floor", lambda typed=typed: alone(typed))):
                before = cpu()
                call()
                taken[kind].append(cpu() - before)
        value, floor = p95(taken["value"]), p95(taken["floor"])
        late = value > MOST_RATIO * floor
        line = f"{f'  {name}':<52}{value:>10.1f}{floor:>10.1f}{value / floor:>9.2f}{MOST_RATIO:>9}"
        sys.stdout.write(f"{line}{'   DÉPASSÉ' if late else ''}\n".replace(".", ","))
        over += [f"recherche ({name})"] * late
    return over

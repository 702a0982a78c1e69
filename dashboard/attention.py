"""« À traiter »: what every room offers to one person, ranked together; an empty list means that nothing is due."""

from importlib import import_module
from importlib.util import find_spec
from itertools import chain

from core.attention import AttentionItem, ranked

ROOMS = ["establishments", "indicators", "staffing", "projects", "visits"]
SHOWN = 7
COUNTS = (
    *("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize"),
)


def things_to_do(user, today) -> list[AttentionItem]:
    """Everything due to the user on a day, the most pressing first."""
    return ranked(chain.from_iterable(room.attention(user, today) for room in rooms()))


def rooms():
    # TEMPORARY: rooms still being built
    return [import_module(f"{room}.attention") for room in ROOMS if find_spec(f"{room}.attention")]


def heading(count) -> str:
    """ "Une chose à traiter", "Cinq choses à traiter", "24 choses à traiter"; "Rien à traiter"."""
    if not count:
        return "Rien à traiter"
    number = COUNTS[count].capitalize() if count < len(COUNTS) else str(count)
    return f"{number} {'chose' if count == 1 else 'choses'} à traiter"

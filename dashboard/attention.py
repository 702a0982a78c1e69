"""« À traiter »: what every room offers to one person, ranked together; an empty list means that nothing is due."""

from itertools import chain

from core.attention import AttentionItem, ranked
from establishments import attention as establishments
from indicators import attention as indicators
from projects import attention as projects
from staffing import attention as staffing
from visits import attention as visits

from .telling import attention as telling

ROOMS = [establishments, indicators, staffing, projects, visits, telling]
SHOWN = 7
COUNTS = (
    *("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize"),
)


def things_to_do(user, today) -> list[AttentionItem]:
    """Everything due to the user on a day, the most pressing first."""
    return ranked(chain.from_iterable(room.attention(user, today) for room in ROOMS))


def heading(count) -> str:
    """ "Une chose à traiter", "Cinq choses à traiter", "24 choses à traiter"; "Rien à traiter"."""
    if not count:
        return "Rien à traiter"
    number = COUNTS[count].capitalize() if count < len(COUNTS) else str(count)
    return f"{number} {'chose' if count == 1 else 'choses'} à traiter"

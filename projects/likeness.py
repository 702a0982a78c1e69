"""How alike two questions are, by the stems of their words; rare words count more than common ones. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, log

from core.search.stems import stem, words_of

ALIKE = 0.25  # share of the weight of the words that both hold
SHOWN = 5


@dataclass(frozen=True)
class Alike:
    """One question that looks like another: `key` as it was given, `share` between ALIKE and 1."""

    key: int
    share: float


def stems_of(*texts: str) -> frozenset[str]:
    return frozenset(stem(word) for text in texts for word in words_of(text) if len(word) > 2)


def alike(wanted: frozenset[str], others: Iterable[tuple[int, frozenset[str]]]) -> list[Alike]:
    """The likest of `others` (key, stems), the likest first, at most SHOWN; none below ALIKE.

    A word weighs log(1 + N/n): N texts, n of which hold it. The share is the weight in common over the weight of both.
    """
    known = list(others)
    holding = Counter(word for _, words in known for word in words)
    total = len(known) + 1

    def weight(words):
        return fsum(log(1 + total / (holding[word] + 1)) for word in words)

    found = [(key, weight(wanted & words) / (weight(wanted | words) or 1.0)) for key, words in known]
    found = sorted((one for one in found if one[1] >= ALIKE), key=lambda one: (-one[1], one[0]))
    return [Alike(key, share) for key, share in found[:SHOWN]]

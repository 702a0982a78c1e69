"""How far two raters who did not see each other agree (M9): share of agreement and Cohen's kappa. Pure, exact."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Pair = tuple[Hashable, Hashable]

# Below this share an item is discussed again before the grid is trusted (M9: « items with agreement < 80 % listed »).
ENOUGH = Fraction(80, 100)


@dataclass(frozen=True)
class Agreement:
    """`observed` and `expected` are shares between 0 and 1, None without a pair.

    `kappa` is (observed − expected) / (1 − expected), from −1 to 1 (Cohen 1960); None where both raters could only
    agree (a single rating used by both), since nothing is then measured.
    """

    n: int
    observed: Fraction | None
    expected: Fraction | None
    kappa: Fraction | None

    @property
    def to_discuss(self) -> bool:
        return self.observed is not None and self.observed < ENOUGH


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """Agreement of `(first rater's rating, second rater's rating)` pairs of one item; the order of pairs is free."""
    n = len(pairs)
    if not n:
        return Agreement(0, None, None, None)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = Fraction(sum(a == b for a, b in pairs), n)
    expected = Fraction(sum(count * second[rating] for rating, count in first.items()), n * n)
    return Agreement(n, observed, expected, None if expected == 1 else (observed - expected) / (1 - expected))


def agreement_by_item(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, Agreement]:
    """One `Agreement` an item, the least agreed first, then by key: the order in which to discuss them."""
    found = {key: agreement(ratings) for key, ratings in pairs.items()}
    return dict(sorted(found.items(), key=lambda kv: (kv[1].observed is None, kv[1].observed or Fraction(0), kv[0])))

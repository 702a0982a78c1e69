"""French words as the index keeps them: no accent, no case, one form for singular, plural and conjugations. Pure.

Both engines index and match the very same words, so that a search answers alike on SQLite and on PostgreSQL; the
stems are Snowball's for French, taken after the accents are gone (« sécurité » and « securite » are one word).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer import stemmer

from ..french import normalise

# No French word begins so: a stem is never taken for the beginning of a word being typed.
STEM_MARK = "qz"
SHORTEST_PREFIX = 2
LONGEST_WORD = 40
# Words that are in every text: they would match everything and name nothing.
_EMPTY = """
a ai au aux avec c ce ces cet cette d dans de des du elle en est et il ils j je l la le les leur leurs lui m mais me n
ne nous on ou par pas pour qu que qui s sa se ses son sont sur t te tu un une vous y
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_french = stemmer("french")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word already normalised, taken again until it stays.

    Snowball counts on accents to tell « observées » from « observe »; without them one pass leaves « observe ».
    """
    while (shorter := _french.stemWord(word)) != word:
        word = shorter
    return word


def words_of(text: str) -> list[str]:
    """The normalised words of `text` that say something, in order."""
    return [word[:LONGEST_WORD] for word in normalise(text).split() if word not in EMPTY_WORDS]


def indexed_words(*texts: str) -> str:
    """What the index holds of a document: its distinct words and their marked stems, in alphabetical order."""
    found = {word for text in texts for word in words_of(text)}
    return " ".join(sorted(found | {STEM_MARK + stem(word) for word in found}))


@dataclass(frozen=True)
class Wanted:
    """What somebody typed: every word must be there, as it is or in another form; the last may be unfinished."""

    words: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.words

    def terms(self) -> Iterator[tuple[str, str]]:
        """(marked stem, beginning of a word or "") for each word."""
        for place, word in enumerate(self.words, start=1):
            unfinished = place == len(self.words) and len(word) >= SHORTEST_PREFIX
            yield STEM_MARK + stem(word), word if unfinished else ""

    def finds(self, word: str) -> bool:
        """Whether a word of a text is one of those wanted."""
        plain = normalise(word)
        parts = plain.split()
        return any(
            STEM_MARK + stem(part) == marked or (start and part.startswith(start))
            for part in parts
            for marked, start in self.terms()
        )


def wanted(typed: str, most: int = 8) -> Wanted:
    """At most `most` words of what was typed."""
    return Wanted(tuple(dict.fromkeys(words_of(typed)))[:most])


@dataclass(frozen=True)
class Run:
    """A piece of an excerpt; `is_hit` when it is a word that was looked for."""

    text: str
    is_hit: bool = False


def excerpt(text: str, looked_for: Wanted, *, around: int = 90) -> list[Run]:
    """The passage around the first word found, words found marked; the beginning of the text when none is."""
    flat = " ".join(text.split())
    hits = [match for match in _WORD.finditer(flat) if looked_for.finds(match[0])]
    if not hits:
        short = _cut(flat, 0, 2 * around)
        return [Run(short)] if short else []
    start = max(0, hits[0].start() - around)
    start = flat.rfind(" ", 0, start) + 1 if start else 0
    end = min(len(flat), hits[0].end() + around)
    end = len(flat) if flat.find(" ", end) < 0 else flat.find(" ", end)
    runs, place = [Run("… ")] if start else [], start
    for hit in hits:
        if hit.end() > end:
            break
        runs += [Run(flat[place : hit.start()]), Run(hit[0], is_hit=True)]
        place = hit.end()
    runs.append(Run(flat[place:end] + (" …" if end < len(flat) else "")))
    return [run for run in runs if run.text]


def _cut(text: str, start: int, size: int) -> str:
    """At most `size` characters from `start`, cut between two words."""
    if len(text) <= start + size:
        return text[start:]
    space = text.rfind(" ", start, start + size)
    return f"{text[start : space if space > start else start + size]} …"

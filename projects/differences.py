"""What changed between two versions of a document, section by section, word by word. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
WORDS = {SAME: "inchangée", ADDED: "ajoutée", REMOVED: "retirée", CHANGED: "modifiée"}
PIECE = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is `same`, `added` or `removed`; joined in order they give both texts back."""

    kind: str
    text: str


@dataclass(frozen=True)
class SectionDifference:
    """One section between two versions: `kind` is same, added, removed or changed."""

    key: str
    title: str
    kind: str
    pieces: tuple[Piece, ...]

    @property
    def word(self) -> str:
        return WORDS[self.kind]


def differences(
    before: Mapping[str, str], after: Mapping[str, str], titles: Mapping[str, str]
) -> list[SectionDifference]:
    """Sections in the order of `titles`, then those without a title by key; an empty text is an absent section."""
    keys = [*titles, *sorted(({*before, *after}) - set(titles))]
    found = []
    for key in keys:
        old, new = before.get(key, ""), after.get(key, "")
        if old or new:
            found.append(SectionDifference(key, titles.get(key, key), _kind(old, new), tuple(pieces(old, new))))
    return found


def _kind(old: str, new: str) -> str:
    if old == new:
        return SAME
    if not old:
        return ADDED
    return CHANGED if new else REMOVED


def pieces(old: str, new: str) -> list[Piece]:
    """The words kept, taken away and brought, in reading order; no word is cut."""
    left, right = PIECE.findall(old), PIECE.findall(new)
    made: list[Piece] = []
    for step, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if step == "equal":
            made.append(Piece(SAME, _joined(left[a:b])))
            continue
        if a < b:
            made.append(Piece(REMOVED, _joined(left[a:b])))
        if c < d:
            made.append(Piece(ADDED, _joined(right[c:d])))
    return made


def _joined(words: Sequence[str]) -> str:
    return "".join(words)

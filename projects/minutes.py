"""Minutes that act (S-087, M22): a line typed « décision : » or « action : @qui avant le… » becomes an object.

Pure. One line of text is one line of the minutes; what is not a decision or an action is information, and nothing
typed is ever dropped. What is missing (an owner, a date) is a `Problem` with its French sentence: the text can be
saved as it is, the minutes cannot be closed on it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from core.french import capitalise, normalise

from .deadlines import find_deadline


class LineKind(StrEnum):
    INFORMATION = "information"
    DECISION = "decision"
    ACTION = "action"


class Problem(StrEnum):
    """What keeps a line from becoming an object as it stands."""

    EMPTY = "empty"
    NO_OWNER = "no_owner"
    NO_DATE = "no_date"
    UNREADABLE_DATE = "unreadable_date"
    PAST_DATE = "past_date"
    MISTYPED = "mistyped"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Problem.EMPTY: "Il manque ce qui est décidé ou à faire.",
    Problem.NO_OWNER: "Il manque la personne\u00a0: ajoutez «\u00a0@prénom\u00a0».",
    Problem.NO_DATE: "Il manque l’échéance\u00a0: ajoutez «\u00a0avant le 12\u00a0mars\u00a0».",
    Problem.UNREADABLE_DATE: "Cette date n’existe pas, ne tombe pas ce jour-là ou n’est pas comprise.",
    Problem.PAST_DATE: "Cette échéance est déjà passée le jour de la réunion.",
    Problem.MISTYPED: "Un mot presque juste\u00a0: écrivez «\u00a0décision\u00a0:\u00a0» ou "
    "«\u00a0action\u00a0:\u00a0», ou commencez la ligne autrement.",
}


@dataclass(frozen=True)
class MinuteEntry:
    """One line of the minutes, read.

    `number` is its first line in the text (from 1); `text` has neither keyword, owner nor deadline; `handle` is what
    follows the first @, without it; `also` the other handles of the same enumeration (« @samira et @paul »).
    """

    number: int
    kind: LineKind
    text: str
    handle: str = ""
    due_on: date | None = None
    also: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


_BULLET = r"(?:[-*•–—‣·▪◦→☐☑✓✔]|\[[ xX]?\]|\d{1,2}[.)])"
# Before a keyword only: elsewhere « > 12 enfants » and « 14.30 » are words of the line.
_MARK = rf"(?:{_BULLET}|[⇒➔>]|=>|->|\d{{1,2}}(?:\.\d{{1,2}})+[.)]?|[a-zA-Z][.)])"
_WORDS = {"decision": LineKind.DECISION, "action": LineKind.ACTION, "information": LineKind.INFORMATION}
_WORDS["info"] = LineKind.INFORMATION
_KEYWORD = re.compile(
    rf"^\s*(?:{_MARK}\s+){{0,2}}(?:\*\*|__)?(?P<word>d[ée]cision|action|information|info)(?:s|\(s\))?"
    rf"(?:\s+(?:n[°o]\s*)?\d{{1,3}})?(?:\*\*|__)?"
    rf"(?:\s*(?:[:：]|=>|→|–|—)(?:\*\*|__)?|\s+-(?=\s)|(?:\s+pour)?(?=\s+@))\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_ALMOST = re.compile(rf"^\s*(?:{_MARK}\s+){{0,2}}(?:\*\*|__)?(?P<word>[^\W\d_]{{5,10}})(?:\*\*|__)?\s*[:：]")
_RIGHT = ("decision", "decisions", "action", "actions")
_WORDS_OF_THEIR_OWN = {"faction", "factions", "derision"}
_ITEM = re.compile(rf"^\s*{_BULLET}\s+(?P<rest>.*)$")
_CONTINUATION = re.compile(r"^(?: {2,}|\t)\s*(?P<rest>\S.*)$")
# An @ that follows a letter is an e-mail address, not a person.
_HANDLE = r"(?<![\w.+-])@(?P<{0}>[^\W\d_](?:[\w’'-]|\.(?=\w))*)"
_FIRST = re.compile(_HANDLE.format("first"))
_NEXT = re.compile(r"(?:\s*,\s*|\s+et\s+|\s*&\s*|\s+)" + _HANDLE.format("next"))
_EDGE = " \t\u00a0\u202f,;:–—-→."


@dataclass(frozen=True)
class _Raw:
    number: int
    kind: LineKind
    text: str
    is_mistyped: bool = False


def _one_slip(word: str, right: str) -> bool:
    """Whether a letter was forgotten, added, changed, or two neighbours swapped: « décison », « acton »."""
    if len(word) == len(right):
        wrong = [place for place, letter in enumerate(right) if word[place] != letter]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and word[wrong[0]] == right[wrong[1]]
        return len(wrong) == 1 or (swapped and word[wrong[1]] == right[wrong[0]])
    short, long = sorted((word, right), key=len)
    return len(long) == len(short) + 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _is_mistyped(line: str) -> bool:
    found = _ALMOST.match(line)
    word = normalise(found["word"]) if found else ""
    return bool(word) and word not in _WORDS_OF_THEIR_OWN and any(_one_slip(word, right) for right in _RIGHT)


def _raw_lines(text: str) -> Iterator[_Raw]:
    """Lines with their kind: a heading alone (« Actions : ») gives its kind to the bullets that follow it."""
    heading: LineKind | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if found := _KEYWORD.match(line):
            kind = _WORDS[normalise(found["word"])]
            heading = kind if not found["rest"].strip() else None
            yield _Raw(number, kind, found["rest"])
        elif _is_mistyped(line):
            heading = None
            yield _Raw(number, LineKind.INFORMATION, line.strip(), is_mistyped=True)
        elif found := _ITEM.match(line):
            yield _Raw(number, heading or LineKind.INFORMATION, found["rest"])
        elif found := _CONTINUATION.match(line):
            yield _Raw(-number, LineKind.INFORMATION, found["rest"])
        else:
            heading = None
            yield _Raw(number, LineKind.INFORMATION, line.strip())


def _joined(lines: Iterable[_Raw]) -> list[_Raw]:
    """Continuation lines put back behind the line they belong to; headings without text of their own left out."""
    whole: list[_Raw] = []
    items = list(lines)
    for place, line in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if line.number < 0 and whole:
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {line.text}".strip())
        elif line.text or not (following and following.number > 0 and following.kind == line.kind):
            whole.append(replace(line, number=abs(line.number)))
    return whole


def _without_owner(text: str) -> tuple[str, str, tuple[str, ...]]:
    found = _FIRST.search(text)
    if not found:
        return text, "", ()
    end, also = found.end(), []
    while following := _NEXT.match(text, end):
        also.append(following["next"])
        end = following.end()
    return f"{text[: found.start()].rstrip()} {text[end:].lstrip()}", found["first"], tuple(also)


def _clean(text: str) -> str:
    collapsed = re.sub(r"[ \t]{2,}", " ", re.sub(r"\([\s,;:]*\)", " ", text))
    tidy = re.sub(r"\s+([,.])", r"\1", collapsed)
    return capitalise(re.sub(r"[,;:]+(?=[,;:.])", "", tidy).strip(_EDGE))


def _action(line: _Raw, held_on: date, next_on: date | None, names: Sequence[tuple[int, str]]) -> MinuteEntry:
    deadline = find_deadline(with_full_names(line.text, names), held_on, next_on)
    text, handle, also = _without_owner(deadline.rest)
    wrong = [] if _clean(text) else [Problem.EMPTY]
    if not handle:
        wrong.append(Problem.NO_OWNER)
    if deadline.unreadable:
        wrong.append(Problem.UNREADABLE_DATE)
    elif deadline.due_on is None:
        wrong.append(Problem.NO_DATE)
    elif deadline.due_on < held_on:
        wrong.append(Problem.PAST_DATE)
    return MinuteEntry(line.number, line.kind, _clean(text), handle, deadline.due_on, also, tuple(wrong))


def read_minutes(
    text: str, *, held_on: date, next_on: date | None = None, names: Sequence[tuple[int, str]] = ()
) -> list[MinuteEntry]:
    """Every line of `text` in its order. `held_on` dates « vendredi » and years left out; `next_on`, when known, is
    the day meant by « avant la prochaine réunion »; `names` are the (key, "Prénom Nom") that may be typed in full."""
    entries = []
    for line in _joined(_raw_lines(_composed(text))):
        if line.kind is LineKind.ACTION:
            entries.append(_action(line, held_on, next_on, names))
            continue
        tidy = line.text.strip()
        problems = [Problem.MISTYPED] if line.is_mistyped else []
        if not tidy and line.kind is not LineKind.INFORMATION:
            problems.append(Problem.EMPTY)
        if tidy or problems:
            entries.append(MinuteEntry(line.number, line.kind, capitalise(tidy), problems=tuple(problems)))
    return entries


def _composed(text: str) -> str:
    """A Mac hands over « é » as « e » and an accent: one letter again before anything is looked for."""
    return unicodedata.normalize("NFC", text)


def with_full_names(text: str, names: Sequence[tuple[int, str]]) -> str:
    """`text` where « @Samira Benali », as people type it, is one handle: « @Samira.Benali ».

    Only for the names given: in « @samira Benali relance la PMI » nobody else is meant.
    """
    full = {normalise(name) for _, name in names}
    longest = max((len(name.split()) for name in full), default=0)

    def joined(found: re.Match[str]) -> str:
        words = found["first"].split()
        for count in range(len(words), 1, -1):
            if normalise(" ".join(words[:count])) in full:
                rest = words[count:]
                return f"@{' '.join(['.'.join(words[:count]), *rest])}"
        return found[0]

    several = rf"(?<![\w.+-])@(?P<first>[^\W\d_][\w’'-]*(?:[ \u00a0][\w’'-]+){{1,{longest}}})"
    return re.sub(several, joined, _composed(text)) if longest else _composed(text)


def who(handle: str, names: Sequence[tuple[int, str]]) -> list[int]:
    """Keys of the people whom `handle` may mean, among `(key, "Prénom Nom")`: none, one, or several (ask again).

    The full name wins over a first or last name alone: @samira.benali, @samira, @benali.
    """
    wanted = normalise(handle)
    full = [key for key, name in names if normalise(name) == wanted or normalise(name).replace(" ", "") == wanted]
    if full:
        return full
    return [key for key, name in names if wanted in _parts(name)]


def _parts(name: str) -> set[str]:
    words = normalise(name).split()
    return {" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}

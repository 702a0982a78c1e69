"""Minutes that act (S-087, M22): a line typed « décision : » or « action : @qui avant le… » becomes an object.

Pure. One line of text is one line of the minutes; what is not a decision or an action is information, and nothing
typed is ever dropped. What is missing (an owner, a date) is a `Problem` with its French sentence: the text can be
saved as it is, the minutes cannot be closed on it.
"""

import re
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

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Problem.EMPTY: "Il manque ce qui est décidé ou à faire.",
    Problem.NO_OWNER: "Il manque la personne\u00a0: ajoutez «\u00a0@prénom\u00a0».",
    Problem.NO_DATE: "Il manque l’échéance\u00a0: ajoutez «\u00a0avant le 12\u00a0mars\u00a0».",
    Problem.UNREADABLE_DATE: "Cette date n’existe pas ou n’est pas comprise.",
    Problem.PAST_DATE: "Cette échéance est déjà passée le jour de la réunion.",
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


_BULLET = r"(?:[-*•–—‣]|\d{1,2}[.)])"
_WORDS = {"decision": LineKind.DECISION, "action": LineKind.ACTION, "information": LineKind.INFORMATION}
_WORDS["info"] = LineKind.INFORMATION
_KEYWORD = re.compile(
    rf"^\s*(?:{_BULLET}\s+)?(?:\*\*|__)?(?P<word>d[ée]cision|action|information|info)s?(?:\s+(?:n[°o]\s*)?\d{{1,3}})?"
    rf"(?:\*\*|__)?(?:\s*(?::|=>|→|–|—)(?:\*\*|__)?|\s+-(?=\s)|(?=\s+@))\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
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


def _action(line: _Raw, held_on: date, next_on: date | None) -> MinuteEntry:
    deadline = find_deadline(line.text, held_on, next_on)
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


def read_minutes(text: str, *, held_on: date, next_on: date | None = None) -> list[MinuteEntry]:
    """Every line of `text` in its order. `held_on` dates « vendredi » and years left out; `next_on`, when known, is
    the day meant by « avant la prochaine réunion »."""
    entries = []
    for line in _joined(_raw_lines(text)):
        if line.kind is LineKind.ACTION:
            entries.append(_action(line, held_on, next_on))
            continue
        tidy = line.text.strip()
        missing = () if tidy or line.kind is LineKind.INFORMATION else (Problem.EMPTY,)
        if tidy or missing:
            entries.append(MinuteEntry(line.number, line.kind, capitalise(tidy), problems=missing))
    return entries


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

"""Where a sentence comes from: links to its sources, with a fingerprint of what they said, compared when read.

A source is (subject, key): "visits.week" and "12|2026-11-16" are the visits of a territory in a week. Each room
registers how the facts of its subjects are read, many keys at once; nothing listens to anything, so no write of any
room has to know who quotes it. A sentence is « périmé » when a source no longer says what it said (decisions, 19).
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction

from .models import SourceLink


@dataclass(frozen=True, order=True)
class Source:
    """One thing quoted; the same source always has the same key."""

    subject: str
    key: str


@dataclass(frozen=True)
class SourceKind:
    """How a subject is read: `facts(keys)` gives plain values (JSON) by key, in a fixed number of queries; a key that
    is absent no longer exists. `label` and `url` open the source for a reader; what she may see is up to that page."""

    subject: str
    facts: Callable[[set[str]], Mapping[str, Any]]
    label: Callable[[str], str]
    url: Callable[[str], str]


@dataclass(frozen=True)
class Document:
    """A text that quotes: "dashboard.weeklyreport" and its number."""

    kind: str
    number: int


_KINDS: dict[str, SourceKind] = {}
# What the subjects of one `read` asked in common; nothing outlives it.
_COMMON: ContextVar[dict | None] = ContextVar("common", default=None)
Asked = TypeVar("Asked", bound=Hashable)
Given = TypeVar("Given")


def once_a_reading(ask: Callable[[Asked], Given]) -> Callable[[Asked], Given]:
    """`ask(what)` once for all the subjects of one `read`, which must not change the answer; outside, each time."""

    @wraps(ask)
    def asked(what: Asked) -> Given:
        common = _COMMON.get()
        if common is None:
            return ask(what)
        if (ask, what) not in common:
            common[ask, what] = ask(what)
        return common[ask, what]

    return asked


def register(kind: SourceKind) -> None:
    """Called once a subject, when the applications are ready."""
    _KINDS[kind.subject] = kind


def kind_of(subject: str) -> SourceKind:
    return _KINDS[subject]


def read(sources: Iterable[Source]) -> dict[Source, Any]:
    """The facts of each source as they are now; a source that is gone is absent. One reading a subject."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        wanted[source.subject].add(source.key)
    token = _COMMON.set({})
    try:
        return {
            Source(subject, key): facts
            for subject, keys in sorted(wanted.items())
            if subject in _KINDS
            for key, facts in _KINDS[subject].facts(keys).items()
        }
    finally:
        _COMMON.reset(token)


def fingerprint_of(facts: Any) -> str:
    """SHA-256 of plain values, whatever the order of their keys."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def cite(document: Document, sentences: Mapping[str, Iterable[Source]], facts: Mapping[Source, Any]) -> None:
    """Make `sentences` (key of a sentence: its sources) quote what `facts` say now. Other sentences keep theirs.

    `facts` are those the sentences were written from (`read`), so that text and fingerprint cannot differ.
    """
    with transaction.atomic():
        SourceLink.objects.filter(
            document_kind=document.kind, document_id=document.number, sentence__in=list(sentences)
        ).delete()
        SourceLink.objects.bulk_create(
            SourceLink(
                document_kind=document.kind,
                document_id=document.number,
                sentence=sentence,
                subject=source.subject,
                key=source.key,
                fingerprint=fingerprint_of(facts[source]) if source in facts else "",
            )
            for sentence, sources in sentences.items()
            for source in sorted(set(sources))
        )


def forget(document: Document) -> None:
    """Its sentences are erased: nothing is left to compare with their sources."""
    SourceLink.objects.filter(document_kind=document.kind, document_id=document.number).delete()


@dataclass(frozen=True)
class Quoted:
    """A source as a reader sees it beside its sentence."""

    source: Source
    label: str
    url: str
    has_moved: bool


def quoted_by(
    documents: Iterable[Document], known: Mapping[Source, Any] | None = None
) -> dict[Document, dict[str, list[Quoted]]]:
    """The sources of every sentence of these documents, each saying whether it moved since it was quoted.

    One query for the links, then one reading a subject, whatever the number of documents; `known` are facts just read,
    which are not read again.
    """
    found: dict[Document, dict[str, list[Quoted]]] = {document: {} for document in documents}
    numbers: dict[str, list[int]] = defaultdict(list)
    for document in found:
        numbers[document.kind].append(document.number)
    links = [
        link
        for kind, ids in numbers.items()
        for link in SourceLink.objects.filter(document_kind=kind, document_id__in=ids).order_by("sentence", "pk")
    ]
    known = dict(known or {})
    now = known | read({Source(link.subject, link.key) for link in links} - set(known))
    for link in links:
        source = Source(link.subject, link.key)
        said = fingerprint_of(now[source]) if source in now else ""
        kind = _KINDS.get(link.subject)
        quoted = Quoted(
            source,
            label=kind.label(link.key) if kind else link.subject,
            url=kind.url(link.key) if kind and source in now else "",
            has_moved=said != link.fingerprint,
        )
        sentences = found[Document(link.document_kind, link.document_id)]
        sentences.setdefault(link.sentence, []).append(quoted)
    return found


def moved(document: Document) -> set[str]:
    """The sentences of one document of which a source moved."""
    return {key for key, sources in quoted_by([document])[document].items() if any(s.has_moved for s in sources)}

"""One version as a page and as a paper: the sections of the law of its day, written or missing, then the others."""

from dataclasses import dataclass
from datetime import date

from core.french import capitalise

from .differences import differences


@dataclass(frozen=True)
class Part:
    """One section: `is_missing` when the law of the day requires it and nothing is written."""

    key: str
    title: str
    article: str
    expected: str
    text: str
    is_required: bool

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.text


@dataclass(frozen=True)
class VersionDocument:
    """`law_day` is the day whose law lists the sections."""

    title: str
    establishment: str
    number: int
    status: str
    law_day: date
    is_settled: bool
    starts_on: date | None
    revise_on: date | None
    decided_by: str
    parts: tuple[Part, ...]

    @property
    def missing(self) -> list[Part]:
        return [part for part in self.parts if part.is_missing]

    def differences_from(self, texts):
        """What this version changed in `texts` ({key: text} of another one)."""
        mine = {part.key: part.text for part in self.parts}
        return differences(texts, mine, {part.key: part.title for part in self.parts})


def document_of(version):
    """Two queries. Sections that the law of the day does not list come last, under their key."""
    texts = version.texts()
    parts = [
        Part(rule.key, rule.title, rule.article, rule.expected, texts.pop(rule.key, "").strip(), rule.is_required)
        for rule in version.rules()
    ]
    parts += [Part(key, capitalise(key), "", "", text.strip(), False) for key, text in sorted(texts.items()) if text]
    return VersionDocument(
        title=capitalise(version.get_document_display()),
        establishment=str(version.establishment),
        number=version.number,
        status=version.get_status_display(),
        law_day=version.law_day,
        is_settled=version.judged_on is not None,
        starts_on=version.starts_on,
        revise_on=version.revise_on,
        decided_by=str(version.decided_by or ""),
        parts=tuple(parts),
    )

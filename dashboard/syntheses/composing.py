"""A document composed from the facts of now: its sentences and tables, none above its level."""

from collections.abc import Iterable

from core import sources
from core.sources import Source

from ..telling.sentences import Sentence
from ..telling.spans import Span
from ..telling.terms import terms
from .facts import PREFIX
from .grids import GRIDS
from .sentences import MODELS, Facts
from .variants import Variant, allowed


def wanted(span: Span, subjects: Iterable[str], compared: Iterable[str]) -> list[Source]:
    """The sources of a sentence: its subjects over the period, and over the one before."""
    return [
        *(Source(PREFIX + subject, span.key) for subject in subjects),
        *(Source(PREFIX + subject, span.previous.key) for subject in compared),
    ]


def compose(variant: Variant, span: Span, level: str, facts=None) -> tuple[dict[Source, object], list[Sentence]]:
    """(facts by source, sentences) in the order of the document. Each subject is read once.

    `facts` given spares the reading: those of another document about the same span.
    """
    asked = [
        (section.key, *row) for section in variant.sections for key in section.holds if (row := _asked(key, level))
    ]
    needed = {source for _, _, subjects, compared, _ in asked for source in wanted(span, subjects, compared)}
    facts = sources.read(needed) if facts is None else facts
    read = Facts(_of(facts, span), _of(facts, span.previous), span.last, span.is_house, terms())
    return facts, [
        Sentence(key, section, write(read), subjects, compared) for section, key, subjects, compared, write in asked
    ]


def _asked(key, level):
    """(key, subjects, compared, writer), or nothing when the readers of the document may not read it."""
    if key not in GRIDS:
        model = MODELS[key]
        return (key, model.subjects, model.compared, model.write) if allowed(model.level, level) else ()
    grid = GRIDS[key]

    def write(read):
        return grid.write(read, level).written()

    subjects = grid.subjects(level)
    return (key, subjects, subjects if grid.compares else (), write) if allowed(grid.level, level) else ()


def _of(facts, span):
    return {source.subject.removeprefix(PREFIX): rows for source, rows in facts.items() if source.key == span.key}

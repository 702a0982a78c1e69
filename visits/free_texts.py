"""What the free-text detector sees in a visit: a warning beside the text, never a refusal (decisions: no identity)."""

from dataclasses import dataclass

from core.free_text import find_concerns

TEXTS = {
    "directing": "Qui dirige ce jour",
    "sections_seen": "Sections vues",
    "context_note": "Contexte du jour",
    "interview": "Entretien",
    "decisions": "Décisions",
    "summary": "Synthèse",
}
# Where a colleague's name is what is asked for.
NAMED = {"directing"}


@dataclass(frozen=True)
class Warned:
    """One passage to look at again, and where it is."""

    where: str
    excerpt: str
    advice: str


def warnings_of(visit, report=None):
    """Passages of a visit that seem to name a child or tell somebody's health, in the order of the page.

    With its report in the internal reading, that page asks nothing more of the database.
    """
    texts = [(label, getattr(visit, name)) for name, label in TEXTS.items() if name not in NAMED]
    texts += _told(report) if report is not None else _written(visit)
    return [
        Warned(label, concern.excerpt, concern.advice)
        for label, text in texts
        if text
        for concern in find_concerns(text)
    ]


def _written(visit):
    for row in visit.observations.select_related("item"):
        yield from ((row.item.title, row.fact), (row.item.title, row.appreciation))
    yield from ((str(check.action), check.note) for check in visit.checks.select_related("action"))
    yield from (("Nouvelle action", origin.action.title) for origin in visit.raised.select_related("action"))


def _told(report):
    for line in report.observations:
        yield from ((line.title, line.fact), (line.title, line.appreciation))
    yield from ((check.title, check.note) for check in report.checks)
    yield from (("Nouvelle action", action.title) for action in report.new_actions)

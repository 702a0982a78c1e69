"""« Plan d’actions » of a house: one frozen object for the tab, for the PDF and for their tests."""

from dataclasses import dataclass
from datetime import date

from core.french import counted
from core.templatetags.ui import tone_of
from establishments.models import Level

SHARED = [Level.PUBLIC, Level.ETABLISSEMENT]


@dataclass(frozen=True)
class PlanLine:
    """One action as the plan shows it; `late` says by how much, "" when it is not."""

    pk: int
    title: str
    detail: str
    origin: str
    theme: str
    owner: str
    due_on: date
    late: str
    priority: str
    status: str
    tone: str
    evidence: str
    closed_on: date | None


@dataclass(frozen=True)
class Plan:
    """Actions of one house on a day: to do, declared done and waiting for a second look, closed."""

    establishment: str
    day: date
    open: tuple[PlanLine, ...]
    declared: tuple[PlanLine, ...]
    closed: tuple[PlanLine, ...]

    @property
    def late(self) -> int:
        return sum(bool(line.late) for line in self.open)

    @property
    def sentence(self) -> str:
        """ "4 actions ouvertes, dont 1 en retard ; 2 réalisées à vérifier ; 7 closes." """
        late = f", dont {self.late} en retard" if self.late else ""
        to_verify = f"{counted(len(self.declared), 'réalisée')} à vérifier"
        opened = counted(len(self.open), "action ouverte", "actions ouvertes")
        return f"{opened}{late}\u202f; {to_verify}\u202f; {counted(len(self.closed), 'close')}."


def action_plan(establishment, actions, day, *, shared_only=False):
    """The plan made of `actions` (already through the door); one query. `shared_only`: without the internal ones."""
    rows = actions.of(establishment).select_related("owner").open_first()
    if shared_only:
        rows = rows.filter(level__in=SHARED)
    lines = [(action, _line(action, day)) for action in rows]
    return Plan(
        establishment=str(establishment),
        day=day,
        open=tuple(line for action, line in lines if action.status in action.OPEN),
        declared=tuple(line for action, line in lines if action.status == action.Status.DONE),
        closed=tuple(line for action, line in lines if action.status not in action.FOLLOWED),
    )


def _line(action, day):
    origin = action.get_origin_kind_display()
    return PlanLine(
        pk=action.pk,
        title=action.title,
        detail=action.detail,
        origin=f"{origin}, {action.origin_label}" if action.origin_label else origin,
        theme=action.theme,
        owner=str(action.owner) if action.owner else "personne",
        due_on=action.due_on,
        late=action.lateness(day),
        priority=action.get_priority_display(),
        status=action.get_status_display(),
        tone=tone_of(action.status, model="actionitem"),
        evidence=action.evidence or action.abandon_reason,
        closed_on=action.closed_at.date() if action.closed_at else None,
    )

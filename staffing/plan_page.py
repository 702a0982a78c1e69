"""What the page of a leave plan shows, and its PDF: lines with their consequences, the period judged at once."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.charts import Figure

from .consequences import LONGEST, Consequences, consequences_of
from .day_book import Scenario, open_book
from .judged import judge, weeks_figure
from .models import LeavePlan, LeaveRequest
from .presence_grid import Grid, presence_grid
from .rights import Rights, rights_of


@dataclass(frozen=True)
class Line:
    leave: LeaveRequest
    found: Consequences | None
    rights: Rights | None


@dataclass(frozen=True)
class PlanFacts:
    """A plan on a day: as if every line that waits were granted."""

    lines: tuple[Line, ...]
    figure: Figure | None
    grids: tuple[Grid, ...]
    red_days: int
    source: str

    @property
    def pending(self) -> list[Line]:
        return [line for line in self.lines if line.leave.status == LeaveRequest.Status.PROPOSED]


def facts_of(plan: LeavePlan, today: date) -> PlanFacts:
    """Six queries, whatever the number of lines and of agents."""
    house = plan.establishment_id
    leaves = list(plan.lines.counting().select_related("employee", "establishment", "plan"))
    refused = list(plan.lines.filter(status="refused").select_related("employee", "establishment", "plan"))
    pending = [leave for leave in leaves if leave.status == LeaveRequest.Status.PROPOSED]
    book = _book(plan, leaves, today)
    after = Scenario(granted=frozenset(leave.pk for leave in pending))
    judged = judge(book, after, plan.starts_on, plan.ends_on)
    found = consequences_of(pending, book)
    rights = rights_of({leave.employee_id for leave in leaves}, plan.starts_on.year)
    known = any(one.known for one in judged.values())
    title = "Demi-heures en défaut, si tout est accordé"
    expectation = book.houses[house].expectation
    return PlanFacts(
        lines=tuple(
            Line(leave, found.get(leave.pk), rights.get(leave.employee_id)) for leave in _in_order(leaves + refused)
        ),
        figure=weeks_figure(judged, plan.starts_on, plan.ends_on, today, title) if known and judged else None,
        grids=tuple(_grids(book, house, [day for _, day in judged])),
        red_days=sum(one.tone == "alert" for one in judged.values()),
        source=expectation.source_text(expectation.source_on(plan.starts_on)),
    )


def _book(plan, leaves, today):
    """The period, and what its lines hold before and after it, so that a long absence is seen."""
    margin = timedelta(days=LONGEST)
    start = min([plan.starts_on, *(leave.starts_on for leave in leaves)]) - margin
    end = max([plan.ends_on, *(leave.ends_on for leave in leaves)]) + margin
    return open_book([plan.establishment_id], start, end, today)


def _in_order(leaves):
    return sorted(leaves, key=lambda leave: (leave.employee.last_name, leave.employee.first_name, leave.starts_on))


def _grids(book, house, days):
    """One calendar a month: paper and phones hold no more columns."""
    months = {}
    for day in sorted(days):
        months.setdefault((day.year, day.month), []).append(day)
    return [presence_grid(book, house, found) for found in months.values()]

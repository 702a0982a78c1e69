"""From the rows of the database to the values that the rules of leave count (staffing/leave_rules.py)."""

from django.conf import settings

from .leave_rules import Calendar, Span, WorkPattern
from .presences import AFTERNOON_PART, MORNING_PART

STEADY = WorkPattern.of_days(1, 2, 3, 4, 5)


def span_of(leave) -> Span:
    """Of a request or an absence: inclusive days, less the half that is worked."""
    return Span(
        leave.starts_on,
        leave.ends_on,
        from_noon=leave.part == AFTERNOON_PART,
        until_noon=leave.part == MORNING_PART,
    )


def spans_of(closures) -> tuple[Span, ...]:
    """Of (start, end, part) triples."""
    return tuple(
        Span(start, end, from_noon=part == AFTERNOON_PART, until_noon=part == MORNING_PART)
        for start, end, part in closures
    )


def calendar_of(agents, house) -> Calendar:
    """The week of one person, by her last known roster, Monday to Friday without any, and what closes her house."""
    tables = [table for agent in agents for table in agent.timetables]
    latest = max(tables, key=lambda table: table.starts_on, default=None)
    return Calendar(
        latest.pattern if latest else STEADY,
        consuming=spans_of(house.consuming),
        alsace_moselle=settings.RONDE_ALSACE_MOSELLE,
    )

"""What the summary of a house adds from the rooms below: visits, actions, activity; composed at the roof."""

from dataclasses import dataclass

from django.db.models import Count, Q

from core.compiled import rows_once
from establishments.models import Capability
from indicators.models import MonthlyActivity
from projects.models import ActionItem
from visits.due import annotated, standing_facts
from visits.models import Visit

from .rates import Attendance, attendance_of, by_month


@dataclass(frozen=True)
class Overview:
    """What one person may read of one house today; None where she may not, or where there is nothing."""

    visits: dict | None = None
    last_report: Visit | None = None
    actions: dict | None = None
    attendance: Attendance | None = None


def overview_of(user, establishment, when, held):
    """Six queries at most, each behind the door of its own room; nothing for a day that is past.

    `held` is what the user may do over the house (establishments.tabs.capabilities_over).
    """
    if not when.is_today:
        return Overview()
    today = when.day
    return Overview(
        visits=standing_facts(annotated(establishment, today), today) if Capability.VIEW in held else None,
        last_report=_last_report(user, establishment) if Capability.READ_TRANSMITTED in held else None,
        actions=_actions(user, establishment, today) if Capability.VIEW_ACTIONS in held else None,
        attendance=_attendance(user, establishment, today) if Capability.VIEW_AGGREGATES in held else None,
    )


def _last_report(user, establishment):
    return next(iter(_last_reports(user, establishment)), None)


@rows_once
def _last_reports(user, establishment):
    reports = Visit.objects.visible_to(user).of(establishment).transmitted()
    return reports.order_by("-visited_on", "-pk")[:1]


def _actions(user, establishment, today):
    return next(iter(_open_actions(user, establishment, today)), {"open": 0, "late": 0})


@rows_once
def _open_actions(user, establishment, today):
    rows = ActionItem.objects.visible_to(user).of(establishment).open().order_by().values("establishment")
    return rows.annotate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))).values("open", "late")


def _attendance(user, establishment, today):
    return attendance_of(_months, (user, establishment), 1, today)


@rows_once
def _months(user, establishment, *months):
    return by_month(MonthlyActivity.objects.visible_to(user).of(establishment), months)

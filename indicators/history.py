"""The months of one house: what the tab « Activité » shows. One query."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from core.calendar import month_end
from core.charts import lever_bars
from core.french import NONE, counted, month_name, percent

from .attainment import attainments, rolling
from .explained import explained
from .figures import rates_figure
from .links import LINKED, draft_action_url, explain_url, reasons
from .marks import unvalidated
from .models import MonthlyActivity, Target
from .months import last_complete_month, months_until, written
from .rates import NO_ACTIVITY, Activity
from .thresholds import shortfalls

MONTHS = 36
Status = MonthlyActivity.Status


@dataclass(frozen=True)
class Month:
    """One month of one house; `row` is None when nothing was entered. A draft shows no rate."""

    month: date
    row: MonthlyActivity | None

    @property
    def is_published(self) -> bool:
        return self.row is not None and self.row.status != Status.DRAFT

    @property
    def is_unvalidated(self) -> bool:
        return self.row is not None and self.row.status == Status.SUBMITTED

    @property
    def activity(self) -> Activity:
        return self.row.activity if self.is_published else NO_ACTIVITY

    @property
    def hours(self) -> Activity | None:
        """What the files hold; nothing for a month that does not count, which is not zero hours."""
        return self.activity if self.is_published else None

    @property
    def attendance(self) -> str:
        """The rate as the table shows it: hatched and said so when it is not validated."""
        rate = percent(self.activity.attendance_rate) if self.is_published else NONE
        return unvalidated(rate) if self.is_unvalidated else rate

    @property
    def urls(self) -> dict[str, str]:
        """{rate: address that explains it}; nothing to explain in a month that does not count."""
        if not self.is_published:
            return dict.fromkeys(LINKED, "")
        return {rate: explain_url(rate, self.month, establishment=self.row.establishment_id) for rate in LINKED}

    @property
    def written(self) -> str:
        return written(self.month)

    @property
    def state(self) -> str:
        return self.row.get_status_display() if self.row else "à saisir"


def history(establishment, last, *, count=MONTHS):
    """The months of a house since it opened, `count` at most, the newest first."""
    months = [month for month in months_until(last, count) if month >= establishment.opened_on.replace(day=1)]
    rows = MonthlyActivity.objects.of(establishment).between(months[0], last) if months else []
    found = {row.month: row for row in (rows.select_related("entered_by", "validated_by") if months else [])}
    return [Month(month, found.get(month)) for month in reversed(months)]


def house_activity(establishment, today):
    """What the tab « Activité » shows: its months, their curve, and the last known month explained."""
    months = history(establishment, last_complete_month(today))
    published = [month for month in months if month.is_published]
    latest = published[0] if published else None
    by_month = {month.month: month.activity for month in published}
    return {
        "months": months,
        "latest": latest,
        **(_against_goals(establishment, by_month, latest) if latest else {"targets": [], "shortfalls": []}),
        "latest_title": f"Comprendre {month_name(latest.month)}" if latest else "",
        "explained": _explained(establishment, latest) if latest else [],
        "levers": _levers(latest.activity) if latest else "",
        "figure": rates_figure(
            by_month,
            [month.month for month in reversed(months)],
            provisional={month.month for month in months if month.is_unvalidated},
            n=f"{counted(len(published), 'mois', 'mois')} sur {len(months)}",
            today=today,
        )
        if months
        else None,
    }


def _explained(establishment, latest):
    def opens(rate):
        return explain_url(rate, latest.month, establishment=establishment.pk)

    return explained(latest.activity, row=latest.row, opens=opens)


def _against_goals(establishment, by_month, latest):
    """Against the targets of the month told, not those of today: a new target changes no past month.

    Thresholds are held against twelve months: a single one tells the season.
    """
    goals = Target.objects.over_establishment(establishment, month_end(latest.month))
    total, _ = rolling(by_month, latest.month)
    under = defaultdict(list)
    for one in shortfalls(total, establishment.kind, {name: goal.rate for name, goal in goals.items()}):
        under[one.action].append(one)
    return {
        "targets": attainments(by_month, latest.month, goals),
        # (action, why, form of the action filled in): two rates that one lever would raise are one action.
        "shortfalls": [
            (action, reasons(found), draft_action_url(establishment, found, latest.month))
            for action, found in under.items()
        ],
    }


def _levers(activity):
    rates = (activity.opening_rate, activity.admission_rate, activity.assiduity_rate)
    return lever_bars(
        *(None if rate is None else float(rate) for rate in rates),
        attendance=None if activity.attendance_rate is None else float(activity.attendance_rate),
        title="Les trois leviers de la fréquentation",
        prefix="leviers",
        compact=True,
    )

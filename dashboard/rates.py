"""The attendance of a perimeter in one month: rate, levers, coverage, change over a year.

Hours are summed, then divided once.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q, Sum

from core.calendar import add_months, month_start
from core.french import NBSP, NONE, counted, month_name, number, percent, points
from establishments.vocabulary import words
from indicators.models import HOURS, MonthlyActivity
from indicators.rates import ADMISSION, ASSIDUITY, NO_ACTIVITY, OPENING, Activity, weakest_lever

LOCKED = [MonthlyActivity.Status.VALIDATED, MonthlyActivity.Status.CLOSED]
LOOK_BACK = 3  # months: the last one entered by at least half of the houses is the one shown
LEVERS = {
    OPENING: ("Ouverture", "l’ouverture", "opening_rate"),
    ADMISSION: ("Admission", "l’admission", "admission_rate"),
    ASSIDUITY: ("Assiduité", "l’assiduité", "assiduity_rate"),
}
LOSSES = {
    OPENING: ("authorised_hours", "open_hours", "heure autorisée non ouverte", "heures autorisées non ouvertes"),
    ADMISSION: ("open_hours", "contracted_hours", "heure ouverte sans contrat", "heures ouvertes sans contrat"),
    ASSIDUITY: (
        "contracted_hours",
        "actual_hours",
        "heure de contrat sans présence",
        "heures de contrat sans présence",
    ),
}


@dataclass(frozen=True)
class Attendance:
    """One month of a group of `houses` open: `entered` gave their hours, `validated` of them are locked."""

    month: date
    activity: Activity = NO_ACTIVITY
    entered: int = 0
    validated: int = 0
    houses: int = 0
    year_before: Activity = NO_ACTIVITY

    @property
    def rate(self) -> Fraction | None:
        return self.activity.attendance_rate

    @property
    def value(self) -> str:
        return percent(self.rate)

    @property
    def coverage(self) -> str:
        """ "13 établissements sur 15, dont 12 validés"."""
        base = f"{words()['establishment'].counted(self.entered)} sur {self.houses}"
        if self.entered == self.validated:
            return base
        return f"{base}, dont {self.validated} {words()['establishment'].accord('validé', self.validated)}"

    @property
    def change(self) -> Fraction | None:
        before = self.year_before.attendance_rate
        return None if before is None or self.rate is None else self.rate - before

    @property
    def change_text(self) -> str:
        if self.change is None:
            return ""
        return f"{points(self.change)} sur un an" if round(self.change * 1000) else "stable sur un an"

    @property
    def levers(self) -> list[dict]:
        weakest = weakest_lever(self.activity)
        return [
            {"label": label, "value": in_figures(getattr(self.activity, rate)), "weak": name == weakest}
            for name, (label, _, rate) in LEVERS.items()
        ]

    @property
    def lever_sentence(self) -> str:
        """ "Le levier du mois est l’admission : 4 120 heures ouvertes sans contrat."; "" when nothing is lost."""
        weakest = weakest_lever(self.activity)
        if weakest is None:
            return ""
        whole, part, singular, plural = LOSSES[weakest]
        lost = round(getattr(self.activity, whole) - getattr(self.activity, part))
        if lost <= 0:
            return ""
        return f"Le levier du mois est {LEVERS[weakest][1]}{NBSP}: {counted(lost, singular, plural)}."

    @property
    def facts(self) -> list[tuple[str, str]]:
        """For the number that explains itself."""
        return [
            ("Formule", "heures réalisées ÷ heures autorisées"),
            ("Heures réalisées", f"{number(self.activity.actual_hours)}{NBSP}h"),
            ("Heures autorisées", f"{number(self.activity.authorised_hours)}{NBSP}h"),
            ("Couverture", self.coverage),
            ("Période", month_name(self.month)),
            ("Ne comptent pas", "jours fériés, fermetures annuelles prévues, journées pédagogiques"),
        ]


def in_figures(rate) -> str:
    """ "94,1": a rate in percent where the unit is said beside it."""
    return NONE if rate is None else number(rate * 100, 1)


def attendance_of(rows_of, given, houses, today) -> Attendance:
    """The last month that at least half of the `houses` (a number) gave. One query.

    `rows_of(*given, *months)` are the rows of `by_month` for these months.
    """
    last = add_months(month_start(today), -1)
    months = [add_months(last, -back) for back in range(LOOK_BACK)]
    found = _hours_of(rows_of(*given, *months, *(add_months(month, -12) for month in months)))
    month = next((m for m in months if m in found and 2 * found[m][1] >= houses), last)
    activity, entered, validated = found.get(month, (NO_ACTIVITY, 0, 0))
    before = found.get(add_months(month, -12), (NO_ACTIVITY, 0, 0))[0]
    return Attendance(month, activity, entered, validated, houses, before)


def by_month(activities, months):
    """Hours by month, with how many houses gave them and how many are validated, drafts left out."""
    return (
        activities.published()
        .filter(month__in=months)
        .order_by()
        .values("month")
        .annotate(
            **{f"sum_{name}": Sum(name) for name in HOURS},
            entered=Count("pk"),
            validated=Count("pk", filter=Q(status__in=LOCKED)),
        )
    )


def _hours_of(rows) -> dict[date, tuple[Activity, int, int]]:
    """{month: (hours, houses that gave them, houses validated)}."""
    return {
        row["month"]: (
            Activity(**{name: row[f"sum_{name}"] for name in HOURS}),
            row["entered"],
            row["validated"],
        )
        for row in rows
    }

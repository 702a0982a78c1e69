"""What the pages of the appraisals show: the year of a sector, and one appraisal, in a fixed number of queries."""

from dataclasses import dataclass

import django_filters
from django.urls import reverse

from core.french import short_date
from core.sealing import CannotOpen
from establishments.door import PerimeterFilterSet, can
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Directorship

from ..models import Appraisal
from . import rules
from .forms import HoldForm, MoveForm, ObjectiveForm, ReportForm, SignForm, StateForm

TONES = {"convened": "info", "held": "watch", "notified": "watch", "signed": "good", "cancelled": "neutral"}
STATE_TONES = {"on_course": "info", "reached": "good", "partly": "watch", "missed": "alert"}
TO_CONVENE = "à convoquer"


@dataclass(frozen=True)
class Line:
    """One person and one year: her appraisal, or that she is still to be convened."""

    person: str
    house_name: str
    year: int
    state: str
    tone: str
    convened_on: object = None
    meeting_on: object = None
    held_on: object = None
    notified_on: object = None
    late: str = ""
    url: str = ""

    def get_absolute_url(self):
        return self.url


class AppraisalFilter(PerimeterFilterSet):
    capability = Capability.APPRAISE

    territory = TerritoryFilter()
    annee = django_filters.NumberFilter(label="Année", field_name="year", method="kept")

    class Meta:
        model = Appraisal
        fields = ["territory", "annee"]

    def kept(self, rows, name, value):
        """The year also chooses who is due: see `year_of`."""
        return rows

    def year_of(self, today) -> int:
        asked = self.form.cleaned_data.get("annee") if self.form.is_valid() else None
        return int(asked) if asked and 2000 <= asked <= 2200 else today.year

    @property
    def territory_of(self):
        return self.form.cleaned_data.get("territory") if self.form.is_valid() else None


def lines_of(user, year, today, territory=None) -> list[Line]:
    """Those to convene first, then the appraisals of the year; two queries."""
    rows = Appraisal.objects.visible_to(user).live().filter(year=year).select_related("person", "establishment")
    if territory:
        rows = rows.within(territory)
    rows = list(rows.order_by("meeting_on", "pk"))
    return [*_to_convene(user, year, today, territory), *(_line(row, today) for row in rows)]


def due_of(user, year, today):
    """Directors in title, today, of the houses where the user appraises, without an appraisal of that year."""
    done = Appraisal.objects.live().filter(year=year).order_by().values("person")
    posted = Directorship.objects.active_on(today).accompanied().visible_to(user, Capability.APPRAISE)
    return posted.exclude(person__in=done).exclude(person=user)


def _to_convene(user, year, today, territory):
    if year != today.year:
        return []
    due = due_of(user, year, today)
    if territory:
        due = due.within(territory)
    return [
        Line(
            person=str(row.person),
            house_name=row.establishment.name,
            year=year,
            state=TO_CONVENE,
            tone="alert" if today.month >= rules.CAMPAIGN_MONTH else "neutral",
            url=f"{reverse('staffing:appraisal_create')}?directorship={row.pk}",
        )
        for row in due.select_related("person", "establishment").order_by("establishment__name", "pk")
    ]


def _line(row, today):
    return Line(
        person=str(row.person),
        house_name=row.establishment.name,
        year=row.year,
        state=row.get_status_display(),
        tone=TONES[row.status],
        convened_on=row.convened_on,
        meeting_on=row.meeting_on,
        held_on=row.held_on,
        notified_on=row.notified_on,
        late=lateness(row, today),
        url=row.get_absolute_url(),
    )


def lateness(row, today) -> str:
    """What is out of time, "" when nothing is."""
    if row.status == Appraisal.Status.HELD and today > row.notify_before:
        return f"à notifier avant le {short_date(row.notify_before)}"
    if row.status == Appraisal.Status.CONVENED and today > row.meeting_on:
        return f"prévu le {short_date(row.meeting_on)}, non tenu"
    return f"notifié avec {row.late_days} j de retard" if row.late_days else ""


def page_of(appraisal, user, today, **bound):
    """The context of one page; `locked` says in French why the texts cannot be read, "" when they can."""
    may_conduct = can(user, Capability.APPRAISE, appraisal)
    try:
        objectives = [_objective(row) for row in appraisal.objectives.all()]
        texts = {"report": _shown(appraisal, may_conduct), "reply": appraisal.reply, "objectives": objectives}
        locked = ""
    except CannotOpen as refusal:
        texts, locked = {"report": "", "reply": "", "objectives": []}, str(refusal)
    initial = {"version": appraisal.version, "report": texts["report"]}
    forms = {
        "move_form": MoveForm(),
        "hold_form": HoldForm(initial={"held_on": today}),
        "report_form": ReportForm(initial=initial),
        "objective_form": ObjectiveForm(),
        "sign_form": SignForm(),
    }
    return {
        "appraisal": appraisal,
        "tone": TONES[appraisal.status],
        "late": lateness(appraisal, today),
        "locked": locked,
        "may_conduct": may_conduct and not locked,
        "may_sign": appraisal.person_id == user.pk and appraisal.status == Appraisal.Status.NOTIFIED,
        "rules": rules,
        **texts,
        **forms,
        **bound,
    }


def _objective(row):
    return row, row.text, StateForm(initial={"state": row.state}), STATE_TONES.get(row.state, "neutral")


def _shown(appraisal, may_conduct):
    """The person reads the report once it is notified to her, not the draft."""
    return appraisal.report if may_conduct or appraisal.notified_on else ""

"""Hours of work, relays of the direction, absences: what a house keeps of its team."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.french import WEEKDAYS
from core.inputs import DayInput
from establishments.door import PerimeterForm
from establishments.models import Capability

from ..models import Absence, Employee, Roster
from ..week_text import Stretch, UnreadableHours, read_day, say_day

WEEKS = {1: "A", 2: "B"}
SHOWN_DAYS = range(1, 7)


class RosterForm(PerimeterForm):
    """A week of work, or two in turn, each day written as people write it."""

    capability = Capability.MANAGE_STAFF
    mark_optional = False
    starts_on = forms.DateField(
        label="À partir du", widget=DayInput(), help_text="Les horaires précédents s’arrêtent la veille."
    )
    ends_on = forms.DateField(label="Jusqu’au", required=False, widget=DayInput(), help_text="Vide\u00a0: sans fin.")
    weeks = forms.TypedChoiceField(label="Rythme", choices=Roster.Weeks, coerce=int, initial=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for week, letter in WEEKS.items():
            for weekday in SHOWN_DAYS:
                label = f"{WEEKDAYS[weekday - 1].capitalize()}, semaine {letter}"
                self.fields[f"day_{week}_{weekday}"] = forms.CharField(label=label, required=False, max_length=80)
        self.fields[
            "day_1_1"
        ].help_text = "Par exemple 8h-12h30, 13h30-17h. «\u00a0bureau\u00a0» pour ce qui n’est pas auprès des enfants."

    def clean(self):
        given = super().clean()
        self.days = {}
        for week in range(1, (given.get("weeks") or 1) + 1):
            for weekday in SHOWN_DAYS:
                self._read(given, week, weekday)
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "La date de fin précède la date de début.")
        if not self.errors and not self.days:
            raise ValidationError("Indiquez au moins un jour de travail.")
        return given

    def _read(self, given, week, weekday):
        name = f"day_{week}_{weekday}"
        try:
            if stretches := read_day(given.get(name, "")):
                self.days[week, weekday] = stretches
        except UnreadableHours as error:
            self.add_error(name, str(error))

    @staticmethod
    def typed(roster):
        """Initial values: the hours already known."""
        found = {}
        for slot in roster.slots.all() if roster else ():
            found.setdefault(f"day_{slot.week}_{slot.weekday}", []).append(slot)
        said = {name: say_day(_as_stretches(slots)) for name, slots in found.items()}
        return {"weeks": roster.weeks if roster else 1, "starts_on": timezone.localdate(), **said}


def _as_stretches(slots):
    return [Stretch(slot.starts_at, slot.ends_at, slot.task) for slot in slots]


class TeamForm(PerimeterForm):
    """Offers the agents posted in one house."""

    capability = Capability.MANAGE_STAFF
    employee = forms.ModelChoiceField(Employee.objects.all(), label="Personne", empty_label="Choisir")

    def __init__(self, *args, establishment, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Employee.objects.all().of(establishment, timezone.localdate()).values("pk")
        self.fields["employee"].queryset = self.fields["employee"].queryset.filter(pk__in=staff)


class RelayForm(TeamForm):
    """Who may ensure the direction, and when she is called."""

    rank = forms.IntegerField(label="Rang", min_value=1, max_value=20, initial=1)
    starts_on = forms.DateField(label="À partir du", widget=DayInput())
    ends_on = forms.DateField(label="Jusqu’au", required=False, widget=DayInput())


class AbsenceForm(TeamForm):
    """Days that somebody is not with the children: what can be counted, never why."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label="Type",
        choices=Absence.Kind,
        help_text="Ce qui se compte seulement\u00a0: jamais de motif médical ou familial.",
    )
    part = forms.ChoiceField(label="Durée", choices=Absence.Part)
    in_the_house = forms.BooleanField(label="Reste sur place, sans compter dans le taux", required=False)
    starts_on = forms.DateField(label="Du", widget=DayInput())
    ends_on = forms.DateField(label="Au", widget=DayInput())

    def clean(self):
        given = super().clean()
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and not 0 <= (end - start).days < 366:
            self.add_error("ends_on", "La fin suit le début, d’un an au plus.")
        if start and end and start != end and given.get("part") != "day":
            self.add_error("part", "Une demi-journée porte sur un seul jour.")
        return given


class StaffFileForm(forms.Form):
    """A file of agents and of their hours."""

    file = forms.FileField(label="Fichier", help_text="CSV, XLSX ou ODS, 20\u00a0Mo au plus.", max_length=200)

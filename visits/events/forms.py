import datetime
import uuid

from django import forms
from django.utils import timezone

from core.inputs import DayInput, HourInput
from establishments.door import PerimeterModelForm
from establishments.models import Capability

from ..entry import possible_owners
from ..models import Event
from . import duties

NEVER = "Ni nom d’enfant, de famille ou d’agent, ni donnée de santé."


class EventForm(PerimeterModelForm):
    """Tell of an event in as few fields as can be: house, family, severity, one line; the rest may wait."""

    capability = Capability.REPORT_EVENT

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.DateField(label="Jour", widget=DayInput())
    hour = forms.TimeField(label="Heure", widget=HourInput())

    class Meta:
        model = Event
        fields = ["establishment", "family", "severity", "title", "place", "summary", "measures", "outside_help"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "measures": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"title": NEVER, "summary": NEVER}

    def __init__(self, *args, user, **kwargs):
        now = timezone.localtime()
        first = {"client_uuid": uuid.uuid4(), "day": now.date(), "hour": now.time().replace(second=0, microsecond=0)}
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, user=user, **kwargs)
        self.fields["establishment"].empty_label = "Choisir"
        for name in ("family", "severity"):
            self.fields[name].choices = [("", "Choisir"), *self.fields[name].choices[1:]]

    def clean(self):
        cleaned = super().clean()
        family = duties.FAMILIES.get(cleaned.get("family", ""))
        if family and family.restricted and cleaned.get("summary"):
            self.add_error(
                "summary", "Cette famille d’événement ne porte aucun récit\u00a0: ouvrez un dossier sensible."
            )
        day, hour = cleaned.get("day"), cleaned.get("hour")
        if day and hour:
            moment = timezone.make_aware(datetime.datetime.combine(day, hour))
            if moment > timezone.now() + datetime.timedelta(minutes=5):
                self.add_error("day", "Un événement se signale une fois survenu.")
            cleaned["happened_at"] = moment
        return cleaned

    def save(self, *, by):
        event = self.instance
        event.happened_at, event.client_uuid = self.cleaned_data["happened_at"], self.cleaned_data["client_uuid"]
        return event.report(by=by)


class MeasuresForm(forms.ModelForm):
    class Meta:
        model = Event
        fields = ["measures", "places_lost"]
        widgets = {"measures": forms.Textarea(attrs={"rows": 3})}


class ClosingForm(forms.Form):
    lessons = forms.CharField(
        label="Suites et enseignements", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text=NEVER
    )


class CorrectiveForm(forms.Form):
    """A corrective measure for an event or a finding, in the one list of actions: declared, then seen by another."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(label="Mesure corrective", max_length=200)
    due_on = forms.DateField(label="Échéance", widget=DayInput())
    owner = forms.ChoiceField(label="Responsable de l’action", required=False)

    def __init__(self, subject, data=None):
        super().__init__(data)
        people = possible_owners(subject.establishment, timezone.localdate())
        self.fields["owner"].choices = [("", "Personne pour l’instant"), *people]
        self.subject = subject

    def save(self, *, by):
        wanted = self.cleaned_data
        return self.subject.raise_action(
            by=by,
            title=wanted["title"],
            due_on=wanted["due_on"],
            owner_id=wanted["owner"] or None,
            client_uuid=wanted["client_uuid"],
        )

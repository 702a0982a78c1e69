import datetime
import uuid
from copy import copy

from django import forms
from django.utils import timezone

from core.inputs import DayInput, HourInput
from core.sources import fingerprint_of
from establishments.door import PerimeterModelForm
from establishments.models import Capability
from establishments.workflow import StaleVersion

from ..entry import possible_owners
from ..models import Event
from ..models.events import IMPACTS
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
    """What was done at once, from the text that the page showed: what somebody else wrote meanwhile is not lost."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Event
        fields = ["measures", "outside_help", "places_lost", *IMPACTS]
        widgets = {"measures": forms.Textarea(attrs={"rows": 3})}
        help_texts = dict.fromkeys(IMPACTS, NEVER)

    def __init__(self, event, data=None):
        # A copy: an invalid form must not change the event that the page shows beside it.
        super().__init__(data, instance=copy(event), initial={"seen": fingerprint_of(event.measures)})
        self.event = event
        if event.outside_help:
            del self.fields["outside_help"]
        for name in IMPACTS if event.is_restricted else []:
            del self.fields[name]

    def save(self, *, by):
        """Save, or say what somebody else saved meanwhile and keep what was typed. True when saved."""
        wanted = self.cleaned_data
        wanted["seen"] = wanted["seen"] or fingerprint_of("")
        try:
            self.event.complete(by=by, **wanted)
        except StaleVersion as stale:
            stored = stale.current.measures
            self.add_error(
                "measures",
                "Quelqu’un a noté des mesures pendant votre saisie. Enregistré à présent\u00a0: "
                f"«\u00a0{stored}\u00a0». Votre texte est gardé ci-dessous\u00a0: réunissez les deux et enregistrez "
                "de nouveau.",
            )
            self.data = {**self.data.dict(), "seen": fingerprint_of(stored)}
        return not self.errors


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

import uuid

from django import forms

from core.inputs import DayInput
from establishments.door import PerimeterModelForm
from establishments.models import Capability, WorksPeriod

from ..models import PedagogicalDay
from ..models.days import ALREADY_ASKED

NO_IDENTITY = "Ni nom d’enfant ou de famille, ni donnée de santé."


class OnceForm(PerimeterModelForm):
    """A creation: the same form sent twice gives the same record (client_uuid)."""

    capability = Capability.PROPOSE_PROJECT
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_client_uuid(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.cleaned_data["client_uuid"]

    def validate_unique(self):
        """Known keys are recognised when the record is kept, not refused here."""
        exclude = self._get_validation_exclusions() | {"client_uuid"}
        try:
            self.instance.validate_unique(exclude=exclude)
        except forms.ValidationError as error:
            self._update_errors(error)


class DayForm(OnceForm):
    class Meta:
        model = PedagogicalDay
        fields = ["establishment", "held_on", "part", "theme", "aims", "speaker", "project_link"]
        fields += ["is_funded", "families_told_on", "families_how"]
        widgets = {
            "held_on": DayInput(),
            "families_told_on": DayInput(),
            "aims": forms.Textarea(attrs={"rows": 3}),
            "project_link": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "is_funded": "La CAF finance trois journées par année civile au plus.",
            "families_told_on": "Huit semaines avant, de préférence.",
            "aims": NO_IDENTITY,
        }

    def clean(self):
        given = super().clean()
        day = PedagogicalDay(
            establishment=given.get("establishment"),
            held_on=given.get("held_on"),
            client_uuid=given.get("client_uuid"),
        )
        if day.establishment_id and day.held_on and day.is_already_asked():
            self.add_error("held_on", ALREADY_ASKED)
        return given


class DayReportForm(forms.Form):
    report = forms.CharField(label="Bilan", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    coordinator_present = forms.TypedChoiceField(
        label="Présence de la coordination",
        choices=[("oui", "présence"), ("non", "absence")],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
    )


class WorksForm(OnceForm):
    class Meta:
        model = WorksPeriod
        fields = ["establishment", "title", "need", "is_safety", "priority", "needed_on"]
        widgets = {"needed_on": DayInput(), "need": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"is_safety": "Un danger pour les enfants ou les adultes.", "need": NO_IDENTITY}


class ScheduleForm(PerimeterModelForm):
    """The decision: dates, places withdrawn, what it does to the team. Nothing is saved here: the step does it."""

    capability = Capability.DECIDE_PROJECT

    class Meta:
        model = WorksPeriod
        fields = ["starts_on", "ends_on", "places", "closes_house", "families_informed_on", "staff_note", "priority"]
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "families_informed_on": DayInput(),
            "staff_note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "places": "Zéro si les enfants restent tous accueillis.",
            "closes_house": "Toutes les places sont alors retirées, et les jours fermés.",
            "staff_note": "Redéploiements, congés, formations\u202f; jamais le motif d’une absence.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].required = self.fields["ends_on"].required = True

    def clean_places(self):
        places, house = self.cleaned_data["places"], self.instance.establishment
        authorisation = house.authorisation_on(self.cleaned_data.get("starts_on") or self.instance.needed_on)
        if authorisation and places > authorisation.places:
            raise forms.ValidationError(f"La capacité autorisée est de {authorisation.places} places.")
        return places

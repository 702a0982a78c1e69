import uuid

from django import forms
from django.core.exceptions import ValidationError

from core.inputs import DayInput
from establishments.door import PerimeterModelForm
from establishments.models import Capability

from ..models import Intervention, Training
from .due import GROUP, PRACTICE

NO_NAME = "Ni nom, ni donnée personnelle\u00a0: un nombre suffit."


class OnceForm(PerimeterModelForm):
    """A creation: the same form sent twice gives the same record."""

    capability = Capability.MANAGE_STAFF
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class TrainingForm(OnceForm):
    class Meta:
        model = Training
        fields = ["establishment", "theme", "title", "people", "hours", "year", "renews"]
        labels = {"hours": "Heures par personne"}
        help_texts = {"title": NO_NAME}


class InterventionForm(OnceForm):
    class Meta:
        model = Intervention
        fields = ["establishment", "function", "held_on", "hours", "people"]
        widgets = {"held_on": DayInput()}

    def clean(self):
        given = super().clean()
        people = given.get("people")
        if given.get("function") == PRACTICE and not (people and 1 <= people <= GROUP) and "people" not in self.errors:
            raise ValidationError(
                {"people": f"Un groupe d’analyse des pratiques compte de 1 à {GROUP} personnes (CSP R. 2324-37)."}
            )
        return given


class DoneForm(forms.Form):
    done_on = forms.DateField(label="Faite le", widget=DayInput())

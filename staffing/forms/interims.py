"""An interim confided to somebody, for some days."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterForm
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..models import Employee, Interim

LONGEST_DAYS = 366


class InterimForm(PerimeterForm):
    """Who stands in, where and when; the same form sent twice gives one interim."""

    capability = Capability.DECIDE_LEAVE
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    establishment = forms.ModelChoiceField(
        Establishment.objects.all(), label=titled("{establishment}"), empty_label="Choisir"
    )
    employee = forms.ModelChoiceField(Employee.objects.all(), label="Qui assure l’intérim", empty_label="Choisir")
    starts_on = forms.DateField(label="Du", widget=DayInput())
    ends_on = forms.DateField(label="Au", widget=DayInput(), help_text="Ses droits s’éteignent seuls le lendemain.")

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if starts_on < timezone.localdate():
            raise ValidationError("Un intérim se confie avant son premier jour, ou le jour même.")
        return starts_on

    def clean(self):
        given = super().clean()
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and not 0 <= (end - start).days < LONGEST_DAYS:
            self.add_error("ends_on", "La fin suit le début, d’un an au plus.")
        return given

    def interim(self):
        return Interim(**self.cleaned_data)

"""A punctual need of staff, its refusal, and the hours ordered from an agency."""

import uuid
from datetime import time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property

from core.free_text import find_concerns
from core.inputs import DayInput, HourInput
from establishments.door import PerimeterForm, PerimeterModelForm
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled
from establishments.workflow import TransitionRefused

from ..float_pool.rest import DAILY_WORK
from ..models import AgencyBooking, LeaveRequest, StaffingNeed
from ..need_proof import proof_of

AHEAD = timedelta(days=366)
TOO_LONG = (
    "Une personne ne travaille pas plus de 10\u00a0heures par jour (décret 2000-815, art. 3)\u00a0: "
    "demandez deux renforts, l’un après l’autre."
)


def refuse_concerns(text):
    """Free text without a name of a child, without health."""
    if concerns := find_concerns(text):
        raise ValidationError([concern.advice for concern in concerns])
    return text


def _soon(day):
    today = timezone.localdate()
    if not today <= day <= today + AHEAD:
        raise ValidationError("Un renfort se demande pour aujourd’hui ou pour un jour à venir, d’un an au plus.")
    return day


class NeedPlaceForm(PerimeterForm):
    """Which house and which day: in the address, so that a page can link to the form already filled in."""

    capability = Capability.ASK_NEED
    etablissement = forms.ModelChoiceField(
        Establishment.objects.all(), label=titled("{establishment}"), empty_label="Choisir"
    )
    jour = forms.DateField(label="Jour", widget=DayInput())
    conge = forms.ModelChoiceField(
        LeaveRequest.objects.all(), label="Congé à l’origine", required=False, widget=forms.HiddenInput
    )

    def clean_jour(self):
        return _soon(self.cleaned_data["jour"])

    def clean(self):
        given = super().clean()
        leave = given.get("conge")
        if leave and given.get("etablissement") and leave.establishment_id != given["etablissement"].pk:
            given["conge"] = None
        return given

    @cached_property
    def found(self):
        """(proof, why there is none)."""
        given = self.cleaned_data
        try:
            return proof_of(given["etablissement"], given["jour"], leave=given["conge"]), ""
        except TransitionRefused as refusal:
            return None, str(refusal)


class NeedForm(PerimeterModelForm):
    """The hours asked; the same form sent twice gives one need."""

    capability = Capability.ASK_NEED
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = StaffingNeed
        fields = ["establishment", "leave", "on", "starts_at", "ends_at", "category_1", "note"]
        widgets = {
            "establishment": forms.HiddenInput,
            "leave": forms.HiddenInput,
            "on": forms.HiddenInput,
            "starts_at": HourInput(),
            "ends_at": HourInput(),
            "note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"note": "Facultatif. Ni santé, ni famille, ni nom d’enfant."}

    def clean_note(self):
        return refuse_concerns(self.cleaned_data["note"].strip())

    def clean_client_uuid(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.cleaned_data["client_uuid"]

    def clean_on(self):
        return _soon(self.cleaned_data["on"])

    def clean(self):
        given = super().clean()
        if given.get("starts_at") and given.get("ends_at") and given["starts_at"] >= given["ends_at"]:
            self.add_error("ends_at", "L’heure de fin précède l’heure de début.")
        elif given.get("starts_at") and given.get("ends_at") and _minutes(given) > DAILY_WORK:
            self.add_error("ends_at", TOO_LONG)
        return given

    @classmethod
    def proposed(cls, place, *, user):
        """The form filled in from a proof."""
        proof, _ = place.found
        given = place.cleaned_data
        first, last = proof.bounds
        last = min(last, first + DAILY_WORK)
        start, end = (time(minutes // 60 % 24, minutes % 60) for minutes in (first, last))
        initial = {"establishment": given["etablissement"], "on": given["jour"], "leave": given["conge"]}
        initial |= {"starts_at": start, "ends_at": end, "category_1": proof.category_1}
        return cls(initial=initial, user=user)


def _minutes(given) -> int:
    start, end = (given[name].hour * 60 + given[name].minute for name in ("starts_at", "ends_at"))
    return end - start


class NeedRefusalForm(PerimeterForm):
    """A refusal says why, to whoever asked."""

    reason = forms.CharField(
        label="Motif du refus", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )

    def clean_reason(self):
        return refuse_concerns(self.cleaned_data["reason"])


class BookingForm(PerimeterModelForm):
    """Hours ordered from an agency for one need; the same form sent twice gives one order."""

    capability = Capability.MANAGE_POOL
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = AgencyBooking
        fields = ["provider", "hours_ordered"]
        widgets = {"hours_ordered": forms.NumberInput(attrs={"step": "0.25", "min": "0.25", "max": "1000"})}
        help_texts = {"provider": "Le nom de l’agence, jamais celui d’une personne."}

    def clean_client_uuid(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.cleaned_data["client_uuid"]

    def clean_hours_ordered(self):
        if self.cleaned_data["hours_ordered"] <= 0:
            raise ValidationError("Une commande porte sur plus de zéro heure.")
        return self.cleaned_data["hours_ordered"]


class BookingHoursForm(PerimeterForm):
    """Hours delivered, then hours invoiced."""

    hours = forms.DecimalField(
        label="Heures",
        min_value=0,
        max_value=1000,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25"}),
    )

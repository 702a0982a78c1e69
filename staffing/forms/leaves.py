import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.free_text import find_concerns
from core.inputs import DayInput
from establishments.door import PerimeterForm, PerimeterModelForm
from establishments.models import Capability, Establishment

from ..models import LeaveRequest

LONGEST_DAYS = 366


class LeaveForm(PerimeterModelForm):
    """A leave proposed by the house; the same form sent twice gives the same request (client_uuid)."""

    capability = Capability.PROPOSE_LEAVE
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = LeaveRequest
        fields = ["employee", "kind", "part", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}
        help_texts = {
            "kind": "Ce qui se compte seulement\u00a0: jamais de motif médical ou familial.",
            "part": "Une demi-journée porte sur un seul jour.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        self.fields["employee"].empty_label = "Choisir"

    def clean_client_uuid(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.cleaned_data["client_uuid"]

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if starts_on < timezone.localdate():
            raise ValidationError("Un congé se propose avant son premier jour.")
        return starts_on

    def clean(self):
        given = super().clean()
        employee, starts_on, ends_on = (given.get(name) for name in ("employee", "starts_on", "ends_on"))
        if starts_on and ends_on and (ends_on - starts_on).days >= LONGEST_DAYS:
            self.add_error("ends_on", "Un congé ne dure pas plus d’un an\u00a0: vérifiez l’année.")
        if employee and starts_on:
            self.instance.establishment = self._house_of(employee, starts_on)
        return given

    def _house_of(self, employee, day):
        """The house where she works on the first day, which the reader must be able to propose for."""
        house = employee.house_on(day)
        mine = Establishment.objects.visible_to(self.user, self.capability)
        if house is None or not mine.filter(pk=house.pk).exists():
            raise ValidationError("Cette personne n’est pas affectée chez vous le premier jour demandé.")
        return house

    def validate_unique(self):
        """And every rule of the database that holds on a field which the form does not show (the status)."""
        super().validate_unique()
        if self.errors:
            return
        try:
            self.instance.validate_constraints(exclude={"client_uuid", "proposed_by", "decided_by"})
        except ValidationError as error:
            self._update_errors(error)


class DerogationForm(PerimeterForm):
    """Why a rule is set aside: a reason of service, which the journal keeps for ever."""

    derogation = forms.CharField(
        label="Motif de la dérogation",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Un motif de service, gardé au journal\u00a0: ni santé, ni famille, ni nom d’enfant.",
    )

    def clean_derogation(self):
        motive = self.cleaned_data["derogation"].strip()
        if concerns := find_concerns(motive):
            raise ValidationError([concern.advice for concern in concerns])
        return motive


class RefusalForm(PerimeterForm):
    """A refusal is made for a reason of service, and no other."""

    reason = forms.ChoiceField(label="Motif de service", choices=[("", "Choisir"), *LeaveRequest.Reason.choices])

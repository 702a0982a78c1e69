"""A leave plan and its lines."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from core.free_text import find_concerns
from core.inputs import DayInput
from establishments.door import PerimeterForm, PerimeterModelForm
from establishments.models import Capability, Establishment

from ..models import Employee, LeavePlan
from .leaves import LeaveForm

LONGEST_DAYS = 186


class LeavePlanForm(PerimeterModelForm):
    """The period a house proposes its leaves for; the same form sent twice gives one plan."""

    capability = Capability.PROPOSE_LEAVE
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = LeavePlan
        fields = ["establishment", "season", "starts_on", "ends_on", "due_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput(), "due_on": DayInput()}
        help_texts = {"due_on": "L’été se demande en général avant la fin de février, le reste deux mois avant."}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        houses = Establishment.objects.all().visible_to(user, self.capability)
        self.fields["establishment"].queryset = houses
        self.fields["establishment"].empty_label = "Choisir"

    def clean(self):
        given = super().clean()
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and (end - start).days >= LONGEST_DAYS:
            self.add_error("ends_on", "Un planning couvre six mois au plus.")
        return given


class PlanLineForm(LeaveForm):
    """A line of a plan: somebody of the house, some days of the period."""

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        staff = Employee.objects.all().of(plan.establishment, plan.starts_on)
        self.fields["employee"].queryset = self.fields["employee"].queryset.filter(pk__in=staff.values("pk"))
        self.instance.plan = plan

    def clean(self):
        given = super().clean()
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and (end < self.plan.starts_on or start > self.plan.ends_on):
            raise ValidationError("Ces jours sont hors de la période du planning.")
        return given


class SendBackForm(PerimeterForm):
    """What is to be taken up again, told to the house."""

    reason = forms.CharField(label="À reprendre", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if concerns := find_concerns(reason):
            raise ValidationError([concern.advice for concern in concerns])
        return reason

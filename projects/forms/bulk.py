from django import forms
from django.utils import timezone

from core.inputs import DayInput
from core.models import User
from establishments.door import PerimeterForm, SeveralRecords
from establishments.models import Capability

from ..models import ActionItem
from ..owners import people_covering

UNCHANGED = "Ne pas changer"


class BulkForm(PerimeterForm):
    """What to change of the actions chosen: a field left empty changes nothing."""

    capability = Capability.MANAGE_ACTIONS

    actions = SeveralRecords(
        label="Actions",
        queryset=ActionItem.objects.all(),
        error_messages={"required": "Cochez au moins une action."},
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = forms.DateField(label="Nouvelle échéance", required=False, widget=DayInput())
    owner = forms.ModelChoiceField(
        label="Nouveau responsable de l’action", queryset=User.objects.all(), required=False, empty_label=UNCHANGED
    )
    priority = forms.TypedChoiceField(
        label="Nouvelle priorité",
        choices=[("", UNCHANGED), *ActionItem.Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args, chosen, houses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actions"].queryset = chosen
        self.fields["owner"].queryset = people_covering(houses)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate():
            raise forms.ValidationError("Cette échéance est déjà passée.")
        return due_on

    def clean(self):
        given = super().clean()
        if not self.errors and not self.wanted:
            raise forms.ValidationError(
                "Dites ce qui doit changer\u00a0: échéance, responsable de l’action ou priorité."
            )
        return given

    @property
    def wanted(self):
        return {name: value for name in ActionItem.AMENDABLE if (value := self.cleaned_data.get(name))}

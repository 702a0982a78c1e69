"""Ask for a batch: what, where, when; nothing to print is said before anything is queued."""

import uuid

from django import forms
from django.utils import timezone

from core.calendar import add_months, month_end, month_start
from core.inputs import DayInput
from establishments.door import PerimeterModelForm
from establishments.filters import TreeChoiceField
from establishments.models import Capability

from ..models import Batch
from .kinds import PRINTINGS


class BatchForm(PerimeterModelForm):
    """The same form sent twice gives the same batch (client_uuid)."""

    capability = Capability.WRITE_SYNTHESIS
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Batch
        fields = ["kind", "territory", "starts_on", "ends_on"]
        field_classes = {"territory": TreeChoiceField}
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, user, **kwargs):
        month = add_months(month_start(timezone.localdate()), -1)
        initial = {"starts_on": month, "ends_on": month_end(month), **kwargs.pop("initial", {})}
        super().__init__(*args, user=user, initial=initial, **kwargs)
        self.instance.owner = user

    def clean(self):
        given = super().clean()
        if set(self.Meta.fields) <= set(given) and given["ends_on"] > timezone.localdate():
            self.add_error("ends_on", "La période va au plus tard jusqu’à aujourd’hui.")
        elif set(self.Meta.fields) <= set(given):
            asked = Batch(owner=self.instance.owner, **{name: given[name] for name in self.Meta.fields})
            if not list(PRINTINGS[asked.kind].listed(asked))[:1]:
                self.add_error(
                    None, "Rien à imprimer pour ce territoire et cette période\u00a0: élargissez l’un ou l’autre."
                )
        self.instance.client_uuid = given.get("client_uuid") or self.instance.client_uuid
        return given

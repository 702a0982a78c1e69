import datetime

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterForm
from establishments.models import Capability

from ..models import Arbitration, ArbitrationOption, Meeting
from .days import NO_IDENTITY, OnceForm

SHORT = forms.Textarea(attrs={"rows": 3})
LONGEST_DAYS = 1100
RECENT = datetime.timedelta(days=180)  # meetings that may have decided


class ArbitrationForm(OnceForm):
    capability = Capability.PROPOSE_ARBITRATION

    class Meta:
        model = Arbitration
        fields = ["territory", "title", "context", "decide_before"]
        widgets = {"context": SHORT, "decide_before": DayInput()}
        help_texts = {"context": NO_IDENTITY}


class OptionForm(OnceForm):
    """Places given or withdrawn, in houses of the territory of the sheet."""

    capability = Capability.SUMMARY

    class Meta:
        model = ArbitrationOption
        fields = ["title", "text", "houses", "places", "closes_houses", "starts_on", "ends_on", "cost"]
        widgets = {
            "text": SHORT,
            "houses": forms.CheckboxSelectMultiple,
            "starts_on": DayInput(),
            "ends_on": DayInput(),
        }
        help_texts = {
            "places": "Dans chacun\u00a0: négatif si elles sont retirées, positif si elles sont ajoutées.",
            "closes_houses": "Retire toutes les places de ces lieux sur la période.",
            "houses": "L’effet est calculé pour chacun, avec ses horaires, ses fermetures et son activité.",
        }

    def __init__(self, *args, sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.arbitration = sheet
        if self.instance.pk:
            self.initial["client_uuid"] = self.instance.client_uuid
        field = self.fields["houses"]
        field.queryset = field.queryset.within(sheet.territory, timezone.localdate()).order_by("name", "pk")

    def clean(self):
        given = super().clean()
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("ends_on", "Trois ans au plus\u00a0: au-delà, l’effet ne se calcule plus.")
        if (given.get("places") or given.get("closes_houses")) and not given.get("houses"):
            self.add_error("houses", "Dites dans quels lieux.")
        return given


class DecideForm(PerimeterForm):
    capability = Capability.PROPOSE_ARBITRATION
    option = forms.ModelChoiceField(
        label="Option retenue", queryset=ArbitrationOption.objects.all(), widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(label="Raison", max_length=4000, widget=SHORT, help_text=NO_IDENTITY)
    meeting = forms.ModelChoiceField(
        label="Réunion qui a tranché",
        queryset=Meeting.objects.all(),
        required=False,
        empty_label="aucune réunion suivie ici",
        help_text="La fiche et la réunion se renvoient l’une à l’autre.",
    )
    decided_in = forms.CharField(
        label="Autre instance",
        max_length=120,
        required=False,
        help_text="Si la décision n’a pas été prise dans une réunion suivie ici.",
    )

    def __init__(self, *args, sheet, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["option"]
        field.queryset = field.queryset.filter(arbitration=sheet)
        today = timezone.localdate()
        held = Meeting.objects.visible_to(kwargs["user"]).live().filter(held_on__range=(today - RECENT, today))
        self.fields["meeting"].queryset = held.select_related("series").order_by("-held_on", "-pk")

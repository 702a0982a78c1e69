import uuid

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterForm, PerimeterModelForm, SeveralRecords
from establishments.models import Capability, Establishment
from staffing.models import Employee

from ..models import (
    LocalAction,
    Milestone,
    NetworkEvent,
    Partner,
    PartnerContact,
    PartnerExchange,
    TraineePlace,
    TransversalProject,
)
from .days import NO_IDENTITY, OnceForm

PERIOD = {"starts_on": DayInput(), "ends_on": DayInput()}
SHORT = forms.Textarea(attrs={"rows": 3})


class TransversalForm(OnceForm):
    capability = Capability.STEER_PROJECTS

    class Meta:
        model = TransversalProject
        fields = ["territory", "title", "aim", "starts_on", "ends_on", "rule_kind", "rule_mode"]
        widgets = {**PERIOD, "aim": SHORT}
        help_texts = {
            "rule_kind": "Vide\u00a0: tous les types.",
            "rule_mode": "Vide\u00a0: tous les modes de gestion.",
        }


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = Milestone
        fields = ["title", "starts_on", "due_on", "after"]
        widgets = {"starts_on": DayInput(), "due_on": DayInput()}

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields["after"].queryset = project.milestones.all()
        self.fields["after"].empty_label = "Aucun"

    def clean_title(self):
        title = self.cleaned_data["title"]
        if self.instance.project.milestones.filter(title=title).exists():
            raise forms.ValidationError("Ce jalon existe déjà.")
        return title


class HousesForm(PerimeterForm):
    capability = Capability.SUMMARY
    houses = SeveralRecords(
        label="Lieux à ajouter", queryset=Establishment.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        there = project.targets.order_by().values("establishment")
        field = self.fields["houses"]
        field.queryset = field.queryset.within(project.territory, timezone.localdate()).exclude(pk__in=there)


class PartnerForm(PerimeterModelForm):
    capability = Capability.MANAGE_PARTNERS

    class Meta:
        model = Partner
        fields = ["territory", "name", "kind", "note"]
        widgets = {"note": SHORT}
        help_texts = {"note": NO_IDENTITY}

    def validate_unique(self):
        """The same partner again is the one already there (Partner.keep)."""


class ContactForm(forms.ModelForm):
    class Meta:
        model = PartnerContact
        fields = ["name", "role", "email", "phone", "starts_on"]
        widgets = {"starts_on": DayInput()}


class ExchangeForm(PerimeterModelForm):
    """Suggests the contacts who have not left."""

    capability = Capability.MANAGE_PARTNERS
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = PartnerExchange
        fields = ["held_on", "contact", "summary", "commitment", "due_on"]
        widgets = {"held_on": DayInput(), "due_on": DayInput(), "summary": SHORT}
        help_texts = {"summary": NO_IDENTITY}

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.partner = partner
        self.fields["contact"].queryset = partner.contacts.suggested(timezone.localdate())
        self.fields["contact"].empty_label = "Personne en particulier"

    def clean_client_uuid(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.cleaned_data["client_uuid"]


class LocalActionForm(OnceForm):
    capability = Capability.MANAGE_PARTNERS

    class Meta:
        model = LocalAction
        fields = ["territory", "title", "aim", "starts_on", "ends_on", "partners", "houses"]
        widgets = {
            **PERIOD,
            "aim": SHORT,
            "partners": forms.CheckboxSelectMultiple,
            "houses": forms.CheckboxSelectMultiple,
        }


class LocalReportForm(forms.Form):
    families = forms.IntegerField(
        label="Familles touchées", min_value=0, max_value=100_000, help_text="Un nombre, jamais un nom."
    )
    balance = forms.CharField(label="Bilan", max_length=4000, widget=SHORT)


class EventForm(OnceForm):
    capability = Capability.STEER_PROJECTS

    class Meta:
        model = NetworkEvent
        fields = ["territory", "kind", "title", "aim", "starts_on", "ends_on"]
        widgets = {**PERIOD, "aim": SHORT}


class ParticipationForm(PerimeterForm):
    """A house takes part: who is away from it these days enters its coverage."""

    capability = Capability.PROPOSE_LEAVE
    establishment = forms.ModelChoiceField(label="Lieu", queryset=Establishment.objects.all())
    away = SeveralRecords(
        label="Qui part", queryset=Employee.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self):
        given = super().clean()
        house = given.get("establishment")
        if house:
            there = set(Employee.objects.all().of(house, timezone.localdate()).values_list("pk", flat=True))
            if any(employee.pk not in there for employee in given.get("away", [])):
                self.add_error("away", "Une de ces personnes n’est pas affectée à ce lieu.")
        return given


class TraineeForm(OnceForm):
    class Meta:
        model = TraineePlace
        fields = ["establishment", "diploma", "school", "offered", "taken", "starts_on", "ends_on"]
        widgets = PERIOD
        help_texts = {"taken": "Un nombre, jamais un nom. Les stagiaires ne comptent jamais dans l’encadrement."}

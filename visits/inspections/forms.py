import uuid

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterModelForm
from establishments.models import Capability, Document, Level
from establishments.uploads import FORMATS, read_upload

from ..events.forms import NEVER
from ..models import Finding, FindingCheck, Inspection
from . import findings

FILE_HELP = f"{FORMATS}\u202f; 20\u00a0Mo au plus."


class WithFile(forms.Form):
    """A form with an optional file: `upload` is what it really is, once the form is valid."""

    file = forms.FileField(label="Fichier", required=False, max_length=255, help_text=FILE_HELP)
    upload = None

    def clean_file(self):
        if self.cleaned_data.get("file"):
            self.upload = read_upload(self.cleaned_data["file"])
        return self.cleaned_data.get("file")


def document_for(establishment, title):
    """A document of the house that its director reads: she answers for the finding."""
    return Document(
        establishment=establishment, title=title[:160], kind=Document.Kind.OTHER, level=Level.ETABLISSEMENT
    )


class InspectionForm(WithFile, PerimeterModelForm):
    capability = Capability.MANAGE_INSPECTIONS

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Inspection
        fields = ["establishment", "authority", "held_on", "is_announced", "subject", "reference", "answer_due_on"]
        widgets = {"held_on": DayInput(), "answer_due_on": DayInput()}
        help_texts = {"subject": NEVER}

    def __init__(self, *args, user, **kwargs):
        kwargs["initial"] = {"client_uuid": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, user=user, **kwargs)
        self.fields["establishment"].empty_label = "Choisir"
        self.fields["authority"].choices = [("", "Choisir"), *findings.AUTHORITIES.items()]
        self.fields["file"].label = "Courrier reçu"

    def clean(self):
        cleaned = super().clean()
        held, answer = cleaned.get("held_on"), cleaned.get("answer_due_on")
        if held and held > timezone.localdate():
            self.add_error("held_on", "Un contrôle s’enregistre une fois fait.")
        if held and answer and answer < held:
            self.add_error("answer_due_on", "La réponse est attendue après le contrôle.")
        return cleaned


class FindingForm(forms.ModelForm):
    """One finding in the words of the authority; who may enjoin, and what needs a delay, is the law's."""

    ORDERED = [("", "Ce que dit la nature (une injonction s’affiche)"), ("yes", "ordonné"), ("no", "non demandé")]

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    ordered = forms.ChoiceField(label="Affichage à l’entrée", choices=ORDERED, required=False)

    class Meta:
        model = Finding
        fields = ["nature", "text", "article", "due_on"]
        widgets = {"due_on": DayInput(), "text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": NEVER}

    def __init__(self, inspection, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.inspection = inspection
        allowed = [pair for pair in findings.NATURES.items() if findings.may_find(inspection.authority, pair[0])]
        self.fields["nature"].choices = [("", "Choisir"), *allowed]
        self.fields["due_on"].label = "À corriger avant le"

    def clean(self):
        cleaned = super().clean()
        due = cleaned.get("due_on")
        if findings.needs_delay(cleaned.get("nature", "")) and not due:
            self.add_error("due_on", "Une injonction et une prescription portent un délai.")
        if due and due < self.inspection.held_on:
            self.add_error("due_on", "Le délai suit le contrôle.")
        return cleaned

    def finding(self):
        row, ordered = self.instance, self.cleaned_data["ordered"]
        row.client_uuid = self.cleaned_data["client_uuid"]
        row.must_display = findings.is_displayed(row.nature, ordered == "yes" if ordered else None)
        return row


class AnswerForm(forms.Form):
    on = forms.DateField(label="Envoyée le", widget=DayInput())
    text = forms.CharField(
        label="Ce que dit la réponse", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), help_text=NEVER
    )


class ProofForm(WithFile):
    note = forms.CharField(label="Ce que montre la preuve", max_length=300, help_text=NEVER)
    field_order = ["note", "file"]


class DisplayForm(forms.Form):
    on = forms.DateField(label="Affiché le", widget=DayInput())


class CheckForm(forms.ModelForm):
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = FindingCheck
        fields = ["checked_on", "outcome", "is_on_site", "note", "due_after"]
        widgets = {"checked_on": DayInput(), "due_after": DayInput()}
        help_texts = {"due_after": "Si le constat est maintenu.", "note": NEVER}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [("", "Choisir"), *FindingCheck.Outcome.choices]
        self.fields["due_after"].required = False

    def check(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.instance

import uuid
from copy import copy

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterModelForm
from establishments.models import Capability, Document, Level
from establishments.uploads import FORMATS, read_upload
from establishments.workflow import StaleVersion, TransitionRefused

from ..events.forms import NEVER
from ..models import Finding, FindingCheck, Inspection
from . import findings
from .corrections import KEPT, label_of, said

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


class CorrectionForm(FindingForm):
    """The same finding, put right: from the version the page showed, with why once others relied on its wording."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(label="Motif de la correction", max_length=300, help_text=NEVER)

    def __init__(self, finding, *args, **kwargs):
        # A copy: an invalid form must not change the finding that the page shows beside it.
        super().__init__(finding.inspection, *args, instance=copy(finding), **kwargs)
        usual = findings.is_displayed(finding.nature, None)
        self.initial |= {"version": finding.version, "client_uuid": uuid.uuid4()}
        self.initial["ordered"] = "" if finding.must_display == usual else ("yes" if finding.must_display else "no")
        self.fields["reason"].required = finding.is_settled
        self.moved = 0  # how many measures took the new delay

    def correct(self, *, by):
        """Save, or say what somebody else saved meanwhile and keep what was typed. True when saved."""
        row, given = self.instance, self.cleaned_data
        ordered = given["ordered"]
        row.must_display = findings.is_displayed(row.nature, ordered == "yes" if ordered else None)
        try:
            self.moved = row.correct(
                by=by, seen=given["version"], client_uuid=given["client_uuid"], reason=given["reason"]
            )
        except TransitionRefused as refused:
            self.add_error(None, str(refused))
        except StaleVersion as stale:
            self._show_both(stale.current)
        return not self.errors

    def _show_both(self, stored):
        facts = "\u202f; ".join(f"{label_of(name)}\u00a0: {said(stored, name)}" for name in KEPT)
        self.add_error(
            None,
            f"Quelqu’un a modifié ce constat pendant votre saisie. Enregistré à présent\u00a0: {facts}. "
            "Votre saisie est gardée ci-dessous\u00a0: enregistrez de nouveau pour la retenir.",
        )
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored.version)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Pourquoi ce constat n’aurait pas dû être noté", max_length=300, help_text=NEVER)
    with_measures = forms.BooleanField(label="Abandonner aussi ses mesures en cours", required=False)


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

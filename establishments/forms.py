from django import forms
from django.core.exceptions import ValidationError

from core.free_text import find_concerns

from .door import PerimeterModelForm
from .models import Capability, CapacityChange, Closure, Document, Level, Obligation, TakingOfficeStep
from .uploads import FORMATS, read_upload


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class RecordForm(PerimeterModelForm):
    """A form about one house, which the address gives and the form never carries."""

    def __init__(self, *args, establishment, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.establishment = establishment
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [(value, label if value else "Choisir…") for value, label in field.choices]

    def advice(self):
        """What to look at again in what was typed: an identity, somebody's health. It never blocks."""
        texts = [value for value in self.cleaned_data.values() if isinstance(value, str)]
        return list(dict.fromkeys(concern.advice for text in texts for concern in find_concerns(text)))


class ClosureForm(RecordForm):
    capability = Capability.SUMMARY  # a house of the next sector may welcome

    class Meta:
        model = Closure
        fields = ["starts_on", "ends_on", "cause", "part", "label", "host", "families_informed_on"]
        widgets = {"starts_on": DateInput(), "ends_on": DateInput(), "families_informed_on": DateInput()}
        help_texts = {"host": "Où les enfants sont accueillis pendant la fermeture."}

    def __init__(self, *args, establishment, **kwargs):
        super().__init__(*args, establishment=establishment, **kwargs)
        self.fields["host"].queryset = self.fields["host"].queryset.exclude(pk=establishment.pk)
        self.fields["host"].empty_label = "Aucun"


class CapacityChangeForm(RecordForm):
    class Meta:
        model = CapacityChange
        fields = ["places", "reason", "note", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts = {
            "note": "Jamais le nom d’une personne ni le motif d’une absence.",
            "ends_on": "Laissez vide si la date de retour n’est pas connue.",
        }


class ObligationForm(RecordForm):
    class Meta:
        model = Obligation
        fields = ["done_on", "expires_on", "evidence", "note"]
        widgets = {"done_on": DateInput(), "expires_on": DateInput()}

    def __init__(self, *args, establishment, **kwargs):
        super().__init__(*args, establishment=establishment, **kwargs)
        self.fields["evidence"].queryset = self.fields["evidence"].queryset.of(establishment)
        self.fields["evidence"].empty_label = "Aucun"


class TakingOfficeStepForm(RecordForm):
    """Says when a step was done; the step gives its house."""

    class Meta:
        model = TakingOfficeStep
        fields = ["done_on", "note"]
        widgets = {"done_on": DateInput()}
        help_texts = {"note": "Ce qui a été dit ou remis\u202f; la personne accompagnée la lit."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].required = True


class DocumentForm(RecordForm):
    """A file to deposit: `upload` is what it really is, once the form is valid."""

    LEVELS = [Level.PUBLIC, Level.ETABLISSEMENT, Level.POLE]  # named readers are given elsewhere

    file = forms.FileField(
        label="Fichier",
        help_text=f"{FORMATS}\u202f; 20\u00a0Mo au plus.",
        max_length=255,
        error_messages={"empty": "Ce fichier est vide."},
    )

    class Meta:
        model = Document
        fields = ["title", "kind", "level"]

    field_order = ["file", "title", "kind", "level"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.value, level.label) for level in self.LEVELS]
        self.fields["title"].required = False
        self.fields["title"].help_text = "Le nom du fichier si vous ne dites rien."

    def clean_level(self):
        if self.cleaned_data["level"] not in self.LEVELS:
            raise ValidationError("Ce niveau de lecture ne se choisit pas ici.", code="invalid_choice")
        return self.cleaned_data["level"]

    def clean_file(self):
        self.upload = read_upload(self.cleaned_data["file"])
        return self.cleaned_data["file"]

    def clean(self):
        cleaned = super().clean()
        if "file" in cleaned and not cleaned.get("title"):
            cleaned["title"] = self.upload.filename.rsplit(".", 1)[0]
        return cleaned

import uuid

from django import forms
from django.utils import timezone

from core.models import User
from establishments.door import PerimeterForm
from establishments.models import Capability

from ..models import DoubleRating, FunctioningReview, Observation
from .choices import possible_raters, reaches, texts_of

RATINGS = [("", "à coter"), *Observation.Rating.choices]


class OpenForm(PerimeterForm):
    """Which text, with whom, for real or to train."""

    capability = Capability.CONDUCT_REVIEW

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.ChoiceField(label="Texte à coter")
    second = forms.ModelChoiceField(User.objects.all(), label="Avec")
    training = forms.BooleanField(
        label="Entraînement",
        required=False,
        help_text="Sur un compte rendu ou une analyse déjà validés\u00a0: rien n’y change.",
    )

    def __init__(self, *args, **kwargs):
        user, today = kwargs["user"], timezone.localdate()
        kwargs["initial"] = {"client_uuid": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["second"].queryset = possible_raters(user, today)
        self.texts = texts_of(user)
        self.fields["text"].choices = [("", "—"), *((key, label) for key, (_, label) in self.texts.items())]

    def clean(self):
        wanted = super().clean()
        text, _ = self.texts.get(wanted.get("text"), (None, ""))
        second = wanted.get("second")
        if text is not None and second is not None and not reaches(second, text):
            self.add_error("second", "Cette personne n’a pas accès à ce texte.")
        return wanted

    def save(self, *, by):
        """The rating, opened; the same form twice gives the same one."""
        wanted = self.cleaned_data
        text, _ = self.texts[wanted["text"]]
        column = "review" if isinstance(text, FunctioningReview) else "visit"
        double = DoubleRating(
            establishment=text.establishment, second=wanted["second"], training=wanted["training"], **{column: text}
        )
        return double.start(by=by, client_uuid=wanted["client_uuid"])


class SheetForm(forms.Form):
    """One's own sheet: a rating and a note for each point."""

    def __init__(self, points, answers, data=None):
        super().__init__(data)
        self.points = list(points)
        for point in self.points:
            answer = answers.get(point.pk)
            self.fields[f"{point.key}-rating"] = forms.ChoiceField(
                label="Appréciation", choices=RATINGS, required=False, initial=answer.rating if answer else ""
            )
            self.fields[f"{point.key}-note"] = forms.CharField(
                label="Ce qui me le fait dire", max_length=300, required=False, initial=answer.note if answer else ""
            )
            _named(self, point, "rating", "note")

    def rows(self):
        return [(point, self[f"{point.key}-rating"], self[f"{point.key}-note"]) for point in self.points]

    def answers(self):
        wanted = self.cleaned_data
        return {one.key: (wanted[f"{one.key}-rating"], wanted[f"{one.key}-note"]) for one in self.points}


class RetainForm(forms.Form):
    """The value retained, and why, for each point where they differed."""

    def __init__(self, lines, data=None):
        super().__init__(data)
        self.lines = [line for line in lines if not line.agrees]
        for line in self.lines:
            key = line.point.key
            self.fields[f"{key}-rating"] = forms.ChoiceField(label="Valeur retenue", choices=RATINGS[1:])
            self.fields[f"{key}-reason"] = forms.CharField(label="Pourquoi", max_length=300)
            _named(self, line.point, "rating", "reason")

    def rows(self):
        return [(line, self[f"{line.point.key}-rating"], self[f"{line.point.key}-reason"]) for line in self.lines]

    def retained(self):
        wanted = self.cleaned_data
        keys = [line.point.key for line in self.lines]
        return {key: (wanted[f"{key}-rating"], wanted[f"{key}-reason"]) for key in keys}


def _named(form, point, *names):
    """Each field says which point it is about to whoever hears it alone."""
    for name in names:
        field = form.fields[f"{point.key}-{name}"]
        field.widget.attrs["aria-label"] = f"{field.label}\u00a0: {point.label}"

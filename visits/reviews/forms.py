import uuid

from django import forms

from core.calendar import add_months
from core.french import short_date
from establishments.door import PerimeterForm
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..entry import possible_owners
from ..models import FunctioningReview, ReviewItem
from .campaign import INTERVAL_MONTHS
from .scheduling import schedule, without_review

LONGEST = 10_000
NEVER = "Ni nom d’enfant ou de famille, ni donnée de santé."


def _day(label, **more):
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class ScheduleForm(PerimeterForm):
    """Put a review on the calendar of a house in régie that has none under way."""

    capability = Capability.CONDUCT_REVIEW

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    establishment = forms.ModelChoiceField(Establishment.objects.all(), label=titled("{establishment}"))
    due_on = _day(
        "À valider avant le",
        required=False,
        help_text="Vide\u00a0: vingt-quatre mois après la dernière, ou à partir d’aujourd’hui.",
    )

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"client_uuid": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        houses = self.fields["establishment"]
        houses.queryset = without_review(houses.queryset)

    def save(self, *, by):
        """The review, scheduled; the same form twice gives the same one."""
        return schedule(by=by, **self.cleaned_data)


class ReviewItemForm(forms.ModelForm):
    """The rating, the comment and the reason of one point: what the coordinator decides, the facts being shown."""

    class Meta:
        model = ReviewItem
        fields = ["rating", "comment", "reason"]
        widgets = {"comment": forms.Textarea(attrs={"rows": 2}), "reason": forms.TextInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.instance
        self.prefix = item.key
        self.fields["comment"].max_length = LONGEST
        if not item.previous_rating:
            del self.fields["reason"]
        self.fields["rating"].choices = [("", "à apprécier"), *ReviewItem.Rating.choices]
        for name, field in self.fields.items():
            field.label = f"{field.label.capitalize()}"
            field.widget.attrs["aria-label"] = f"{field.label}\u00a0: {item.label}"
            if name == "comment":
                field.help_text = "Vide\u00a0: la proposition est retenue." if item.proposal else ""


class SummaryForm(forms.ModelForm):
    """The synthesis, and the version of the review that the page was drawn from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"seen": kwargs["instance"].version}, **kwargs)

    class Meta:
        model = FunctioningReview
        fields = ["summary"]
        labels = {"summary": "Synthèse"}
        help_texts = {"summary": "Trois à cinq lignes, ce qui se lit en premier. " + NEVER}
        widgets = {"summary": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST})}


class OpinionForm(forms.Form):
    """What the director, then the head of the pôle, says of the whole review."""

    opinion = forms.CharField(
        label="Avis", max_length=LONGEST, help_text=NEVER, widget=forms.Textarea(attrs={"rows": 4})
    )


class PlanForm(forms.Form):
    """One more action of the plan of twenty-four months."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label="Action", max_length=200)
    due_on = _day("Échéance")
    owner = forms.ChoiceField(label="Confiée à", required=False)

    def __init__(self, review, today, data=None):
        super().__init__(data, initial={"client_uuid": uuid.uuid4()})
        self.people = dict(possible_owners(review.establishment, today))
        self.fields["owner"].choices = [("", "—"), *self.people.items()]
        last = add_months(review.until, INTERVAL_MONTHS)
        self.fields["due_on"].help_text = f"Du {short_date(review.until)} au {short_date(last)}."

    def wanted(self):
        """What `plan.raise_action` takes."""
        owner = self.cleaned_data["owner"]
        return {**self.cleaned_data, "owner": int(owner) if owner else None}


class MoveForm(forms.Form):
    """Another month for a review of the campaign: `mois` as "2026-09", empty to give the choice back to the plan."""

    month = forms.DateField(label="Mois", input_formats=["%Y-%m"], required=False)

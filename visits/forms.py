"""Forms of a visit. They check the shape of what is typed; what a report must hold is in completeness.py."""

from django import forms
from django.utils import timezone

from core.french import capitalise
from core.inputs import DayInput, HourInput
from establishments.door import PerimeterForm, PerimeterModelForm
from establishments.models import Capability
from projects.models import ActionItem

from . import completeness
from .models import PARAGRAPH_LEVELS, ActionCheck, Observation, Remark, Visit
from .planning import plan_visit
from .ratio import groups

MOST_PEOPLE = 999
COUNTS = [
    "expected_non_walkers",
    "expected_walkers",
    "present_non_walkers",
    "present_walkers",
    "staff_category_1",
    "staff_category_2",
    "staff_other",
]


def paragraph(rows=4):
    return forms.Textarea(attrs={"rows": rows})


class VisitForm(PerimeterModelForm):
    """The visit itself: the day, its context, the texts of the report."""

    mark_optional = False  # a draft requires nothing but its date
    capability = Capability.LOG_VISIT
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Visit
        fields = [
            "kind",
            "visited_on",
            "starts_at",
            "ends_at",
            "is_announced",
            "is_on_site",
            "directing",
            "sections_seen",
            *COUNTS,
            "context_note",
            "context_note_level",
            "interview",
            "interview_level",
            "decisions",
            "decisions_level",
            "summary",
            "summary_level",
            "next_visit_on",
        ]
        widgets = {
            "visited_on": DayInput(),
            "next_visit_on": DayInput(),
            "starts_at": HourInput(),
            "ends_at": HourInput(),
            "context_note": paragraph(3),
            "interview": paragraph(),
            "decisions": paragraph(),
            "summary": paragraph(5),
        }

    def __init__(self, *args, rule=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].required = True
        for name in COUNTS:
            field = self.fields[name]
            field.max_value = MOST_PEOPLE
            field.widget.attrs.update(min=0, max=MOST_PEOPLE, inputmode="numeric")
        first, second = groups(rule)
        self.fields["expected_non_walkers"].label = f"Attendus, {first}"
        self.fields["expected_walkers"].label = f"Attendus, {second}"
        self.fields["present_non_walkers"].label = f"Présents, {first}"
        self.fields["present_walkers"].label = f"Présents, {second}"
        for name, field in self.fields.items():
            field.label = capitalise(str(field.label)) if field.label else field.label
            if name.endswith("_level"):
                field.label = "Niveau de lecture"

    def clean(self):
        """The shape is refused by the rules that the browser holds too (rules.json)."""
        cleaned = super().clean()
        answers = {name: completeness.plain(value) for name, value in cleaned.items()}
        answers["today"] = timezone.localdate().isoformat()
        for gap in completeness.missing(answers, completeness.SHAPE, over=completeness.VISIT):
            if gap.field not in self.errors:
                self.add_error(gap.field, gap.message)
        return cleaned


class ObservationForm(forms.ModelForm):
    """One item of the grid."""

    mark_optional = False  # a draft requires nothing but its date

    class Meta:
        model = Observation
        fields = ["rating", "fact", "appreciation", "nature", "level"]
        widgets = {"rating": forms.RadioSelect, "fact": paragraph(), "appreciation": paragraph(3)}
        labels = {
            "rating": "Appréciation",
            "fact": "Ce que j’ai vu",
            "appreciation": "Ce que j’en pense",
            "nature": "C’est",
            "level": "Niveau de lecture",
        }
        help_texts = {"fact": "Un fait, un lieu, une heure ; ni nom d’enfant ni donnée de santé."}

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, prefix=f"o-{item.pk}", use_required_attribute=False, **kwargs)
        self.item = item
        self.fields["nature"].choices = [("", "Sans qualification"), *Observation.Nature.choices]

    @property
    def says_something(self):
        cleaned = self.cleaned_data
        return cleaned["rating"] != Observation.Rating.NOT_OBSERVED or any(
            cleaned[name] for name in ("nature", "fact", "appreciation")
        )


class CheckForm(forms.ModelForm):
    """The state of one open action, as seen."""

    mark_optional = False  # a draft requires nothing but its date

    class Meta:
        model = ActionCheck
        fields = ["state", "note"]
        widgets = {"state": forms.RadioSelect, "note": paragraph(2)}
        labels = {"state": "État constaté", "note": "Précision"}

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, prefix=f"a-{action.pk}", use_required_attribute=False, **kwargs)
        self.action = action
        self.fields["state"].required = False
        self.fields["state"].choices = ActionCheck.State.choices

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("note") and not cleaned.get("state"):
            self.add_error("state", "Donnez l’état de l’action, ou « non vu ».")
        return cleaned


class NewActionForm(forms.Form):
    """A row for an action to raise; an empty title raises nothing, emptied later it withdraws the action."""

    mark_optional = False  # a draft requires nothing but its date
    title = forms.CharField(label="Action", max_length=200, required=False)
    due_on = forms.DateField(label="Échéance", required=False, widget=DayInput())
    owner = forms.ChoiceField(label="Responsable de l’action", required=False)
    level = forms.ChoiceField(label="Niveau de lecture", choices=PARAGRAPH_LEVELS)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, owners, item=None, action=None, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.item, self.action = item, action
        self.fields["owner"].choices = [("", "Personne pour l’instant"), *owners]

    @property
    def action_moved(self):
        return self.action.status != ActionItem.Status.TO_START or self.action.checks.exists()

    def clean(self):
        cleaned = super().clean()
        if self.action and not cleaned.get("title") and self.action_moved:
            self.add_error("title", "Cette action est déjà suivie : elle s’abandonne, elle ne s’efface plus.")
        if "due_on" not in self.errors:
            for gap in completeness.missing(
                {"new_actions": [cleaned]}, completeness.SHAPE, over=completeness.NEW_ACTIONS
            ):
                self.add_error(gap.field, gap.message)
        return cleaned


class PlanForm(PerimeterModelForm):
    """A visit to come."""

    capability = Capability.LOG_VISIT
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Visit
        fields = ["establishment", "kind", "planned_on", "planned_at", "grid", "is_announced"]
        widgets = {"planned_on": DayInput(), "planned_at": HourInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["planned_on"].required = True
        grids = self.fields["grid"]
        grids.queryset = grids.queryset.active()
        grids.empty_label = "La grille habituelle"

    def clean_planned_on(self):
        day = self.cleaned_data["planned_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Une visite se planifie pour aujourd’hui ou plus tard.")
        return day

    def plan(self, *, by):
        """The planned visit; the one already made when the same page is sent twice."""
        key = self.cleaned_data["client_uuid"]
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return plan_visit(key, by=by, **given)


class CancelForm(forms.Form):
    reason = forms.CharField(label="Motif", max_length=200)


class PostponeForm(CancelForm):
    to = forms.DateField(label="Nouvelle date", widget=DayInput())
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)


class AnswerForm(PerimeterForm):
    """A remark a field, so that each gets its own answer."""

    MORE = 4

    remark = forms.CharField(
        label="Vos observations",
        widget=paragraph(6),
        help_text="Sur les faits ; ni nom d’enfant ni donnée de santé. Une observation par sujet : chacune "
        "aura sa réponse.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(2, self.MORE + 2):
            self.fields[f"remark_{number}"] = forms.CharField(
                label=f"Observation {number}", widget=paragraph(3), required=False
            )

    def clean(self):
        """`remark` becomes the list of what was written, in order."""
        cleaned = super().clean()
        if "remark" in cleaned:
            others = [cleaned.get(f"remark_{number}", "") for number in range(2, self.MORE + 2)]
            cleaned["remark"] = [text for text in (cleaned["remark"], *others) if text]
        return cleaned

    @property
    def more_fields(self):
        return [self[f"remark_{number}"] for number in range(2, self.MORE + 2)]


class RemarkForm(forms.Form):
    """What the coordinator makes of one remark."""

    decision = forms.ChoiceField(label="Suite donnée", choices=Remark.Decision.choices)
    reason = forms.CharField(
        label="Motif du refus, ou ce que l’observation change", required=False, widget=paragraph(3)
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == Remark.Decision.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", "Une observation se refuse avec son motif.")
        return cleaned

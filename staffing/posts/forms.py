from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.admin_versions import FIELD, conflict, sealed, snapshot
from establishments.models import Capability

from ..development.forms import OnceForm
from ..models import AccidentYear, DisciplinaryMeeting, OccupationalRisk, Post, Recruitment

DATES = "Des dates et des nombres\u00a0: aucun nom de candidat."


class FollowedForm(OnceForm):
    """A row that several people follow: what moved since the page was read is said, what was typed is kept.

    To be made under the journal's lock, so that the row compared is the one that is written.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.moved = None
        if self.instance.pk:
            self.fields[FIELD] = forms.CharField(widget=forms.HiddenInput, required=False)
            self.initial[FIELD] = sealed(snapshot(self.instance, []))
            self.moved = conflict(self.instance, [], self.data.get(self.add_prefix(FIELD)))
        if self.moved is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix(FIELD)] = self.initial[FIELD]  # saving again is then a choice

    def clean(self):
        given = super().clean()
        if self.moved is not None:
            self.add_error(None, self.moved)
        return given


class PostForm(OnceForm):
    capability = Capability.MANAGE_POSTS

    class Meta:
        model = Post
        fields = ["establishment", "job", "fte", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}


class RecruitmentForm(FollowedForm):
    capability = Capability.MANAGE_POSTS

    class Meta:
        model = Recruitment
        fields = ["establishment", "job", "asked_on", "published_on", "commission_on", "filled_on"]
        fields += ["candidates", "seen", "status"]
        widgets = dict.fromkeys(["asked_on", "published_on", "commission_on", "filled_on"], DayInput())
        help_texts = {"candidates": DATES}


class RiskForm(OnceForm):
    class Meta:
        model = OccupationalRisk
        fields = ["establishment", "hazard", "severity", "frequency", "measure", "review_on"]
        widgets = {"review_on": DayInput()}
        help_texts = {"measure": "Ni nom, ni donnée de santé."}


class AccidentForm(OnceForm):
    class Meta:
        model = AccidentYear
        fields = ["establishment", "year", "accidents", "with_leave"]


class DisciplineForm(FollowedForm):
    """Dates only: there is no field where a name or a motive could be typed."""

    capability = Capability.APPRAISE

    class Meta:
        model = DisciplinaryMeeting
        fields = ["establishment", "convened_on", "meeting_on", "answered_on"]
        widgets = dict.fromkeys(["convened_on", "meeting_on", "answered_on"], DayInput())

    def clean_convened_on(self):
        day = self.cleaned_data["convened_on"]
        if day < DisciplinaryMeeting.oldest(timezone.localdate()):
            raise forms.ValidationError("Cette convocation a dépassé sa durée de conservation.")
        return day

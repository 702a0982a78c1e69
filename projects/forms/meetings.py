import uuid

from django import forms

from core.inputs import DayInput, HourInput
from core.models import User
from core.pages import UNREADABLE
from establishments.door import SeveralRecords
from establishments.filters import TreeChoiceField
from establishments.models import Capability

from ..models import Meeting, MeetingSeries, Subject
from ..owners import people_around
from .days import NO_IDENTITY, OnceForm

MANAGE = Capability.MANAGE_MEETINGS
LONGEST_MINUTES = 40_000
HOW_TO = (
    "Une ligne «\u00a0décision\u00a0: …\u00a0» ou «\u00a0action\u00a0: @prénom … avant le 12\u00a0mars\u00a0» devient "
    "un objet suivi. Le reste est de l’information. "
)


class SeriesForm(OnceForm):
    """A series and its members: people who work over the territory, in it, or in one of its houses."""

    capability = MANAGE
    members = SeveralRecords(
        label="Membres",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils reçoivent l’appel à sujets, l’ordre du jour et le relevé.",
    )

    class Meta:
        model = MeetingSeries
        fields = ["territory", "kind", "title", "every", "length"]
        field_classes = {"territory": TreeChoiceField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        territory = self._territory()
        if territory is None:
            del self.fields["members"]  # chosen once the territory is: the next page asks for them
            return
        self.fields["members"].queryset = people_around(territory).order_by("last_name", "first_name", "pk")
        if self.instance.pk:
            self.initial["members"] = list(self.instance.memberships.values_list("person", flat=True))

    def _territory(self):
        asked = str(self.data.get("territory") or self.initial.get("territory") or "")
        if not asked.isdecimal() or len(asked) > 18:
            return None
        return self.fields["territory"].queryset.filter(pk=int(asked)).first()


class SeriesEditForm(SeriesForm):
    """The territory stays: its meetings were read by those who see it."""

    client_uuid = None

    class Meta(SeriesForm.Meta):
        fields = ["kind", "title", "every", "length", "is_closed"]

    def _territory(self):
        return self.instance.territory


class MeetingForm(OnceForm):
    capability = MANAGE
    link = forms.URLField(label="Lien de visioconférence", required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Meeting
        fields = ["held_on", "starts_at", "length", "follow_up", "place", "link", "calls_until"]
        widgets = {"held_on": DayInput(), "starts_at": HourInput(), "calls_until": DayInput()}
        help_texts = {
            "follow_up": "Au début, pour ce qui n’est pas fait depuis les réunions précédentes.",
            "calls_until": "Les membres sont prévenus et proposent leurs sujets jusqu’à ce jour.",
        }

    def _get_validation_exclusions(self):
        """The series is given by the page: « une réunion par jour » is said in the form too."""
        return super()._get_validation_exclusions() - {"series", "status"}

    def _post_clean(self):
        """The same form sent again is the meeting already there (Meeting.keep), not a second one on that day."""
        key = self.cleaned_data.get("client_uuid")
        if key is None or not Meeting._base_manager.filter(client_uuid=key).exists():
            super()._post_clean()


class MeetingEditForm(MeetingForm):
    client_uuid = None


class SubjectForm(OnceForm):
    capability = Capability.JOIN_MEETINGS

    class Meta:
        model = Subject
        fields = ["title", "detail", "priority", "minutes", "sponsor"]
        widgets = {"detail": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"detail": NO_IDENTITY, "sponsor": "Vous, si vous ne choisissez personne."}

    def __init__(self, *args, series, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.series = series
        self.fields["sponsor"].queryset = series.members.order_by("last_name", "first_name", "pk")
        self.fields["sponsor"].empty_label = "Moi"
        self.initial.setdefault("client_uuid", uuid.uuid4())


class MinutesForm(forms.Form):
    """The text of the minutes, with the number of the entry it was drawn from."""

    mark_optional = False
    text = forms.CharField(
        label="Relevé",
        max_length=LONGEST_MINUTES,
        required=False,
        strip=False,
        help_text=HOW_TO + NO_IDENTITY,
        widget=forms.Textarea(attrs={"rows": 18, "data-minutes": "", "spellcheck": "true"}),
    )
    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_text(self):
        return UNREADABLE.sub("", self.cleaned_data["text"].replace("\r\n", "\n")).rstrip()

"""Forms of the tours: what to plan, what is urgent, where a visit goes, when she is not available."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from core.french import counted
from core.inputs import DayInput
from establishments.door import PerimeterForm, PerimeterModelForm
from establishments.filters import TreeChoiceField
from establishments.models import Capability, Establishment, Territory
from establishments.vocabulary import said, titled, words

from .models import BusyPeriod, TourPlan, VisitKind
from .models.tours import HALF_DAYS

MOST_HOUSES = 150
FARTHEST = timedelta(days=90)
URGENT_KINDS = [
    VisitKind.UNANNOUNCED,
    VisitKind.REGULAR,
    VisitKind.THEMATIC,
    VisitKind.SENSITIVE_SUPPORT,
    VisitKind.FOLLOW_UP,
]


def next_monday(today):
    return today + timedelta(days=-today.weekday() % 7)


class TourForm(PerimeterModelForm):
    capability = Capability.LOG_VISIT
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    visits_a_day = forms.TypedChoiceField(
        label="Visites par jour au plus", coerce=int, choices=[(n, str(n)) for n in range(1, 5)], initial=2
    )

    class Meta:
        model = TourPlan
        fields = ["starts_on", "territory", "base", "visits_a_day"]
        widgets = {"starts_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = kwargs["user"]
        self.fields["territory"].empty_label = said("Tous mes {establishment.plural}")
        self.fields["base"].empty_label = said("Le milieu de mes {establishment.plural}")
        self.fields["base"].help_text = titled(
            "{establishment.un} proche de votre bureau : les trajets partent de là."
        )

    def clean_starts_on(self):
        day, today = self.cleaned_data["starts_on"], timezone.localdate()
        if not today <= day <= today + FARTHEST:
            raise forms.ValidationError("Une tournée commence aujourd’hui ou dans les trois mois.")
        return day

    def clean(self):
        cleaned = super().clean()
        houses = Establishment.objects.visible_to(self.user, Capability.LOG_VISIT)
        if cleaned.get("territory"):
            houses = houses.within(cleaned["territory"])
        number = houses.count()
        if number > MOST_HOUSES:
            many = words().establishment.counted(number)
            self.add_error("territory", f"{many} : c’est trop pour une tournée. Choisissez {words().sector.un}.")
        return cleaned


class UrgentForm(PerimeterForm):
    capability = Capability.LOG_VISIT
    establishment = forms.ModelChoiceField(
        queryset=Establishment.objects.all(), label=titled("{establishment}"), empty_label="Choisissez"
    )
    kind = forms.ChoiceField(label="Type de visite", choices=[(kind.value, kind.label) for kind in URGENT_KINDS])
    due_on = forms.DateField(label="À faire avant le", widget=DayInput())

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if not self.plan.starts_on <= day <= self.plan.ends_on:
            raise forms.ValidationError("L’échéance tombe pendant la tournée.")
        return day


class MoveForm(forms.Form):
    day = forms.DateField(label="Jour", widget=DayInput())
    half_day = forms.ChoiceField(label="Moment", choices=HALF_DAYS)


class BusyForm(forms.ModelForm):
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = BusyPeriod
        fields = ["starts_on", "ends_on", "half_day"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["half_day"].required = False

    def keep(self, *, by):
        """The period, once a key."""
        key = self.cleaned_data["client_uuid"]
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return BusyPeriod.objects.get_or_create(client_uuid=key, defaults={**given, "person": by})[0]

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and (last - first).days > 366:
            self.add_error("ends_on", f"Au plus un an : {counted((last - first).days, 'jour')} sont demandés.")
        return cleaned


class AgendaForm(PerimeterForm):
    territory = TreeChoiceField(
        label="Territoire", queryset=Territory.objects.all(), required=False, empty_label="Tout mon périmètre"
    )

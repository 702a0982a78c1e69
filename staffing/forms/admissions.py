"""A place to simulate: an age group, weekdays, hours; nothing of a family. In the address of the page."""

from datetime import time, timedelta

from django import forms
from django.core.exceptions import ValidationError

from core.french import WEEKDAYS
from core.inputs import DayInput, HourInput
from establishments.door import PerimeterForm
from establishments.models import Capability, Establishment, Territory
from establishments.vocabulary import titled

from ..admissions import Admission

AHEAD = timedelta(days=366)
WALKS = {"marche-pas": False, "marche": True}


class AdmissionForm(PerimeterForm):
    """Everything has a value to start from: the page answers at once."""

    capability = Capability.VIEW_AGGREGATES
    territoire = forms.ModelChoiceField(
        Territory.objects.all(), label="Territoire", required=False, empty_label="Tout mon périmètre"
    )
    etablissement = forms.ModelChoiceField(
        Establishment.objects.all(), label=titled("{establishment}"), required=False, empty_label="Comparer tous"
    )
    age = forms.ChoiceField(
        label="Âge",
        choices=[("marche-pas", "ne marche pas encore"), ("marche", "marche")],
        help_text="En jardin d’enfants\u00a0: moins de trois ans, puis trois ans et plus.",
    )
    places = forms.IntegerField(label="Combien de places", min_value=1, max_value=20)
    jours = forms.MultipleChoiceField(
        label="Jours", choices=[(str(n), WEEKDAYS[n - 1]) for n in range(1, 6)], widget=forms.CheckboxSelectMultiple
    )
    de = forms.TimeField(label="De", widget=HourInput())
    a = forms.TimeField(label="À", widget=HourInput())
    des_le = forms.DateField(label="À partir du", widget=DayInput())
    semaines = forms.IntegerField(label="Semaines jugées", min_value=1, max_value=8)

    def __init__(self, data=None, *, user, today):
        self.today = today
        start = today + timedelta(days=7 - today.weekday())
        self.usual = {"age": "marche-pas", "places": 1, "jours": ["1", "2", "3", "4", "5"], "semaines": 4}
        self.usual |= {"de": time(8, 30), "a": time(17, 30), "des_le": start}
        super().__init__(data, user=user, initial=self.usual)

    def clean_des_le(self):
        if not self.today <= self.cleaned_data["des_le"] <= self.today + AHEAD:
            raise ValidationError("Choisissez un jour à venir, d’un an au plus.")
        return self.cleaned_data["des_le"]

    def clean(self):
        given = super().clean()
        if given.get("de") and given.get("a") and given["de"] >= given["a"]:
            self.add_error("a", "L’heure de fin précède l’heure de début.")
        return given

    @property
    def asked(self):
        """What is asked, or the usual place while nothing is; None when what was typed makes no sense."""
        if not self.is_bound:
            return self.usual | {"territoire": None, "etablissement": None}
        return self.cleaned_data if self.is_valid() else None


def admission_of(asked) -> Admission:
    start, end = (asked[name].hour * 60 + asked[name].minute for name in ("de", "a"))
    return Admission({int(day): (start, end) for day in asked["jours"]}, WALKS[asked["age"]], asked["places"])

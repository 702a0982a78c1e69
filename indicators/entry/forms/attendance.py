from django import forms
from django.utils import timezone

from core.french import short_date
from establishments.workflow import StaleVersion

from ...half_hours import HALF_HOURS, MOST, clock
from ...models import DailyActivity, ExpectedAttendance
from ..attendance import WEEKDAY_NAMES, keep_day, keep_expected, widened

GROUPS = {"non_walkers": "Ne marchent pas", "walkers": "Marchent"}
DAY_INPUT = {"type": "date"}


class HalfHoursForm(forms.Form):
    """Two counts a half-hour over the opening; what is outside it stays as it was."""

    def __init__(self, *args, places, counts, **kwargs):
        super().__init__(*args, **kwargs)
        self.counts, self.places = counts, widened(places, *counts.values())
        self.mark_optional = False
        for place in self.places:
            for group, label in GROUPS.items():
                widget = forms.NumberInput(attrs={"min": 0, "max": MOST, "inputmode": "numeric", "class": "count"})
                widget.attrs["aria-label"] = f"{label}, {clock(place)}"
                self.fields[f"{group}-{place}"] = forms.IntegerField(
                    label=f"{label}, {clock(place)}",
                    required=False,
                    min_value=0,
                    max_value=MOST,
                    widget=widget,
                    initial=counts[group][place] or None,
                )

    def rows(self):
        """(half-hour, its two fields) in order."""
        return [(clock(place), [self[f"{group}-{place}"] for group in GROUPS]) for place in self.places]

    def chosen(self):
        """{group: 48 counts}."""
        return {
            group: tuple(
                (self.cleaned_data.get(f"{group}-{place}") or 0) if place in self.places else self.counts[group][place]
                for place in range(HALF_HOURS)
            )
            for group in GROUPS
        }


class DayForm(HalfHoursForm):
    """The children of one house on one day, unless someone else counted them meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, counts={group: getattr(row, group) for group in GROUPS}, **kwargs)
        self.row = row
        self.initial["version"] = row.version if row.pk else 0

    def save(self, *, by):
        """True when saved; otherwise what is stored is said and what was typed stays."""
        row = DailyActivity(establishment=self.row.establishment, day=self.row.day, **self.chosen())
        try:
            keep_day(row, by=by, seen=self.cleaned_data["version"])
        except StaleVersion as stale:
            told = f"au plus {stale.current.peak} présents" if stale.current else "rien"
            self.add_error(
                None,
                f"Quelqu’un a modifié ce jour pendant votre saisie (enregistré à présent\u00a0: {told}). "
                "Votre saisie est gardée ci-dessous\u00a0: enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(stale.current.version if stale.current else 0)
            return False
        return True


class ExpectedForm(HalfHoursForm):
    """What to expect on one or several weekdays, from a day on."""

    jours = forms.TypedMultipleChoiceField(
        label="Jours", coerce=int, choices=list(WEEKDAY_NAMES.items()), widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(label="À partir du", widget=forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"))

    field_order = ["jours", "starts_on"]

    def save(self, establishment, *, by):
        for weekday in self.cleaned_data["jours"]:
            row = ExpectedAttendance(
                establishment=establishment,
                weekday=weekday,
                starts_on=self.cleaned_data["starts_on"],
                **self.chosen(),
            )
            keep_expected(row, by=by)


class DeriveForm(forms.Form):
    """From which day the attendance drawn from the counted days is expected."""

    starts_on = forms.DateField(label="À partir du", widget=forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"))


class DayChoiceForm(forms.Form):
    """A day that can be counted: neither to come nor before the house opened."""

    jour = forms.DateField(label="Jour", widget=forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"))

    def __init__(self, *args, establishment, **kwargs):
        super().__init__(*args, **kwargs)
        self.establishment = establishment

    def clean_jour(self):
        day, house = self.cleaned_data["jour"], self.establishment
        if day > timezone.localdate():
            raise forms.ValidationError(f"Le {short_date(day)} est à venir.")
        if day < house.opened_on or (house.closed_on and day >= house.closed_on):
            raise forms.ValidationError(f"{house} n’accueillait pas le {short_date(day)}.")
        return day

from django import forms
from django.core.validators import MinValueValidator

from core.calendar import add_months
from core.french import capitalise, hours, month_name
from establishments.door import PerimeterForm, PerimeterModelForm
from establishments.filters import TreeChoiceField
from establishments.models import Capability, Establishment, Territory
from establishments.workflow import StaleVersion

from .entry.judging import doubts_of
from .entry.rules import refusals
from .models import HOURS, MonthlyActivity
from .months import MONTHS_OFFERED, last_complete_month, months_until, read_month, written
from .rates import RATE_DEFINITIONS

YEARS_OFFERED = 4
COMPARED = [
    (one.name, capitalise(one.label))
    for name in ("attendance_rate", "admission_rate", "opening_rate", "assiduity_rate")
    for one in RATE_DEFINITIONS
    if one.name == name
]
LABELS = {
    "authorised_hours": "Heures autorisées",
    "open_hours": "Heures ouvertes",
    "contracted_hours": "Heures contractualisées",
    "actual_hours": "Heures réalisées",
    "billed_hours": "Heures facturées",
}


class OverviewForm(PerimeterForm):
    """The month and the territory of the overview."""

    capability = Capability.VIEW_AGGREGATES
    mois = forms.ChoiceField(label="Mois", required=False)
    territoire = TreeChoiceField(label="Territoire", queryset=Territory.objects.all(), required=False)

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.last = last_complete_month(today)
        months = reversed(months_until(self.last, MONTHS_OFFERED))
        self.fields["mois"].choices = [(written(month), capitalise(month_name(month))) for month in months]
        self.fields["territoire"].empty_label = "Tout mon périmètre"

    def chosen(self):
        """(month, territory): what is not valid is left out, the last complete month otherwise."""
        self.is_valid()
        month = read_month(self.cleaned_data.get("mois"), self.last)
        return month or self.last, self.cleaned_data.get("territoire")


class ComparisonForm(PerimeterForm):
    """The last month, the rate, and the house whose group is drawn."""

    capability = Capability.VIEW_AGGREGATES
    mois = forms.ChoiceField(label="Douze mois jusqu’à", required=False)
    taux = forms.ChoiceField(label="Taux", required=False, choices=COMPARED)
    etablissement = forms.ModelChoiceField(label="Groupe de", queryset=Establishment.objects.all(), required=False)

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.last = last_complete_month(today)
        months = reversed(months_until(self.last, MONTHS_OFFERED))
        self.fields["mois"].choices = [(written(month), capitalise(month_name(month))) for month in months]
        self.fields["etablissement"].empty_label = "Le plus grand groupe"

    def chosen(self):
        """(month, rate, house or None): what is not valid is left out."""
        self.is_valid()
        data = self.cleaned_data
        return (
            read_month(data.get("mois"), self.last) or self.last,
            data.get("taux") or COMPARED[0][0],
            data.get("etablissement"),
        )


class TerritoryForm(forms.Form):
    """The month of a territory's page, and the tree it is read in: that of the month, or today's."""

    mois = forms.ChoiceField(label="Mois", required=False)
    decoupage = forms.ChoiceField(
        label="Découpage", required=False, choices=[("", "celui du mois"), ("jour", "celui d’aujourd’hui")]
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.last, self.today = last_complete_month(today), today
        months = reversed(months_until(self.last, MONTHS_OFFERED))
        self.fields["mois"].choices = [(written(month), capitalise(month_name(month))) for month in months]

    def chosen(self):
        """(month, month whose tree is meant): what is not valid is left out."""
        self.is_valid()
        month = read_month(self.cleaned_data.get("mois"), self.last) or self.last
        return month, self.today.replace(day=1) if self.cleaned_data.get("decoupage") else month


class BudgetForm(PerimeterForm):
    """The year and the territory of the budget lines."""

    capability = Capability.VIEW_AGGREGATES
    annee = forms.ChoiceField(label="Année", required=False)
    territoire = TreeChoiceField(label="Territoire", queryset=Territory.objects.all(), required=False)

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.year = today.year
        years = range(today.year, today.year - YEARS_OFFERED, -1)
        self.fields["annee"].choices = [(str(year), str(year)) for year in years]
        self.fields["territoire"].empty_label = "Tout mon périmètre"

    def chosen(self):
        """(year, territory): what is not valid is left out."""
        self.is_valid()
        return int(self.cleaned_data.get("annee") or self.year), self.cleaned_data.get("territoire")


class DateForm(PerimeterForm):
    """A day to come, a year ahead at most, and the territory."""

    capability = Capability.VIEW_AGGREGATES
    le = forms.DateField(
        label="Semaine du", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    territoire = TreeChoiceField(label="Territoire", queryset=Territory.objects.all(), required=False)

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.today = today
        self.fields["territoire"].empty_label = "Tout mon périmètre"

    def chosen(self):
        """(day, territory): what is not valid, or too far, is left out."""
        self.is_valid()
        day = self.cleaned_data.get("le") or self.today
        is_near = add_months(self.today, -MONTHS_OFFERED) <= day <= add_months(self.today, MONTHS_OFFERED)
        return day if is_near else self.today, self.cleaned_data.get("territoire")


class PlaceForm(PerimeterForm):
    """The territory alone."""

    capability = Capability.VIEW_AGGREGATES
    territoire = TreeChoiceField(label="Territoire", queryset=Territory.objects.all(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territoire"].empty_label = "Tout mon périmètre"

    def chosen(self):
        """The territory, None for the whole perimeter or for one that is not valid."""
        self.is_valid()
        return self.cleaned_data.get("territoire")


class YearForm(forms.Form):
    """The year of the page of the PSU: those since the house opened, four at most."""

    annee = forms.ChoiceField(label="Année", required=False)

    def __init__(self, *args, last, opened_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last.year
        oldest = min(max(opened_on.year, self.last - YEARS_OFFERED + 1), self.last)
        self.fields["annee"].choices = [(str(year), str(year)) for year in range(self.last, oldest - 1, -1)]

    def chosen(self):
        """The year asked; what is not offered is left out, the year of the last complete month otherwise."""
        self.is_valid()
        return int(self.cleaned_data.get("annee") or self.last)


class ActivityForm(PerimeterModelForm):
    """The hours of one month of one house, which the address gives and the form never carries."""

    capability = Capability.ENTER_ACTIVITY
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = MonthlyActivity
        fields = [*HOURS, "children_enrolled", "opening_days"]
        help_texts = {
            "contracted_hours": "Heures des contrats en cours sur le mois.",
            "actual_hours": "Présence relevée.",
            "billed_hours": "Heures facturées aux familles.",
        }

    def __init__(self, *args, user, capacity, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        new = self.instance.pk is None
        self.initial["version"] = 0 if new else self.instance.version
        computed = {name: getattr(capacity, name) for name in ("authorised_hours", "open_hours", "opening_days")}
        for name, value in computed.items():
            if new:
                self.initial[name] = value
            shown = hours(value) if name != "opening_days" else value
            self.fields[name].help_text = (
                f"Calculé d’après l’autorisation, les horaires et les fermetures\u00a0: {shown}. "
                "C’est ce nombre qui est enregistré quand le mois est soumis."
            )
        for name in ["children_enrolled"] if new else self.instance.missing:
            self.initial[name] = None
        for name in HOURS:
            self.fields[name].validators.append(MinValueValidator(0))
            self.fields[name].widget.attrs.update(min="0", step="0.01", inputmode="decimal")

    def enter(self, *, by):
        """Save, or say what someone else saved meanwhile and keep what was typed. True when saved."""
        try:
            self.instance.enter(by=by, seen=self.cleaned_data["version"])
        except StaleVersion as stale:
            stored = stale.current
            told = (
                ", ".join(f"{LABELS[name].lower()} {hours(getattr(stored, name))}" for name in HOURS) if stored else ""
            )
            self.add_error(
                None,
                f"Quelqu’un a modifié ce mois pendant votre saisie. Enregistré à présent\u00a0: {told or 'rien'}. "
                "Votre saisie est gardée ci-dessous\u00a0: enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(stored.version if stored else 0)
            return False
        return True

    def clean(self):
        """The rules of the grid and of the files, for the fields that hold a number."""
        cleaned = super().clean()
        for name, reason in refusals(cleaned, self.instance.month).items():
            self.add_error(name, f"{capitalise(reason)}.")
        return cleaned

    def doubts(self):
        """What is accepted but looks like a mistake: sentences."""
        return doubts_of(self.instance)

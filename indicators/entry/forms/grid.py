from django import forms

from establishments.models import Capability

from ...forms import OverviewForm
from ...models import ENTERED
from ...months import read_month
from ..cells import save_cell
from ..grid import cell_name

LONGEST_CELL = 60


class GridChoiceForm(OverviewForm):
    """The month and the territory whose houses make the grid."""

    capability = Capability.ENTER_ACTIVITY


class GridForm:
    """The whole grid sent at once, without a script: each cell that was changed is saved on its own."""

    def __init__(self, data, houses, month):
        self.data, self.houses, self.month = data, houses, month

    def save(self, *, by):
        """{(house id, column): Outcome} of the cells that were changed."""
        return {
            (house.pk, column): save_cell(house, self.month, column, typed, shown, by=by)
            for house in self.houses
            for column in ENTERED
            for typed, shown in [self._sent(cell_name(house.pk, column))]
            if typed is not None and typed.strip() != shown
        }

    def _sent(self, name):
        typed, shown = self.data.get(f"c-{name}"), self.data.get(f"b-{name}", "")
        return (None if typed is None else typed[:LONGEST_CELL]), shown[:LONGEST_CELL]


class CellForm(forms.Form):
    """One cell, sent by the script of the page."""

    mois = forms.CharField(max_length=7)
    colonne = forms.ChoiceField(choices=[(name, name) for name in ENTERED])
    valeur = forms.CharField(max_length=LONGEST_CELL, required=False)
    avant = forms.CharField(max_length=LONGEST_CELL, required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_mois(self):
        month = read_month(self.cleaned_data["mois"], self.today)
        if month is None:
            raise forms.ValidationError("Ce mois ne peut pas être saisi.")
        return month

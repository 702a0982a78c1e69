"""Which houses and which days to judge at once."""

from datetime import date, timedelta

from django import forms

from core.inputs import DayInput
from establishments.door import PerimeterForm
from establishments.models import Capability, Territory

LONGEST_DAYS = 92


class SummerForm(PerimeterForm):
    """In the address of the page: what is not valid is left aside, and said."""

    capability = Capability.DECIDE_LEAVE
    territoire = forms.ModelChoiceField(
        Territory.objects.all(), label="Territoire", required=False, empty_label="Tout"
    )
    du = forms.DateField(label="Du", required=False, widget=DayInput())
    au = forms.DateField(label="Au", required=False, widget=DayInput(), help_text="Trois mois au plus.")

    def clean(self):
        given = super().clean()
        start, end = given.get("du"), given.get("au")
        if start and end and not 0 <= (end - start).days < LONGEST_DAYS:
            self.add_error("au", "La fin suit le début, de trois mois au plus.")
        return given


def asked_period(form, today: date):
    """(first day, last day, territory): the next July and August unless told."""
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    year = today.year + (today.month > 8)
    start = given.get("du") or max(today, date(year, 7, 1))
    end = given.get("au") or max(date(year, 8, 31), start)
    return start, min(end, start + timedelta(days=LONGEST_DAYS - 1)), given.get("territoire")

"""Ask for a document, rewrite its blocks, send it back with a reason."""

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.filters import TreeChoiceField
from establishments.models import Capability
from projects.forms.days import OnceForm

from ..models import Synthesis
from ..telling.forms import ToldForm
from .grids import DRAWN
from .page import view_of
from .variants import variants

LONGEST_PERIOD = 1_900  # days: five years


class SynthesisForm(OnceForm):
    """A new document; without days, the last period of its kind that is over."""

    capability = Capability.WRITE_SYNTHESIS

    class Meta:
        model = Synthesis
        fields = ["variant", "territory", "establishment", "starts_on", "ends_on", "level"]
        field_classes = {"territory": TreeChoiceField}
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}
        help_texts = {
            "starts_on": "Sans dates\u00a0: la dernière période close, mois, année ou quinze jours selon le document.",
            "level": "Un document ne dit rien au-dessus de sa lecture.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = False

    def clean(self):
        given = super().clean()
        variant = variants().get(given.get("variant", ""))
        if variant is None:
            return given
        if "starts_on" in given and "ends_on" in given and given["starts_on"] is None and given["ends_on"] is None:
            given["starts_on"], given["ends_on"] = variant.proposed_days(timezone.localdate())
        level, words = given.get("level"), dict(Synthesis.Level.choices)
        if level and level not in variant.levels:
            said = " ou ".join(f"«\u00a0{words[one]}\u00a0»" for one in variant.levels)
            self.add_error("level", f"{variant.label}\u00a0: choisissez la lecture {said}.")
        self._check_days(given)
        return given

    def _check_days(self, given):
        start, end = given.get("starts_on"), given.get("ends_on")
        for name, day in (("starts_on", start), ("ends_on", end)):
            if day is None and name in given:
                self.add_error(name, "Donnez les deux dates, ou aucune.")
        if start and end and (end - start).days > LONGEST_PERIOD:
            self.add_error("ends_on", "La période dépasse cinq ans.")
        if end and end > timezone.localdate():
            self.add_error("ends_on", "La période va au plus tard jusqu’à aujourd’hui\u00a0: rien n’est su d’après.")


class BlocksForm(ToldForm):
    FREEZES = True
    leave_out = "Retirer le bloc"

    def read(self, text):
        return view_of(text)

    def is_table(self, line):
        return line.key.startswith(DRAWN)


class SendBackForm(forms.Form):
    reason = forms.CharField(label="Ce qu’il faut reprendre", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

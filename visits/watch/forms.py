import uuid
from datetime import timedelta

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.models import RuleChange
from establishments.regulation import RULES, rule
from establishments.rule_changes import number_said
from establishments.rule_values import CHANGEABLE, label_of, leaves, number_of

TITLES = {each.id: each.title for each in RULES if each.id in CHANGEABLE}


class ChangeForm(forms.Form):
    """A rule from a day on: its text, its article, its numbers; those left as they are do not move."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    starts_on = forms.DateField(label="Date d’effet", widget=DayInput())
    article = forms.CharField(label="Article", max_length=200)
    statement = forms.CharField(
        label="Ce qui change", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="En une phrase."
    )

    def __init__(self, rule_id, data=None):
        self.rule_id, self.today = rule_id, timezone.localdate()
        self.base = rule(rule_id, self.today) or next(each for each in RULES if each.id == rule_id)
        initial = {"client_uuid": uuid.uuid4(), "article": self.base.article, "statement": self.base.statement}
        super().__init__(data, initial=initial)
        self.old = dict(leaves(dict(self.base.value)))
        self.fields["starts_on"].help_text = "Après aujourd’hui\u00a0: une règle ne change jamais le passé."
        self.names = {f"valeur-{rank}": path for rank, path in enumerate(self.old)}
        for name, path in self.names.items():
            self.fields[name] = forms.CharField(
                label=label_of(path).capitalize(), max_length=12, initial=number_said(self.old[path])
            )

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        if not self.today < day <= self.today + timedelta(days=3660):
            raise forms.ValidationError("Choisissez un jour à venir, dans les dix ans.")
        return day

    def clean(self):
        wanted, self.numbers = super().clean(), {}
        for name, path in self.names.items():
            found = number_of(wanted.get(name, ""), self.old[path])
            if found is None and name not in self.errors:
                self.add_error(name, "Un nombre est attendu.")
            elif found is not None and found != self.old[path]:
                self.numbers[path] = str(found)
        if not self.errors and not self.numbers:
            raise forms.ValidationError("Aucune valeur ne change.")
        if any(path.startswith("children_per_adult") and number == "0" for path, number in self.numbers.items()):
            raise forms.ValidationError("Un professionnel encadre au moins un enfant.")
        return wanted

    def save(self, *, by):
        wanted = self.cleaned_data
        change = RuleChange(
            rule_id=self.rule_id,
            title=self.base.title,
            article=wanted["article"],
            statement=wanted["statement"],
            numbers=self.numbers,
            starts_on=wanted["starts_on"],
        )
        return change.record_once(by=by, client_uuid=wanted["client_uuid"])


class CancelForm(forms.Form):
    reason = forms.CharField(label="Pourquoi", max_length=300)

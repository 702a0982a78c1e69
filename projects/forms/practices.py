from django import forms

from establishments.door import PerimeterForm
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled
from establishments.workflow import StaleVersion

from ..models import GoodPractice
from .days import NO_IDENTITY

WIDE = forms.Textarea(attrs={"rows": 4})


class PracticeForm(forms.ModelForm):
    """The words of a card, before both sides agree."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = GoodPractice
        fields = GoodPractice.AMENDABLE
        widgets = {"what": WIDE, "how": WIDE, "conditions": WIDE}
        help_texts = {
            "what": NO_IDENTITY,
            "how": "Ce qu’il faut faire, dans l’ordre.",
            "conditions": "Matériel, temps, espace, nombre de professionnels.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def amend(self, side, *, by):
        """Save, or say that somebody changed the card meanwhile and keep what was typed. True when saved."""
        try:
            self.instance.amend(side, by=by, seen=self.cleaned_data["version"])
        except StaleVersion as stale:
            self.add_error(
                None,
                "Quelqu’un a modifié cette carte pendant votre saisie. Enregistré à présent\u00a0: "
                f"«\u00a0{stale.current.title}\u00a0», «\u00a0{stale.current.what}\u00a0». "
                "Votre saisie est gardée ci-dessous\u00a0: enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(stale.current.version)
            return False
        return True


class ReuseForm(PerimeterForm):
    capability = Capability.PROPOSE_PROJECT
    establishment = forms.ModelChoiceField(label=titled("{establishment}"), queryset=Establishment.objects.all())
    note = forms.CharField(label="Ce qu’on en fait", max_length=200, required=False, help_text=NO_IDENTITY)

    def __init__(self, *args, practice, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["establishment"]
        field.queryset = field.queryset.exclude(pk=practice.establishment_id).exclude(
            practice_reuses__practice=practice
        )

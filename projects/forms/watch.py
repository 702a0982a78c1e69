from django import forms

from core.inputs import DayInput
from establishments.models import Capability
from establishments.workflow import StaleVersion

from ..models import WatchNotice
from .days import NO_IDENTITY, OnceForm


class WatchForm(OnceForm):
    capability = Capability.PUBLISH_WATCH
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    source_url = forms.URLField(label="Adresse de la source", required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = WatchNotice
        fields = ["territory", "kind", "title", "text", "source", "source_url", "source_on", "applies_on"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "source_on": DayInput(),
            "applies_on": DayInput(),
        }
        help_texts = {"text": NO_IDENTITY, "source": "Le texte et son numéro, ou qui l’a dit."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        if self.instance.pk:
            del self.fields["territory"]
            self.initial["client_uuid"] = self.instance.client_uuid

    def amend(self, *, by):
        """Save, or say that somebody changed the draft meanwhile and keep what was typed. True when saved."""
        try:
            self.instance.amend(by=by, seen=self.cleaned_data["version"] or 0)
        except StaleVersion as stale:
            self.add_error(
                None,
                "Quelqu’un a modifié cette note pendant votre saisie. Enregistré à présent\u00a0: "
                f"«\u00a0{stale.current.title}\u00a0», «\u00a0{stale.current.text}\u00a0». "
                "Votre saisie est gardée ci-dessous\u00a0: enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(stale.current.version)
            return False
        return True

from django import forms

from core.inputs import DayInput
from establishments.door import SeveralRecords
from establishments.models import Capability, Territory
from establishments.uploads import FORMATS, read_upload
from establishments.workflow import StaleVersion

from ..models import ServiceOrder
from .days import OnceForm

ADDRESSED = [Territory.Kind.DIVISION, Territory.Kind.POLE]


class OrderForm(OnceForm):
    """A draft: to whom, before when; the dates that clash are shown once it is written."""

    capability = Capability.GIVE_ORDERS
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    places = SeveralRecords(
        label="Destinataires", queryset=Territory.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ServiceOrder
        fields = ["territory", "issuer", "title", "text", "due_on", "workload_days"]
        widgets = {"due_on": DayInput(), "text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"workload_days": "Au-delà de cinq jours demandés la même semaine, un conflit est signalé."}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        order = self.instance
        choices = self.fields["places"].queryset.filter(kind__in=ADDRESSED)
        self.fields["places"].queryset = choices.order_by("kind", "name", "pk")
        self.initial["version"] = order.version
        if order.pk:
            del self.fields["territory"]
            self.initial["client_uuid"] = order.client_uuid
            self.initial["places"] = list(order.addressees.values_list("territory", flat=True))
        elif self.fields["territory"].queryset.count() == 1:
            self.fields["territory"].empty_label = None

    def amend(self, *, by):
        """Save, or say that somebody changed the draft meanwhile and keep what was typed. True when saved."""
        try:
            self.instance.amend(by=by, seen=self.cleaned_data["version"] or 0, places=self.cleaned_data["places"])
        except StaleVersion as stale:
            stored = stale.current
            self.add_error(
                None,
                "Quelqu’un a modifié cette commande pendant votre saisie. Enregistré à présent\u00a0: "
                f"«\u00a0{stored.title}\u00a0», pour le {stored.due_on:%d/%m/%Y}. "
                "Votre saisie est gardée ci-dessous\u00a0: enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(stored.version)
            return False
        return True


class AttachForm(forms.Form):
    file = forms.FileField(label="Fichier", max_length=255, help_text=f"{FORMATS}\u202f; 20\u00a0Mo au plus.")

    def clean_file(self):
        self.upload = read_upload(self.cleaned_data["file"])
        return self.cleaned_data["file"]


class DateForm(forms.Form):
    """A day, or nothing for the common one."""

    jour = forms.DateField(label="Échéance propre", required=False, widget=DayInput())

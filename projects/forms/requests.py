from django import forms
from django.utils import timezone

from core.models import User
from establishments.door import PerimeterForm
from establishments.filters import TreeChoiceField
from establishments.models import Capability, Territory
from establishments.vocabulary import words

from ..models import ServiceRequest
from ..relay import people_able, told_by
from .days import NO_IDENTITY, OnceForm

ONE_PLACE = "Choisissez un lieu ou un territoire, l’un des deux."


class RequestForm(OnceForm):
    """A director asks for her house; who covers a territory may ask for it."""

    capability = Capability.ASK_REQUEST

    class Meta:
        model = ServiceRequest
        fields = ["establishment", "territory", "title", "text", "delay_days"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": NO_IDENTITY, "delay_days": "Les jours fériés ne comptent pas."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["establishment"].empty_label = "Aucun en particulier"
        self.fields["territory"].empty_label = f"Aucun\u00a0: pour {words()['establishment'].un}"
        if not self.fields["territory"].queryset.exists():
            del self.fields["territory"]
            self.fields["establishment"].required = True
            self.fields["establishment"].empty_label = None

    def clean(self):
        given = super().clean()
        if bool(given.get("establishment")) == bool(given.get("territory")) and "establishment" not in self.errors:
            self.add_error("establishment", ONE_PLACE)
        return given


class RelayForm(PerimeterForm):
    """To whom, through which service, with which word; `seen` is the owner shown on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    owner = forms.ModelChoiceField(label="À qui", queryset=User.objects.all())
    service = forms.CharField(
        label="Service saisi",
        required=False,
        max_length=120,
        help_text="Service technique, PMI, RH…",
    )
    text = forms.CharField(
        label="Mot d’accompagnement",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_IDENTITY,
    )

    def __init__(self, *args, request_row, **kwargs):
        kwargs["initial"] = {"seen": request_row.owner_id or "", "service": request_row.service}
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_able(request_row, timezone.localdate()).order_by(
            "last_name", "first_name", "pk"
        )


class ReplyForm(PerimeterForm):
    """The answer, and the widest territory that reads it."""

    capability = Capability.HANDLE_REQUESTS
    answer = forms.CharField(
        label="Réponse", max_length=8000, widget=forms.Textarea(attrs={"rows": 8}), help_text=NO_IDENTITY
    )
    broadcast = TreeChoiceField(
        label="Visible dans",
        queryset=Territory.objects.all(),
        required=False,
        empty_label="Seulement là où la question est posée",
        help_text="Chacun y lira la question et la réponse\u202f; les demandes groupées la reçoivent de toute façon.",
    )

    def __init__(self, *args, user, request_row, **kwargs):
        kwargs["initial"] = {"answer": request_row.answer}
        super().__init__(*args, user=user, **kwargs)
        self.fields["broadcast"].queryset = told_by(user, request_row, timezone.localdate())

"""Convening an appraisal, writing its report, its objectives, signing it."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.french import full_date
from core.inputs import DayInput
from establishments.door import PerimeterForm
from establishments.models import Capability, Directorship

from ..models import Appraisal, AppraisalObjective
from . import rules

LONGEST = 20_000
NEVER = "Ni donnée de santé, ni motif d’absence, ni vie privée. Le texte est chiffré."


def _text(label, rows, longest=LONGEST, **more):
    more.setdefault("help_text", NEVER)
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


class Person(forms.ModelChoiceField):
    def label_from_instance(self, directorship):
        return f"{directorship.person}, {directorship.get_position_display()}, {directorship.establishment}"


class ConveneForm(PerimeterForm):
    """Who, for which year and which day; at least eight days from today."""

    capability = Capability.APPRAISE

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    directorship = Person(Directorship.objects.none(), label="Personne", empty_label="Choisir")
    year = forms.IntegerField(label="Année", min_value=2000, max_value=2200)
    meeting_on = forms.DateField(label="Jour de l’entretien", widget=DayInput())

    def __init__(self, *args, user, today, **kwargs):
        kwargs["initial"] = {"year": today.year} | kwargs.get("initial", {})
        super().__init__(*args, user=user, **kwargs)
        held = Directorship.objects.visible_to(user, Capability.APPRAISE).active_on(today).exclude(person=user)
        self.fields["directorship"].queryset = held.select_related("person", "establishment").order_by(
            "establishment__name", "position", "pk"
        )
        self.fields["meeting_on"].help_text = (
            f"Convocation {rules.NOTICE_DAYS} jours avant ({rules.SOURCE})\u00a0: "
            f"à partir du {full_date(rules.earliest_meeting(today))}."
        )

    def clean_meeting_on(self):
        day = self.cleaned_data["meeting_on"]
        if day < rules.earliest_meeting(timezone.localdate()):
            raise ValidationError(f"La convocation est remise au moins {rules.NOTICE_DAYS} jours avant l’entretien.")
        return day

    def appraisal(self):
        given = self.cleaned_data
        posted = given["directorship"]
        return Appraisal(
            establishment=posted.establishment,
            person=posted.person,
            year=given["year"],
            meeting_on=given["meeting_on"],
            client_uuid=given["client_uuid"],
        )


class MoveForm(forms.Form):
    meeting_on = forms.DateField(label="Nouveau jour", widget=DayInput())


class HoldForm(forms.Form):
    held_on = forms.DateField(label="Tenu le", widget=DayInput())


class ReportForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    report = _text("Compte rendu", 12)


class ObjectiveForm(forms.Form):
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = _text("Objectif", 2, 500)
    due_on = forms.DateField(label="Pour le", required=False, widget=DayInput())

    def objective(self):
        given = self.cleaned_data
        row = AppraisalObjective(client_uuid=given["client_uuid"], due_on=given["due_on"])
        row.text = given["text"]
        return row


class StateForm(forms.Form):
    state = forms.ChoiceField(label="Où en est-il", choices=AppraisalObjective.State.choices)


class SignForm(forms.Form):
    reply = _text("Vos observations", 4, required=False, help_text="Signer n’est pas approuver. Le texte est chiffré.")

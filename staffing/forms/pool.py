"""Which week and which territory the board of the float pool shows: in the address of the page."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterForm
from establishments.models import Capability, Territory

from ..models import PoolProposal
from ..pool_board import field_of

FAR = timedelta(days=731)


class PoolWeekForm(PerimeterForm):
    """What is not valid is left aside, and said."""

    capability = Capability.MANAGE_POOL
    territoire = forms.ModelChoiceField(
        Territory.objects.all(), label="Territoire", required=False, empty_label="Tout"
    )
    semaine = forms.DateField(label="Semaine du", required=False, widget=DayInput())
    jour = forms.DateField(required=False, widget=forms.HiddenInput)
    proposition = forms.IntegerField(required=False, max_value=2**31 - 1, widget=forms.HiddenInput)
    fait = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_semaine(self):
        day = self.cleaned_data["semaine"]
        if day and abs(day - timezone.localdate()) > FAR:
            raise ValidationError("Choisissez une semaine à deux ans d’ici au plus.")
        return day


@dataclass(frozen=True)
class AskedWeek:
    """One week of one territory (None: all), one day of it when the board is long, a proposal to start from."""

    monday: date
    territory: Territory | None
    day: date | None
    proposal: PoolProposal | None
    batch: uuid.UUID | None


def asked_week(form: PoolWeekForm, user, today: date) -> AskedWeek:
    """The next Monday's week unless told: this week is being lived."""
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    day = given.get("semaine") or today + timedelta(days=7)
    monday = day - timedelta(days=day.weekday())
    mine = PoolProposal.objects.visible_to(user).filter(week=monday, territory=given.get("territoire"))
    proposal = mine.filter(pk=given["proposition"]).first() if given.get("proposition") else None
    return AskedWeek(monday, given.get("territoire"), given.get("jour"), proposal, given.get("fait"))


def posted_choice(posted, needs) -> dict[int, int | None]:
    """need -> agent or None, of the needs that the page showed; a value that is no number is nobody's."""
    found = {}
    for need in needs:
        text = posted.get(field_of(need.pk))
        if text is not None:
            found[need.pk] = int(text) if text.isdecimal() and len(text) < 10 else None
    return found


def mark_of(wanted) -> str:
    """What was looked at: a confirmation is only of a choice whose cost was shown."""
    return hashlib.sha256(repr(sorted(wanted.items(), key=str)).encode()).hexdigest()[:24]


def batch_of(posted) -> uuid.UUID:
    """The key of one page: sent twice, it decides once."""
    try:
        return uuid.UUID(posted.get("client_uuid", ""))
    except ValueError:
        return uuid.uuid4()

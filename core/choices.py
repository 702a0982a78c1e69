"""The page of preferences: one choice a kind of event."""

from django import forms
from django.db import transaction

from . import notices
from .models import NotificationChoice

Way = NotificationChoice.Way


class ChoicesForm(forms.Form):
    """One field a kind; what is told at once needs no row."""

    def __init__(self, user, data=None):
        super().__init__(data)
        self.user = user
        chosen = notices.ways_of([user.pk])
        for kind, label in sorted(notices.KINDS.items(), key=lambda pair: str(pair[1])):
            self.fields[kind] = forms.ChoiceField(
                label=label, choices=Way.choices, initial=chosen.get((user.pk, kind), Way.NOW)
            )

    def save(self):
        with transaction.atomic():
            for kind, way in self.cleaned_data.items():
                NotificationChoice.objects.update_or_create(user=self.user, kind=kind, defaults={"way": way})
            NotificationChoice.objects.filter(user=self.user, way=Way.NOW).delete()

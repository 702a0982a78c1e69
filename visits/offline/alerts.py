"""An alert raised on a device during a visit: created once when it arrives, with the hour of the device beside."""

import datetime

from django import forms
from django.utils import timezone

from establishments.door import PerimeterModelForm
from establishments.models import Capability

from ..events.duties import Severity
from ..events.forms import NEVER
from ..models import Event


class AlertForm(PerimeterModelForm):
    """What is typed in a corridor: a family, a severity, one line; the house and the hour come with it."""

    capability = Capability.REPORT_EVENT

    class Meta:
        model = Event
        fields = ["family", "severity", "title", "measures"]
        widgets = {"measures": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"title": NEVER}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="alerte-%s", **kwargs)
        self.fields["family"].choices = [("", "Choisir"), *self.fields["family"].choices[1:]]
        self.fields["severity"].choices = self.fields["severity"].choices[1:]
        self.fields["severity"].initial = int(Severity.SERIOUS)


def raised_at(text, now) -> datetime.datetime | None:
    """The hour that the device says, None when it says none that can be read."""
    try:
        moment = datetime.datetime.fromisoformat(text[:40])
        return moment if timezone.is_aware(moment) and abs(now - moment) < datetime.timedelta(days=3650) else None
    except (ValueError, OverflowError):
        return None


def report(form, house, key, device_hour, *, by):
    """The event of this key. A device whose clock is ahead does not make it happen tomorrow."""
    now = timezone.now()
    event = form.instance
    event.establishment, event.client_uuid = house, key
    event.raised_at = raised_at(device_hour, now)
    event.happened_at = min(event.raised_at or now, now)
    return event.report(by=by)

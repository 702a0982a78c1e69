"""What may happen to an event: told once, taken in charge by name, escalated, told to authorities, closed."""

from django.db import transaction
from django.utils import timezone

from core.jobs import notify
from core.sources import fingerprint_of
from establishments.models import JournalHead, Level, Role, record
from establishments.workflow import StaleVersion, TransitionRefused, transition
from projects.models import ActionItem

from ..people import mandates_over
from . import duties

# Who is told of an event the minute it is told; from « grave » on, those who are above as well.
NEAR = [Role.COORDINATOR, Role.POLE_HEAD, Role.DIRECTOR]
ABOVE = [Role.CENTRAL]
LAST_RESORT = [Role.DIVISION_HEAD, Role.CENTRAL]


class EventSteps:
    """Methods of `Event`, kept apart from its columns."""

    def report(self, *, by):
        """Tell of the event; the same form twice gives the same event, and tells nobody twice."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self).objects.filter(client_uuid=self.client_uuid).first()
            if known is not None:
                if known.reported_by_id != by.pk:
                    raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
                return known
            self.reported_by, self.reported_at = by, timezone.now()
            self.save()
            record("événement signalé", self, by=by, establishment=self.owning_establishment)
            _index(self)
            self._tell(NEAR + (ABOVE if self.is_alert else []), by)
        return self

    def acknowledge(self, *, by):
        """Take the event in charge, by name: the first one does, the second is told so."""
        with self._step("événement pris en charge", by, [self.Status.REPORTED]) as event:
            event.status = self.Status.ACKNOWLEDGED
            event.acknowledged_by, event.acknowledged_at = by, timezone.now()

    def complete(self, *, by, measures, places_lost=None, outside_help=False, seen=None, **impacts):
        """Write what was done at once and what it led to (`impacts`: the fields of IMPACTS), while the event is open.

        `outside_help` is often known after the alert: the duty that it begins does not end. `seen` is the fingerprint
        of the measures that the page showed; raises StaleVersion when others were written since.
        """
        from ..models.events import IMPACTS

        with self._step("mesures immédiates notées", by, [self.Status.REPORTED, self.Status.ACKNOWLEDGED]) as event:
            if seen is not None and seen != fingerprint_of(event.measures) and measures != event.measures:
                raise StaleVersion(event)
            event.measures, event.places_lost = measures, places_lost
            event.outside_help = event.outside_help or outside_help
            for name in IMPACTS:
                setattr(event, name, impacts.pop(name, getattr(event, name)))
            _index(event)

    def tell_authority(self, key, *, by, how=""):
        """Note that an authority was told; once a duty, whatever the number of clicks."""
        from ..models import EventNotice

        duty = next((one for one in self.duties if one.key == key), None)
        if duty is None:
            raise TransitionRefused("Cet événement n’appelle pas cette information.")
        with transaction.atomic():
            JournalHead.locked()
            notice, created = EventNotice.objects.get_or_create(
                event=self, duty=key, defaults={"whom": duty.whom, "how": how, "told_by": by}
            )
            if created:
                record("autorité prévenue", self, by=by, note=duty.whom, establishment=self.owning_establishment)
        return notice

    def raise_action(self, *, by, title, due_on, owner_id, client_uuid):
        """A corrective measure in the one list of actions, with its origin; the same form twice gives one."""
        from ..models import ActionOrigin

        with transaction.atomic():
            action = ActionItem(
                establishment=self.establishment,
                title=title,
                due_on=due_on,
                owner_id=owner_id,
                kind=ActionItem.Kind.CORRECTIVE,
                origin_kind=ActionItem.Origin.EVENT,
                origin_label="" if self.is_restricted else str(self)[:200],
                level=Level.POLE,
                client_uuid=client_uuid,
            ).create_once(by=by)
            ActionOrigin.objects.get_or_create(action=action, defaults={"event": self})
        return action

    def close(self, *, by, lessons):
        """The event is over: every duty of the law was met, and what was learnt is written."""
        with self._step("événement clos", by, [self.Status.REPORTED, self.Status.ACKNOWLEDGED]) as event:
            told = set(event.notices.exclude(duty="").values_list("duty", flat=True))
            missing = [duty.whom for duty in event.duties if duty.article and duty.key not in told]
            if missing:
                raise TransitionRefused(f"Il reste à prévenir\u00a0: {', '.join(missing)}. Rien n’a été clos.")
            if event.acknowledged_by_id is None:
                event.acknowledged_by, event.acknowledged_at = by, timezone.now()
            event.status, event.lessons = self.Status.CLOSED, lessons
            event.closed_by, event.closed_at = by, timezone.now()
            _index(event)

    def escalate(self, now):
        """An alert nobody took in charge in thirty minutes goes one level up, once. Returns whether it did."""
        with transaction.atomic():
            JournalHead.locked()
            event = type(self).objects.select_for_update().get(pk=self.pk)
            late = event.is_alert and event.reported_at + duties.ESCALATED_AFTER <= now
            if event.status != self.Status.REPORTED or event.escalated_at is not None or not late:
                return False
            event.escalated_at = now
            event.save(update_fields=["escalated_at"])
            record("alerte remontée", event, by=None, establishment=event.owning_establishment)
            event._tell(LAST_RESORT, None, again="Alerte sans prise en charge")
        return True

    def _step(self, verb, by, from_status):
        return transition(self, by=by, verb=verb, from_status=from_status)

    def _tell(self, roles, by, again=""):
        """Notify those who hold `roles` over the house, and note it: one notice a person."""
        from ..models import EventNotice

        people = {mandate.user for mandate in self._holders(roles)} - {by}
        for person in sorted(people, key=lambda one: one.pk):
            EventNotice.objects.get_or_create(
                event=self, user=person, defaults={"whom": str(person), "how": "dans Ronde", "told_by": by}
            )
        kind = again or ("Alerte" if self.is_alert else "Événement")
        notify(
            people,
            event=f"event-{self.pk}-{'escalated' if again else 'reported'}",
            title=f"{kind}\u00a0: {self.get_family_display()}, {self.establishment}",
            body="" if self.is_restricted else self.title,
            url=self.get_absolute_url(),
        )

    def _holders(self, roles):
        from ..models.events import RESTRICTED

        wanted = [Role.POLE_HEAD] if self.family in RESTRICTED else roles
        return mandates_over(self.establishment, wanted)


def _index(event):
    """The search reads what the step wrote."""
    from .search import index_event

    index_event(event)

"""Events of a house, who was told of them, and the duties they carry."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.addresses import address
from core.constraints import Frozen, FrozenColumns, Refused
from core.french import counted
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet
from establishments.vocabulary import said

from .. import retention
from ..events import duties
from ..events.steps import EventSteps


def impacts_said(places: int | None, *texts: str) -> list[str]:
    """What an event led to, from its places and the texts of IMPACTS."""
    told = [
        f"{label}\u00a0: {text}" for label, text in zip(("équipe", "familles", "médias"), texts, strict=True) if text
    ]
    return [*([counted(places, "place touchée", "places touchées")] if places else []), *told]


FAMILY_CHOICES = [(family.key, family.label) for family in duties.FAMILIES.values()]
SEVERITY_CHOICES = [(int(severity), label) for severity, label in duties.SEVERITY_LABELS.items()]
IMPACTS = ["staff_impact", "families_impact", "media_impact"]
RESTRICTED = [family.key for family in duties.FAMILIES.values() if family.restricted]


class EventQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_EVENTS, on=None):
        """Events of the houses reached; the restricted families for the head of the pôle and for who told of them."""
        rows = super().visible_to(user, capability, on)
        headed = Establishment.objects.visible_to(user, Capability.READ_SENSITIVE, on).order_by().values("pk")
        return rows.filter(~Q(family__in=RESTRICTED) | Q(establishment__in=headed) | Q(reported_by=user.pk))

    def known_to(self, user):
        return self.visible_to(user)

    def alerts(self):
        return self.filter(severity__gte=duties.ALERT_FROM)

    def unacknowledged(self):
        return self.alerts().filter(status=Event.Status.REPORTED)

    def open(self):
        return self.exclude(status=Event.Status.CLOSED)

    def to_purge(self, today):
        """Closed, and past the time that the rule keeps them."""
        return self.filter(purged_at__isnull=True, closed_at__date__lt=retention.closed_before(today))

    def told_to_all(self):
        """Without the restricted families: what a list of others, a CRA or a count may hold."""
        return self.exclude(family__in=RESTRICTED)


class Event(EventSteps, models.Model):
    """One thing that happened in a house: what was done at once, who was told, how it ended."""

    class Status(models.TextChoices):
        REPORTED = "reported", "signalé"
        ACKNOWLEDGED = "acknowledged", "pris en charge"
        CLOSED = "closed", "clos"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="events", verbose_name=said("{establishment}")
    )
    family = models.CharField("famille", max_length=20, choices=FAMILY_CHOICES)
    severity = models.PositiveSmallIntegerField("gravité", choices=SEVERITY_CHOICES)
    happened_at = models.DateTimeField("survenu le")
    place = models.CharField("où", max_length=120, blank=True)
    outside_help = models.BooleanField(
        "enfant hospitalisé ou pris en charge par des secours extérieurs", default=False
    )
    title = models.CharField("titre", max_length=160)
    summary = models.TextField("ce qui s’est passé", blank=True)
    measures = models.TextField("mesures immédiates", blank=True)
    places_lost = models.PositiveSmallIntegerField("places touchées", null=True, blank=True)
    staff_impact = models.CharField("suites pour l’équipe", max_length=160, blank=True)
    families_impact = models.CharField("suites pour les familles", max_length=160, blank=True)
    media_impact = models.CharField("suites dans les médias", max_length=160, blank=True)
    status = models.CharField("état", max_length=15, choices=Status, default=Status.REPORTED)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    reported_at = models.DateTimeField("signalé le", default=timezone.now, editable=False)
    # The hour of the device on which it was raised out of reach, beside that of its arrival (`reported_at`).
    raised_at = models.DateTimeField("relevé sur l’appareil le", null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    acknowledged_at = models.DateTimeField("pris en charge le", null=True, editable=False)
    escalated_at = models.DateTimeField("remonté le", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField("clos le", null=True, editable=False)
    lessons = models.TextField("suites et enseignements", blank=True)
    purged_at = models.DateTimeField("purgé le", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["establishment", "happened_at"], name="event_by_establishment")]
        constraints = [
            models.CheckConstraint(
                name="event_acknowledged_stamp",
                condition=Q(status="reported", acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | Q(~Q(status="reported"), acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                violation_error_message="Un événement pris en charge porte par qui et quand.",
            ),
            models.CheckConstraint(
                name="event_closed_stamp",
                condition=Q(~Q(status="closed"), closed_by__isnull=True, closed_at__isnull=True)
                | Q(status="closed", closed_by__isnull=False, closed_at__isnull=False),
                violation_error_message="Un événement clos porte par qui et quand.",
            ),
            models.CheckConstraint(
                name="event_restricted_without_account",
                condition=~Q(family__in=RESTRICTED) | Q(summary="", **dict.fromkeys(IMPACTS, "")),
                violation_error_message="Cette famille d’événement ne porte aucun récit : ouvrez un dossier sensible.",
            ),
            FrozenColumns(
                name="event_told_frozen",
                columns=["establishment_id", "happened_at", "reported_at", "reported_by_id"],
                violation_error_message="Ce qui a été signalé, quand et par qui, ne change plus.",
            ),
            models.CheckConstraint(
                name="event_purged_is_empty",
                condition=Q(purged_at__isnull=True)
                | Q(status="closed", summary="", measures="", lessons="", place="", **dict.fromkeys(IMPACTS, "")),
                violation_error_message="Un événement purgé ne raconte plus rien.",
            ),
            Refused(
                name="event_raised_at_frozen",
                on_update="COALESCE(NEW.raised_at, '1900-01-01') <> COALESCE(OLD.raised_at, '1900-01-01')",
                violation_error_message="L’heure relevée sur l’appareil ne change plus.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("visits:event", self.pk)

    @property
    def owning_establishment(self):
        """The house in whose journal the decisions are shown: none for a restricted event."""
        return None if self.is_restricted else self.establishment

    @property
    def impacts(self) -> list[str]:
        """ "12 places touchées", "équipe : deux agents redéployés": what it led to (S-037)."""
        return impacts_said(self.places_lost, self.staff_impact, self.families_impact, self.media_impact)

    @property
    def is_alert(self) -> bool:
        return duties.is_alert(self.severity)

    @property
    def is_restricted(self) -> bool:
        return duties.FAMILIES[self.family].restricted

    @property
    def duties(self) -> tuple[duties.Duty, ...]:
        day = timezone.localdate(self.happened_at)
        return duties.duties(self.family, day, outside_help=self.outside_help)


class EventNotice(models.Model):
    """One person, or one authority, told of one event at one instant: append-only."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices", verbose_name="événement")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="personne"
    )
    duty = models.CharField("obligation", max_length=20, blank=True)
    whom = models.CharField("qui", max_length=120)
    how = models.CharField("comment", max_length=120, blank=True)
    told_at = models.DateTimeField("prévenu le", default=timezone.now)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "information donnée sur un événement"
        verbose_name_plural = "informations données sur les événements"
        ordering = ["told_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"],
                condition=Q(user__isnull=False),
                name="event_notice_once_a_person",
                violation_error_message="Cette personne est déjà prévenue.",
            ),
            models.UniqueConstraint(
                fields=["event", "duty"],
                condition=~Q(duty=""),
                name="event_notice_once_a_duty",
                violation_error_message="Cette autorité est déjà prévenue.",
            ),
            Frozen(
                name="event_notice_frozen",
                when="NOT EXISTS (SELECT 1 FROM visits_event e "
                "WHERE e.id = {row}.event_id AND e.purged_at IS NOT NULL)",
                violation_error_message="Une information donnée ne change plus.",
            ),
        ]

    def __str__(self):
        return self.whom

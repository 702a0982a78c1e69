"""Hours of an agency for one approved need: ordered, delivered, invoiced, with the gaps (functions S-058)."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.french import hours
from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused, transition

from .needs import StaffingNeed
from .rosters import StaffOwnedQuerySet


class AgencyBookingQuerySet(StaffOwnedQuerySet):
    establishment_lookup = "need__establishment"

    def standing(self):
        return self.exclude(status=AgencyBooking.Status.CANCELLED)

    def with_gaps(self):
        """Annotate `delivery_gap` (delivered less ordered) and `invoice_gap` (invoiced less delivered), in hours."""
        return self.annotate(
            delivery_gap=F("hours_delivered") - F("hours_ordered"),
            invoice_gap=F("hours_invoiced") - F("hours_delivered"),
        )


class AgencyBooking(models.Model):
    """Hours ordered from one agency for one need; never who comes: the agency sends whom it can."""

    class Status(models.TextChoices):
        ORDERED = "ordered", "commandé"
        DELIVERED = "delivered", "effectué"
        INVOICED = "invoiced", "facturé"
        CANCELLED = "cancelled", "annulé"

    need = models.ForeignKey(
        StaffingNeed, on_delete=models.PROTECT, related_name="bookings", verbose_name="besoin de renfort"
    )
    provider = models.CharField("prestataire", max_length=120)
    hours_ordered = models.DecimalField("heures commandées", max_digits=6, decimal_places=2)
    hours_delivered = models.DecimalField("heures effectuées", max_digits=6, decimal_places=2, null=True, blank=True)
    hours_invoiced = models.DecimalField("heures facturées", max_digits=6, decimal_places=2, null=True, blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.ORDERED)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="commandé par"
    )
    ordered_at = models.DateTimeField("commandé le", default=timezone.now)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = AgencyBookingQuerySet.as_manager()

    class Meta:
        verbose_name = "commande d’intérim"
        verbose_name_plural = "commandes d’intérim"
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="booking_orders_hours",
                condition=Q(hours_ordered__gt=0),
                violation_error_message="Une commande porte sur plus de zéro heure.",
            ),
            models.CheckConstraint(
                name="booking_hours_follow_status",
                condition=Q(status__in=["ordered", "cancelled"], hours_delivered=None, hours_invoiced=None)
                | Q(status="delivered", hours_delivered__gte=0, hours_invoiced=None)
                | Q(status="invoiced", hours_delivered__gte=0, hours_invoiced__gte=0),
                violation_error_message="Les heures suivent l’ordre\u00a0: commandées, effectuées, facturées.",
            ),
        ]

    def __str__(self):
        return f"{self.provider}, {self.need}"

    def get_absolute_url(self):
        return reverse("staffing:need_detail", args=[self.need_id])

    @property
    def owning_establishment(self):
        return self.need.establishment

    def order(self, *, by):
        """Save a new order for an approved need; the same key sent again gives the one already there."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is None:
                need = StaffingNeed._base_manager.get(pk=self.need_id)
                if need.status != StaffingNeed.Status.APPROVED:
                    raise TransitionRefused(
                        "Des heures d’intérim se commandent pour un besoin validé par deux accords."
                    )
                self.ordered_by = by
                self.save(force_insert=True)
                note = f"{self.provider}, {hours(self.hours_ordered)}"
                record("intérim commandé", self, by=by, note=note, establishment=need.establishment)
        return known or self

    def deliver(self, *, by, hours_delivered: Decimal):
        note = hours(hours_delivered)
        with transition(self, by=by, verb="intérim effectué", from_status=[self.Status.ORDERED], note=note) as booking:
            booking.status, booking.hours_delivered = self.Status.DELIVERED, hours_delivered

    def invoice(self, *, by, hours_invoiced: Decimal):
        note = hours(hours_invoiced)
        with transition(
            self, by=by, verb="intérim facturé", from_status=[self.Status.DELIVERED], note=note
        ) as booking:
            booking.status, booking.hours_invoiced = self.Status.INVOICED, hours_invoiced

    def cancel(self, *, by):
        with transition(self, by=by, verb="intérim annulé", from_status=[self.Status.ORDERED]) as booking:
            booking.status = self.Status.CANCELLED

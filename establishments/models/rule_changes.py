"""Rules that change: recorded once with their date of effect, made known, taken into account house by house."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import Frozen, FrozenColumns

from ..rule_steps import RuleChangeSteps
from .establishments import Establishment, EstablishmentOwnedQuerySet


class RuleChangeQuerySet(models.QuerySet):
    def recorded(self):
        return self.filter(status=RuleChange.Status.RECORDED)

    def with_people(self):
        return self.select_related("recorded_by", "cancelled_by")


class RuleChange(RuleChangeSteps, models.Model):
    """One rule of the catalogue from one day on: `numbers` holds what changes, leaf by leaf, nothing else moves."""

    class Status(models.TextChoices):
        RECORDED = "recorded", "enregistrée"
        CANCELLED = "cancelled", "annulée"

    rule_id = models.CharField("règle", max_length=40)
    title = models.CharField("intitulé", max_length=200)
    article = models.CharField("article", max_length=200)
    statement = models.TextField("ce qui change", max_length=2000)
    numbers = models.JSONField("nouvelles valeurs", default=dict)
    starts_on = models.DateField("date d’effet")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.RECORDED)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="par"
    )
    recorded_at = models.DateTimeField("enregistrée le", default=timezone.now, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    cancelled_on = models.DateField("annulée le", null=True, editable=False)
    reason = models.CharField("raison de l’annulation", max_length=300, blank=True)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement de règle"
        verbose_name_plural = "changements de règles"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_id", "starts_on"],
                condition=Q(status="recorded"),
                name="rule_change_once_a_day",
                violation_error_message="Un changement de cette règle est déjà enregistré pour ce jour.",
            ),
            # What applied yesterday was applied: a change is withdrawn before its day, never after.
            models.CheckConstraint(
                name="rule_change_cancelled_before_effect",
                condition=Q(status="recorded", cancelled_on=None, cancelled_by=None)
                | (Q(status="cancelled", cancelled_on__lt=F("starts_on"), cancelled_by__isnull=False) & ~Q(reason="")),
                violation_error_message="Un changement s’annule avant sa date d’effet, avec une raison.",
            ),
            FrozenColumns(
                name="rule_change_recorded_once",
                columns=["rule_id", "numbers", "title", "article", "statement", "starts_on", "recorded_by_id"],
                violation_error_message="Un changement s’enregistre une fois\u00a0: annulez-le d’abord.",
            ),
            Frozen(
                name="rule_change_cancelled_for_good",
                when="{row}.status = 'cancelled'",
                violation_error_message="Ce changement est annulé.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("visits:rule_change", args=[self.pk])


class RuleNotice(models.Model):
    """A house that a change touches, and who took it into account, when."""

    change = models.ForeignKey(RuleChange, on_delete=models.PROTECT, related_name="notices")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    acknowledged_at = models.DateTimeField("pris en compte le", null=True, editable=False)

    objects = EstablishmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "prise en compte d’une règle"
        verbose_name_plural = "prises en compte de règles"
        ordering = ["change", "establishment"]
        constraints = [
            models.UniqueConstraint(fields=["change", "establishment"], name="rule_notice_once"),
            models.CheckConstraint(
                name="rule_notice_stamp",
                condition=Q(acknowledged_by=None, acknowledged_at=None)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
            ),
            Frozen(name="rule_notice_acknowledged_once", when="{row}.acknowledged_at IS NOT NULL"),
        ]

    def __str__(self):
        return f"{self.change} — {self.establishment}"

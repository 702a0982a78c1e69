import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import FrozenChild, FrozenColumns, Refused, dates_in_order

from ..vocabulary import said
from .establishments import Establishment, EstablishmentOwnedQuerySet
from .roles import Capability


class WorksQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        return super().visible_to(user, capability, on)

    def open(self):
        """Asked for, decided or going on: what is not over."""
        return self.filter(status__in=WorksPeriod.OPEN)

    def safety_since(self, day):
        """Safety works asked for before a day and not done yet (S-012)."""
        return self.open().filter(is_safety=True, needed_on__lt=day)

    def overrunning(self, today):
        """Works that hold places back after the day they should have ended."""
        return self.filter(status="in_progress", ends_on__lt=today)


class WorksPeriod(models.Model):
    """Works of a house, from the need to the reopening; the places that they withdraw come back by it alone."""

    class Status(models.TextChoices):
        NEEDED = "needed", "besoin exprimé"
        DECIDED = "decided", "décidé"
        REFUSED = "refused", "non retenu"
        IN_PROGRESS = "in_progress", "en cours"
        REOPENED = "reopened", "places rendues"
        DONE = "done", "terminé"
        CANCELLED = "cancelled", "annulé"

    class Priority(models.IntegerChoices):
        HIGH = 1, "haute"
        NORMAL = 2, "normale"
        LOW = 3, "basse"

    OPEN = [Status.NEEDED, Status.DECIDED, Status.IN_PROGRESS]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="works", verbose_name=said("{establishment}")
    )
    title = models.CharField("travaux", max_length=160)
    need = models.TextField("besoin", blank=True)
    priority = models.PositiveSmallIntegerField("priorité", choices=Priority, default=Priority.NORMAL)
    is_safety = models.BooleanField("sécurité", default=False)
    needed_on = models.DateField("demandé le", default=timezone.localdate)
    status = models.CharField("statut", max_length=20, choices=Status, default=Status.NEEDED)
    starts_on = models.DateField("début prévu", null=True, blank=True)
    ends_on = models.DateField("fin prévue", null=True, blank=True)
    places = models.PositiveSmallIntegerField("places retirées", default=0)
    closes_house = models.BooleanField(said("{establishment} fermé pendant les travaux"), default=False)
    families_informed_on = models.DateField("familles informées le", null=True, blank=True)
    staff_note = models.TextField("conséquences pour l’équipe", blank=True)
    decision_note = models.TextField("décision", blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("décidé le", null=True, editable=False)
    reopened_on = models.DateField("places rendues le", null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("enregistré le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = WorksQuerySet.as_manager()

    class Meta:
        verbose_name = "travaux"
        verbose_name_plural = "travaux"
        ordering = ["priority", "needed_on", "pk"]
        constraints = [
            dates_in_order("works_dates_in_order"),
            models.CheckConstraint(
                name="works_dated_once_decided",
                condition=Q(status__in=["needed", "refused", "cancelled"]) | Q(starts_on__isnull=False),
                violation_error_message="Des travaux décidés ont une date de début.",
            ),
            models.CheckConstraint(
                name="works_decided_stamp",
                condition=Q(status__in=["needed", "cancelled"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="Une décision porte qui l’a prise et quand.",
            ),
            models.CheckConstraint(
                name="works_end_by_reopening",
                condition=~Q(status="done") | Q(places=0, closes_house=False),
                violation_error_message="Des travaux qui retirent des places se terminent par la réouverture.",
            ),
            models.CheckConstraint(
                name="works_reopened_on_a_day",
                condition=Q(status="reopened", reopened_on__isnull=False, reopened_by__isnull=False)
                | (~Q(status="reopened") & Q(reopened_on__isnull=True)),
                violation_error_message="La réouverture porte sa date et qui l’a décidée.",
            ),
            Refused(
                name="works_reopened_by_checklist",
                on_insert="NEW.status = 'reopened'",
                on_update="(OLD.status = 'in_progress' AND NEW.status NOT IN ('in_progress', 'reopened', 'done')) "
                "OR (OLD.status <> 'reopened' AND NEW.status = 'reopened' AND (OLD.status <> 'in_progress' "
                "OR NOT EXISTS (SELECT 1 FROM establishments_workscheck c WHERE c.works_id = NEW.id) "
                "OR EXISTS (SELECT 1 FROM establishments_workscheck c "
                "WHERE c.works_id = NEW.id AND c.done_on IS NULL)))",
                violation_error_message="La liste de réouverture n’est pas complète.",
            ),
            FrozenColumns(
                name="works_reopened_frozen",
                columns=["status", "reopened_on", "starts_on", "places", "closes_house", "establishment_id"],
                when="{row}.status = 'reopened'",
                violation_error_message="Ces travaux sont terminés.",
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("projects:works_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def withdraws(self):
        """Whether the house welcomes fewer children because of it."""
        return bool(self.places) or self.closes_house


class WorksCheck(models.Model):
    """One line of the reopening list of some works: what must be true before the places come back."""

    works = models.ForeignKey(WorksPeriod, on_delete=models.CASCADE, related_name="checks", verbose_name="travaux")
    label = models.CharField("à faire avant la réouverture", max_length=200)
    done_on = models.DateField("fait le", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    note = models.CharField("constat", max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne de réouverture"
        verbose_name_plural = "lignes de réouverture"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["works", "label"], name="works_check_once"),
            models.CheckConstraint(
                name="works_check_stamp",
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                violation_error_message="Une ligne faite porte qui l’a faite.",
            ),
            FrozenChild(
                name="works_check_frozen",
                when="EXISTS (SELECT 1 FROM establishments_worksperiod w "
                "WHERE w.id = {row}.works_id AND w.status = 'reopened')",
                violation_error_message="Les places sont rendues : la liste ne change plus.",
            ),
        ]

    def __str__(self):
        return self.label

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order
from core.periods import active_on

from .authorisations import PeriodQuerySet
from .establishments import Establishment
from .mandates import Mandate
from .roles import Role
from .territories import Territory


class Directorship(models.Model):
    """Who directs an establishment, or is deputy, between two dates; it opens the matching mandate by itself."""

    class Position(models.TextChoices):
        DIRECTOR = "director", "direction"
        DEPUTY = "deputy", "adjoint·e"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="directorships", verbose_name="établissement"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="directorships", verbose_name="personne"
    )
    position = models.CharField("fonction", max_length=10, choices=Position, default=Position.DIRECTOR)
    is_interim = models.BooleanField("intérim", default=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    mandate = models.OneToOneField(
        Mandate,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="directorship",
        verbose_name="mandat",
    )

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "direction"
        verbose_name_plural = "directions"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            dates_in_order("directorship_dates_in_order"),
            models.CheckConstraint(
                name="directorship_interim_ends",
                condition=Q(is_interim=False) | Q(ends_on__isnull=False),
                violation_error_message="Un intérim a une date de fin.",
            ),
            NoOverlap(
                name="directorship_one_director",
                fields=["establishment"],
                unless={"position": ["deputy"]},
                violation_error_message="Quelqu’un dirige déjà cet établissement sur cette période.",
            ),
        ]

    def __str__(self):
        return f"{self.person} — {self.get_position_display()} — {self.establishment}"

    def save(self, *args, **kwargs):
        mandate = self.mandate or Mandate(role=Role.DIRECTOR)
        mandate.user, mandate.establishment = self.person, self.establishment
        mandate.starts_on, mandate.ends_on, mandate.is_interim = self.starts_on, self.ends_on, self.is_interim
        mandate.save()
        self.mandate = mandate
        super().save(*args, **kwargs)


class SharedRole(models.Model):
    """A function shared by several establishments (RSAI, puéricultrice, ATEPE…), by rank of call."""

    class Function(models.TextChoices):
        RSAI = "rsai", "référent·e santé et accueil inclusif"
        NURSE = "nurse", "puéricultrice ou infirmier·ère mutualisé·e"
        ATEPE = "atepe", "référent·e ATEPE"
        DIETICIAN = "dietician", "diététicien·ne"
        PSYCHOLOGIST = "psychologist", "psychologue"
        ASSISTANT = "assistant", "assistant·e administratif·ve"
        TECHNICAL = "technical", "référent·e technique et travaux"

    function = models.CharField("fonction", max_length=20, choices=Function)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shared_roles", verbose_name="personne"
    )
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_roles",
        verbose_name="territoire",
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="shared_roles",
        verbose_name="établissement",
    )
    rank = models.PositiveSmallIntegerField("rang d’appel", default=1)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fonction mutualisée"
        verbose_name_plural = "fonctions mutualisées"
        ordering = ["function", "rank", "pk"]
        constraints = [
            dates_in_order("shared_role_dates_in_order"),
            models.CheckConstraint(
                name="shared_role_covers_one_thing",
                condition=Q(territory__isnull=False, establishment__isnull=True)
                | Q(territory__isnull=True, establishment__isnull=False),
                violation_error_message="Une fonction porte sur un territoire ou sur un établissement, l’un des deux.",
            ),
        ]

    def __str__(self):
        return f"{self.person} — {self.get_function_display()}"


class UnavailabilityQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))


class Unavailability(models.Model):
    """Days a person cannot be called; never why."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unavailabilities", verbose_name="personne"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = "indisponibilité"
        verbose_name_plural = "indisponibilités"
        ordering = ["starts_on", "pk"]
        constraints = [dates_in_order("unavailability_dates_in_order")]

    def __str__(self):
        return f"{self.person}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

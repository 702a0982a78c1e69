from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order

from ..vocabulary import said
from .authorisations import WEEKDAYS, PeriodQuerySet
from .establishments import Establishment


class OpeningHours(models.Model):
    """The hours of one weekday between two dates."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="opening_hours", verbose_name=said("{establishment}")
    )
    weekday = models.PositiveSmallIntegerField("jour", choices=WEEKDAYS)
    opens_at = models.TimeField("ouverture")
    closes_at = models.TimeField("fermeture")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "horaire d’ouverture"
        verbose_name_plural = "horaires d’ouverture"
        ordering = ["weekday", "-starts_on"]
        constraints = [
            dates_in_order("opening_hours_dates_in_order"),
            models.CheckConstraint(
                name="opening_hours_in_order",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="L’heure de fermeture précède l’heure d’ouverture.",
            ),
            NoOverlap(
                name="opening_hours_no_overlap",
                fields=["establishment", "weekday"],
                violation_error_message="Un horaire existe déjà pour ce jour sur cette période.",
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class Closure(models.Model):
    """Days an establishment is closed, in whole, and why; the cause says what it takes from the rates."""

    class Cause(models.TextChoices):
        YEARLY = "yearly", "fermeture annuelle"
        BRIDGE = "bridge", "pont"
        PEDAGOGICAL = "pedagogical", "journée pédagogique"
        WORKS = "works", "travaux"
        STRIKE = "strike", "grève"
        HEALTH = "health", "sanitaire"
        DAMAGE = "damage", "sinistre"
        STAFF = "staff", "manque de personnel"
        OTHER = "other", "autre"

    # Planned closures leave authorised and open hours; the others leave open hours only (decisions, 11).
    PLANNED = [Cause.YEARLY, Cause.BRIDGE, Cause.PEDAGOGICAL]

    class Part(models.TextChoices):
        DAY = "day", "journée"
        MORNING = "morning", "matin"
        AFTERNOON = "afternoon", "après-midi"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="closures", verbose_name=said("{establishment}")
    )
    cause = models.CharField("cause", max_length=20, choices=Cause)
    part = models.CharField("durée", max_length=10, choices=Part, default=Part.DAY)
    label = models.CharField("intitulé", max_length=120, blank=True)
    host = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_closures",
        verbose_name=said("{establishment} d’accueil"),
    )
    families_informed_on = models.DateField("familles informées le", null=True, blank=True)
    works = models.ForeignKey(
        "establishments.WorksPeriod",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="closures",
        verbose_name="travaux",
    )
    is_managed = models.BooleanField("tenue par une autre page", default=False, editable=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fermeture"
        verbose_name_plural = "fermetures"
        ordering = ["starts_on", "pk"]
        constraints = [
            dates_in_order("closure_dates_in_order"),
            models.CheckConstraint(
                name="closure_half_day_is_one_day",
                condition=Q(part="day") | Q(starts_on=F("ends_on")),
                violation_error_message="Une demi-journée de fermeture porte sur un seul jour.",
            ),
            models.CheckConstraint(
                name="closure_hosted_elsewhere",
                condition=Q(host__isnull=True) | ~Q(host=F("establishment")),
                violation_error_message=said("Choisissez d’autres murs que ceux {establishment.du} qui ferme."),
            ),
        ]

    def __str__(self):
        return f"{self.get_cause_display()} du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

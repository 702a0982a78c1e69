from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, Refused, dates_in_order
from core.periods import active_on, touching

from ..regulation import authorisation_expiry, renewal_window
from ..vocabulary import said
from .establishments import Establishment, EstablishmentOwnedQuerySet

WEEKDAYS = [(1, "lundi"), (2, "mardi"), (3, "mercredi"), (4, "jeudi"), (5, "vendredi"), (6, "samedi"), (7, "dimanche")]


class RatioRule(models.TextChoices):
    """The ratio chosen by the gestionnaire and written in the authorisation (CSP R. 2324-46-4, R. 2324-47-4)."""

    FIVE_EIGHT_SUMMED = "five_eight_summed", "1 pour 5 et 1 pour 8, sommé"
    FIVE_EIGHT_BY_GROUP = "five_eight_by_group", "1 pour 5 et 1 pour 8, par groupe"
    ONE_SIX = "one_six", "1 pour 6"
    KINDERGARTEN = "kindergarten", "jardin d’enfants (1 pour 6 et 1 pour 15)"


class PeriodQuerySet(EstablishmentOwnedQuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))

    def touching(self, start, end):
        return self.filter(touching(start, end))


class Authorisation(models.Model):
    """The terms authorised for an establishment between two dates: places, ratio rule, ages (CSP R. 2324-20)."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="authorisations", verbose_name=said("{establishment}")
    )
    places = models.PositiveSmallIntegerField("places autorisées")
    ratio_rule = models.CharField(
        "règle d’encadrement", max_length=30, choices=RatioRule, default=RatioRule.FIVE_EIGHT_SUMMED
    )
    issued_on = models.DateField("autorisation du", null=True, blank=True)
    expires_on = models.DateField(
        "échéance",
        null=True,
        blank=True,
        help_text="Quinze ans après l’autorisation (CSP L. 2324-1-1), calculée si vide.",
    )
    age_min_months = models.PositiveSmallIntegerField("âge minimal (mois)", null=True, blank=True)
    age_max_months = models.PositiveSmallIntegerField("âge maximal (mois)", null=True, blank=True)
    reference = models.CharField("référence de l’arrêté", max_length=120, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "autorisation"
        verbose_name_plural = "autorisations"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("authorisation_dates_in_order"),
            models.CheckConstraint(
                name="authorisation_places_positive",
                condition=Q(places__gt=0),
                violation_error_message=(
                    "Indiquez au moins une place ; si leur nombre est inconnu, pas d’autorisation."
                ),
            ),
            models.CheckConstraint(
                name="authorisation_ages_in_order",
                condition=Q(age_min_months__isnull=True)
                | Q(age_max_months__isnull=True)
                | Q(age_max_months__gte=F("age_min_months")),
                violation_error_message="L’âge maximal est inférieur à l’âge minimal.",
            ),
            NoOverlap(
                name="authorisation_no_overlap",
                fields=["establishment"],
                violation_error_message="Une autorisation couvre déjà une partie de cette période.",
            ),
        ]

    def __str__(self):
        return f"{self.places} places depuis le {self.starts_on:%d/%m/%Y}"

    def save(self, *args, **kwargs):
        if self.issued_on and not self.expires_on:
            self.expires_on = authorisation_expiry(self.issued_on)
        super().save(*args, **kwargs)

    @property
    def renewal_window(self):
        """(first day, last day) to ask for the renewal, or None when the expiry is unknown."""
        return renewal_window(self.expires_on) if self.expires_on else None


class AuthorisationSlot(models.Model):
    """A modulated capacity: other places on some hours of a weekday (CSP R. 2324-20)."""

    authorisation = models.ForeignKey(
        Authorisation, on_delete=models.CASCADE, related_name="slots", verbose_name="autorisation"
    )
    weekday = models.PositiveSmallIntegerField("jour", choices=WEEKDAYS)
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    places = models.PositiveSmallIntegerField("places")

    class Meta:
        verbose_name = "créneau modulé"
        verbose_name_plural = "créneaux modulés"
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                name="slot_hours_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’heure de fin précède l’heure de début.",
            ),
            models.UniqueConstraint(
                fields=["authorisation", "weekday", "starts_at"],
                name="slot_once",
                violation_error_message="Ce créneau existe déjà.",
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M} : {self.places} places"


class CapacityChange(models.Model):
    """Places withdrawn from welcome between two dates (berceaux gelés), and why."""

    class Reason(models.TextChoices):
        VACANCY = "vacancy", "poste vacant"
        RATIO = "ratio", "taux d’encadrement"
        WORKS = "works", "travaux"
        SAFETY = "safety", "sécurité"
        DAMAGE = "damage", "sinistre"
        OTHER = "other", "autre"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="capacity_changes", verbose_name=said("{establishment}")
    )
    places = models.PositiveSmallIntegerField("places gelées")
    reason = models.CharField("raison", max_length=20, choices=Reason)
    note = models.CharField("précision", max_length=200, blank=True)
    works = models.ForeignKey(
        "establishments.WorksPeriod",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="freezes",
        verbose_name="travaux",
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "gel de places"
        verbose_name_plural = "gels de places"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            dates_in_order("capacity_change_dates_in_order"),
            models.CheckConstraint(
                name="capacity_change_positive",
                condition=Q(places__gt=0),
                violation_error_message="Indiquez au moins une place.",
            ),
            Refused(
                name="works_places_back_by_reopening",
                on_insert="NEW.works_id IS NOT NULL AND NEW.ends_on IS NOT NULL",
                on_update="(OLD.works_id IS NULL AND NEW.works_id IS NOT NULL AND NEW.ends_on IS NOT NULL) "
                "OR (OLD.works_id IS NOT NULL AND (COALESCE(NEW.works_id, 0) <> OLD.works_id "
                "OR NEW.establishment_id <> OLD.establishment_id "
                "OR (NEW.ends_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM establishments_worksperiod w "
                "WHERE w.id = OLD.works_id AND w.status = 'reopened' AND w.reopened_on > NEW.ends_on)) "
                "OR ((NEW.places < OLD.places OR NEW.starts_on > OLD.starts_on) AND NOT EXISTS "
                "(SELECT 1 FROM establishments_worksperiod w WHERE w.id = OLD.works_id AND w.status = 'decided'))))",
                on_delete="OLD.works_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM establishments_worksperiod w "
                "WHERE w.id = OLD.works_id AND w.status IN ('decided', 'cancelled'))",
                violation_error_message="Ces places ne reviennent que par la réouverture après travaux.",
            ),
        ]

    def __str__(self):
        return f"{self.places} places gelées ({self.get_reason_display()})"

"""The dated barèmes of the prestation de service unique: reference data, edited in the administration."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from core.constraints import NoOverlap, dates_in_order
from core.periods import touching

from .psu import LINEAR_SINCE, Tariff


def _not_below(high, low):
    """Two prices in order, where both are known."""
    return Q(**{f"{high}__isnull": True}) | Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__gte": F(low)})


def _unknown_or_positive(price):
    return Q(**{f"{price}__isnull": True}) | Q(**{f"{price}__gt": 0})


class PsuTariffQuerySet(models.QuerySet):
    def touching(self, start, end):
        return self.filter(touching(start, end))

    def between(self, start, end, services="full"):
        """The barèmes that apply to houses with these services during start–end, the oldest first."""
        return self.touching(start, end).filter(services=services).order_by("starts_on")


class PsuTariff(models.Model):
    """One barème of the Caf between two dates; a value that is not known stays empty and is said so on the pages."""

    class Rule(models.TextChoices):
        STEPS = "steps", "trois paliers (jusqu’en 2024)"
        LINEAR = "linear", "linéaire de 107 à 120\u202f% (depuis 2025)"

    class Services(models.TextChoices):
        FULL = "full", "couches et repas fournis"
        PARTIAL = "partial", "sans couches ou sans repas"

    services = models.CharField("services rendus", max_length=10, choices=Services, default=Services.FULL)
    rule = models.CharField("règle", max_length=10, choices=Rule, default=Rule.LINEAR)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    p107 = models.DecimalField(
        "prix plafond jusqu’à 107\u202f%",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Euros l’heure.",
    )
    p117 = models.DecimalField(
        "prix plafond de 107 à 117\u202f%",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Trois paliers seulement.",
    )
    p120 = models.DecimalField(
        "prix plafond le plus bas",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="À partir de 120\u202f%, ou au-delà de 117\u202f% avec les trois paliers.",
    )
    hourly = models.DecimalField(
        "montant d’une heure",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Prestation et participations des familles (66\u202f%)\u00a0: il paie les journées pédagogiques.",
    )
    source = models.CharField("source", max_length=200, help_text="Texte ou page où ces valeurs ont été lues.")

    objects = PsuTariffQuerySet.as_manager()

    class Meta:
        verbose_name = "barème de la PSU"
        verbose_name_plural = "barèmes de la PSU"
        ordering = ["-starts_on", "services"]
        constraints = [
            dates_in_order("psu_tariff_dates_in_order"),
            NoOverlap(
                name="psu_tariff_no_overlap",
                fields=["services"],
                violation_error_message="Un autre barème couvre déjà ces dates pour les mêmes services.",
            ),
            models.CheckConstraint(
                name="psu_tariff_rule_of_its_time",
                condition=Q(rule="steps", ends_on__isnull=False, ends_on__lt=date(LINEAR_SINCE, 1, 1))
                | Q(rule="linear", starts_on__gte=date(LINEAR_SINCE, 1, 1), p117__isnull=True),
                violation_error_message="Trois paliers jusqu’au 31 décembre 2024\u202f; ensuite la règle "
                "est linéaire, sans prix intermédiaire.",
            ),
            models.CheckConstraint(
                name="psu_tariff_prices_fall",
                condition=_not_below("p107", "p120") & _not_below("p107", "p117") & _not_below("p117", "p120"),
                violation_error_message="Le prix plafond ne monte jamais avec le taux de facturation.",
            ),
            models.CheckConstraint(
                name="psu_tariff_prices_positive",
                condition=_unknown_or_positive("p107")
                & _unknown_or_positive("p117")
                & _unknown_or_positive("p120")
                & _unknown_or_positive("hourly"),
                violation_error_message="Un prix inconnu reste vide\u00a0: il n’est ni nul ni négatif.",
            ),
        ]

    def __str__(self):
        end = f" au {self.ends_on:%d/%m/%Y}" if self.ends_on else ""
        return f"Barème du {self.starts_on:%d/%m/%Y}{end}, {self.get_services_display()}"

    @property
    def is_linear(self):
        return self.rule == self.Rule.LINEAR

    @property
    def tariff(self):
        """The same, as `indicators/psu.py` calculates with it."""
        return Tariff(p107=self.p107, p117=self.p117, p120=self.p120, hourly=self.hourly, linear=self.is_linear)

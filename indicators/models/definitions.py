from django.db import models

from core.constraints import NoOverlap, dates_in_order
from core.periods import active_on
from establishments.models import Territory

from ..formulas import FORMULAS


class PublishedFormulaQuerySet(models.QuerySet):
    def over_territory(self, territory, day):
        """{indicator: PublishedFormula} on a day: the territory's own, else that of the nearest above. One query."""
        rows = self.filter(active_on(day), territory__descendant_links__descendant=territory)
        found = {}
        for row in rows.order_by("territory__descendant_links__depth"):
            found.setdefault(row.indicator, row)
        return found


class PublishedFormula(models.Model):
    """How a collectivité defines a rate that it publishes, between two dates."""

    class Indicator(models.TextChoices):
        ADMISSION = "admission_rate", "taux d’admission"
        ATTENDANCE = "attendance_rate", "taux de fréquentation"

    indicator = models.CharField("indicateur", max_length=20, choices=Indicator)
    formula = models.CharField(
        "formule", max_length=20, choices=[(formula.code, formula.told) for formula in FORMULAS.values()]
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="published_formulas", verbose_name="territoire"
    )
    source = models.CharField("texte", max_length=200, help_text="Délibération ou note qui retient cette définition.")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PublishedFormulaQuerySet.as_manager()

    class Meta:
        verbose_name = "définition publiée"
        verbose_name_plural = "définitions publiées"
        ordering = ["-starts_on", "indicator"]
        constraints = [
            dates_in_order("published_formula_dates_in_order"),
            NoOverlap(
                name="published_formula_once",
                fields=["territory", "indicator"],
                violation_error_message="Ce territoire a déjà une définition de cet indicateur à ces dates.",
            ),
            models.CheckConstraint(
                name="published_formula_of_its_indicator",
                condition=models.Q(
                    indicator="admission_rate",
                    formula__in=[f.code for f in FORMULAS.values() if f.indicator == "admission_rate"],
                )
                | models.Q(
                    indicator="attendance_rate",
                    formula__in=[f.code for f in FORMULAS.values() if f.indicator == "attendance_rate"],
                ),
                violation_error_message="Cette formule n’est pas une définition de cet indicateur.",
            ),
        ]

    def __str__(self):
        return f"{self.get_indicator_display()}\u00a0: {self.get_formula_display()}"

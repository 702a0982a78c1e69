"""Targets of the rates: dated, so that changing one never changes whether a past month reached its own."""

from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import F, Q

from core.constraints import NoOverlap, dates_in_order
from core.french import percent
from core.periods import active_on
from establishments.models import Establishment, Territory
from establishments.vocabulary import said, titled


class TargetQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))

    def over_establishment(self, establishment, day):
        """{indicator: Target} on a day: the house's own, else that of the nearest territory above. One query."""
        held = "territory__descendant_links__descendant__attachments__"
        above = active_on(day, prefix=held) & Q(**{f"{held}establishment": establishment})
        return self._nearest(Q(establishment=establishment) | above, day)

    def over_territory(self, territory, day):
        """{indicator: Target} on a day: the territory's own, else that of the nearest above. One query."""
        return self._nearest(Q(territory__descendant_links__descendant=territory), day)

    def _nearest(self, reached, day):
        rows = self.active_on(day).filter(reached).annotate(depth=F("territory__descendant_links__depth"))
        found = {}
        # A house's own has no territory, hence no depth: it comes first.
        for row in sorted(rows.select_related("territory"), key=lambda row: -1 if row.depth is None else row.depth):
            found.setdefault(row.indicator, row)
        return found


class Target(models.Model):
    """The rate that one territory or one establishment aims at between two dates."""

    class Indicator(models.TextChoices):
        ADMISSION = "admission_rate", "taux d’admission"
        ATTENDANCE = "attendance_rate", "taux de fréquentation"

    indicator = models.CharField("indicateur", max_length=20, choices=Indicator)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="targets", verbose_name="territoire"
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=said("{establishment}"),
    )
    goal = models.DecimalField("objectif", max_digits=5, decimal_places=2, help_text="En pour cent\u00a0: 72,50.")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ["-starts_on", "indicator"]
        constraints = [
            dates_in_order("target_dates_in_order"),
            models.CheckConstraint(
                name="target_of_one_level",
                condition=Q(territory__isnull=False, establishment__isnull=True)
                | Q(territory__isnull=True, establishment__isnull=False),
                violation_error_message=said(
                    "Un objectif vaut pour un territoire ou {establishment.un}, un seul des deux."
                ),
            ),
            models.CheckConstraint(
                name="target_is_a_rate",
                condition=Q(goal__gt=0, goal__lte=100),
                violation_error_message="Un objectif est un taux, entre 0 et 100.",
            ),
            NoOverlap(
                name="target_once_a_territory",
                fields=["territory", "indicator"],
                violation_error_message="Ce territoire a déjà un objectif pour cet indicateur à ces dates.",
            ),
            NoOverlap(
                name="target_once_an_establishment",
                fields=["establishment", "indicator"],
                violation_error_message=titled(
                    "{establishment.ce} a déjà un objectif pour cet indicateur à ces dates."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_indicator_display()}\u00a0: {percent(self.rate)}"

    @property
    def rate(self):
        """The goal as the rates are calculated: 0.725 for 72.50."""
        return Fraction(Decimal(self.goal)) / 100

from django.db import models
from django.db.models import Q

from establishments.models import Capability, Territory, TerritoryLink


class ContextFigureQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.VIEW_AGGREGATES, on=None):
        reached = Territory.objects.visible_to(user, capability, on)
        return self.filter(territory__in=reached.order_by().values("pk"))

    def within(self, territory):
        """Figures of a territory and of those below it."""
        below = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
        return self.filter(territory__in=below)

    def latest(self):
        """The last year known of each figure of each territory."""
        later = ContextFigure.objects.filter(
            territory=models.OuterRef("territory"), kind=models.OuterRef("kind"), year__gt=models.OuterRef("year")
        )
        return self.filter(~models.Exists(later))


class ContextFigure(models.Model):
    """A public figure about the families of a territory, with its year and where it was read (functions S-016)."""

    class Kind(models.TextChoices):
        BIRTHS = "births", "naissances dans l’année"
        UNDER_3 = "under_3", "enfants de moins de trois ans"
        COVERAGE = "coverage", "taux de couverture (%)"
        QPV = "qpv", "enfants en quartier prioritaire"
        LONE_PARENT = "lone_parent", "familles monoparentales (%)"
        INCOME = "income", "revenu médian (€)"

    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="context_figures", verbose_name="territoire"
    )
    kind = models.CharField("donnée", max_length=20, choices=Kind)
    year = models.PositiveSmallIntegerField("année")
    value = models.DecimalField("valeur", max_digits=12, decimal_places=2)
    source = models.CharField("source", max_length=200)

    objects = ContextFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "donnée de contexte"
        verbose_name_plural = "données de contexte"
        ordering = ["territory", "kind", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "kind", "year"],
                name="context_figure_once_a_year",
                violation_error_message="Cette donnée est déjà connue pour cette année.",
            ),
            models.CheckConstraint(
                name="context_figure_has_its_year",
                condition=Q(year__gte=1990, year__lte=2100),
                violation_error_message="Une donnée de contexte porte son année.",
            ),
            models.CheckConstraint(
                name="context_figure_has_its_source",
                condition=~Q(source=""),
                violation_error_message="Une donnée de contexte porte sa source.",
            ),
            models.CheckConstraint(
                name="context_figure_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="Cette valeur n’est pas négative.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.year}, {self.territory}"

from django.db import models
from django.db.models import Q

from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet
from establishments.vocabulary import said


class BudgetLineQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_AGGREGATES, on=None):
        return super().visible_to(user, capability, on)

    def of_year(self, year):
        return self.filter(year=year)


class BudgetLine(models.Model):
    """What one house was given on one line for a year, and what was committed and spent up to a day."""

    class Category(models.TextChoices):
        PRODUCTS = "products", "produits et couches"
        GAMES = "games", "jeux et matériel éducatif"
        CLEANING = "cleaning", "entretien"
        AGENCY = "agency", "intérim"
        OTHER = "other", "autre"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="budget_lines", verbose_name=said("{establishment}")
    )
    year = models.PositiveSmallIntegerField("année")
    category = models.CharField("ligne", max_length=10, choices=Category)
    as_of = models.DateField("arrêté au", help_text="Le jour où l’export des finances a été tiré.")
    allotted = models.DecimalField("alloué", max_digits=12, decimal_places=2)
    committed = models.DecimalField("engagé", max_digits=12, decimal_places=2)
    spent = models.DecimalField("dépensé", max_digits=12, decimal_places=2)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne budgétaire"
        verbose_name_plural = "lignes budgétaires"
        ordering = ["-year", "establishment", "category", "-as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "year", "category", "as_of"],
                name="budget_line_once_a_day",
                violation_error_message="Cette ligne est déjà arrêtée à ce jour.",
            ),
            models.CheckConstraint(
                name="budget_line_not_negative",
                condition=Q(allotted__gte=0, committed__gte=0, spent__gte=0),
                violation_error_message="Les montants d’une ligne ne sont pas négatifs.",
            ),
        ]

    def __str__(self):
        return f"{self.get_category_display()} {self.year}, {self.establishment}"

    @property
    def owning_establishment(self):
        return self.establishment

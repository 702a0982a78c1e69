from django.db import models

from establishments.models import EstablishmentOwnedQuerySet
from projects.models import GoodPractice

from .observations import Observation


class PracticeOriginQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "practice__establishment"


class PracticeOrigin(models.Model):
    """The observation that a card of good practice was made from: one card for one observation."""

    practice = models.OneToOneField(
        GoodPractice, on_delete=models.CASCADE, related_name="origin", verbose_name="bonne pratique"
    )
    observation = models.OneToOneField(
        Observation, on_delete=models.PROTECT, related_name="card", verbose_name="observation"
    )

    objects = PracticeOriginQuerySet.as_manager()

    class Meta:
        verbose_name = "origine d’une bonne pratique"
        verbose_name_plural = "origines des bonnes pratiques"
        ordering = ["practice"]

    def __str__(self):
        return f"{self.practice} ← {self.observation}"

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .establishments import EstablishmentOwnedQuerySet
from .people import Directorship


class TakingOfficeStepQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "directorship__establishment"


class TakingOfficeStep(models.Model):
    """One step of the parcours of a director who takes office: due on a day, done or not, with a note."""

    directorship = models.ForeignKey(
        Directorship, on_delete=models.CASCADE, related_name="taking_office_steps", verbose_name="direction"
    )
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("étape", max_length=120)
    due_on = models.DateField("à faire avant le")
    done_on = models.DateField("faite le", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="notée par",
    )
    note = models.CharField("note", max_length=300, blank=True)

    objects = TakingOfficeStepQuerySet.as_manager()

    class Meta:
        verbose_name = "étape de prise de fonction"
        verbose_name_plural = "étapes de prise de fonction"
        ordering = ["directorship", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["directorship", "position"],
                name="taking_office_step_one_per_position",
                violation_error_message="Cette étape existe déjà.",
            ),
            models.CheckConstraint(
                name="taking_office_step_stamp_complete",
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                violation_error_message="Une étape faite dit quand et par qui.",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": "Une étape faite ne peut pas l’être dans l’avenir."})

    @property
    def is_done(self):
        return self.done_on is not None

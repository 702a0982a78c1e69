"""What a finding said before it was put right, and why one was withdrawn. Gone with its inspection only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.constraints import Frozen
from core.french import short_date
from establishments.models import Capability, EstablishmentOwnedQuerySet

from ..inspections import findings
from .inspections import PURGED, Finding


class FindingCorrectionQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "finding__inspection__establishment"

    def visible_to(self, user, capability=Capability.VIEW_INSPECTIONS, on=None):
        return super().visible_to(user, capability, on)


class FindingCorrection(models.Model):
    """The wording of a finding that a correction replaced, or the one that was withdrawn, with who and why.

    `version` is that of the finding while it said this: the database lets no wording go without the row that keeps it.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="corrections", verbose_name="constat")
    version = models.PositiveIntegerField("version")
    nature = models.CharField("nature", max_length=15, choices=list(findings.NATURES.items()))
    text = models.TextField("constat", max_length=2000)
    article = models.CharField("texte de référence", max_length=120, blank=True)
    due_on = models.DateField("délai", null=True)
    must_display = models.BooleanField("à afficher à l’entrée")
    displayed_on = models.DateField("affiché le", null=True)
    is_withdrawal = models.BooleanField("retrait", default=False)
    reason = models.CharField("motif", max_length=300, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="corrigé par"
    )
    corrected_at = models.DateTimeField("corrigé le", default=timezone.now)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = FindingCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "rédaction précédente d’un constat"
        verbose_name_plural = "rédactions précédentes des constats"
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "version"],
                name="finding_correction_once_a_version",
                violation_error_message="Cette rédaction est déjà gardée.",
            ),
            models.CheckConstraint(
                name="finding_withdrawn_with_reason",
                condition=Q(is_withdrawal=False) | ~Q(reason=""),
                violation_error_message="Un constat se retire avec son motif.",
            ),
            Frozen(
                name="finding_correction_frozen",
                when=f"NOT EXISTS ({PURGED})",
                violation_error_message="Une rédaction gardée ne change plus.",
            ),
        ]

    def __str__(self):
        return f"Rédaction du constat jusqu’au {short_date(timezone.localdate(self.corrected_at))}"

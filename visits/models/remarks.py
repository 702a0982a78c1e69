from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.transaction import atomic
from django.utils import timezone

from core.constraints import FrozenChild
from establishments.models import EstablishmentOwnedQuerySet, JournalHead
from establishments.workflow import TransitionRefused, transition

from .visits import VALIDATED_PARENT, Visit


class RemarkQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "visit__establishment"

    def undecided(self):
        return self.filter(decision="")


class Remark(models.Model):
    """One remark of the director on a shared report: accepted, or refused with a reason; both are printed."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "acceptée"
        REFUSED = "refused", "refusée"

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="remarks", verbose_name="visite")
    position = models.PositiveSmallIntegerField("rang")
    text = models.TextField("observation")
    decision = models.CharField("suite donnée", max_length=10, choices=Decision, blank=True)
    reason = models.TextField("motif ou précision", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("décidée le", null=True, editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "observation du responsable"
        verbose_name_plural = "observations du responsable"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "position"],
                name="remark_once_a_rank",
                violation_error_message="Cette observation est déjà enregistrée.",
            ),
            models.CheckConstraint(
                name="remark_says_something",
                condition=~Q(text=""),
                violation_error_message="L’observation est vide.",
            ),
            models.CheckConstraint(
                name="remark_refused_with_reason",
                condition=~Q(decision="refused") | ~Q(reason=""),
                violation_error_message="Une observation se refuse avec son motif.",
            ),
            models.CheckConstraint(
                name="remark_decision_stamp",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_message="Une suite donnée porte qui l’a décidée et quand.",
            ),
            FrozenChild(
                name="remark_frozen",
                when=VALIDATED_PARENT,
                violation_error_message="Le compte rendu est validé\u00a0: il ne se modifie plus.",
            ),
        ]

    def __str__(self):
        return f"Observation {self.position} — {self.visit}"

    @property
    def owning_establishment(self):
        return self.visit.establishment

    def accept(self, *, by, reason=""):
        """The remark is right: it stands beside the text, with what it changes."""
        self._decide(self.Decision.ACCEPTED, "observation acceptée", by, reason)

    def refuse(self, *, by, reason):
        """The remark is not followed; the reason is written, and both are printed."""
        if not reason.strip():
            raise TransitionRefused("Une observation se refuse avec son motif.")
        self._decide(self.Decision.REFUSED, "observation refusée", by, reason)

    def _decide(self, decision, verb, by, reason):
        """A decision may change until the report is validated; each change is a line of the journal, a repeat none."""
        known = ["", *self.Decision.values]
        with atomic():
            JournalHead.locked()
            if type(self).objects.filter(pk=self.pk, decision=decision, reason=reason.strip()).exists():
                return
            self._write(decision, verb, by, reason, known)

    def _write(self, decision, verb, by, reason, known):
        with transition(self, by=by, verb=verb, from_status=known, note=reason, field="decision") as remark:
            if remark.visit.report_status != Visit.ReportStatus.ANSWERED:
                raise TransitionRefused(f"Déjà traité\u00a0: {remark.visit.get_report_status_display()}.")
            remark.decision, remark.reason = decision, reason.strip()
            remark.decided_by, remark.decided_at = by, timezone.now()

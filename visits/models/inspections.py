"""Inspections of a house, what each found, and every control that followed until the authority lifted it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import Frozen, FrozenColumns, Refused
from core.french import short_date
from establishments.models import Capability, Document, Establishment, EstablishmentOwnedQuerySet
from establishments.vocabulary import said
from projects.models import ActionItem

from .. import retention
from ..inspections import findings
from ..inspections.corrections import CorrectionSteps
from ..inspections.steps import FindingSteps, InspectionSteps

PURGED = (
    "SELECT 1 FROM visits_finding f JOIN visits_inspection i ON i.id = f.inspection_id "
    "WHERE f.id = {row}.finding_id AND i.purged_at IS NOT NULL"
)
# The wording of a finding goes only once the row that keeps it is there, or with its whole inspection.
REWORDED = (
    "(NEW.nature <> OLD.nature OR NEW.text <> OLD.text) AND NOT EXISTS (SELECT 1 FROM visits_findingcorrection c "
    "WHERE c.finding_id = OLD.id AND c.version = OLD.version AND c.nature = OLD.nature AND c.text = OLD.text) "
    "AND NOT EXISTS (SELECT 1 FROM visits_inspection i WHERE i.id = OLD.inspection_id AND i.purged_at IS NOT NULL)"
)


def _person(label, **more):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=label,
        **more,
    )


def _file(label):
    return models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class InspectionQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_INSPECTIONS, on=None):
        return super().visible_to(user, capability, on)

    def open(self):
        return self.exclude(status=Inspection.Status.CLOSED)

    def to_purge(self, today):
        """Closed, and past the time that the rule keeps them."""
        return self.filter(purged_at__isnull=True, closed_at__date__lt=retention.closed_before(today))


class Inspection(InspectionSteps, models.Model):
    """One coming of an authority to a house, or one audit: its letter, the answer, the end."""

    class Status(models.TextChoices):
        OPEN = "open", "en cours"
        ANSWERED = "answered", "réponse envoyée"
        CLOSED = "closed", "clos"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="inspections", verbose_name=said("{establishment}")
    )
    authority = models.CharField("autorité", max_length=10, choices=list(findings.AUTHORITIES.items()))
    held_on = models.DateField("date du contrôle")
    is_announced = models.BooleanField("annoncé", default=False)
    subject = models.CharField("objet", max_length=160)
    reference = models.CharField("référence du courrier", max_length=80, blank=True)
    letter = _file("courrier reçu")
    answer_due_on = models.DateField("réponse attendue avant le", null=True, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.OPEN)
    answered_on = models.DateField("réponse envoyée le", null=True, editable=False)
    answered_by = _person("répondu par", null=True)
    answer = models.TextField("réponse", blank=True, editable=False)
    closed_at = models.DateTimeField("clos le", null=True, editable=False)
    closed_by = _person("clos par", null=True)
    purged_at = models.DateTimeField("purgé le", null=True, editable=False)
    recorded_by = _person("enregistré par")
    recorded_at = models.DateTimeField("enregistré le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "contrôle"
        verbose_name_plural = "contrôles"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["establishment", "held_on"], name="inspection_by_establishment")]
        constraints = [
            models.CheckConstraint(
                name="inspection_answered_stamp",
                condition=Q(answered_on__isnull=True, answered_by__isnull=True)
                | Q(answered_on__isnull=False, answered_by__isnull=False),
                violation_error_message="Une réponse porte sa date et qui l’a envoyée.",
            ),
            models.CheckConstraint(
                name="inspection_purged_is_empty",
                condition=Q(purged_at__isnull=True) | Q(status="closed", answer="", reference="", letter__isnull=True),
                violation_error_message="Un contrôle purgé ne raconte plus rien.",
            ),
            models.CheckConstraint(
                name="inspection_closed_stamp",
                condition=Q(~Q(status="closed"), closed_by__isnull=True, closed_at__isnull=True)
                | Q(status="closed", closed_by__isnull=False, closed_at__isnull=False),
                violation_error_message="Un contrôle clos porte par qui et quand.",
            ),
            FrozenColumns(
                name="inspection_recorded_frozen",
                columns=["establishment_id", "recorded_at", "recorded_by_id"],
                violation_error_message="Un contrôle enregistré ne change ni de lieu ni d’auteur.",
            ),
        ]

    def __str__(self):
        return f"Contrôle {self.get_authority_display()} du {short_date(self.held_on)}"

    def get_absolute_url(self):
        return reverse("visits:inspection", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment


class FindingQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "inspection__establishment"

    def visible_to(self, user, capability=Capability.VIEW_INSPECTIONS, on=None):
        return super().visible_to(user, capability, on)

    def standing(self):
        return self.filter(status=Finding.Status.STANDING)

    def kept(self):
        """Without those withdrawn: they were noted by mistake and are in no count."""
        return self.exclude(status=Finding.Status.WITHDRAWN)

    def injunctions(self):
        return self.filter(nature=findings.INJUNCTION)

    def with_measures(self):
        """`is_measured`: at least one measure verified, and none still to do or to verify."""
        raised = ActionItem.objects.filter(origin__finding=OuterRef("pk"))
        return self.annotate(
            is_measured=Exists(raised.filter(status=ActionItem.Status.VERIFIED))
            & ~Exists(raised.filter(status__in=ActionItem.FOLLOWED))
        )

    def past_due(self, today):
        return self.standing().filter(due_on__lt=today)

    def late(self, today):
        """Past their delay, and what they ask is not verified yet."""
        return self.past_due(today).with_measures().filter(is_measured=False)

    def to_recheck(self, today):
        """Injunctions past their delay whose measures are verified: the authority has to come back (L. 2324-3)."""
        return self.injunctions().past_due(today).with_measures().filter(is_measured=True)

    def to_display(self):
        return self.standing().filter(must_display=True, displayed_on__isnull=True)


class Finding(CorrectionSteps, FindingSteps, models.Model):
    """One finding of an inspection, in the State's words: its delay, its display, its proof, until it is lifted."""

    class Status(models.TextChoices):
        STANDING = "standing", "à lever"
        LIFTED = "lifted", "levé"
        WITHDRAWN = "withdrawn", "retiré"

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="findings", verbose_name="contrôle"
    )
    nature = models.CharField("nature", max_length=15, choices=list(findings.NATURES.items()))
    text = models.TextField("constat", max_length=2000)
    article = models.CharField("texte de référence", max_length=120, blank=True)
    due_on = models.DateField("délai", null=True, blank=True)
    must_display = models.BooleanField("à afficher à l’entrée", default=False)
    displayed_on = models.DateField("affiché le", null=True, editable=False)
    proof = _file("preuve")
    proof_note = models.CharField("ce que montre la preuve", max_length=300, blank=True)
    proved_by = _person("preuve apportée par", null=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.STANDING)
    lifted_on = models.DateField("levé le", null=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    noted_by = _person("noté par")
    noted_at = models.DateTimeField("noté le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "constat"
        verbose_name_plural = "constats"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["status", "due_on"], name="finding_by_delay")]
        constraints = [
            models.CheckConstraint(
                name="finding_injunction_has_a_delay",
                condition=~Q(nature=findings.INJUNCTION) | Q(due_on__isnull=False),
                violation_error_message="Une injonction porte un délai (CSP L. 2324-3).",
            ),
            models.CheckConstraint(
                name="finding_lifted_stamp",
                condition=Q(status="lifted", lifted_on__isnull=False)
                | (~Q(status="lifted") & Q(lifted_on__isnull=True)),
                violation_error_message="Un constat levé porte la date de sa levée.",
            ),
            models.CheckConstraint(
                name="finding_displayed_when_asked",
                condition=Q(displayed_on__isnull=True) | Q(must_display=True),
                violation_error_message="Seul ce qui doit être affiché l’est.",
            ),
            FrozenColumns(
                name="finding_inspection_frozen",
                columns=["inspection_id"],
                violation_error_message="Un constat ne change pas de contrôle.",
            ),
            Refused(
                name="finding_reworded_is_kept",
                on_update=REWORDED,
                violation_error_message="Les mots de l’autorité ne changent que si la rédaction d’avant est gardée.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display()}, {self.inspection}"

    def get_absolute_url(self):
        return reverse("visits:finding", args=[self.pk])

    @property
    def establishment(self):
        return self.inspection.establishment

    @property
    def owning_establishment(self):
        return self.inspection.establishment

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def awaits_display(self) -> bool:
        """Standing, to be shown at the entrance, and not shown yet."""
        return self.status == self.Status.STANDING and self.must_display and self.displayed_on is None

    @property
    def is_injunction(self) -> bool:
        return self.nature == findings.INJUNCTION

    @property
    def recheck_on(self):
        return findings.recheck_on(self.nature, self.due_on)

    @property
    def tone(self) -> str:
        return findings.TONES[self.nature]

    def is_past_due(self, today) -> bool:
        return self.status == self.Status.STANDING and self.due_on is not None and self.due_on < today


class FindingCheckQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "finding__inspection__establishment"


class FindingCheck(models.Model):
    """One time the authority looked again at a finding: lifted, or kept with another delay. Append-only."""

    class Outcome(models.TextChoices):
        LIFTED = "lifted", "levé"
        KEPT = "kept", "maintenu"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="checks", verbose_name="constat")
    checked_on = models.DateField("contrôlé le")
    is_on_site = models.BooleanField("sur place", default=False)
    outcome = models.CharField("suite", max_length=10, choices=Outcome)
    note = models.CharField("précision", max_length=300, blank=True)
    due_before = models.DateField("délai d’avant", null=True)
    due_after = models.DateField("nouveau délai", null=True)
    noted_by = _person("noté par")
    noted_at = models.DateTimeField("noté le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = FindingCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "suite d’un constat"
        verbose_name_plural = "suites des constats"
        ordering = ["checked_on", "pk"]
        constraints = [
            Frozen(
                name="finding_check_frozen",
                when=f"NOT EXISTS ({PURGED})",
                violation_error_message="Une suite notée ne change plus.",
            )
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} le {short_date(self.checked_on)}"

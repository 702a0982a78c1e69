from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.models import Job
from establishments.models import Establishment
from establishments.vocabulary import said


class ImportRunQuerySet(models.QuerySet):
    def visible_to(self, user, capability=None, on=None):
        """A file belongs to the person who sent it; what it wrote is read in the months, by whom it concerns."""
        return self.filter(by=user) if user.is_active else self.none()

    def known_to(self, user):
        return self.visible_to(user)


class ImportRun(models.Model):
    """One file of activity: read, shown, then written whole or not at all, and undone on demand."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "activité du mois"
        DAILY = "daily", "présences du jour"

    class Status(models.TextChoices):
        RECEIVED = "received", "colonnes à choisir"
        READING = "reading", "en lecture"
        READY = "ready", "à confirmer"
        WRITING = "writing", "en écriture"
        APPLIED = "applied", "importé"
        UNDONE = "undone", "annulé"
        ABANDONED = "abandoned", "abandonné"
        STOPPED = "stopped", "arrêté"
        FAILED = "failed", "en échec"

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="envoyé par"
    )
    kind = models.CharField("contenu", max_length=10, choices=Kind)
    source = models.CharField("source", max_length=80)
    filename = models.CharField("fichier", max_length=200)
    digest = models.CharField("empreinte", max_length=64)
    file = models.FileField("contenu", upload_to="imports/activite/", blank=True)
    header_line = models.PositiveIntegerField("ligne des titres", default=0)
    columns = models.JSONField("colonnes", default=dict)  # {field: place in the row}: read whole, never queried
    month = models.DateField("mois", null=True, blank=True)
    partial = models.BooleanField("sans les lignes rejetées", default=False)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.RECEIVED)
    created_count = models.PositiveIntegerField("créés", default=0)
    updated_count = models.PositiveIntegerField("modifiés", default=0)
    unchanged_count = models.PositiveIntegerField("inchangés", default=0)
    rejected_count = models.PositiveIntegerField("rejetés", default=0)
    skipped_count = models.PositiveIntegerField("laissés de côté", default=0)
    doubtful_count = models.PositiveIntegerField("à vérifier", default=0)
    message = models.TextField("message", blank=True)
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="tâche"
    )
    created_at = models.DateTimeField("envoyé le", default=timezone.now)
    applied_at = models.DateTimeField("importé le", null=True, blank=True)
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’activité"
        verbose_name_plural = "imports d’activité"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_applied_stamp",
                condition=Q(status__in=["applied", "undone"], applied_at__isnull=False)
                | (~Q(status__in=["applied", "undone"]) & Q(applied_at__isnull=True)),
                violation_error_message="Un import écrit dit quand.",
            ),
        ]

    def __str__(self):
        return self.filename

    def get_absolute_url(self):
        return reverse("indicators:import_detail", args=[self.pk])

    @property
    def writes(self):
        return bool(self.created_count or self.updated_count)

    @property
    def is_refused(self):
        """All or nothing: a rejected row refuses the file, unless it was asked to go without it."""
        return bool(self.rejected_count) and not self.partial


class ImportLineQuerySet(models.QuerySet):
    def writing(self):
        return self.filter(outcome__in=[ImportLine.Outcome.CREATED, ImportLine.Outcome.UPDATED])

    def rejected(self):
        return self.filter(outcome=ImportLine.Outcome.REJECTED)


class ImportLine(models.Model):
    """What one row of a file changes, or why it cannot: shown before, applied from here, undone from here."""

    class Outcome(models.TextChoices):
        CREATED = "created", "créé"
        UPDATED = "updated", "modifié"
        REJECTED = "rejected", "rejeté"
        SKIPPED = "skipped", "laissé de côté"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines", verbose_name="import")
    number = models.PositiveIntegerField("ligne")
    outcome = models.CharField("effet", max_length=10, choices=Outcome)
    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=said("{establishment}")
    )
    day = models.DateField("jour ou mois", null=True)
    # Facts frozen for the undo, read whole and never queried.
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)
    seen_version = models.PositiveIntegerField("version lue", default=0)
    column = models.CharField("colonne", max_length=120, blank=True)
    value = models.CharField("valeur", max_length=130, blank=True)
    reason = models.TextField("raison", blank=True)

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_line_of_run")]

    def __str__(self):
        return f"ligne {self.number}"


class ColumnMemory(models.Model):
    """The columns that one person chose for the files of one source: offered again with the next one."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="choisies par"
    )
    kind = models.CharField("contenu", max_length=10, choices=ImportRun.Kind)
    source = models.CharField("source", max_length=80)
    columns = models.JSONField("colonnes", default=dict)  # {field: name of its column}
    updated_at = models.DateTimeField("choisies le", auto_now=True)

    class Meta:
        verbose_name = "colonnes d’une source"
        verbose_name_plural = "colonnes des sources"
        constraints = [
            models.UniqueConstraint(
                fields=["by", "kind", "source"],
                name="column_memory_once_a_source",
                violation_error_message="Les colonnes de cette source sont déjà gardées.",
            )
        ]

    def __str__(self):
        return self.source

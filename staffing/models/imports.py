"""What a file of agents did: one row a file, one row an agent, kept long enough to take the file back."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from establishments.models import Capability, Establishment
from establishments.vocabulary import said

from .people import Employee


class StaffImportQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.MANAGE_STAFF, on=None):
        """The files whose every house the user keeps: taking one back writes in all of them, or in none."""
        own = Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
        touched = StaffImport.establishments.through.objects.filter(staffimport=OuterRef("pk"))
        return self.filter(Exists(touched), ~Exists(touched.exclude(establishment__in=own)))

    def known_to(self, user):
        """Nobody knows of a file without knowing the whole of it."""
        return self.visible_to(user)


class StaffImport(models.Model):
    """One file of agents that was written; taken back on demand, whole or not at all."""

    class Status(models.TextChoices):
        APPLIED = "applied", "importé"
        UNDONE = "undone", "annulé"

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="importé par"
    )
    filename = models.CharField("fichier", max_length=200)
    establishments = models.ManyToManyField(
        Establishment, related_name="+", verbose_name=said("{establishment.plural} concernés")
    )
    # {label of a table that points to agents: its last key when the file was written}: read whole, never queried.
    marks = models.JSONField("repères", default=dict, editable=False)
    created_count = models.PositiveIntegerField("agents créés", default=0)
    moved_count = models.PositiveIntegerField("affectations nouvelles", default=0)
    timed_count = models.PositiveIntegerField("horaires nouveaux", default=0)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.APPLIED)
    imported_at = models.DateTimeField("importé le", default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="annulé par",
    )
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = StaffImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’équipes"
        verbose_name_plural = "imports d’équipes"
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="staff_import_undone_stamp",
                condition=Q(status="undone", undone_at__isnull=False, undone_by__isnull=False)
                | Q(status="applied", undone_at__isnull=True, undone_by__isnull=True),
                violation_error_message="Un import annulé dit par qui et quand.",
            ),
        ]

    def __str__(self):
        return self.filename

    def get_absolute_url(self):
        return reverse("staffing:import_detail", args=[self.pk])


class StaffImportLine(models.Model):
    """What one file changed for one agent: her postings and hours before and after; her name stays in her own row."""

    class Outcome(models.TextChoices):
        CREATED = "created", said("{employee} créé")
        MOVED = "moved", "affectation nouvelle"
        TIMED = "timed", "horaire nouveau"

    run = models.ForeignKey(StaffImport, on_delete=models.CASCADE, related_name="lines", verbose_name="import")
    number = models.PositiveIntegerField("ligne")
    outcome = models.CharField("effet", max_length=10, choices=Outcome)
    employee = models.ForeignKey(
        Employee, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=said("{employee}")
    )
    staff_number = models.CharField("matricule", max_length=30)
    # The postings that the file changed, with their hours (staffing/importing/snapshots.py): never queried.
    before = models.JSONField("avant", default=list)
    after = models.JSONField("après", default=list)
    seen = models.CharField("empreinte après l’import", max_length=64)

    class Meta:
        verbose_name = "ligne d’import d’équipes"
        verbose_name_plural = "lignes d’import d’équipes"
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "staff_number"],
                name="staff_import_line_once",
                violation_error_message="Ce matricule a déjà sa ligne dans cet import.",
            ),
        ]

    def __str__(self):
        return f"ligne {self.number}"

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.constraints import dates_in_order

from ..vocabulary import said
from .establishments import Establishment, EstablishmentOwnedQuerySet
from .roles import Capability
from .territories import Territory


class Level(models.TextChoices):
    """Who may read a text or a document (decisions, 4)."""

    PUBLIC = "public", "public"
    ETABLISSEMENT = "etablissement", said("transmis {establishment.au}")
    POLE = "pole", said("interne {pole.au}")
    NOMINATIF = "nominatif", "lecteurs nommés"


def document_path(document, filename):
    """A random name on disk: the name given by the person never reaches the file system."""
    suffix = filename.rsplit(".", 1)[-1].lower()[:8] if "." in filename else "bin"
    return f"documents/{timezone.now():%Y/%m}/{uuid.uuid4()}.{suffix}"


class DocumentQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW, on=None):
        """The full file for those who hold it; what was transmitted for those who read what is transmitted."""
        rows = super().visible_to(user, capability, on)
        if capability != Capability.VIEW:
            return rows
        transmitted = super().visible_to(user, Capability.READ_TRANSMITTED, on)
        shared = transmitted.filter(level__in=[Level.PUBLIC, Level.ETABLISSEMENT])
        return (rows.exclude(level=Level.NOMINATIF) | shared).distinct()

    def known_to(self, user):
        """A document kept inside the pôle does not exist for those who may not know what is internal."""
        inside = super().visible_to(user, Capability.KNOW_INTERNAL).order_by().values("pk")
        shared = models.Q(level__in=[Level.PUBLIC, Level.ETABLISSEMENT])
        return super().known_to(user).filter(shared | models.Q(pk__in=inside)).exclude(level=Level.NOMINATIF)


class Document(models.Model):
    """A file kept with an establishment."""

    class Kind(models.TextChoices):
        AUTHORISATION = "authorisation", "autorisation"
        PROJECT = "project", said("{project}")
        RULES = "rules", "règlement de fonctionnement"
        PROTOCOL = "protocol", "protocole"
        SAFETY = "safety", "sécurité"
        PLAN = "plan", "plan des locaux"
        OTHER = "other", "autre"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="documents", verbose_name=said("{establishment}")
    )
    title = models.CharField("titre", max_length=160)
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.OTHER)
    level = models.CharField("niveau de lecture", max_length=20, choices=Level, default=Level.POLE)
    file = models.FileField("fichier", upload_to=document_path)
    filename = models.CharField("nom du fichier", max_length=160)
    content_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    uploaded_at = models.DateTimeField("déposé le", default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "digest"],
                name="document_once_per_establishment",
                violation_error_message=said("Ce fichier est déjà déposé pour {establishment.ce}."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("establishments:document_download", args=[self.pk])


class Obligation(models.Model):
    """One dated duty of an establishment (safety commission, exercise, protocol…): its evidence and its expiry."""

    class Kind(models.TextChoices):
        SAFETY_COMMISSION = "safety_commission", "commission de sécurité"
        EVACUATION = "evacuation", "exercice d’évacuation"
        LOCKDOWN = "lockdown", "exercice de mise en sûreté"
        PROTOCOL_EMERGENCY = "protocol_emergency", "protocole d’urgence"
        PROTOCOL_HYGIENE = "protocol_hygiene", "protocole d’hygiène"
        PROTOCOL_CARE = "protocol_care", "protocole de soins"
        PROTOCOL_DANGER = "protocol_danger", "protocole enfant en danger"
        PROTOCOL_OUTING = "protocol_outing", "protocole de sortie"
        WATER = "water", "contrôle de l’eau"
        AIR = "air", "qualité de l’air intérieur"
        FIRST_AID = "first_aid", "recyclage secourisme"
        RISK_DOCUMENT = "risk_document", "document unique (DUERP)"
        EVALUATION = "evaluation", "évaluation quinquennale"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="obligations", verbose_name=said("{establishment}")
    )
    kind = models.CharField("obligation", max_length=30, choices=Kind)
    done_on = models.DateField("fait le", null=True, blank=True)
    expires_on = models.DateField("à refaire avant le", null=True, blank=True)
    evidence = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name="justificatif",
    )
    note = models.CharField("précision", max_length=200, blank=True)

    objects = EstablishmentOwnedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "obligation"
        verbose_name_plural = "obligations"
        ordering = ["expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "kind"],
                name="obligation_once_per_kind",
                violation_error_message=said("Cette obligation est déjà suivie pour {establishment.ce}."),
            ),
            dates_in_order("obligation_dates_in_order", starts="done_on", ends="expires_on"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} — {self.establishment}"


class OpeningProjectQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.SUMMARY, on=None):
        return self.filter(territory__in=Territory.objects.visible_to(user, capability, on).order_by().values("pk"))


class OpeningProject(models.Model):
    """An establishment to come: forecast places and staff, by quarter."""

    class Status(models.TextChoices):
        STUDY = "study", "à l’étude"
        DECIDED = "decided", "décidé"
        WORKS = "works", "en travaux"
        OPENED = "opened", "ouvert"
        DROPPED = "dropped", "abandonné"

    name = models.CharField("nom", max_length=160)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="opening_projects", verbose_name="territoire"
    )
    places = models.PositiveSmallIntegerField("places prévues")
    staff_to_recruit = models.PositiveSmallIntegerField(said("{employee.plural} à recruter"), default=0)
    opens_on = models.DateField("ouverture prévue le")
    status = models.CharField("état", max_length=10, choices=Status, default=Status.STUDY)
    establishment = models.OneToOneField(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opening_project",
        verbose_name=said("{establishment} à la fin du projet"),
    )

    objects = OpeningProjectQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "projet d’ouverture"
        verbose_name_plural = "projets d’ouverture"
        ordering = ["opens_on", "pk"]

    def __str__(self):
        return self.name

"""Sensitive files: named readers, sealed texts, a log of every opening; nothing of them anywhere else."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import Frozen
from core.sealing import seal, unseal
from establishments.models import Capability, Establishment
from establishments.vocabulary import said

from ..sensitive.steps import SensitiveSteps

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # neither I nor O, which are taken for digits
REFERENCE = 6


def new_reference():
    """ "DS-K7PM2Q": says neither the year, nor the house, nor how many there are."""
    return "DS-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE))


class SensitiveFileQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.SUMMARY, on=None):
        """The named readers, and whoever heads the pôle of the house; nobody else knows that the file exists."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        headed = Establishment.objects.visible_to(user, Capability.READ_SENSITIVE, on).order_by().values("pk")
        named = SensitiveReader.objects.filter(user=user, ended_at__isnull=True).order_by().values("file")
        return self.filter(Q(establishment__in=headed) | Q(pk__in=named))

    def known_to(self, user):
        return self.visible_to(user)

    def open(self):
        return self.filter(closed_at__isnull=True)

    def to_purge(self, today):
        """Closed, and past the day until which they are kept."""
        return self.filter(purged_at__isnull=True, keep_until__lt=today)


class SensitiveFile(SensitiveSteps, models.Model):
    """One difficult situation of a house, told by its readers only; no identity of a child or a family."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", "entretien de second niveau avec une famille"
        REFERRAL = "referral", "saisine pluridisciplinaire"
        PRACTICE = "practice", "situation mettant en cause des pratiques"
        TEAM = "team", "situation d’équipe"
        OTHER = "other", "autre situation"

    reference = models.CharField("référence", max_length=12, unique=True, default=new_reference, editable=False)
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="+", verbose_name=said("{establishment}")
    )
    kind = models.CharField("nature", max_length=20, choices=Kind)
    sealed = models.BinaryField("objet chiffré", null=True, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    opened_at = models.DateTimeField("ouvert le", default=timezone.now, editable=False)
    closed_at = models.DateTimeField("clos le", null=True, editable=False)
    keep_until = models.DateField("conservé jusqu’au", null=True, editable=False)
    purged_at = models.DateTimeField("purgé le", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, editable=False)

    objects = SensitiveFileQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier sensible"
        verbose_name_plural = "dossiers sensibles"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="sensitive_file_closed_is_kept_until",
                condition=Q(closed_at__isnull=True, keep_until__isnull=True)
                | Q(closed_at__isnull=False, keep_until__isnull=False),
                violation_error_message="Un dossier clos porte la date jusqu’à laquelle il est conservé.",
            ),
            models.CheckConstraint(
                name="sensitive_file_purged_is_empty",
                condition=Q(purged_at__isnull=True, sealed__isnull=False)
                | Q(purged_at__isnull=False, sealed__isnull=True, closed_at__isnull=False),
                violation_error_message="Un dossier purgé ne contient plus rien.",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("visits:sensitive", args=[self.pk])

    @property
    def subject(self) -> str:
        """What the file is about, in clear; "" once purged. Raises CannotOpen when the key is missing."""
        return unseal(self.sealed) if self.sealed is not None else ""

    @subject.setter
    def subject(self, text):
        self.sealed = seal(text)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class SensitiveReader(models.Model):
    """One person named to read one file, until she no longer is."""

    file = models.ForeignKey(SensitiveFile, on_delete=models.CASCADE, related_name="readers", verbose_name="dossier")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="personne"
    )
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    named_at = models.DateTimeField("désignée le", default=timezone.now, editable=False)
    ended_at = models.DateTimeField("jusqu’au", null=True, editable=False)

    class Meta:
        verbose_name = "lecteur d’un dossier sensible"
        verbose_name_plural = "lecteurs de dossiers sensibles"
        ordering = ["named_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "user"],
                condition=Q(ended_at__isnull=True),
                name="sensitive_reader_once",
                violation_error_message="Cette personne lit déjà ce dossier.",
            )
        ]

    def __str__(self):
        return f"{self.user}"


class SensitiveNote(models.Model):
    """One entry of a file: what happened, what was decided, by one of its readers. Never rewritten."""

    file = models.ForeignKey(SensitiveFile, on_delete=models.CASCADE, related_name="notes", verbose_name="dossier")
    sealed = models.BinaryField("texte chiffré", editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    written_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, editable=False)

    class Meta:
        verbose_name = "note d’un dossier sensible"
        verbose_name_plural = "notes de dossiers sensibles"
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"note du {self.written_at:%d/%m/%Y}"

    @property
    def text(self) -> str:
        return unseal(self.sealed)


class SensitiveReading(models.Model):
    """One opening of one file by one person: append-only, kept with the file."""

    file = models.ForeignKey(SensitiveFile, on_delete=models.PROTECT, related_name="readings", verbose_name="dossier")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="personne"
    )
    read_at = models.DateTimeField("ouvert le", default=timezone.now)
    way = models.CharField("façon", max_length=10, default="page")

    class Meta:
        verbose_name = "consultation d’un dossier sensible"
        verbose_name_plural = "consultations de dossiers sensibles"
        ordering = ["-read_at", "-pk"]
        constraints = [
            Frozen(
                name="sensitive_reading_frozen",
                violation_error_message="Une consultation enregistrée ne change plus.",
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.read_at:%d/%m/%Y %H:%M}"


class PurgeCertificate(models.Model):
    """What remains of a file once its time is over: that it was, and that it is no more."""

    KINDS = [
        *SensitiveFile.Kind.choices,
        ("event", "événement"),
        ("inspection", "contrôle"),
        ("visit", "visite"),
        ("review", "analyse de fonctionnement"),
        ("double", "double cotation"),
    ]

    reference = models.CharField("référence", max_length=12, unique=True)
    kind = models.CharField("nature", max_length=20, choices=KINDS)
    opened_on = models.DateField("ouvert le")
    closed_on = models.DateField("clos le")
    kept_until = models.DateField("conservé jusqu’au")
    rule = models.CharField("règle", max_length=200)
    notes = models.PositiveIntegerField("textes effacés")
    purged_at = models.DateTimeField("purgé le", default=timezone.now)

    class Meta:
        verbose_name = "certificat de purge"
        verbose_name_plural = "certificats de purge"
        ordering = ["-purged_at", "-pk"]
        constraints = [
            Frozen(name="purge_certificate_frozen", violation_error_message="Un certificat ne change plus.")
        ]

    def __str__(self):
        return f"{self.reference}, purgé le {self.purged_at:%d/%m/%Y}"

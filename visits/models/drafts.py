import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import FrozenChild
from establishments.models import Capability, Level

from .grids import GridItem
from .observations import FROZEN, PartOfVisitQuerySet
from .visits import PARAGRAPH_LEVELS, VALIDATED_PARENT, Visit


class PartOfDraftQuerySet(PartOfVisitQuerySet):
    """Parts of visits reached as the visits themselves are: whoever may not know a draft does not know them."""

    def visible_to(self, user, capability=Capability.VIEW, on=None):
        return self.filter(visit__in=Visit.objects.visible_to(user, capability, on).order_by().values("pk"))


class FieldChangeQuerySet(PartOfDraftQuerySet):
    def unsettled(self):
        """Texts that nobody has decided about yet: to correct, to choose from, or arrived too late."""
        return self.filter(settled_at__isnull=True)

    def kept(self):
        """With a text that is in no field of the visit, in the order they came."""
        return self.unsettled().order_by("received_at", "pk")


class FieldChange(models.Model):
    """One change of one field of a visit, as a device sent it: kept apart where it could not simply be written.

    The key makes a change sent twice the same change. Once written in the visit its own texts are emptied.
    """

    class Outcome(models.TextChoices):
        APPLIED = "applied", "enregistré"
        HELD = "held", "à corriger"
        CONFLICT = "conflict", "deux textes"
        LATE = "late", "arrivé après la transmission"

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="changes", verbose_name="visite")
    key = models.UUIDField("clé de saisie", unique=True)
    name = models.CharField("champ", max_length=80)
    value = models.TextField("texte reçu", blank=True)
    theirs = models.TextField("texte déjà enregistré", blank=True)
    outcome = models.CharField("suite", max_length=10, choices=Outcome)
    message = models.CharField("explication", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="saisi par"
    )
    received_at = models.DateTimeField("reçu le", default=timezone.now)
    settled_at = models.DateTimeField("réglé le", null=True, blank=True)

    objects = FieldChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "saisie reçue"
        verbose_name_plural = "saisies reçues"
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="field_change_applied_is_settled",
                condition=~Q(outcome="applied") | Q(settled_at__isnull=False),
                violation_error_message="Un texte enregistré n’est plus à régler.",
            ),
        ]
        indexes = [
            models.Index(fields=["visit"], name="field_change_unsettled", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_outcome_display()})"


def attachment_path(attachment, filename):
    """A random name on disk: the name given by the person never reaches the file system."""
    suffix = filename.rsplit(".", 1)[-1].lower()[:8] if "." in filename else "bin"
    return f"visites/{timezone.now():%Y/%m}/{uuid.uuid4()}.{suffix}"


class VisitAttachment(models.Model):
    """A photograph or a file taken at a visit, kept inside the pôle unless told; its key makes it arrive once."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="attachments", verbose_name="visite")
    item = models.ForeignKey(
        GridItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="point d’observation"
    )
    key = models.UUIDField("clé de saisie", unique=True)
    caption = models.CharField("légende", max_length=200, blank=True)
    level = models.CharField("niveau de lecture", max_length=20, choices=PARAGRAPH_LEVELS, default=Level.POLE)
    file = models.FileField("fichier", upload_to=attachment_path)
    filename = models.CharField("nom du fichier", max_length=160)
    content_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="joint par"
    )
    uploaded_at = models.DateTimeField("joint le", default=timezone.now)

    objects = PartOfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_level_is_in_reports",
                condition=~Q(level="nominatif"),
                violation_error_message="Une pièce à lecteurs nommés n’a pas sa place dans un compte rendu.",
            ),
            FrozenChild(name="attachment_frozen", when=VALIDATED_PARENT, violation_error_message=FROZEN),
        ]

    def __str__(self):
        return self.caption or self.filename

    def get_absolute_url(self):
        return reverse("visits:attachment_download", args=[self.pk])

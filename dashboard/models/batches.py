"""A batch of papers: what was asked for, and each paper with its file as soon as it is made."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import dates_in_order
from core.models import Job
from establishments.models import Territory


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user, capability=None, on=None):
        """A batch belongs to whoever asked for it, with the rights of that day checked paper by paper."""
        return self.filter(owner=user) if user.is_active else self.none()

    def known_to(self, user):
        return self.visible_to(user)

    def asleep(self, since):
        """Not over, and without any sign of life since an instant: their worker is gone."""
        unfinished = self.filter(job__status__in=[Job.Status.WAITING, Job.Status.RUNNING])
        return unfinished.filter(Q(alive_at__lt=since) | Q(alive_at=None, asked_at__lt=since))


class Batch(models.Model):
    """Papers of one kind about a territory and a period."""

    class Kind(models.TextChoices):
        REPORTS = "reports", "comptes rendus de visite"
        HOUSES = "houses", "synthèses des lieux d’accueil"
        PLACES = "places", "synthèses des territoires"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="batches", editable=False
    )
    kind = models.CharField("papiers", max_length=20, choices=Kind)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="batches", verbose_name="territoire"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="batch", editable=False)
    booklet = models.FileField("livret", upload_to="lots/%Y/%m/", blank=True, editable=False)
    asked_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    alive_at = models.DateTimeField("signe de vie", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lot"
        ordering = ["-asked_at", "-pk"]
        constraints = [dates_in_order("batch_dates_in_order")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.territory}"

    def get_absolute_url(self):
        return reverse("dashboard:batch", args=[self.pk])


class BatchItem(models.Model):
    """One paper of a batch: made once, or left out with the reason."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", verbose_name="lot")
    position = models.PositiveIntegerField("rang")
    subject_id = models.BigIntegerField("objet")
    label = models.CharField("papier", max_length=200)
    name = models.CharField("nom du fichier", max_length=200, blank=True)
    file = models.FileField("fichier", upload_to="lots/papiers/%Y/%m/", blank=True)
    note = models.CharField("pourquoi il manque", max_length=200, blank=True)
    done_at = models.DateTimeField("fait le", null=True)

    class Meta:
        verbose_name = "papier d’un lot"
        verbose_name_plural = "papiers d’un lot"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"],
                name="batch_item_once",
                violation_error_message="Ce papier est déjà dans le lot.",
            )
        ]

    def __str__(self):
        return self.label

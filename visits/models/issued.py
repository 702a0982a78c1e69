import hashlib

from django.db import models
from django.utils import timezone

from core.constraints import Frozen

from .visits import Visit

READING_LABELS = [
    ("interne", "interne au service"),
    ("etablissement", "transmise à l’établissement"),
    ("elu", "pour les élus"),
]


class IssuedReportQuerySet(models.QuerySet):
    def of(self, visit, reading):
        return self.filter(visit=visit, reading=reading).order_by("-pk")


class IssuedReport(models.Model):
    """One paper that left Ronde: the digest of its bytes, chained to the one before; never changed."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="issued", verbose_name="visite")
    reading = models.CharField("lecture", max_length=20, choices=READING_LABELS)
    version = models.PositiveIntegerField("version")
    is_draft = models.BooleanField("projet")
    sha256 = models.CharField("empreinte du fichier", max_length=64, unique=True)
    fingerprint = models.CharField("empreinte imprimée", max_length=16, db_index=True)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="following", verbose_name="version précédente"
    )
    chain = models.CharField("chaîne", max_length=64)
    issued_at = models.DateTimeField("délivré le", default=timezone.now)

    objects = IssuedReportQuerySet.as_manager()

    class Meta:
        verbose_name = "document délivré"
        verbose_name_plural = "documents délivrés"
        ordering = ["-pk"]
        constraints = [
            Frozen(name="issued_report_append_only", violation_error_message="Un document délivré ne se modifie pas."),
        ]

    def __str__(self):
        return f"{self.visit}, {self.get_reading_display()}, version {self.version}"

    def link(self):
        """The digest that ties this paper to all those before it."""
        before = self.previous.chain if self.previous else ""
        written = (
            f"{before}|{self.visit_id}|{self.reading}|{self.version}|{self.is_draft}|{self.fingerprint}|{self.sha256}"
        )
        return hashlib.sha256(written.encode()).hexdigest()

    @property
    def is_chained(self):
        """Whether this paper and every one before it are as they were written."""
        paper = self
        while paper is not None:
            if paper.chain != paper.link():
                return False
            paper = paper.previous
        return True

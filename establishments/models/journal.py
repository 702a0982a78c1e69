import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from core.constraints import Frozen

from ..vocabulary import said
from .establishments import Establishment
from .roles import Capability
from .territories import Territory

GENESIS = "0" * 64
STAFF = "staffing."  # kinds of subjects whose lines name an agent or her leave


class JournalHead(models.Model):
    """The last digest of the chain: one row, locked first by every decision, so the chain has one order."""

    digest = models.CharField("dernière empreinte", max_length=64, default=GENESIS)
    number = models.PositiveBigIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "tête du journal"
        verbose_name_plural = "têtes du journal"

    def __str__(self):
        return f"n° {self.number}"

    @classmethod
    def locked(cls):
        """Take the place in the chain; must be the first lock of its transaction (no deadlock then)."""
        head = cls.objects.select_for_update().filter(pk=1).first()
        if head is None:
            cls.objects.get_or_create(pk=1)
            head = cls.objects.select_for_update().get(pk=1)
        return head


class JournalQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.VIEW, on=None):
        """The decisions taken over what the user may read in full; those about agents, for who may see the agents."""
        establishments = Establishment.objects.visible_to(user, capability, on)
        territories = Territory.objects.visible_to(user, capability, on)
        rows = self.filter(
            models.Q(establishment__in=establishments.order_by().values("pk"))
            | models.Q(territory__in=territories.order_by().values("pk"))
        )
        if capability == Capability.VIEW_STAFF:
            return rows
        staffed = Establishment.objects.visible_to(user, Capability.VIEW_STAFF, on).order_by().values("pk")
        return rows.filter(~models.Q(subject_kind__startswith=STAFF) | models.Q(establishment__in=staffed))

    def about(self, record):
        return self.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)


class JournalEntry(models.Model):
    """One decision: who, when, what, on which record; never changed, chained by hash to the one before."""

    number = models.PositiveBigIntegerField("numéro", unique=True)
    at = models.DateTimeField("le")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    verb = models.CharField("décision", max_length=120)
    subject = models.CharField("objet", max_length=250)
    subject_kind = models.CharField("nature", max_length=80)
    subject_id = models.PositiveBigIntegerField("numéro de l’objet", null=True)
    establishment = models.ForeignKey(
        "establishments.Establishment",
        on_delete=models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name=said("{establishment}"),
    )
    territory = models.ForeignKey(
        "establishments.Territory",
        on_delete=models.PROTECT,
        null=True,
        related_name="journal",
        verbose_name="territoire",
    )
    note = models.TextField("motif", blank=True)
    previous = models.CharField("empreinte précédente", max_length=64)
    digest = models.CharField("empreinte", max_length=64)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="journal_subject"),
            models.Index(fields=["establishment", "at"], name="journal_by_house"),
        ]
        constraints = [
            Frozen(name="journal_append_only", violation_error_message="Le journal ne se modifie pas."),
        ]

    def __str__(self):
        return f"{self.verb} — {self.subject}"

    def compute_digest(self):
        """SHA-256 of the entry and of the digest before it."""
        content = [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            self.verb,
            self.subject,
            self.subject_kind,
            self.subject_id,
            self.establishment_id,
            self.territory_id,
            self.note,
            self.previous,
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def record(verb, subject, *, by, note="", establishment=None, territory=None):
    """Append one entry to the journal, in the transaction of the decision it tells."""
    with transaction.atomic():
        head = JournalHead.locked()
        entry = JournalEntry(
            number=head.number + 1,
            at=timezone.now(),
            actor=by,
            verb=verb,
            subject=str(subject)[:250],
            subject_kind=subject._meta.label_lower,
            subject_id=subject.pk,
            establishment=establishment,
            territory=territory,
            note=note.replace("\x00", ""),  # PostgreSQL stores no NUL
            previous=head.digest,
        )
        entry.digest = entry.compute_digest()
        entry.save(force_insert=True)
        head.number, head.digest = entry.number, entry.digest
        head.save()
    return entry


def broken_links():
    """Numbers of the entries whose content or place in the chain does not match their digest."""
    broken, previous, expected = [], GENESIS, 1
    for entry in JournalEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected or entry.previous != previous or entry.digest != entry.compute_digest():
            broken.append(entry.number)
        previous, expected = entry.digest, entry.number + 1
    head = JournalHead.objects.filter(pk=1).first()
    if head and (head.digest != previous or head.number != expected - 1):
        broken.append(head.number)
    return broken

"""Syntheses: one document about a place and a period, line by line, at one level of reading."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core.constraints import Frozen, FrozenChild, dates_in_order
from core.sources import Document
from establishments.models import (
    Capability,
    Establishment,
    Mandate,
    SectorAttachment,
    Territory,
    TerritoryLink,
    roles_with,
)
from establishments.vocabulary import said

from ..syntheses.steps import SynthesisSteps
from ..syntheses.variants import Variant, labels, variants
from ..telling.spans import HOUSE, TERRITORY, Span
from ..telling.steps import ToldLine

DOCUMENT = "dashboard.synthesis"
# Who reads an approved document of each level, over its place.
READERS = {
    "interne": Capability.READ_SYNTHESES,
    "etablissement": Capability.READ_TRANSMITTED,
    "elu": Capability.READ_ELECTED,
}


def over(user, capability, on=None):
    """The condition « the document's place is under a mandate that grants the capability »."""
    places = Territory.objects.visible_to(user, capability, on).order_by().values("pk")
    houses = Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
    return Q(territory__in=places) | Q(establishment__in=houses)


class SynthesisQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.SUMMARY, on=None):
        """Those who write about the place see its drafts; the others, what is approved at a level they read."""
        if capability != Capability.SUMMARY:
            return self.filter(over(user, capability, on))
        approved = Q(pk__in=[])
        for level, reading in READERS.items():
            approved |= Q(level=level) & over(user, reading, on)
        written = over(user, Capability.WRITE_SYNTHESIS, on)
        submitted = Q(status=Synthesis.Status.SUBMITTED) & over(user, Capability.APPROVE_SYNTHESIS, on)
        return self.filter(written | submitted | (Q(status=Synthesis.Status.APPROVED) & approved))

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def within(self, territory):
        """Documents about the territory, those below it and the houses attached to them today."""
        places = Territory.objects.within(territory).order_by().values("pk")
        houses = Establishment.objects.within(territory).order_by().values("pk")
        return self.filter(Q(territory__in=places) | Q(establishment__in=houses))

    def drafts(self):
        return self.filter(status=Synthesis.Status.DRAFT)

    def to_approve(self):
        return self.filter(status=Synthesis.Status.SUBMITTED)

    def awaiting(self, user, today):
        """What waits for this person: submitted, and nobody who approves is closer to the place than she is."""
        day = OuterRef("ends_on")
        attached = SectorAttachment.objects.filter(establishment=OuterRef("establishment"), starts_on__lte=day)
        attached = attached.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("-starts_on")
        held = Mandate.objects.active_on(today).filter(
            role__in=roles_with(Capability.APPROVE_SYNTHESIS), user__is_active=True, territory__isnull=False
        )
        above = TerritoryLink.objects.filter(descendant=OuterRef("about"), ancestor__in=held.values("territory"))
        rows = self.to_approve().visible_to(user, Capability.APPROVE_SYNTHESIS, today)
        rows = rows.annotate(about=Coalesce("territory", Subquery(attached.values("territory")[:1])))
        rows = rows.annotate(nearest=Subquery(above.order_by("depth").values("ancestor")[:1]))
        return rows.filter(nearest__in=held.filter(user=user).values("territory"))

    def approved(self):
        return self.filter(status=Synthesis.Status.APPROVED)

    def with_people(self):
        return self.select_related("territory", "establishment", "author", "approved_by", "replaces")


class Synthesis(SynthesisSteps, models.Model):
    """One document: a variant (variants.yaml), a place, a period, a level, an edition."""

    class Level(models.TextChoices):
        INSIDE = "interne", "interne au service"
        HOUSE = "etablissement", said("transmis {establishment.aux}")
        ELECTED = "elu", "lecture élu"

    class Status(models.TextChoices):
        DRAFT = "draft", "en rédaction"
        SUBMITTED = "submitted", "à approuver"
        APPROVED = "approved", "approuvée"

    variant = models.CharField("document", max_length=30, choices=labels)
    level = models.CharField("lecture", max_length=20, choices=Level, default=Level.INSIDE)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="syntheses",
        verbose_name="territoire",
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="syntheses",
        verbose_name=said("{establishment}"),
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    edition = models.PositiveSmallIntegerField("édition", default=1, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="replaced_by"
    )
    status = models.CharField("état", max_length=10, choices=Status, default=Status.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="auteur"
    )
    drafted_at = models.DateTimeField("rédigée le", default=timezone.now, editable=False)
    submitted_at = models.DateTimeField("soumise le", null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="approuvée par",
    )
    approved_at = models.DateTimeField("approuvée le", null=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = SynthesisQuerySet.as_manager()

    class Meta:
        verbose_name = "synthèse"
        verbose_name_plural = "synthèses"
        ordering = ["-ends_on", "-pk"]
        constraints = [
            dates_in_order("synthesis_dates_in_order"),
            models.CheckConstraint(
                name="synthesis_one_place",
                condition=Q(territory__isnull=False, establishment__isnull=True)
                | Q(territory__isnull=True, establishment__isnull=False),
                violation_error_message=said("Choisissez un territoire ou {establishment.un}, pas les deux."),
            ),
            models.CheckConstraint(
                name="synthesis_told_to_one_house",
                condition=~Q(level="etablissement") | Q(establishment__isnull=False),
                violation_error_message=said("Seul un document sur {establishment.un} lui est transmis."),
            ),
            models.CheckConstraint(
                name="synthesis_approved_stamp",
                condition=(Q(status="approved", approved_by__isnull=False, approved_at__isnull=False))
                & ~Q(fingerprint="")
                | ~Q(status="approved") & Q(approved_by__isnull=True, approved_at__isnull=True, fingerprint=""),
                violation_error_message="Une synthèse approuvée porte qui l’a approuvée, quand et son empreinte.",
            ),
            Frozen(
                name="synthesis_frozen",
                when="{row}.status = 'approved'",
                violation_error_message="Une synthèse approuvée ne change plus\u00a0: faites-en une nouvelle édition.",
            ),
        ]
        indexes = [models.Index(fields=["status", "ends_on"], name="synthesis_by_status")]

    def __str__(self):
        return f"{self.get_variant_display()}, {self.place}, {self.days}"

    def get_absolute_url(self):
        return reverse("dashboard:synthesis", args=[self.pk])

    @property
    def place(self):
        return self.territory or self.establishment

    @property
    def owning_territory(self):
        return self.territory

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def model(self) -> Variant:
        return variants()[self.variant]

    @property
    def span(self) -> Span:
        place = f"{TERRITORY}{self.territory_id}" if self.territory_id else f"{HOUSE}{self.establishment_id}"
        return Span(place, self.starts_on, self.ends_on)

    @property
    def days(self) -> str:
        return self.span.title

    @property
    def document(self) -> Document:
        return Document(DOCUMENT, self.pk)

    @property
    def is_editable(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_over(self) -> bool:
        return self.status == self.Status.APPROVED


class SynthesisLine(ToldLine, models.Model):
    """One block: a sentence or a table drafted from the facts, live or frozen, or words of its author."""

    FREEZES = True

    synthesis = models.ForeignKey(Synthesis, on_delete=models.CASCADE, related_name="lines", verbose_name="synthèse")
    key = models.CharField("bloc", max_length=80)
    section = models.CharField("rubrique", max_length=30)
    position = models.PositiveSmallIntegerField("ordre")
    proposed = models.TextField("texte proposé", blank=True)
    text = models.TextField("texte", blank=True)
    is_frozen = models.BooleanField("figé", default=False)
    is_left_out = models.BooleanField("retiré", default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ajouté par",
    )

    class Meta:
        verbose_name = "bloc de la synthèse"
        verbose_name_plural = "blocs de la synthèse"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["synthesis", "key"],
                name="synthesis_line_once",
                violation_error_message="Ce bloc est déjà dans la synthèse.",
            ),
            models.CheckConstraint(
                name="synthesis_line_has_an_origin",
                condition=~Q(proposed="") | Q(author__isnull=False),
                violation_error_message="Un bloc vient des faits, ou de quelqu’un.",
            ),
            FrozenChild(
                name="synthesis_line_frozen",
                when="EXISTS (SELECT 1 FROM dashboard_synthesis w WHERE w.id = {row}.synthesis_id"
                " AND w.status = 'approved')",
                violation_error_message="Une synthèse approuvée ne change plus\u00a0: faites-en une nouvelle édition.",
            ),
        ]

    def __str__(self):
        return self.text[:80]

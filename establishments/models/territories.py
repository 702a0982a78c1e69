from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order
from core.french import normalise
from core.models import FRENCH
from core.periods import active_on

from ..vocabulary import said, titled
from .roles import Capability


class TerritoryQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))

    def visible_to(self, user, capability=Capability.VIEW, on=None):
        """Territories under a mandate that grants the capability (a director's own house opens none)."""
        from .mandates import covered

        return self.filter(pk__in=covered(user, capability, on))

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def within(self, territory):
        """The territory itself and everything below it."""
        links = TerritoryLink.objects.filter(ancestor=territory)
        return self.filter(pk__in=links.values("descendant"))

    def above(self, territory):
        """From the top down to the territory itself."""
        return self.filter(descendant_links__descendant=territory).order_by("-descendant_links__depth")


class Territory(models.Model):
    """One node of the dated tree: direction, circonscription, pôle or secteur.

    The parent of a territory never changes: a reorganisation creates new territories and attachments.
    """

    class Kind(models.TextChoices):
        DIRECTION = "direction", "direction"
        DIVISION = "division", said("{division}")
        POLE = "pole", said("{pole}")
        SECTOR = "sector", said("{sector}")

    RANK = [Kind.DIRECTION, Kind.DIVISION, Kind.POLE, Kind.SECTOR]

    kind = models.CharField("niveau", max_length=10, choices=Kind)
    code = models.SlugField("code", max_length=40, help_text="Court et stable : « nord », « nord-2 ».")
    name = models.CharField("nom", max_length=120, db_collation=FRENCH)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="rattaché à"
    )
    postcodes = models.CharField(
        "codes postaux", max_length=300, blank=True, help_text="Séparés par des espaces ; servent à l’import."
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    search_name = models.CharField(max_length=160, editable=False, default="")

    objects = TerritoryQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_name"])

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["name", "pk"]
        constraints = [
            dates_in_order("territory_dates_in_order"),
            models.CheckConstraint(
                name="territory_top_is_direction",
                condition=Q(kind="direction", parent__isnull=True) | (~Q(kind="direction") & Q(parent__isnull=False)),
                violation_error_message="Seule une direction n’est rattachée à aucun territoire.",
            ),
            NoOverlap(
                name="territory_code_unique",
                fields=["code"],
                violation_error_message="Ce code est déjà porté par un autre territoire à la même période.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.parent_id and self.RANK.index(self.kind) <= self.RANK.index(self.parent.kind):
            raise ValidationError({"parent": "Un territoire est rattaché à un niveau au-dessus du sien."})
        if self.pk and self.parent_id != type(self).objects.values_list("parent", flat=True).get(pk=self.pk):
            raise ValidationError(
                {"parent": "Le rattachement d’un territoire ne change pas : fermez-le et créez-en un nouveau."}
            )

    def save(self, *args, **kwargs):
        self.search_name = normalise(self.name)[:160]
        created = self._state.adding
        super().save(*args, **kwargs)
        if created:
            above = TerritoryLink.objects.filter(descendant=self.parent_id) if self.parent_id else []
            links = [TerritoryLink(ancestor=self, descendant=self, depth=0)]
            links += [TerritoryLink(ancestor_id=a.ancestor_id, descendant=self, depth=a.depth + 1) for a in above]
            TerritoryLink.objects.bulk_create(links)


class TerritoryLink(models.Model):
    """Closure of the tree: one row per ancestor and descendant, each territory being its own at depth 0."""

    ancestor = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="descendant_links")
    descendant = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="ancestor_links")
    depth = models.PositiveSmallIntegerField("écart")

    class Meta:
        verbose_name = "lien de territoire"
        verbose_name_plural = "liens de territoires"
        constraints = [models.UniqueConstraint(fields=["ancestor", "descendant"], name="territory_link_once")]

    def __str__(self):
        return f"{self.ancestor_id} ⊃ {self.descendant_id}"


class SectorAttachmentQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))


class SectorAttachment(models.Model):
    """The territory an establishment belongs to, between two dates (its sector; a higher level while it has none)."""

    establishment = models.ForeignKey(
        "establishments.Establishment",
        on_delete=models.CASCADE,
        related_name="attachments",
        verbose_name=said("{establishment}"),
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="attachments", verbose_name="territoire"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = SectorAttachmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "rattachement"
        verbose_name_plural = "rattachements"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            dates_in_order("attachment_dates_in_order"),
            NoOverlap(
                name="attachment_no_overlap",
                fields=["establishment"],
                violation_error_message=titled("{establishment.ce} a déjà un territoire sur cette période."),
            ),
        ]
        indexes = [models.Index(fields=["territory", "starts_on"], name="attachment_by_territory")]

    def __str__(self):
        return f"{self.establishment} → {self.territory}"


class TerritoryBoundary(models.Model):
    """An outline imported from the collectivité's open data; one per code (postcode, INSEE or territory code)."""

    code = models.CharField("code", max_length=40, unique=True)
    name = models.CharField("nom", max_length=120, blank=True)
    geometry = models.JSONField("contour")
    source = models.CharField("source", max_length=200, blank=True)
    imported_at = models.DateTimeField("importé le", auto_now=True)

    class Meta:
        verbose_name = "contour"
        ordering = ["code"]

    def __str__(self):
        return self.name or self.code

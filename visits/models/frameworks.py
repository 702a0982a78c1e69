"""Frameworks that practices are read against: charte, référentiel, regulation, the collectivité's own (S-030)."""

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.constraints import FrozenChild, FrozenColumns, NoOverlap, Refused, dates_in_order
from core.periods import active_on

# Used: a functioning review was opened against this version; from then on it says for ever what it said then.
USED = "EXISTS (SELECT 1 FROM visits_functioningreview_frameworks u WHERE u.framework_id = {row}.%s)"
FROZEN = "Une analyse s’appuie sur cette version\u00a0: elle ne change plus, importez une nouvelle version."


class FrameworkQuerySet(models.QuerySet):
    def in_force(self, day, wanted=True):
        """The versions in force on a day; with `wanted` False, the others."""
        return self.filter(active_on(day)) if wanted else self.exclude(active_on(day))

    def with_counts(self):
        """Annotate `item_count` and `review_count`, as subqueries: two joins would multiply each other."""
        items = FrameworkItem.objects.filter(framework=OuterRef("pk")).order_by().values("framework")
        used = Framework.reviews.through.objects.filter(framework=OuterRef("pk")).order_by().values("framework")
        return self.annotate(
            item_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
            review_count=Coalesce(Subquery(used.annotate(n=Count("pk")).values("n")), 0),
        )


class Framework(models.Model):
    """One version of a framework, in force over a period; the next version keeps the keys of what is comparable."""

    code = models.SlugField("code", max_length=40)
    version = models.PositiveSmallIntegerField("version", default=1)
    title = models.CharField("intitulé", max_length=160)
    publisher = models.CharField("publié par", max_length=160, blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    starts_on = models.DateField("en vigueur depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    search_text = models.CharField(max_length=340, editable=False, default="")

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = "référentiel"
        verbose_name_plural = "référentiels"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="framework_version_once",
                violation_error_message="Cette version du référentiel existe déjà.",
            ),
            dates_in_order("framework_dates_in_order"),
            NoOverlap(
                name="framework_one_version_a_day",
                fields=["code"],
                violation_error_message="Une autre version est en vigueur à ces dates.",
            ),
            FrozenColumns(
                name="framework_frozen_once_used",
                columns=["code", "version", "title", "publisher", "source", "starts_on"],
                when=USED % "id",
                violation_error_message=FROZEN,
            ),
        ]

    def __str__(self):
        return f"{self.title} (version {self.version})"

    def get_absolute_url(self):
        return reverse("visits:framework", args=[self.pk])

    @property
    def is_used(self):
        return self.reviews.exists()


class FrameworkItem(models.Model):
    """One point: our short title, its article or reference, and the official wording where somebody loaded it."""

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="items", verbose_name="référentiel"
    )
    position = models.PositiveSmallIntegerField("rang")
    key = models.SlugField("clé stable", max_length=60)
    parent_key = models.SlugField("point parent", max_length=60, blank=True)
    title = models.CharField("intitulé court", max_length=200)
    reference = models.CharField("article ou référence", max_length=120, blank=True)
    wording = models.TextField("texte officiel", blank=True)
    search_text = models.CharField(max_length=340, editable=False, default="")

    class Meta:
        verbose_name = "point de référentiel"
        verbose_name_plural = "points de référentiel"
        ordering = ["framework", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key"],
                name="framework_item_key_once",
                violation_error_message="Cette clé est déjà prise dans le référentiel.",
            ),
            FrozenColumns(
                name="framework_item_frozen_once_used",
                columns=["framework_id", "position", "key", "parent_key", "title", "reference"],
                when=USED % "framework_id",
                violation_error_message=FROZEN,
            ),
            # The official wording may still be given to a version in use; given once, it stays.
            Refused(
                name="framework_item_complete_once_used",
                on_insert=(USED % "framework_id").replace("{row}", "NEW"),
                on_update="OLD.wording <> '' AND NEW.wording <> OLD.wording AND "
                + (USED % "framework_id").replace("{row}", "OLD"),
                violation_error_message=FROZEN,
            ),
        ]

    def __str__(self):
        return self.title


class FrameworkMapping(models.Model):
    """What a point has to do with one of another framework, named by code and key: it outlives versions."""

    class Relation(models.TextChoices):
        EQUIVALENT = "equivalent", "équivalent"
        PARTIAL = "partial", "partiel"
        BROADER = "broader", "plus large"

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="mappings", verbose_name="référentiel"
    )
    key = models.SlugField("point", max_length=60)
    other_code = models.SlugField("autre référentiel", max_length=40)
    other_key = models.SlugField("son point", max_length=60)
    relation = models.CharField("rapport", max_length=10, choices=Relation)

    class Meta:
        verbose_name = "correspondance"
        verbose_name_plural = "correspondances"
        ordering = ["framework", "key", "other_code", "other_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key", "other_code", "other_key"],
                name="framework_mapping_once",
                violation_error_message="Cette correspondance existe déjà.",
            ),
            FrozenChild(
                name="framework_mapping_frozen_once_used",
                when=USED % "framework_id",
                violation_error_message=FROZEN,
            ),
        ]

    def __str__(self):
        return f"{self.key} → {self.other_key} ({self.get_relation_display()})"

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.transaction import atomic

from core.constraints import FrozenChild, FrozenColumns

USED = "EXISTS (SELECT 1 FROM visits_visit v WHERE v.grid_id = {row}.%s)"
FROZEN = "Cette grille a déjà servi à une visite : chargez une nouvelle version."


class ObservationGridQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=ObservationGrid.Status.ACTIVE)

    def with_use(self):
        """Annotate `used`: whether a visit was made with the grid, which froze it."""
        from .visits import Visit

        return self.annotate(used=Exists(Visit.objects.filter(grid=OuterRef("pk"))))


class ObservationGrid(models.Model):
    """One version of what a coordinator looks at; frozen by the first visit that uses it."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en préparation"
        ACTIVE = "active", "en service"
        RETIRED = "retired", "retirée"

    code = models.SlugField("code", max_length=40)
    version = models.PositiveSmallIntegerField("version", default=1)
    title = models.CharField("intitulé", max_length=160)
    source = models.CharField("source", max_length=300, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.DRAFT)

    objects = ObservationGridQuerySet.as_manager()

    class Meta:
        verbose_name = "grille d’observation"
        verbose_name_plural = "grilles d’observation"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="grid_version_once",
                violation_error_message="Cette version de la grille existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(status="active"),
                name="grid_one_active_version",
                violation_error_message="Une autre version de cette grille est en service : retirez-la d’abord.",
            ),
            FrozenColumns(
                name="grid_frozen_once_used",
                columns=["code", "version", "title", "source"],
                when=USED % "id",
                violation_error_message=FROZEN,
            ),
        ]

    def __str__(self):
        return f"{self.title} (version {self.version})"

    @property
    def is_used(self):
        return self.visits.exists()

    def prepare_next(self):
        """(the next version, whether it was made now): a draft to change, with the same headings and the same keys.

        The one already in preparation when there is one.
        """
        with atomic():
            versions = list(type(self).objects.select_for_update().filter(code=self.code))
            waiting = next((one for one in versions if one.status == self.Status.DRAFT and one.pk != self.pk), None)
            if waiting is not None:
                return waiting, False
            following = type(self).objects.create(
                code=self.code,
                version=max(one.version for one in versions) + 1,
                title=self.title,
                source=self.source,
            )
            for theme in self.themes.prefetch_related("items"):
                copy = GridTheme.objects.create(grid=following, position=theme.position, title=theme.title)
                GridItem.objects.bulk_create(
                    GridItem(grid=following, theme=copy, **{name: getattr(item, name) for name in GridItem.COPIED})
                    for item in theme.items.all()
                )
        return following, True


class GridTheme(models.Model):
    """A heading of a grid."""

    grid = models.ForeignKey(ObservationGrid, on_delete=models.CASCADE, related_name="themes", verbose_name="grille")
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("thème", max_length=160)

    class Meta:
        verbose_name = "thème"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "title"],
                name="grid_theme_once",
                violation_error_message="Ce thème figure déjà dans la grille.",
            ),
            FrozenChild(name="grid_theme_frozen_once_used", when=USED % "grid_id", violation_error_message=FROZEN),
        ]

    def __str__(self):
        return self.title


class GridItem(models.Model):
    """One thing to look at; its key stays the same from one version of the grid to the next."""

    COPIED = ["key", "position", "title", "observables", "reference"]  # from one version to the next

    theme = models.ForeignKey(GridTheme, on_delete=models.CASCADE, related_name="items", verbose_name="thème")
    grid = models.ForeignKey(
        ObservationGrid, on_delete=models.CASCADE, related_name="items", editable=False, verbose_name="grille"
    )
    key = models.SlugField("clé stable", max_length=60)
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("intitulé", max_length=200)
    observables = models.TextField("ce qui s’observe", blank=True)
    reference = models.CharField("référence", max_length=120, blank=True, help_text="Par exemple « charte 2 ».")

    class Meta:
        verbose_name = "point d’observation"
        verbose_name_plural = "points d’observation"
        ordering = ["theme__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "key"],
                name="grid_item_key_once",
                violation_error_message="Cette clé est déjà prise dans la grille.",
            ),
            FrozenChild(name="grid_item_frozen_once_used", when=USED % "grid_id", violation_error_message=FROZEN),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.grid_id = self.theme.grid_id
        super().save(*args, **kwargs)

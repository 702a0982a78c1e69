from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.constraints import FrozenChild
from establishments.models import Capability, EstablishmentOwnedQuerySet, Level
from establishments.vocabulary import said
from projects.models import ActionItem

from .grids import GridItem
from .visits import PARAGRAPH_LEVELS, VALIDATED_PARENT, Visit, hidden_from

SOURCES = ["visit", "review", "event", "finding"]
FROZEN = "Le compte rendu est validé : il ne se modifie plus."


class PartOfVisitQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "visit__establishment"

    def visible_to(self, user, capability=Capability.VIEW, on=None):
        return super().visible_to(user, capability, on).exclude(visit__in=hidden_from(user, "visit"))


class ObservationQuerySet(PartOfVisitQuerySet):
    def shareable(self):
        """Good practices of validated reports that the house may read: what a card may be made from."""
        return self.filter(
            nature=Observation.Nature.GOOD_PRACTICE,
            level__in=[Level.PUBLIC, Level.ETABLISSEMENT],
            visit__report_status=Visit.ReportStatus.VALIDATED,
        )


class Observation(models.Model):
    """What was seen on one item of the grid, apart from what the coordinator makes of it."""

    class Rating(models.TextChoices):
        NOT_OBSERVED = "not_observed", "non observé"
        TO_BUILD = "to_build", "à construire"
        IN_PROGRESS = "in_progress", "en cours d’acquisition"
        ACQUIRED = "acquired", "acquis"
        STRENGTH = "strength", "point fort"

    class Nature(models.TextChoices):
        STRENGTH = "strength", "point fort"
        GOOD_PRACTICE = "good_practice", "bonne pratique"
        TO_IMPROVE = "to_improve", "à améliorer"
        GAP = "gap", "écart"

    # "Non observé" is neutral: it enters no average.
    SCORED = [Rating.TO_BUILD, Rating.IN_PROGRESS, Rating.ACQUIRED, Rating.STRENGTH]

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="observations", verbose_name="visite")
    item = models.ForeignKey(
        GridItem, on_delete=models.PROTECT, related_name="observations", verbose_name="point d’observation"
    )
    rating = models.CharField("appréciation", max_length=20, choices=Rating, default=Rating.NOT_OBSERVED)
    nature = models.CharField("nature", max_length=20, choices=Nature, blank=True)
    fact = models.TextField("ce que j’ai vu", blank=True)
    appreciation = models.TextField("ce que j’en pense", blank=True)
    level = models.CharField("niveau de lecture", max_length=20, choices=PARAGRAPH_LEVELS, default=Level.ETABLISSEMENT)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "observation"
        verbose_name_plural = "observations"
        ordering = ["item__theme__position", "item__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item"],
                name="observation_once_per_item",
                violation_error_message="Ce point est déjà observé dans cette visite.",
            ),
            models.CheckConstraint(
                name="observation_level_is_in_reports",
                condition=~Q(level="nominatif"),
                violation_error_message="Un texte à lecteurs nommés n’a pas sa place dans un compte rendu.",
            ),
            FrozenChild(name="observation_frozen", when=VALIDATED_PARENT, violation_error_message=FROZEN),
        ]

    def __str__(self):
        return f"{self.item} : {self.get_rating_display()}"


class ActionCheck(models.Model):
    """The state of one open action as seen at a visit; "non vu" is a state too, so none is forgotten."""

    class State(models.TextChoices):
        TO_START = "to_start", "à lancer"
        IN_PROGRESS = "in_progress", "en cours"
        DONE = "done", "réalisée"
        VERIFIED = "verified", "vérifiée"
        ABANDONED = "abandoned", "abandonnée"
        NOT_SEEN = "not_seen", "non vu"

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="checks", verbose_name="visite")
    action = models.ForeignKey(ActionItem, on_delete=models.PROTECT, related_name="checks", verbose_name="action")
    state = models.CharField("état constaté", max_length=20, choices=State)
    note = models.TextField("précision", blank=True)

    objects = PartOfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi d’action"
        verbose_name_plural = "suivis d’actions"
        ordering = ["action__due_on", "action", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "action"],
                name="check_once_per_action",
                violation_error_message="Cette action est déjà suivie dans cette visite.",
            ),
            FrozenChild(name="check_frozen", when=VALIDATED_PARENT, violation_error_message=FROZEN),
        ]

    def __str__(self):
        return f"{self.action} : {self.get_state_display()}"


def _one_source():
    """Exactly one of the sources; only a visit has a point of observation."""
    found = Q()
    for source in SOURCES:
        others = {f"{name}__isnull": name != source for name in SOURCES}
        found |= Q(**others) if source == "visit" else Q(**others, item__isnull=True)
    return found


class ActionOriginQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "action__establishment"


class ActionOrigin(models.Model):
    """What raised an action: exactly one source (decisions, 17): visit, functioning review, event or finding."""

    action = models.OneToOneField(ActionItem, on_delete=models.CASCADE, related_name="origin", verbose_name="action")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="raised", verbose_name="visite")
    review = models.ForeignKey(
        "visits.FunctioningReview",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="raised",
        verbose_name="analyse de fonctionnement",
    )
    event = models.ForeignKey(
        "visits.Event", on_delete=models.PROTECT, null=True, related_name="raised", verbose_name="événement"
    )
    finding = models.ForeignKey(
        "visits.Finding",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="raised",
        verbose_name="constat d’un contrôle",
    )
    item = models.ForeignKey(
        GridItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="point d’observation"
    )
    # Until the report is shared its actions stay inside the pôle; this is what they become then.
    level_when_shared = models.CharField(
        "niveau une fois transmise", max_length=20, choices=PARAGRAPH_LEVELS, default=Level.ETABLISSEMENT
    )

    objects = ActionOriginQuerySet.as_manager()

    class Meta:
        verbose_name = "origine d’action"
        verbose_name_plural = "origines d’actions"
        ordering = ["action"]
        constraints = [
            models.CheckConstraint(
                name="action_origin_exactly_one_source",
                condition=_one_source(),
                violation_error_message="Une action a une origine, une seule.",
            ),
            FrozenChild(name="action_origin_frozen", when=VALIDATED_PARENT, violation_error_message=FROZEN),
        ]

    def __str__(self):
        return f"{self.action} ← {self.visit or self.review or self.event or self.finding}"


class VisitResponse(models.Model):
    """What the director answers to a shared report."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="response", verbose_name="visite")
    remark = models.TextField(said("observations {director.du}"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="répondu par"
    )
    answered_at = models.DateTimeField("répondu le", default=timezone.now)

    objects = PartOfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse au compte rendu"
        verbose_name_plural = "réponses aux comptes rendus"
        constraints = [
            models.CheckConstraint(
                name="visit_response_says_something",
                condition=~Q(remark=""),
                violation_error_message="La réponse est vide.",
            ),
            FrozenChild(name="visit_response_frozen", when=VALIDATED_PARENT, violation_error_message=FROZEN),
        ]

    def __str__(self):
        return f"Réponse — {self.visit}"

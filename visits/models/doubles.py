"""Double rating: two persons rate the same points without seeing each other, then talk (S-020, M9)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import FrozenChild, FrozenColumns
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet
from establishments.vocabulary import said

from .. import retention
from ..doubles.steps import DoubleSteps
from .observations import Observation

OVER = (
    "EXISTS (SELECT 1 FROM visits_doublerating d "
    "WHERE d.id = {row}.double_id AND d.status IN ('settled', 'cancelled'))"
)
KEPT = retention.not_certified("DC", "{row}.double_id")
DOUBLE_OF_THE_POINT = "(SELECT p.double_id FROM visits_doublepoint p WHERE p.id = {row}.point_id)"
ANSWER_KEPT = retention.not_certified("DC", DOUBLE_OF_THE_POINT)
SUBMITTED = (
    "EXISTS (SELECT 1 FROM visits_doublepoint p JOIN visits_doublerating d ON d.id = p.double_id "
    "WHERE p.id = {row}.point_id AND (d.status <> 'rating' "
    "OR (d.first_id = {row}.rater_id AND d.first_submitted_at IS NOT NULL) "
    "OR (d.second_id = {row}.rater_id AND d.second_submitted_at IS NOT NULL)))"
)
HANDED_IN = "La cotation est remise\u00a0: elle ne change plus."


class DoubleRatingQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.CONDUCT_REVIEW, on=None):
        """Those of the houses whose reviews the person conducts, and those that she was asked to rate."""
        inside = super().visible_to(user, Capability.CONDUCT_REVIEW, on)
        named = Q(first=user.pk) | Q(second=user.pk)
        known = Q(
            establishment__in=Establishment.objects.visible_to(user, Capability.SUMMARY, on).order_by().values("pk")
        )
        return self.filter(Q(pk__in=inside.order_by().values("pk")) | (named & known))

    def known_to(self, user):
        return self.visible_to(user)

    def blind_for(self, user):
        """Under way on a text not closed yet: the second rater does not open what the first one writes."""
        return self.filter(status=DoubleRating.Status.RATING, training=False, second=user.pk).order_by()

    def with_people(self):
        return self.select_related("establishment", "first", "second", "visit", "review", "settled_by")

    def to_purge(self, today):
        """Of houses closed for longer than the rule keeps their file."""
        closed = retention.closed_before(today)
        return self.filter(purged_at__isnull=True, establishment__closed_on__lt=closed)

    def compared(self):
        """Both sheets handed in: what agreement is counted on."""
        return self.filter(status__in=DoubleRating.COMPARED_OR_SETTLED)


class DoubleRating(DoubleSteps, models.Model):
    """Two raters, one text: blind until both have handed in their sheet; then compared, discussed, settled."""

    class Status(models.TextChoices):
        RATING = "rating", "cotation en cours"
        COMPARED = "compared", "à concerter"
        SETTLED = "settled", "concertée"
        CANCELLED = "cancelled", "abandonnée"

    COMPARED_OR_SETTLED = [Status.COMPARED, Status.SETTLED]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="+", verbose_name=said("{establishment}")
    )
    visit = models.ForeignKey(
        "visits.Visit", on_delete=models.PROTECT, null=True, related_name="doubles", verbose_name="visite"
    )
    review = models.ForeignKey(
        "visits.FunctioningReview", on_delete=models.PROTECT, null=True, related_name="doubles", verbose_name="analyse"
    )
    training = models.BooleanField("entraînement", default=False)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.RATING)
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="première cotation"
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="seconde cotation"
    )
    first_submitted_at = models.DateTimeField("première remise le", null=True, editable=False)
    second_submitted_at = models.DateTimeField("seconde remise le", null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    settled_at = models.DateTimeField("concertée le", null=True, editable=False)
    created_at = models.DateTimeField("ouverte le", default=timezone.now, editable=False)
    purged_at = models.DateTimeField("effacée le", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = DoubleRatingQuerySet.as_manager()

    class Meta:
        verbose_name = "double cotation"
        verbose_name_plural = "doubles cotations"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="double_one_text",
                condition=Q(visit__isnull=False, review__isnull=True) | Q(visit__isnull=True, review__isnull=False),
                violation_error_message="Une double cotation porte sur une visite ou sur une analyse.",
            ),
            models.CheckConstraint(
                name="double_two_raters",
                condition=~Q(first=F("second")),
                violation_error_message="Il faut deux personnes.",
            ),
            models.CheckConstraint(
                name="double_compared_once_both_in",
                condition=~Q(status__in=["compared", "settled"])
                | Q(first_submitted_at__isnull=False, second_submitted_at__isnull=False),
                violation_error_message="On compare quand les deux cotations sont remises.",
            ),
            models.CheckConstraint(
                name="double_settled_stamp",
                condition=Q(status="settled", settled_by__isnull=False, settled_at__isnull=False)
                | (~Q(status="settled") & Q(settled_by=None, settled_at=None)),
                violation_error_message="Une cotation concertée porte par qui et quand.",
            ),
            models.UniqueConstraint(fields=["visit"], condition=Q(status="rating"), name="double_one_at_a_time_visit"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(status="rating"), name="double_one_at_a_time_review"
            ),
            FrozenColumns(
                name="double_who_and_what",
                columns=["establishment_id", "training", "first_id", "second_id"],
                violation_error_message="Les deux personnes d’une double cotation ne changent pas.",
            ),
        ]

    def __str__(self):
        return f"Double cotation — {self.establishment}"

    def get_absolute_url(self):
        return reverse("visits:double", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def is_compared(self):
        return self.status in self.COMPARED_OR_SETTLED

    def has_handed_in(self, user) -> bool:
        return bool(self.first_submitted_at if user.pk == self.first_id else self.second_submitted_at)


class DoublePoint(models.Model):
    """One point of the sheet, as it was when the rating was opened, and the value retained in the end."""

    double = models.ForeignKey(DoubleRating, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField("rang")
    key = models.SlugField("clé stable", max_length=60)
    label = models.CharField("intitulé", max_length=200)
    reference = models.CharField("référence", max_length=120, blank=True)
    fact = models.TextField("ce qui a été vu", blank=True)
    retained = models.CharField("retenu", max_length=20, choices=Observation.Rating, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)

    class Meta:
        verbose_name = "point de double cotation"
        verbose_name_plural = "points de double cotation"
        ordering = ["double", "position"]
        constraints = [
            models.UniqueConstraint(fields=["double", "key"], name="double_point_once"),
            FrozenColumns(name="double_point_as_opened", columns=["double_id", "key", "label", "fact"], when=KEPT),
            FrozenChild(
                name="double_point_frozen_once_over", when=f"{OVER} AND {KEPT}", violation_error_message=HANDED_IN
            ),
        ]

    def __str__(self):
        return self.label


class DoubleAnswerQuerySet(models.QuerySet):
    def readable_by(self, user):
        """Her own at any time; everybody's once both sheets are in. The only way to an answer."""
        return self.filter(
            Q(rater=user.pk) | Q(point__double__in=DoubleRating.objects.compared().order_by().values("pk"))
        )


class DoubleAnswer(models.Model):
    """What one rater says of one point."""

    point = models.ForeignKey(DoublePoint, on_delete=models.CASCADE, related_name="answers")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rating = models.CharField("appréciation", max_length=20, choices=Observation.Rating)
    note = models.CharField("ce qui me le fait dire", max_length=300, blank=True)

    objects = DoubleAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "cotation"
        verbose_name_plural = "cotations"
        ordering = ["point", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["point", "rater"], name="double_answer_once"),
            FrozenChild(
                name="double_answer_handed_in",
                when=f"{SUBMITTED} AND {ANSWER_KEPT}",
                violation_error_message=HANDED_IN,
            ),
        ]

    def __str__(self):
        return self.get_rating_display()

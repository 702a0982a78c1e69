import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from core.addresses import address
from core.constraints import FrozenChild, FrozenColumns, Refused
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet, ManagementMode
from establishments.vocabulary import said

from .. import retention
from ..reviews.steps import ReviewSteps
from .observations import Observation
from .visits import hidden_from

CLOSED = "('validated', 'followed')"
FROZEN = "L’analyse est validée\u00a0: elle ne se modifie plus."
NOT_IN_REGIE = (
    "NOT EXISTS (SELECT 1 FROM establishments_establishment e "
    "WHERE e.id = NEW.establishment_id AND e.management_mode = 'regie')"
)
PARENT = "EXISTS (SELECT 1 FROM visits_functioningreview r WHERE r.id = {row}.review_id AND r.status IN %s)"
KEPT, ITEM_KEPT = retention.not_certified("AF", "{row}.id"), retention.not_certified("AF", "{row}.review_id")


def person(**more):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, **more
    )


class FunctioningReviewQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW, on=None):
        """Reviews of the houses reached; those who read what is transmitted see none before the contradictoire."""
        rows = super().visible_to(user, capability, on).exclude(pk__in=hidden_from(user, "review"))
        if capability in {Capability.READ_TRANSMITTED, Capability.SUMMARY}:
            inside = Capability.KNOW_INTERNAL if capability == Capability.SUMMARY else Capability.VIEW
            houses = Establishment.objects.visible_to(user, inside, on).order_by().values("pk")
            return rows.filter(Q(status__in=FunctioningReview.TRANSMITTED) | Q(establishment__in=houses))
        if capability == Capability.ANSWER_REPORT:
            return rows.filter(status__in=FunctioningReview.TRANSMITTED)
        return rows

    def under_way(self):
        """Neither validated nor followed: what the campaign still has to bring to its end."""
        return self.exclude(status__in=FunctioningReview.CLOSED)

    def to_conduct(self, today):
        """Under way, without those never opened of a house that closed or left the régie: nobody will conduct them."""
        left = Q(establishment__closed_on__lte=today) | ~Q(establishment__management_mode=ManagementMode.REGIE)
        return self.under_way().exclude(left, status=FunctioningReview.Status.SCHEDULED)

    def to_purge(self, today):
        """Once opened, of houses closed for longer than the rule keeps their file."""
        rows = self.filter(purged_at__isnull=True, establishment__closed_on__lt=retention.closed_before(today))
        return rows.exclude(status=FunctioningReview.Status.SCHEDULED)

    def to_validate(self, today):
        """Answered, or past the day until which the director could answer."""
        asked = self.filter(status=FunctioningReview.Status.ANSWERING)
        return asked.filter(Q(answered_at__isnull=False) | Q(answer_due_on__lt=today))

    def with_people(self):
        return self.select_related(
            "establishment", "previous", "opened_by", "shared_by", "answered_by", "validated_by"
        )


class FunctioningReview(ReviewSteps, models.Model):
    """The analysis of how one house works, made every two years from the facts since the last one."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "programmée"
        PREPARING = "preparing", "en préparation"
        VISITING = "visiting", "visite d’analyse"
        DRAFTED = "drafted", "projet"
        ANSWERING = "answering", "phase contradictoire"
        VALIDATED = "validated", "validée"
        FOLLOWED = "followed", "suivie"

    WRITABLE = [Status.PREPARING, Status.VISITING, Status.DRAFTED]
    TRANSMITTED = [Status.ANSWERING, Status.VALIDATED, Status.FOLLOWED]
    CLOSED = [Status.VALIDATED, Status.FOLLOWED]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="reviews", verbose_name=said("{establishment}")
    )
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.SCHEDULED)
    due_on = models.DateField("à valider avant le")
    # The month somebody chose in the campaign, as its first day; empty: the plan decides.
    fixed_month = models.DateField("mois choisi", null=True, blank=True)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="following", verbose_name="précédente"
    )
    # The versions in force when it was opened: what its points are read against, whatever is imported later.
    frameworks = models.ManyToManyField(
        "visits.Framework", related_name="reviews", editable=False, verbose_name="référentiels"
    )
    since = models.DateField("faits depuis le", null=True, editable=False)
    until = models.DateField("faits jusqu’au", null=True, editable=False)
    summary = models.TextField("synthèse", blank=True)
    opened_by = person(verbose_name="ouverte par")
    opened_at = models.DateTimeField("ouverte le", null=True, editable=False)
    shared_by = person(verbose_name="transmise par")
    shared_at = models.DateTimeField("transmise le", null=True, editable=False)
    answer_due_on = models.DateField("avis possible jusqu’au", null=True, editable=False)
    director_opinion = models.TextField(said("avis {director.du}"), blank=True, editable=False)
    answered_by = person(verbose_name="avis de")
    answered_at = models.DateTimeField("avis reçu le", null=True, editable=False)
    head_opinion = models.TextField(said("avis {pole_head.du}"), blank=True, editable=False)
    validated_by = person(verbose_name="validée par")
    validated_at = models.DateTimeField("validée le", null=True, editable=False)
    document = models.JSONField("texte arrêté", null=True, editable=False)  # what the PDF says, frozen
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    purged_at = models.DateTimeField("effacée le", null=True, editable=False)
    created_at = models.DateTimeField("programmée le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = FunctioningReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "analyse de fonctionnement"
        verbose_name_plural = "analyses de fonctionnement"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment"],
                condition=~Q(status__in=["validated", "followed"]),
                name="review_one_under_way",
                violation_error_message="Une analyse est déjà programmée ou en cours.",
            ),
            models.CheckConstraint(
                name="review_opened_stamp",
                condition=Q(status="scheduled", opened_by=None, opened_at=None, since=None, until=None)
                | (~Q(status="scheduled") & Q(opened_by__isnull=False, opened_at__isnull=False, since__lt=F("until"))),
                violation_error_message="Une analyse ouverte porte qui l’a ouverte, quand, et sa période.",
            ),
            models.CheckConstraint(
                name="review_validated_stamp",
                condition=(
                    Q(status__in=["validated", "followed"], validated_by__isnull=False, validated_at__isnull=False)
                    & ~Q(fingerprint="")
                    & ~Q(head_opinion="")
                )
                | (
                    ~Q(status__in=["validated", "followed"])
                    & Q(validated_by=None, validated_at=None, fingerprint="", head_opinion="")
                ),
                violation_error_message="Une analyse validée porte qui l’a validée, quand, son avis et son empreinte.",
            ),
            # S-002: the biennial review is for houses run by the collectivité itself.
            Refused(
                name="review_of_a_municipal_house",
                on_insert=NOT_IN_REGIE,
                on_update=f"NEW.establishment_id <> OLD.establishment_id AND {NOT_IN_REGIE}",
                violation_error_message=said("L’analyse de fonctionnement concerne {establishment.les} en régie."),
            ),
            FrozenColumns(
                name="review_period_frozen_once_open",
                columns=["establishment_id", "since", "until", "opened_by_id", "opened_at"],
                when="{row}.status <> 'scheduled'",
                violation_error_message="La période d’une analyse ouverte ne change plus.",
            ),
            FrozenColumns(
                name="review_frozen_once_validated",
                columns=["summary", "director_opinion", "head_opinion", "fingerprint", "validated_at", "document"],
                when=f"{{row}}.status IN {CLOSED} AND {KEPT}",
                violation_error_message=FROZEN,
            ),
            # A column that becomes empty is not compared above: the text of a closed review goes with its purge only.
            Refused(
                name="review_document_goes_with_its_purge",
                on_update=f"OLD.status IN {CLOSED} AND OLD.document IS NOT NULL AND NEW.document IS NULL "
                f"AND {retention.not_certified('AF', 'OLD.id')}",
                violation_error_message=FROZEN,
            ),
            # Validated, it can only become followed; opened, it is never closed again.
            Refused(
                name="review_never_goes_back",
                on_update=f"(OLD.status = 'followed' AND NEW.status <> 'followed') "
                f"OR (OLD.status = 'validated' AND NEW.status NOT IN {CLOSED}) "
                "OR (OLD.status <> 'scheduled' AND NEW.status = 'scheduled')",
                violation_error_message=FROZEN,
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="review_by_status")]

    def __str__(self):
        return f"Analyse de fonctionnement — {self.establishment}"

    def get_absolute_url(self):
        return address("visits:review", self.pk)

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def is_open(self):
        """Its facts were poured in and frozen."""
        return self.status != self.Status.SCHEDULED

    @property
    def is_writable(self):
        return self.status in self.WRITABLE

    @property
    def is_transmitted(self):
        return self.status in self.TRANSMITTED


class ReviewItemQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "review__establishment"

    def visible_to(self, user, capability=Capability.VIEW, on=None):
        return super().visible_to(user, capability, on).exclude(review__in=hidden_from(user, "review"))

    def counted_moves(self, *columns):
        """(columns…, rating before, rating now, how many points) of the points rated in both analyses."""
        rows = self.exclude(previous_rating="").exclude(rating="").order_by()
        return rows.values_list(*columns, "previous_rating", "rating").annotate(n=Count("pk"))

    def silent(self):
        """Nothing proposed, nothing rated, nothing said."""
        return self.filter(proposal="", rating="", comment="")


class ReviewItem(models.Model):
    """One point of a review: the proposal and its facts, frozen at the opening; the rating and the comment, beside."""

    Rating = Observation.Rating

    review = models.ForeignKey(
        FunctioningReview, on_delete=models.PROTECT, related_name="items", verbose_name="analyse"
    )
    position = models.PositiveSmallIntegerField("rang")
    section = models.PositiveSmallIntegerField("partie")
    key = models.SlugField("clé stable", max_length=40)
    label = models.CharField("intitulé", max_length=160)
    reference = models.CharField("référence", max_length=120, blank=True)
    proposal = models.TextField("proposition", blank=True, editable=False)
    facts = models.JSONField("faits", default=dict, editable=False)
    previous_rating = models.CharField("appréciation précédente", max_length=20, choices=Rating, blank=True)
    previous_text = models.TextField("texte précédent", blank=True, editable=False)
    rating = models.CharField("appréciation", max_length=20, choices=Rating, blank=True)
    comment = models.TextField("commentaire", blank=True)
    reason = models.CharField("raison de l’évolution", max_length=300, blank=True)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = "point d’analyse"
        verbose_name_plural = "points d’analyse"
        ordering = ["review", "position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="review_item_once"),
            # The facts are those of the opening: written with it, never after.
            Refused(
                name="review_item_poured_at_opening",
                on_insert="NOT " + (PARENT % "('scheduled')").replace("{row}", "NEW"),
                violation_error_message="Les faits d’une analyse s’arrêtent à son ouverture.",
            ),
            FrozenColumns(
                name="review_item_facts_frozen",
                columns=[
                    "review_id",
                    "section",
                    "key",
                    "label",
                    "proposal",
                    "facts",
                    "previous_rating",
                    "previous_text",
                ],
                when=ITEM_KEPT,
                violation_error_message="Les faits d’une analyse ouverte ne changent plus.",
            ),
            FrozenChild(
                name="review_item_frozen", when=f"{PARENT % CLOSED} AND {ITEM_KEPT}", violation_error_message=FROZEN
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def text(self):
        """What the review says: the comment where there is one, the proposal kept as it is elsewhere."""
        return self.comment or self.proposal

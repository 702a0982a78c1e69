import uuid

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.addresses import address
from core.constraints import Frozen
from core.french import short_date
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet, Level
from establishments.vocabulary import said

from .. import retention, schedule
from .grids import ObservationGrid
from .rhythm import counts_for_the_rule
from .steps import VisitSteps

# "Nominatif" is in no report (decisions, 4).
PARAGRAPH_LEVELS = [choice for choice in Level.choices if choice[0] != Level.NOMINATIF]
# A validated report is let go by the certificate of its purge, and by nothing else.
KEPT_FOR_EVER = "NOT EXISTS (SELECT 1 FROM visits_purgecertificate c WHERE c.reference = 'VI-' || {id})"
VALIDATED_PARENT = (
    "EXISTS (SELECT 1 FROM visits_visit v WHERE v.id = {row}.visit_id AND v.report_status = 'validated' AND {kept})"
).replace("{kept}", KEPT_FOR_EVER.replace("{id}", "v.id"))


class VisitKind(models.TextChoices):
    """The kinds of domain.md §5.1; an appointment feeds the same history and never counts (S-026)."""

    REGULAR = schedule.REGULAR, schedule.KIND_LABELS[schedule.REGULAR]
    THEMATIC = schedule.THEMATIC, schedule.KIND_LABELS[schedule.THEMATIC]
    REVIEW = schedule.REVIEW, schedule.KIND_LABELS[schedule.REVIEW]
    TAKING_OFFICE = schedule.TAKING_OFFICE, schedule.KIND_LABELS[schedule.TAKING_OFFICE]
    UNANNOUNCED = schedule.UNANNOUNCED, schedule.KIND_LABELS[schedule.UNANNOUNCED]
    SENSITIVE_SUPPORT = "sensitive_support", schedule.KIND_LABELS["sensitive_support"]
    PEDAGOGICAL_DAY = "pedagogical_day", schedule.KIND_LABELS["pedagogical_day"]
    FOLLOW_UP = "follow_up", schedule.KIND_LABELS["follow_up"]
    TEAM_MEETING = "team_meeting", schedule.KIND_LABELS["team_meeting"]
    APPOINTMENT = "appointment", "rendez-vous"


def hidden_from(user, column):
    """Visits (or reviews) that somebody rates blind: closed to her until both sheets are handed in, in every list."""
    from .doubles import DoubleRating

    return DoubleRating.objects.blind_for(user).filter(**{f"{column}__isnull": False}).values(column)


class VisitQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW, on=None):
        """Visits of the houses reached; those who read what is transmitted see no draft, plan nor cancellation."""
        rows = super().visible_to(user, capability, on).exclude(pk__in=hidden_from(user, "visit"))
        if capability == Capability.READ_TRANSMITTED:
            return rows.filter(self._transmitted() | self._in_houses(user, Capability.VIEW, on))
        if capability == Capability.ANSWER_REPORT:
            return rows.filter(self._transmitted())
        if capability == Capability.SUMMARY:
            return rows.filter(self._transmitted() | self._in_houses(user, Capability.KNOW_INTERNAL, on))
        return rows

    def _in_houses(self, user, capability, on=None):
        houses = Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
        return Q(establishment__in=houses)

    @staticmethod
    def _transmitted():
        return Q(report_status__in=Visit.TRANSMITTED)

    def coordinators(self):
        """Those who made, or will make, these visits."""
        # Asked of each person, found at her first visit: the coordinators of all visits would be read whole.
        return get_user_model().objects.filter(Exists(self.order_by().filter(coordinator=OuterRef("pk"))))

    def with_people(self):
        """With everything that the page of a visit names."""
        return self.select_related("establishment", "coordinator", "shared_by", "validated_by", "grid")

    def transmitted(self):
        return self.filter(self._transmitted())

    def dated(self):
        """Annotate `happened_on`: the day it was made, or is planned for."""
        return self.annotate(happened_on=Coalesce("visited_on", "planned_on"))

    def done(self):
        return self.filter(status=Visit.Status.DONE)

    def planned(self):
        return self.filter(status=Visit.Status.PLANNED)

    def planned_to_count(self):
        """Planned, and of a kind that will count towards the two-month rule: an appointment puts nothing off."""
        return self.planned().filter(counts_for_the_rule("planned_on"))

    def while_open(self):
        """Without what is planned in a house that will be closed for good: it leaves the calendars with the house."""
        return self.exclude(status=Visit.Status.PLANNED, establishment__closed_on__lte=F("planned_on"))

    def counting(self):
        """Visits that count towards the two-month rule, by the setting in force on the day each was made."""
        return self.done().filter(counts_for_the_rule())

    def last_dates(self, until=None):
        """{establishment id: date of its last counting visit}, looking no further than `until`."""
        rows = self.counting()
        if until is not None:
            rows = rows.filter(visited_on__lte=until)
        return dict(rows.order_by().values_list("establishment").annotate(last=Max("visited_on")))

    def to_finish(self, before):
        """Made and still a draft, begun before a day."""
        return self.done().filter(report_status=Visit.ReportStatus.DRAFT, visited_on__lt=before)

    def to_purge(self, today):
        """Of houses closed for longer than the rule keeps their file."""
        closed = retention.closed_before(today)
        return self.filter(purged_at__isnull=True, establishment__closed_on__lt=closed)

    def to_validate(self, today):
        """Answered, or past the day until which the director could answer."""
        shared = Q(report_status=Visit.ReportStatus.SHARED, answer_due_on__lt=today)
        return self.filter(Q(report_status=Visit.ReportStatus.ANSWERED) | shared)


def level_field(label):
    return models.CharField(label, max_length=20, choices=PARAGRAPH_LEVELS, default=Level.ETABLISSEMENT)


def count_field(label):
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Visit(VisitSteps, models.Model):
    """One coming of a coordinator to an establishment, planned or made, and the report she writes of it."""

    class Status(models.TextChoices):
        PLANNED = "planned", "planifiée"
        DONE = "done", "réalisée"
        CANCELLED = "cancelled", "annulée"
        POSTPONED = "postponed", "reportée"

    class ReportStatus(models.TextChoices):
        DRAFT = "draft", "en rédaction"
        SHARED = "shared", "transmis"
        ANSWERED = "answered", "observations reçues"
        VALIDATED = "validated", "validé"

    TRANSMITTED = [ReportStatus.SHARED, ReportStatus.ANSWERED, ReportStatus.VALIDATED]
    # Texts of the report, each with its level, in the order of domain.md §5.1.
    PARAGRAPHS = ["context_note", "interview", "decisions", "summary"]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="visits", verbose_name=said("{establishment}")
    )
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits", verbose_name=said("{coordinator}")
    )
    kind = models.CharField("type de visite", max_length=20, choices=VisitKind, default=VisitKind.REGULAR)
    is_announced = models.BooleanField("annoncée", default=True)
    is_on_site = models.BooleanField("sur place", default=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PLANNED)
    status_reason = models.CharField("motif", max_length=200, blank=True)
    report_status = models.CharField("compte rendu", max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT)
    planned_on = models.DateField("prévue le", null=True, blank=True)
    planned_at = models.TimeField("heure prévue", null=True, blank=True)
    visited_on = models.DateField("date de la visite", null=True, blank=True)
    starts_at = models.TimeField("arrivée", null=True, blank=True)
    ends_at = models.TimeField("départ", null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name="remplace la visite",
    )

    directing = models.CharField("qui dirige ce jour", max_length=120, blank=True)
    sections_seen = models.CharField("sections vues", max_length=200, blank=True)
    expected_non_walkers = count_field("enfants attendus qui ne marchent pas")
    expected_walkers = count_field("enfants attendus qui marchent")
    present_non_walkers = count_field("enfants présents qui ne marchent pas")
    present_walkers = count_field("enfants présents qui marchent")
    staff_category_1 = count_field("professionnels présents de catégorie 1")
    staff_category_2 = count_field("professionnels présents de catégorie 2")
    staff_other = count_field("autres professionnels présents")
    context_note = models.TextField("contexte du jour", blank=True)
    context_note_level = level_field("niveau de lecture du contexte")
    interview = models.TextField("entretien avec la direction", blank=True)
    interview_level = level_field("niveau de lecture de l’entretien")
    decisions = models.TextField("décisions", blank=True)
    decisions_level = level_field("niveau de lecture des décisions")
    summary = models.TextField("synthèse", blank=True)
    summary_level = level_field("niveau de lecture de la synthèse")
    next_visit_on = models.DateField("prochaine visite proposée le", null=True, blank=True)
    grid = models.ForeignKey(
        ObservationGrid, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="grille"
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    shared_at = models.DateTimeField("transmis le", null=True, editable=False)
    answer_due_on = models.DateField("réponse possible jusqu’au", null=True, editable=False)
    answered_at = models.DateTimeField("observations reçues le", null=True, editable=False)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    validated_at = models.DateTimeField("validé le", null=True, editable=False)
    # A version is a state that was handed over: shared, answered, validated. What is typed has its own count.
    version = models.PositiveIntegerField("version", default=1, editable=False)
    edition = models.PositiveIntegerField("saisies", default=1, editable=False)
    facts = models.JSONField("faits arrêtés", null=True, editable=False)  # the report as it was shared, then validated
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    purged_at = models.DateTimeField("purgée le", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "visite"
        verbose_name_plural = "visites"
        ordering = [F("visited_on").desc(nulls_first=True), "-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="visit_made_has_date",
                condition=Q(status="done", visited_on__isnull=False)
                | (~Q(status="done") & Q(visited_on__isnull=True, planned_on__isnull=False)),
                violation_error_message="Une visite réalisée a sa date ; une visite à venir a une date prévue.",
            ),
            models.CheckConstraint(
                name="visit_dropped_with_reason",
                condition=~Q(status__in=["cancelled", "postponed"]) | ~Q(status_reason=""),
                violation_error_message="Une visite s’annule ou se reporte avec son motif.",
            ),
            models.CheckConstraint(
                name="visit_hours_in_order",
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’heure de départ précède l’heure d’arrivée.",
            ),
            models.CheckConstraint(
                name="visit_report_once_made",
                condition=Q(report_status="draft") | Q(status="done"),
                violation_error_message="Le compte rendu d’une visite se transmet une fois la visite réalisée.",
            ),
            models.CheckConstraint(
                name="visit_shared_stamp",
                condition=Q(
                    report_status="draft", shared_by__isnull=True, shared_at__isnull=True, answer_due_on__isnull=True
                )
                | (
                    ~Q(report_status="draft")
                    & Q(shared_by__isnull=False, shared_at__isnull=False, answer_due_on__isnull=False)
                ),
                violation_error_message="Un compte rendu transmis porte qui l’a transmis et quand.",
            ),
            models.CheckConstraint(
                name="visit_answered_stamp",
                condition=Q(report_status__in=["draft", "shared"], answered_at__isnull=True)
                | Q(report_status="answered", answered_at__isnull=False)
                | Q(report_status="validated"),
                violation_error_message="Des observations reçues portent leur date.",
            ),
            models.CheckConstraint(
                name="visit_validated_stamp",
                condition=(
                    Q(report_status="validated", validated_by__isnull=False, validated_at__isnull=False)
                    & ~Q(fingerprint="")
                )
                | (
                    ~Q(report_status="validated")
                    & Q(validated_by__isnull=True, validated_at__isnull=True, fingerprint="")
                ),
                violation_error_message="Un compte rendu validé porte qui l’a validé, quand et son empreinte.",
            ),
            models.CheckConstraint(
                name="visit_levels_are_in_reports",
                condition=~Q(context_note_level="nominatif")
                & ~Q(interview_level="nominatif")
                & ~Q(decisions_level="nominatif")
                & ~Q(summary_level="nominatif"),
                violation_error_message="Un texte à lecteurs nommés n’a pas sa place dans un compte rendu.",
            ),
            Frozen(
                name="visit_frozen_once_validated",
                when="{row}.report_status = 'validated' AND " + KEPT_FOR_EVER.replace("{id}", "{row}.id"),
                violation_error_message="Le compte rendu est validé : il ne se modifie plus.",
            ),
        ]
        indexes = [
            models.Index(fields=["establishment", "status", "visited_on"], name="visit_last_of_house"),
            models.Index(fields=["coordinator", "planned_on"], name="visit_by_coordinator"),
            models.Index(fields=["report_status", "answer_due_on"], name="visit_by_report"),
            # All that the lists filter, sort and count by, without opening the texts of the reports.
            models.Index(
                fields=["establishment", "report_status", "status", "coordinator", "visited_on", "planned_on"],
                name="visit_listing",
            ),
        ]

    def __str__(self):
        day = self.happens_on
        return f"{self.get_kind_display()} — {self.establishment}{f', {short_date(day)}' if day else ''}"

    def get_absolute_url(self):
        return address("visits:detail", self.pk)

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def happens_on(self):
        return self.visited_on or self.planned_on

    @property
    def is_transmitted(self):
        return self.report_status in self.TRANSMITTED

    @property
    def is_editable(self):
        """Planned, or made and not shared yet."""
        return self.report_status == self.ReportStatus.DRAFT and self.status in {
            self.Status.PLANNED,
            self.Status.DONE,
        }

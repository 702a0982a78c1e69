from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.calendar import month_start
from core.constraints import FrozenColumns
from core.french import sentence_list
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet, JournalHead, record
from establishments.vocabulary import said
from establishments.workflow import StaleVersion, TransitionRefused, transition

from ..rates import NO_ACTIVITY, Activity
from ..terms import computed_capacity

ALONE = "saisi et validé par la même personne"
HOURS = ["authorised_hours", "open_hours", "contracted_hours", "actual_hours", "billed_hours"]
COMPUTED = ["authorised_hours", "open_hours", "opening_days"]
ENTERED = ["contracted_hours", "actual_hours", "billed_hours", "children_enrolled"]
NUMBERS = [*HOURS, "children_enrolled", "opening_days"]


class MonthlyActivityQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_AGGREGATES, on=None):
        return super().visible_to(user, capability, on)

    def between(self, start, end):
        """Months whose first day lies in start–end."""
        return self.filter(month__gte=month_start(start), month__lte=end)

    def published(self):
        """Months that count in rates: submitted ones too, shown as not yet validated."""
        return self.exclude(status=MonthlyActivity.Status.DRAFT)

    def unvalidated(self):
        return self.filter(status=MonthlyActivity.Status.SUBMITTED)

    def of_month(self, month):
        return self.filter(month=month_start(month))

    def totals(self):
        """The sum of the rows, as one Activity: the database adds, Python divides."""
        sums = self.aggregate(**{name: models.Sum(name) for name in HOURS})
        return Activity(**{name: sums[name] or 0 for name in HOURS})

    def by_establishment(self):
        """{establishment id: Activity} in one query."""
        rows = self.order_by().values("establishment").annotate(**{f"sum_{name}": models.Sum(name) for name in HOURS})
        return {row["establishment"]: Activity(**{name: row[f"sum_{name}"] for name in HOURS}) for row in rows}

    def by_month(self):
        """{first day of the month: Activity}, in order, in one query."""
        rows = self.order_by("month").values("month").annotate(**{f"sum_{name}": models.Sum(name) for name in HOURS})
        return {row["month"]: Activity(**{name: row[f"sum_{name}"] for name in HOURS}) for row in rows}

    def by_establishment_and_month(self):
        """{(establishment id, month): Activity} in one query."""
        rows = self.values_list("establishment", "month", *HOURS)
        return {(pk, month): Activity(*hours) for pk, month, *hours in rows}


class MonthlyActivity(models.Model):
    """What one establishment did in one month, in hours; locked step by step."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en saisie"
        SUBMITTED = "submitted", "soumise"
        VALIDATED = "validated", "validée"
        CLOSED = "closed", "close"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="monthly_activity", verbose_name=said("{establishment}")
    )
    month = models.DateField("mois", help_text="Le premier jour du mois.")
    authorised_hours = models.DecimalField("heures autorisées", max_digits=11, decimal_places=2)
    open_hours = models.DecimalField("heures ouvertes", max_digits=11, decimal_places=2)
    contracted_hours = models.DecimalField("heures contractualisées", max_digits=11, decimal_places=2)
    actual_hours = models.DecimalField("heures réalisées", max_digits=11, decimal_places=2)
    billed_hours = models.DecimalField("heures facturées", max_digits=11, decimal_places=2)
    children_enrolled = models.PositiveSmallIntegerField("enfants inscrits", default=0)
    opening_days = models.PositiveSmallIntegerField("jours d’ouverture", default=0)
    # A month entered cell by cell has cells nobody typed yet: zero hours is something else than no hours known.
    blanks = models.CharField("reste à saisir", max_length=120, blank=True, default="", editable=False)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.DRAFT)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="saisie par"
    )
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    validated_at = models.DateTimeField("validée le", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MonthlyActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "activité mensuelle"
        verbose_name_plural = "activités mensuelles"
        ordering = ["-month", "establishment"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "month"],
                name="activity_once_a_month",
                violation_error_message=said("L’activité de ce mois est déjà enregistrée pour {establishment.ce}."),
            ),
            models.CheckConstraint(
                name="activity_month_is_first_day",
                condition=Q(month__day=1),
                violation_error_message="Le mois est désigné par son premier jour.",
            ),
            models.CheckConstraint(
                name="activity_hours_positive",
                condition=Q(**{f"{name}__gte": 0 for name in HOURS}),
                violation_error_message="Les heures ne sont pas négatives.",
            ),
            models.CheckConstraint(
                name="activity_open_within_authorised",
                condition=Q(open_hours__lte=models.F("authorised_hours")),
                violation_error_message="Les heures ouvertes dépassent les heures autorisées.",
            ),
            models.CheckConstraint(
                name="activity_validation_stamp",
                condition=Q(status__in=["validated", "closed"], validated_by__isnull=False, validated_at__isnull=False)
                | Q(status__in=["draft", "submitted"], validated_by__isnull=True, validated_at__isnull=True),
                violation_error_message="Une activité validée porte qui l’a validée et quand.",
            ),
            models.CheckConstraint(
                name="activity_submitted_complete",
                condition=Q(status="draft") | Q(blanks=""),
                violation_error_message="Un mois soumis n’a plus de case à saisir.",
            ),
            FrozenColumns(
                name="activity_locked_once_submitted",
                columns=["establishment_id", "month", *HOURS, "children_enrolled", "opening_days"],
                when="{row}.status <> 'draft'",
                violation_error_message="Ce mois est soumis\u00a0: rouvrez-le avant de le corriger.",
            ),
        ]
        indexes = [models.Index(fields=["month", "status"], name="activity_by_month")]

    def __str__(self):
        return f"{self.establishment}, {self.month:%m/%Y}"

    def get_absolute_url(self):
        return f"{reverse('indicators:activity_edit', args=[self.establishment_id])}?mois={self.month:%Y-%m}"

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def activity(self):
        return Activity(**{name: getattr(self, name) for name in HOURS}) if self.pk else NO_ACTIVITY

    @property
    def is_of_one_person(self):
        """Whether who typed the month also validated it."""
        return self.validated_by_id is not None and self.validated_by_id == self.entered_by_id

    @property
    def is_validated(self):
        return self.status in {self.Status.VALIDATED, self.Status.CLOSED}

    @property
    def reopening_capability(self):
        """A closed month is given back only by who may close it."""
        return Capability.CLOSE_ACTIVITY if self.status == self.Status.CLOSED else Capability.VALIDATE_ACTIVITY

    @property
    def missing(self):
        """Names of the columns that nobody typed yet."""
        return self.blanks.split()

    def take(self, capacity):
        """Hold what the dated register computes; None, the register does not know: what was typed stays."""
        if capacity is not None:
            for name in COMPUTED:
                setattr(self, name, getattr(capacity, name))
            self.blanks = " ".join(name for name in self.missing if name not in COMPUTED)

    def enter(self, *, by, seen):
        """Save what was typed for the month, unless the row moved since version `seen` (0: no row yet).

        Raises StaleVersion, which holds the stored row, and TransitionRefused once the month is submitted.
        """
        with transaction.atomic():
            JournalHead.locked()
            rows = type(self)._base_manager.select_for_update(of=("self",))
            stored = rows.filter(establishment=self.establishment, month=self.month).first()
            if stored is not None and stored.status != self.Status.DRAFT:
                raise TransitionRefused(f"Ce mois n’est plus en saisie\u00a0: activité {stored.get_status_display()}.")
            if (stored.version if stored else 0) != seen:
                raise StaleVersion(stored)
            self.pk, self.version, self.entered_by = stored.pk if stored else None, seen + 1, by
            self.blanks = ""
            self._state.adding = stored is None
            self.save()
            record("activité saisie", self, by=by, establishment=self.establishment)

    def submit(self, *, by):
        with transition(self, by=by, verb="activité soumise", from_status=[self.Status.DRAFT]) as row:
            row.take(computed_capacity(row.establishment, row.month))
            if row.missing:
                labels = [str(self._meta.get_field(name).verbose_name) for name in row.missing]
                raise TransitionRefused(f"Ce mois n’est pas complet\u00a0: il manque {sentence_list(labels)}.")
            row.status = self.Status.SUBMITTED

    def validate_activity(self, *, by):
        # Nobody forbids it (a director may be missing), but it is said: here, and beside each number it makes.
        note = ALONE if self.entered_by_id == by.pk else ""
        with transition(self, by=by, verb="activité validée", from_status=[self.Status.SUBMITTED], note=note) as row:
            row.status, row.validated_by, row.validated_at = self.Status.VALIDATED, by, timezone.now()

    def close(self, *, by):
        with transition(self, by=by, verb="activité close", from_status=[self.Status.VALIDATED]) as row:
            row.status = self.Status.CLOSED

    def reopen(self, *, by, reason):
        """Back to entry from the status that was shown, with the reason in the journal."""
        if not reason.strip():
            raise TransitionRefused("Un mois se rouvre avec sa raison\u00a0: indiquez-la.")
        shown = [self.status] if self.status != self.Status.DRAFT else []
        with transition(self, by=by, verb="activité rouverte", from_status=shown, note=reason) as row:
            row.status, row.validated_by, row.validated_at = self.Status.DRAFT, None, None
            row.version += 1

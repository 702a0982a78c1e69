"""The leave plan of a house over a period: proposed as a whole, decided line by line or together."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import NoOverlap, dates_in_order
from core.french import capitalise, counted, period
from core.jobs import notify
from establishments.models import Capability, Establishment
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from ..deciders import deciders_of
from .rosters import StaffOwnedQuerySet


class LeavePlanQuerySet(StaffOwnedQuerySet):
    def to_decide(self):
        return self.filter(status=LeavePlan.Status.SUBMITTED)

    def with_counts(self):
        """Annotate `asked`, `pending`, `granted` and `refused`: its lines by status."""
        names = {"asked": ["proposed", "granted", "refused"], "pending": ["proposed"]}
        names |= {"granted": ["granted"], "refused": ["refused"]}
        return self.annotate(
            **{name: Count("lines", filter=Q(lines__status__in=statuses)) for name, statuses in names.items()}
        )


class LeavePlan(models.Model):
    """The leaves that one house proposes over a period (summer, end of the year…), its director's own apart."""

    class Status(models.TextChoices):
        PREPARING = "preparing", "en préparation"
        SUBMITTED = "submitted", "transmis"
        DECIDED = "decided", "décidé"

    class Season(models.TextChoices):
        SUMMER = "summer", "été"
        AUTUMN = "autumn", "automne"
        YEAR_END = "year_end", "fin d’année"
        WINTER = "winter", "hiver"
        SPRING = "spring", "printemps"
        OTHER = "other", "autre période"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="leave_plans", verbose_name=said("{establishment}")
    )
    season = models.CharField("période", max_length=10, choices=Season, default=Season.SUMMER)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    due_on = models.DateField("à transmettre avant le", null=True, blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PREPARING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="ouvert par"
    )
    created_at = models.DateTimeField("ouvert le", default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="transmis par"
    )
    submitted_at = models.DateTimeField("transmis le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = LeavePlanQuerySet.as_manager()

    class Meta:
        verbose_name = said("{leave_plan}")
        verbose_name_plural = said("{leave_plan.plural}")
        ordering = ["-starts_on", "pk"]
        constraints = [
            dates_in_order("leave_plan_dates_in_order"),
            NoOverlap(
                name="leave_plan_no_overlap",
                fields=["establishment"],
                violation_error_message="Un planning couvre déjà une partie de cette période.",
            ),
            models.CheckConstraint(
                name="leave_plan_submission_is_complete",
                condition=Q(status="preparing", submitted_by__isnull=True, submitted_at__isnull=True)
                | Q(~Q(status="preparing"), submitted_by__isnull=False, submitted_at__isnull=False),
                violation_error_message="Une transmission porte qui l’a faite et quand.",
            ),
            models.CheckConstraint(
                name="leave_plan_decision_is_complete",
                condition=Q(~Q(status="decided"), decided_by__isnull=True, decided_at__isnull=True)
                | Q(status="decided", decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="Une décision porte qui l’a prise et quand.",
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("staffing:plan_detail", args=[self.pk])

    @property
    def title(self):
        """ "Été 2026"."""
        return f"{capitalise(self.get_season_display())} {self.starts_on.year}"

    @property
    def owning_establishment(self):
        return self.establishment

    def submit(self, *, by):
        """The director sends it; the lines may be decided from then on."""
        with transition(self, by=by, verb="planning transmis", from_status=[self.Status.PREPARING]) as plan:
            asked = plan.lines.filter(status="proposed").count()
            if not asked:
                raise TransitionRefused("Ce planning ne contient aucune demande\u00a0: ajoutez-en d’abord.")
            plan.status = self.Status.SUBMITTED
            plan.submitted_by, plan.submitted_at = by, timezone.now()
            plan._tell(
                deciders_of(plan.establishment),
                by,
                f"{counted(asked, 'demande')} à décider, {period(plan.starts_on, plan.ends_on)}.",
            )

    def send_back(self, *, by, reason):
        """The coordinator asks for another proposal: nothing decided is undone."""
        with transition(
            self, by=by, verb="planning renvoyé", from_status=[self.Status.SUBMITTED], note=reason
        ) as plan:
            told = plan.submitted_by
            plan.status = self.Status.PREPARING
            plan.submitted_by = plan.submitted_at = None
            plan._tell([told], by, f"À reprendre\u00a0: {reason}", of=timezone.now().isoformat())

    def close(self, *, by):
        """Every line is decided: the plan is told to the house."""
        with transition(self, by=by, verb="planning décidé", from_status=[self.Status.SUBMITTED]) as plan:
            left = plan.lines.filter(status="proposed").count()
            if left:
                raise TransitionRefused(f"Il reste {counted(left, 'demande')} à décider.")
            plan.status = self.Status.DECIDED
            plan.decided_by, plan.decided_at = by, timezone.now()
            plan._tell([plan.submitted_by], by, "Toutes les demandes sont décidées.")

    def can_be_changed_by(self, user):
        return self.status == self.Status.PREPARING and self._allows(user, Capability.PROPOSE_LEAVE)

    def can_be_decided_by(self, user):
        return self.status == self.Status.SUBMITTED and self._allows(user, Capability.DECIDE_LEAVE)

    def _allows(self, user, capability):
        return type(self).objects.visible_to(user, capability).filter(pk=self.pk).exists()

    def _tell(self, users, by, body, of=""):
        notify(
            [user for user in users if user and user.pk != by.pk],
            event=f"planning-{self.pk}-{self.status}{of}",
            title=f"{said('{leave_plan.cap}')} {self.get_status_display()}\u00a0: {self}",
            body=body,
            url=self.get_absolute_url(),
        )

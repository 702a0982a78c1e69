"""Who of the float pool is sent where on a day, and a distribution that the planner proposed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.french import capitalise, long_date, time_range
from core.jobs import notify
from core.models import Job
from establishments.models import Establishment, Territory
from establishments.vocabulary import said
from establishments.workflow import transition

from .needs import StaffingNeed
from .people import Employee
from .rosters import StaffOwnedQuerySet


class FloatAssignmentQuerySet(StaffOwnedQuerySet):
    def confirmed(self):
        return self.filter(status=FloatAssignment.Status.CONFIRMED)

    def between(self, start, end):
        return self.filter(on__gte=start, on__lte=end)


class FloatAssignment(models.Model):
    """One agent of the pool sent to one need: present there that day for the coverage engine, nowhere else."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "confirmée"
        WITHDRAWN = "withdrawn", "retirée"

    need = models.ForeignKey(
        StaffingNeed, on_delete=models.PROTECT, related_name="assignments", verbose_name="besoin de renfort"
    )
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="assignments", verbose_name=said("{float_agent}")
    )
    # Copied from the need: the database keeps one house a day for an agent.
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="float_assignments", verbose_name=said("{establishment}")
    )
    on = models.DateField("jour")
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    reason = models.TextField("raison", blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.CONFIRMED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="affectation décidée par"
    )
    decided_at = models.DateTimeField("affectation décidée le", default=timezone.now)
    # The distribution that wrote it and the one that took it away: undoing one goes back to what was before.
    confirmed_in = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    withdrawn_in = models.UUIDField(null=True, editable=False, db_index=True)

    objects = FloatAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = said("affectation {float_agent.de}")
        verbose_name_plural = said("affectations {float_agent.de_plural}")
        ordering = ["on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assignment_hours_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’heure de fin précède l’heure de début.",
            ),
            models.UniqueConstraint(
                fields=["employee", "on"],
                condition=Q(status="confirmed"),
                name="assignment_one_house_a_day",
                violation_error_message="Cette personne est déjà affectée ce jour-là.",
            ),
            models.UniqueConstraint(
                fields=["need"],
                condition=Q(status="confirmed"),
                name="assignment_one_agent_a_need",
                violation_error_message="Quelqu’un est déjà affecté à ce besoin.",
            ),
            models.CheckConstraint(
                name="assignment_withdrawn_by_something",
                condition=Q(status="confirmed", withdrawn_in__isnull=True)
                | Q(status="withdrawn", withdrawn_in__isnull=False),
                violation_error_message="Un retrait garde ce qui l’a décidé.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "on"], name="assignment_by_house")]

    def __str__(self):
        return f"{self.employee}, le {self.on:%d/%m/%Y}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("staffing:need_detail", args=[self.need_id])

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def minutes(self):
        """(start, end) after midnight."""
        return tuple(at.hour * 60 + at.minute for at in (self.starts_at, self.ends_at))

    def withdraw(self, *, by, through=None):
        """She is free again that day; `through` is the distribution that decided it."""
        verb = "affectation du pool retirée"
        with transition(self, by=by, verb=verb, from_status=[self.Status.CONFIRMED], note=str(self.employee)) as row:
            row.status, row.withdrawn_in = self.Status.WITHDRAWN, through or uuid.uuid4()

    def restore(self, *, by):
        """Undoing the distribution that took it away."""
        verb = "affectation du pool rétablie"
        with transition(self, by=by, verb=verb, from_status=[self.Status.WITHDRAWN], note=str(self.employee)) as row:
            row.status, row.withdrawn_in = self.Status.CONFIRMED, None

    def tell(self):
        """To the person, when she has an account: where and when, as soon as it is confirmed."""
        user = self.employee.user
        if user is not None and user.pk != self.decided_by_id:
            notify(
                [user],
                event=f"pool-{self.confirmed_in}-{self.pk}",
                title=f"Renfort\u00a0: {self.establishment}",
                body=f"{capitalise(long_date(self.on))}, {time_range(self.starts_at, self.ends_at)}.",
            )


class PoolProposalQuerySet(models.QuerySet):
    def visible_to(self, user, capability=None):
        """Each person's own."""
        return self.filter(owner=user) if user.is_active else self.none()


class PoolProposal(models.Model):
    """A distribution of one week that the planner computed for one person; nothing is decided by it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pool_proposals", verbose_name="demandée par"
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, null=True, related_name="pool_proposals", verbose_name="territoire"
    )
    week = models.DateField("semaine du")
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, related_name="pool_proposal", verbose_name="tâche"
    )
    # {need: {agent, reason}} and {need: reason} as the planner said them: shown, never queried.
    choices = models.JSONField("choix", default=dict, editable=False)
    made_at = models.DateTimeField("calculée le", null=True)
    asked_at = models.DateTimeField("demandée le", default=timezone.now)

    objects = PoolProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition de répartition"
        verbose_name_plural = "propositions de répartition"
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"Répartition de la semaine du {self.week:%d/%m/%Y}"

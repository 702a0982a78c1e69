"""Leaves asked by one person, granted or refused once; a leave that breaks a rule takes a motivated derogation."""

import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from core.addresses import address
from core.constraints import NoOverlap, dates_in_order
from core.french import capitalise, period
from core.jobs import notify
from core.periods import active_on, touching
from establishments.door import can
from establishments.models import (
    Capability,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    Unavailability,
    record,
)
from establishments.vocabulary import said, titled
from establishments.workflow import TransitionRefused, transition

from ..deciders import deciders_of
from .people import Employee, Posting
from .plans import LeavePlan


class LeaveRequestQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_STAFF, on=None):
        return super().visible_to(user, capability, on)

    def pending(self):
        """What waits for a decision: the lines of a plan do once it is sent."""
        return self.filter(status=LeaveRequest.Status.PROPOSED).exclude(plan__status=LeavePlan.Status.PREPARING)

    def granted(self):
        return self.filter(status=LeaveRequest.Status.GRANTED)

    def to_decide_first(self):
        """What is to decide, the first days asked first; then the rest, the latest days first."""
        waiting = Case(When(status="proposed", then=F("starts_on")), default=None)
        return self.annotate(is_decided=~Q(status="proposed"), waiting_on=waiting).order_by(
            "is_decided", "waiting_on", "-starts_on", "pk"
        )

    def counting(self):
        """What takes or may take days: asked or granted."""
        return self.filter(status__in=[LeaveRequest.Status.PROPOSED, LeaveRequest.Status.GRANTED])

    def touching(self, start, end):
        return self.filter(touching(start, end))

    def away_on(self, day):
        return self.granted().filter(active_on(day))

    def sent_before(self, client_uuid, *, by):
        """What this person already proposed with this key: a form sent twice gives one request."""
        try:
            return self.filter(client_uuid=uuid.UUID(str(client_uuid)), proposed_by=by).first()
        except ValueError:
            return None


class LeaveRequest(models.Model):
    """Days asked by one person, proposed by her house, granted or refused once."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "à décider"
        GRANTED = "granted", "accordé"
        REFUSED = "refused", "refusé"
        CANCELLED = "cancelled", "annulé"

    class Kind(models.TextChoices):
        """Countable types only: never a medical or family reason."""

        ANNUAL = "annual", "congé annuel"
        RTT = "rtt", "RTT"
        CET = "cet", "compte épargne-temps"
        SPLIT = "split", "jour de fractionnement"
        OTHER = "other", "autre absence"

    class Part(models.TextChoices):
        DAY = "day", "journées entières"
        MORNING = "morning", "matin"
        AFTERNOON = "afternoon", "après-midi"

    # Reasons of service only (domain.md §9): never a personal one.
    class Reason(models.TextChoices):
        CONTINUITY = "continuity", "continuité de direction"
        RATIO = "ratio", "taux d’encadrement"
        FAIRNESS = "fairness", said("équité entre {employee.les}")
        RIGHTS = "rights", "droits insuffisants"

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="leaves", verbose_name=said("{employee}")
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="leaves", verbose_name=said("{establishment}")
    )
    plan = models.ForeignKey(
        LeavePlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=said("{leave_plan}"),
    )
    kind = models.CharField("type", max_length=10, choices=Kind, default=Kind.ANNUAL)
    part = models.CharField("durée", max_length=10, choices=Part, default=Part.DAY)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="proposé par"
    )
    proposed_at = models.DateTimeField("proposé le", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True)
    refusal_reason = models.CharField("motif de service", max_length=20, choices=Reason, blank=True)
    derogation = models.TextField("motif de la dérogation", blank=True)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de congé"
        verbose_name_plural = "demandes de congé"
        ordering = ["starts_on", "pk"]
        constraints = [
            dates_in_order("leave_dates_in_order"),
            NoOverlap(
                name="leave_no_overlap",
                fields=["employee"],
                unless={"status": ["refused", "cancelled"]},
                violation_error_message=titled("{employee.ce} a déjà une demande sur cette période."),
            ),
            models.CheckConstraint(
                name="leave_decision_is_complete",
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(status="proposed"), decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="Une décision porte qui l’a prise et quand.",
            ),
            models.CheckConstraint(
                name="leave_refused_with_reason",
                condition=Q(~Q(status="refused"), refusal_reason="") | Q(Q(status="refused"), ~Q(refusal_reason="")),
                violation_error_message="Un refus porte son motif de service, et lui seul.",
            ),
            models.CheckConstraint(
                name="leave_derogation_grants",
                condition=Q(derogation="") | Q(status__in=["granted", "cancelled"]),
                violation_error_message="Une dérogation accorde un congé.",
            ),
            models.CheckConstraint(
                name="leave_half_day_is_one_day",
                condition=Q(part="day") | Q(starts_on=F("ends_on")),
                violation_error_message="Une demi-journée porte sur un seul jour.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "status", "starts_on"], name="leave_by_establishment")]

    def __str__(self):
        return f"{self.employee}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return address("staffing:leave_detail", self.pk)

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def days(self):
        """Calendar days, the first and the last included (décret 85-1250, art. 4 counts them so)."""
        return (self.ends_on - self.starts_on).days + 1

    def propose(self, *, by):
        """Save a new request and journal it; the same key sent again gives the request already there."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.proposed_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.proposed_by = by
                self._refuse_days_already_asked()
                self._follow_plan()
                self.save(force_insert=True)
                record("congé proposé", self, by=by, establishment=self.establishment)
                self._tell_deciders()
        return known or self

    def _follow_plan(self):
        """A director's own leave is in no plan: it goes straight to who decides it."""
        if self.plan is None:
            return
        if self.is_directors_own:
            self.plan = None
        elif self.plan.status != LeavePlan.Status.PREPARING:
            raise TransitionRefused("Ce planning est déjà transmis\u00a0: proposez ce congé hors planning.")

    @property
    def is_directors_own(self):
        heads = Posting.objects.filter(active_on(self.starts_on), job=Posting.Job.DIRECTOR)
        return heads.filter(employee=self.employee, establishment=self.establishment).exists()

    def _tell_deciders(self):
        """A plan is told once, when it is sent; a director's own leave at once."""
        if self.plan_id is not None or not self.is_directors_own:
            return
        notify(
            [user for user in deciders_of(self.establishment) if user != self.proposed_by],
            event=f"congé-{self.client_uuid}-proposé",
            title=f"Congé de direction à décider\u00a0: {self.employee}",
            body=f"{capitalise(period(self.starts_on, self.ends_on))}, {self.establishment}.",
            url=self.get_absolute_url(),
        )

    def _refuse_days_already_asked(self):
        """Under the lock: two forms filled at once for the same days are both right until one is saved."""
        try:
            self.validate_constraints(exclude={"client_uuid"})
        except ValidationError as error:
            raise TransitionRefused(error.messages[0]) from error

    def grant(self, *, by, derogation=""):
        """Granted as it is when no rule breaks; else by a motivated derogation of who may give one (failure C21)."""
        with transaction.atomic():
            JournalHead.locked()
            breach = self._breach()
            motive = derogation.strip() if breach else ""
            verb = "congé accordé par dérogation" if motive else "congé accordé"
            note = f"{motive} ({breach})" if motive else ""
            with transition(self, by=by, verb=verb, from_status=[self.Status.PROPOSED], note=note) as leave:
                leave._refuse_own_decision(by)
                leave._refuse_before_its_plan()
                leave._refuse_breach(by, breach, motive)
                leave.derogation = motive
                leave._decide(self.Status.GRANTED, by)
                leave._tell_decision()
                leave._tell_callers()

    def _breach(self):
        """What granting would break, in one sentence, as things are under the lock; "" when nothing does."""
        from ..consequences import consequences  # which reads these tables

        is_pending = type(self)._base_manager.filter(pk=self.pk, status=self.Status.PROPOSED).exists()
        return consequences(self).breach if is_pending else ""

    def _refuse_breach(self, by, breach, motive):
        if not breach:
            return
        if not can(by, Capability.DEROGATE, self):
            raise TransitionRefused(
                f"{breach} Seule une dérogation motivée permet de l’accorder\u00a0: elle ne relève pas de vous."
            )
        if not motive:
            raise TransitionRefused(f"{breach} L’accorder demande une dérogation motivée.")

    def _refuse_before_its_plan(self):
        if self.plan is not None and self.plan.status == LeavePlan.Status.PREPARING:
            raise TransitionRefused("Le planning de cette demande n’est pas encore transmis.")

    def _tell_callers(self):
        """Whoever calls the house must be told: the days, never why."""
        if self.employee.user_id:
            Unavailability.objects.create(
                person_id=self.employee.user_id, starts_on=self.starts_on, ends_on=self.ends_on
            )

    def refuse(self, *, by, reason):
        label = self.Reason(reason).label
        with transition(self, by=by, verb="congé refusé", from_status=[self.Status.PROPOSED], note=label) as leave:
            leave._refuse_own_decision(by)
            leave._refuse_before_its_plan()
            leave._decide(self.Status.REFUSED, by)
            leave.refusal_reason = reason
            leave._tell_decision()

    def can_be_decided_by(self, user):
        return self.employee.user_id != user.pk and can(user, Capability.DECIDE_LEAVE, self)

    def can_be_cancelled_by(self, user, today, *, is_heir=None):
        """`is_heir`: what `_is_heir` says, for who knows it already."""
        if today >= self.starts_on or self.status not in {self.Status.PROPOSED, self.Status.GRANTED}:
            return False
        return user.pk == self.proposed_by_id or (self._is_heir(user) if is_heir is None else is_heir)

    def _is_heir(self, user):
        """Who proposes for the house now that the person who proposed this no longer does."""
        return can(user, Capability.PROPOSE_LEAVE, self) and not can(self.proposed_by, Capability.PROPOSE_LEAVE, self)

    def cancel(self, *, by, today=None):
        """Withdrawn before its first day, decided or not, by who proposed it, or by who took her place."""
        if by.pk != self.proposed_by_id and not self._is_heir(by):
            raise PermissionDenied("Seule la personne qui a proposé un congé peut l’annuler.")
        pending = [self.Status.PROPOSED, self.Status.GRANTED]
        with transition(self, by=by, verb="congé annulé", from_status=pending) as leave:
            if leave.starts_on <= (today or timezone.localdate()):
                raise TransitionRefused("Ce congé a commencé\u00a0: il ne s’annule plus.")
            was_granted = leave.status == self.Status.GRANTED
            leave._decide(self.Status.CANCELLED, by)
            if was_granted and leave.employee.user_id:
                Unavailability.objects.filter(
                    person_id=leave.employee.user_id, starts_on=leave.starts_on, ends_on=leave.ends_on
                ).delete()

    def _tell_decision(self):
        """To whoever proposed it and, when she has an account, to the person herself."""
        told = {user.pk: user for user in (self.proposed_by, self.employee.user) if user and user != self.decided_by}
        notify(
            told.values(),
            event=f"congé-{self.pk}-{self.status}",
            title=f"Congé {self.get_status_display()}\u00a0: {self.employee}",
            body=f"{capitalise(period(self.starts_on, self.ends_on))}, {self.establishment}.",
            url=self.get_absolute_url(),
        )

    def _refuse_own_decision(self, by):
        """Nobody decides her own leave, whatever her mandate."""
        if self.employee.user_id == by.pk:
            raise TransitionRefused("On ne décide pas de son propre congé\u00a0: une autre personne doit le faire.")

    def _decide(self, status, by):
        self.status = status
        self.decided_by = by
        self.decided_at = timezone.now()

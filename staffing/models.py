import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order
from core.french import capitalise, normalise, period
from core.jobs import notify
from core.models import FRENCH
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


class Category(models.IntegerChoices):
    """Categories of CSP R. 2324-42; null for those who do not count in the ratio (kitchen, cleaning, office)."""

    FIRST = 1, "1° (diplôme d’État)"
    SECOND = 2, "2° (qualification ou expérience)"


class EmployeeQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "postings__establishment"

    def visible_to(self, user, capability=Capability.VIEW_STAFF, on=None):
        """People posted today in a house that the user reaches."""
        today = on or timezone.localdate()
        postings = Posting.objects.filter(active_on(today)).visible_to(user, capability, on)
        return self.filter(pk__in=postings.order_by().values("employee"))

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def of(self, establishment, on):
        postings = Posting.objects.filter(active_on(on), establishment=establishment)
        return self.filter(pk__in=postings.order_by().values("employee"))


class Employee(models.Model):
    """A person who works in the establishments; no health data, no reason of absence."""

    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80, db_collation=FRENCH)
    staff_number = models.CharField("matricule", max_length=30, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="employee",
        verbose_name="compte",
    )
    search_name = models.CharField(max_length=200, editable=False, default="")

    objects = EmployeeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_name"])

    class Meta:
        verbose_name = said("{employee}")
        verbose_name_plural = said("{employee.plural}")
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    def save(self, *args, **kwargs):
        self.search_name = normalise(f"{self.first_name} {self.last_name}")[:200]
        super().save(*args, **kwargs)

    def house_on(self, day):
        """The establishment where the person is posted that day, None without a posting."""
        posting = self.postings.active_on(day).select_related("establishment").first()
        return posting.establishment if posting else None


class PostingQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_STAFF, on=None):
        return super().visible_to(user, capability, on)

    def active_on(self, day):
        return self.filter(active_on(day))

    def touching(self, start, end):
        return self.filter(touching(start, end))


class Posting(models.Model):
    """Where a person works, at what, for which share of a full time, between two dates."""

    class Job(models.TextChoices):
        DIRECTOR = "director", said("{director}")
        DEPUTY = "deputy", "adjoint·e"
        EJE = "eje", "éducateur·rice de jeunes enfants"
        NURSE = "nurse", "infirmier·ère ou puéricultrice"
        AUXILIARY = "auxiliary", "auxiliaire de puériculture"
        ASSISTANT = "assistant", said("{employee} auprès d’enfants")
        SUPPORT = "support", said("{employee} technique ou de cuisine")

    # In charge of the house, one standing in for the other (CSP R. 2324-36).
    HEADS = [Job.DIRECTOR, Job.DEPUTY]
    # Default category of a job (CSP R. 2324-42); a posting may say otherwise.
    CATEGORIES = {
        Job.DIRECTOR: Category.FIRST,
        Job.DEPUTY: Category.FIRST,
        Job.EJE: Category.FIRST,
        Job.NURSE: Category.FIRST,
        Job.AUXILIARY: Category.FIRST,
        Job.ASSISTANT: Category.SECOND,
        Job.SUPPORT: None,
    }

    employee = models.ForeignKey(
        Employee, on_delete=models.CASCADE, related_name="postings", verbose_name=said("{employee}")
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="postings", verbose_name=said("{establishment}")
    )
    job = models.CharField("métier", max_length=20, choices=Job)
    category = models.PositiveSmallIntegerField("catégorie", choices=Category, null=True, blank=True)
    fte = models.DecimalField("équivalent temps plein", max_digits=3, decimal_places=2, default=1)
    weekly_days = models.DecimalField("jours travaillés par semaine", max_digits=2, decimal_places=1, default=5)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PostingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "affectation"
        verbose_name_plural = "affectations"
        ordering = ["-starts_on", "pk"]
        constraints = [
            dates_in_order("posting_dates_in_order"),
            NoOverlap(
                name="posting_no_overlap",
                fields=["employee"],
                violation_error_message=titled("{employee.ce} a déjà une affectation sur cette période."),
            ),
            models.CheckConstraint(
                name="posting_fte_range",
                condition=Q(fte__gt=0, fte__lte=1),
                violation_error_message="L’équivalent temps plein est compris entre 0 et 1.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "starts_on"], name="posting_by_establishment")]

    def __str__(self):
        return f"{self.employee}, {self.get_job_display()}"


class LeaveRequestQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_STAFF, on=None):
        return super().visible_to(user, capability, on)

    def pending(self):
        return self.filter(status=LeaveRequest.Status.PROPOSED)

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
                name="leave_half_day_is_one_day",
                condition=Q(part="day") | Q(starts_on=F("ends_on")),
                violation_error_message="Une demi-journée porte sur un seul jour.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "status", "starts_on"], name="leave_by_establishment")]

    def __str__(self):
        return f"{self.employee}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("staffing:leave_detail", args=[self.pk])

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
                self.save(force_insert=True)
                record("congé proposé", self, by=by, establishment=self.establishment)
        return known or self

    def _refuse_days_already_asked(self):
        """Under the lock: two forms filled at once for the same days are both right until one is saved."""
        try:
            self.validate_constraints(exclude={"client_uuid"})
        except ValidationError as error:
            raise TransitionRefused(error.messages[0]) from error

    def grant(self, *, by):
        with transition(self, by=by, verb="congé accordé", from_status=[self.Status.PROPOSED]) as leave:
            leave._refuse_own_decision(by)
            leave._decide(self.Status.GRANTED, by)
            leave._tell_decision()
            if leave.employee.user_id:
                # Whoever calls the house must be told: the days, never why.
                Unavailability.objects.create(
                    person_id=leave.employee.user_id, starts_on=leave.starts_on, ends_on=leave.ends_on
                )

    def refuse(self, *, by, reason):
        label = self.Reason(reason).label
        with transition(self, by=by, verb="congé refusé", from_status=[self.Status.PROPOSED], note=label) as leave:
            leave._refuse_own_decision(by)
            leave._decide(self.Status.REFUSED, by)
            leave.refusal_reason = reason
            leave._tell_decision()

    def can_be_decided_by(self, user):
        return self.employee.user_id != user.pk and can(user, Capability.DECIDE_LEAVE, self)

    def can_be_cancelled_by(self, user, today):
        return (
            user.pk == self.proposed_by_id
            and today < self.starts_on
            and self.status in {self.Status.PROPOSED, self.Status.GRANTED}
        )

    def cancel(self, *, by, today=None):
        """Withdrawn by the person who proposed it, before its first day, decided or not."""
        if by.pk != self.proposed_by_id:
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

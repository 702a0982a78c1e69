import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import dates_in_order
from core.french import period, short_date
from core.models import Job
from core.periods import touching
from establishments.models import (
    Capability,
    Establishment,
    EstablishmentOwnedQuerySet,
    Mandate,
    Role,
    Territory,
    TerritoryLink,
    roles_with,
)
from establishments.vocabulary import said

from .. import tours
from .tour_steps import TourSteps
from .visits import Visit, VisitKind

HALF_DAYS = list(tours.HALF_DAY_LABELS.items())
# When a visit of a half-day starts, unless somebody says otherwise.
HOURS = {tours.MORNING: datetime.time(9, 0), tours.AFTERNOON: datetime.time(14, 0)}
NOON = datetime.time(12, 0)


def half_day_of(visit):
    """The half-day of a planned visit; the morning when nobody said."""
    return tours.AFTERNOON if visit.planned_at and visit.planned_at >= NOON else tours.MORNING


class OwnQuerySet(models.QuerySet):
    """Rows of one person, who still goes round houses."""

    owner_field = "owner"

    def visible_to(self, user, capability=Capability.LOG_VISIT):
        held = Mandate.objects.held_by(user, roles_with(Capability.LOG_VISIT))
        return self.filter(Exists(held), **{self.owner_field: user})

    def known_to(self, user):
        return self.visible_to(user)


class TourPlanQuerySet(OwnQuerySet):
    """Hers to change; read by whoever heads the pôle that she goes round."""

    def visible_to(self, user, capability=Capability.LOG_VISIT):
        if capability == Capability.VIEW:
            return self.filter(Q(pk__in=super().visible_to(user).values("pk")) | Q(owner__in=_coordinated_by(user)))
        return super().visible_to(user, capability)

    def known_to(self, user):
        return self.visible_to(user, Capability.VIEW)


def _coordinated_by(user):
    """Those who hold a mandate of coordinator within the pôles that a person heads."""
    headed = Mandate.objects.held_by(user, [Role.POLE_HEAD]).order_by().values("territory")
    below = TerritoryLink.objects.filter(ancestor__in=headed).values("descendant")
    today = timezone.localdate()
    return Mandate.objects.active_on(today).filter(role=Role.COORDINATOR, territory__in=below).values("user")


class BusyPeriodQuerySet(OwnQuerySet):
    owner_field = "person"

    def touching(self, start, end):
        return self.filter(touching(start, end))


class BusyPeriod(models.Model):
    """Days, or half-days, when a coordinator cannot visit: a meeting, a training, leave; never why."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="busy_periods", verbose_name="personne"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    half_day = models.CharField("moment", max_length=10, choices=[("", "journée entière"), *HALF_DAYS], blank=True)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = BusyPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "indisponibilité"
        verbose_name_plural = "indisponibilités"
        ordering = ["starts_on", "pk"]
        constraints = [dates_in_order("busy_period_dates_in_order")]

    def __str__(self):
        when = period(self.starts_on, self.ends_on)
        return f"{when}, {self.get_half_day_display()}"


class TourPlan(TourSteps, models.Model):
    """Eight weeks of visits proposed to one coordinator; nothing is scheduled before she accepts."""

    WEEKS = 8

    class Status(models.TextChoices):
        WAITING = "waiting", "en calcul"
        PROPOSED = "proposed", "proposée"
        ACCEPTED = "accepted", "acceptée"
        DROPPED = "dropped", "abandonnée"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="tour_plans",
        verbose_name=said("{coordinator}"),
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territoire"
    )
    base = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="départ et retour",
    )
    starts_on = models.DateField("à partir du")
    visits_a_day = models.PositiveSmallIntegerField("visites par jour au plus", default=2)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.WAITING)
    outcome = models.CharField("bilan", max_length=20, blank=True, choices=list(tours.STATUS_LABELS.items()))
    distance_km = models.FloatField("kilomètres à vol d’oiseau", null=True, blank=True)
    bound_km = models.FloatField("minimum possible", null=True, blank=True)
    revises = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions", verbose_name="reprend"
    )
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="tâche"
    )
    created_at = models.DateTimeField("demandée le", default=timezone.now)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = TourPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "tournée"
        verbose_name_plural = "tournées"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="tour_plan_accepted_stamp",
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at__isnull=True)),
                violation_error_message="Une tournée acceptée porte la date de son acceptation.",
            ),
            models.CheckConstraint(
                name="tour_plan_visits_a_day",
                condition=Q(visits_a_day__gte=1, visits_a_day__lte=4),
                violation_error_message="De une à quatre visites par jour.",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="tour_plan_by_owner")]

    def __str__(self):
        return f"Tournée du {short_date(self.starts_on)} au {short_date(self.ends_on)}"

    def get_absolute_url(self):
        return reverse("visits:tour", args=[self.pk])

    @property
    def ends_on(self):
        return self.starts_on + datetime.timedelta(days=7 * self.WEEKS - 1)

    @property
    def owning_territory(self):
        return self.territory


class TourStopQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.LOG_VISIT, on=None):
        rows = super().visible_to(user, capability, on)
        if capability == Capability.VIEW:
            return rows.filter(plan__in=TourPlan.objects.visible_to(user, Capability.VIEW).order_by().values("pk"))
        return rows.filter(plan__owner=user)

    def known_to(self, user):
        return self.visible_to(user)


class TourStop(models.Model):
    """One visit of a tour: proposed on a half-day with its reasons, or already scheduled and left where it is."""

    plan = models.ForeignKey(TourPlan, on_delete=models.CASCADE, related_name="stops", verbose_name="tournée")
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="+", verbose_name=said("{establishment}")
    )
    kind = models.CharField("type de visite", max_length=20, choices=VisitKind, default=VisitKind.REGULAR)
    day = models.DateField("jour")
    half_day = models.CharField("moment", max_length=10, choices=HALF_DAYS)
    due_on = models.DateField("à faire avant le")
    wanted_by = models.DateField("demandée pour le", null=True, blank=True)
    is_whole_day = models.BooleanField("prend la journée", default=False)
    is_locked = models.BooleanField("gardée à sa place", default=False)
    # Planned before the tour was asked for: it moves from its own page only.
    is_settled = models.BooleanField("planifiée auparavant", default=False)
    reasons = models.TextField("pourquoi ce jour", blank=True)
    visit = models.ForeignKey(
        Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="tour_stops", verbose_name="visite"
    )
    client_uuid = models.UUIDField("clé de la visite", unique=True, default=uuid.uuid4, editable=False)

    objects = TourStopQuerySet.as_manager()

    class Meta:
        verbose_name = "étape de tournée"
        verbose_name_plural = "étapes de tournée"
        ordering = ["day", "-half_day", "pk"]  # "morning" sorts after "afternoon"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "establishment", "day"],
                name="tour_stop_once_a_day",
                violation_error_message=said("{establishment.le} est déjà visité ce jour-là."),
            ),
        ]

    def __str__(self):
        return f"{self.establishment}, {short_date(self.day)} {self.get_half_day_display()}"

    @property
    def is_late(self):
        return self.day > self.due_on

    @property
    def is_scheduled_there(self):
        """Whether its visit is planned already, on this very half-day."""
        visit = self.visit
        return visit is not None and visit.planned_on == self.day and half_day_of(visit) == self.half_day

    @property
    def reason_list(self):
        return self.reasons.splitlines()


class TourLate(models.Model):
    """A deadline that a tour misses, and why, in words."""

    plan = models.ForeignKey(TourPlan, on_delete=models.CASCADE, related_name="late", verbose_name="tournée")
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="+", verbose_name=said("{establishment}")
    )
    due_on = models.DateField("à faire avant le")
    day = models.DateField("prévue le", null=True, blank=True)
    why = models.TextField("pourquoi")

    class Meta:
        verbose_name = "échéance manquée"
        verbose_name_plural = "échéances manquées"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return f"{self.establishment}, {short_date(self.due_on)}"

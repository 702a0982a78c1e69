import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import dates_in_order
from establishments.models import (
    Capability,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    Territory,
    record,
)
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition
from staffing.models import Absence

from .scope import SharedQuerySet


class NetworkEventQuerySet(SharedQuerySet):
    open_to_all_below = True


class NetworkEvent(models.Model):
    """A themed week, a seminar, a day of the network: when, which houses, who is away because of it."""

    class Kind(models.TextChoices):
        WEEK = "week", "semaine à thème"
        SEMINAR = "seminar", "séminaire"
        DAY = "day", "journée du réseau"

    class Status(models.TextChoices):
        PLANNED = "planned", "prévu"
        REPORTED = "reported", "bilan fait"
        CANCELLED = "cancelled", "annulé"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="network_events", verbose_name="territoire"
    )
    kind = models.CharField("type", max_length=10, choices=Kind, default=Kind.WEEK)
    title = models.CharField("titre", max_length=160)
    aim = models.TextField("objectif", blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PLANNED)
    balance = models.TextField("bilan", blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = NetworkEventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement du réseau"
        verbose_name_plural = "événements du réseau"
        ordering = ["-starts_on", "pk"]
        constraints = [dates_in_order("network_event_dates_in_order")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:event_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def create_once(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                record("événement créé", self, by=by, territory=self.territory)
        return known or self

    def join(self, establishment, employees, *, by):
        """A house takes part, or says again who goes. All or nothing."""
        with transaction.atomic():
            JournalHead.locked()
            participation, _ = Participation.objects.get_or_create(event=self, establishment=establishment)
            participation.send(employees, by=by)
        return participation

    def report(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Écrivez le bilan.")
        with transition(self, by=by, verb="bilan d’événement", from_status=[self.Status.PLANNED], note=text) as event:
            event.status, event.balance = self.Status.REPORTED, text

    def cancel(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        with transition(self, by=by, verb="événement annulé", from_status=[self.Status.PLANNED], note=text) as event:
            for participation in event.participations.all():
                participation.absences.all().delete()
            event.status, event.balance = self.Status.CANCELLED, text


class Participation(models.Model):
    """A house takes part in an event, with the agents whom it sends away from it."""

    event = models.ForeignKey(
        NetworkEvent, on_delete=models.CASCADE, related_name="participations", verbose_name="événement"
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="participations", verbose_name=said("{establishment}")
    )
    absences = models.ManyToManyField(Absence, blank=True, editable=False, related_name="participations")
    note = models.CharField("ce que la participation prépare", max_length=200, blank=True)

    objects = EstablishmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "participation"
        verbose_name_plural = "participations"
        ordering = ["event", "establishment"]
        constraints = [models.UniqueConstraint(fields=["event", "establishment"], name="participation_once")]

    def __str__(self):
        return f"{self.establishment}, {self.event}"

    def send(self, employees, *, by):
        """Who goes: each is away from the house, and the coverage of these days counts it (S-094)."""
        with transaction.atomic():
            JournalHead.locked()
            if self.event.status != NetworkEvent.Status.PLANNED:
                raise TransitionRefused(f"Cet événement ne se prépare plus\u00a0: {self.event.get_status_display()}.")
            there = {absence.employee_id: absence for absence in self.absences.all()}
            wanted = {employee.pk: employee for employee in employees}
            for pk in set(there) - set(wanted):
                there[pk].delete()
            for pk in set(wanted) - set(there):
                self.absences.add(self._absence(wanted[pk], by))
            names = ", ".join(str(employee) for employee in wanted.values())
            record("participation à un événement", self.event, by=by, note=names, establishment=self.establishment)

    def _absence(self, employee, by):
        event = self.event
        taken = Absence.objects.touching(event.starts_on, event.ends_on).filter(employee=employee)
        if taken.exists():
            raise TransitionRefused(f"{employee} est déjà absent·e sur cette période.")
        return Absence.objects.create(
            employee=employee,
            establishment=self.establishment,
            kind=Absence.Kind.WORK,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            told_by=by,
        )


class TraineePlaceQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        return super().visible_to(user, capability, on)

    def free(self):
        """Offered and not full yet."""
        return self.filter(taken__lt=models.F("offered"))


class TraineePlace(models.Model):
    """Places that a house offers to trainees of a school; nobody of them is ever counted in the ratio.

    A number of persons, never a name: a trainee is not an agent, and coverage reads agents only (CSP R. 2324-42).
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="trainee_places", verbose_name=said("{establishment}")
    )
    diploma = models.CharField("formation", max_length=120)
    school = models.CharField("école", max_length=160, blank=True)
    offered = models.PositiveSmallIntegerField("places offertes", default=1)
    taken = models.PositiveSmallIntegerField("places prises", default=0)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("proposée le", default=timezone.now, editable=False)

    objects = TraineePlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "place de stage"
        verbose_name_plural = "places de stage"
        ordering = ["starts_on", "pk"]
        constraints = [
            dates_in_order("trainee_dates_in_order"),
            models.CheckConstraint(
                name="trainee_places_in_order",
                condition=Q(offered__gt=0) & Q(taken__lte=models.F("offered")),
                violation_error_message="Pas plus de stagiaires que de places offertes.",
            ),
        ]

    def __str__(self):
        return f"{self.diploma}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("projects:trainee_edit", args=[self.pk])

    def keep(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if self.pk is None and known is not None:
                return known
            verb = "places de stage modifiées" if self.pk else "places de stage offertes"
            if self.pk is None:
                self.created_by = by
            self.save()
            record(verb, self, by=by, establishment=self.establishment)
        return self

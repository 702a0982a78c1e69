"""An interim: one person directs another house for some days; her rights end by themselves on the last one."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import NoOverlap, dates_in_order
from core.french import capitalise, period
from core.jobs import notify
from establishments.door import can
from establishments.models import Capability, Establishment, JournalHead, Mandate, Role, record
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from .people import Employee
from .rosters import StaffOwnedQuerySet


class InterimQuerySet(StaffOwnedQuerySet):
    def standing(self):
        return self.filter(status=Interim.Status.STANDING)


class Interim(models.Model):
    """Who ensures the direction of a house between two dates; it opens a mandate that ends by itself."""

    class Status(models.TextChoices):
        STANDING = "standing", "confié"
        WITHDRAWN = "withdrawn", "retiré"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="interims", verbose_name=said("{establishment}")
    )
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="interims", verbose_name=said("{employee}")
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.STANDING)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="confié par"
    )
    appointed_at = models.DateTimeField("confié le", default=timezone.now)
    mandate = models.OneToOneField(
        Mandate, on_delete=models.SET_NULL, null=True, editable=False, related_name="interim", verbose_name="mandat"
    )
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = InterimQuerySet.as_manager()

    class Meta:
        verbose_name = "intérim"
        verbose_name_plural = "intérims"
        ordering = ["-starts_on", "pk"]
        constraints = [
            dates_in_order("interim_dates_in_order"),
            NoOverlap(
                name="interim_no_overlap",
                fields=["establishment"],
                unless={"status": ["withdrawn"]},
                violation_error_message="Un intérim est déjà confié sur cette période.",
            ),
            models.CheckConstraint(
                name="interim_withdrawn_without_mandate",
                condition=~Q(status="withdrawn") | Q(mandate__isnull=True),
                violation_error_message="Un intérim retiré n’ouvre aucun droit.",
            ),
        ]

    def __str__(self):
        return f"{self.employee}, intérim du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("staffing:interim_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    def appoint(self, *, by):
        """Save a new interim with its mandate; the same key sent again gives the interim already there."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is None:
                self._refuse_what_cannot_be()
                self.appointed_by = by
                self._open_mandate()
                self.save(force_insert=True)
                record("intérim confié", self, by=by, establishment=self.establishment)
                self._tell(by)
        return known or self

    def withdraw(self, *, by):
        """Before or during: its rights end at once. What was done meanwhile stays hers."""
        with transition(self, by=by, verb="intérim retiré", from_status=[self.Status.STANDING]) as interim:
            mandate, interim.mandate = interim.mandate, None
            interim.status = self.Status.WITHDRAWN
            interim.save()
            if mandate is not None:
                mandate.delete()

    def may_be_withdrawn_by(self, user, today):
        return (
            self.status == self.Status.STANDING and today <= self.ends_on and can(user, Capability.DECIDE_LEAVE, self)
        )

    def _refuse_what_cannot_be(self):
        try:
            self.validate_constraints(exclude={"client_uuid"})
        except ValidationError as error:
            raise TransitionRefused(error.messages[0]) from error
        elsewhere = self.employee.interims.standing().exclude(establishment=self.establishment)
        if elsewhere.touching(self.starts_on, self.ends_on).exists():
            raise TransitionRefused("Cette personne assure déjà un intérim ailleurs une partie de ces jours.")
        leaves = self.employee.leaves.granted().touching(self.starts_on, self.ends_on)
        if leaves.exists():
            raise TransitionRefused("Cette personne est en congé une partie de ces jours.")
        if self.employee.absences.filter(in_the_house=False).touching(self.starts_on, self.ends_on).exists():
            raise TransitionRefused("Cette personne est absente une partie de ces jours.")

    def _open_mandate(self):
        """A colleague of the house without account ensures the direction on the spot: nothing to open in Ronde."""
        if self.employee.user_id is None:
            return
        self.mandate = Mandate.objects.create(
            user_id=self.employee.user_id,
            role=Role.DIRECTOR,
            establishment=self.establishment,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            is_interim=True,
        )

    def _tell(self, by):
        if self.employee.user is None or self.employee.user_id == by.pk:
            return
        notify(
            [self.employee.user],
            event=f"intérim-{self.client_uuid}",
            title=f"Intérim de direction\u00a0: {self.establishment}",
            body=f"{capitalise(period(self.starts_on, self.ends_on))}.",
            url=self.establishment.get_absolute_url(),
        )

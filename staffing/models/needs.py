"""A punctual need of staff: asked with its proof, agreed by the coordination, approved by the head of the pôle."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core.french import capitalise, counted, day_month
from core.jobs import notify
from establishments.models import Establishment, JournalHead, record
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from ..deciders import deciders_of, pole_heads_of
from .leaves import LeaveRequest
from .rosters import StaffOwnedQuerySet


class StaffingNeedQuerySet(StaffOwnedQuerySet):
    def open(self):
        """What somebody may still be sent to."""
        return self.filter(status__in=StaffingNeed.OPEN)

    def between(self, start, end):
        return self.filter(on__gte=start, on__lte=end)

    def to_decide_first(self):
        """What waits, the first day first; then the rest, the latest day first."""
        return self.annotate(is_over=~Q(status__in=["asked", "agreed"])).order_by("is_over", "on", "pk")

    def with_answers(self):
        """Annotate `has_float` and `has_agency`: whether somebody comes."""
        sent = self.model.assignments.rel.related_model.objects.filter(need=OuterRef("pk"), status="confirmed")
        booked = self.model.bookings.rel.related_model.objects.filter(need=OuterRef("pk")).exclude(status="cancelled")
        return self.annotate(has_float=Exists(sent), has_agency=Exists(booked))

    def unanswered(self):
        return self.with_answers().filter(has_float=False, has_agency=False)


class StaffingNeed(models.Model):
    """One professional missing in one house on one day, with what the engine computed when it was asked."""

    class Status(models.TextChoices):
        ASKED = "asked", "demandé"
        AGREED = "agreed", "accepté par la coordination"
        APPROVED = "approved", "validé"
        REFUSED = "refused", "refusé"
        WITHDRAWN = "withdrawn", "retiré"

    OPEN = [Status.ASKED, Status.AGREED, Status.APPROVED]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="staffing_needs", verbose_name=said("{establishment}")
    )
    leave = models.ForeignKey(
        LeaveRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staffing_needs",
        verbose_name=said("{leave} à l’origine du besoin"),
    )
    on = models.DateField("jour")
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    category_1 = models.BooleanField("catégorie 1° exigée", default=False)
    note = models.TextField("précisions", blank=True)
    half_hours = models.PositiveSmallIntegerField("demi-heures sous le taux")
    children = models.PositiveSmallIntegerField("enfants concernés", default=0)
    # What the engine found on the day of the request, frozen: never read by a query (staffing/need_proof.py).
    proof = models.JSONField("preuve", default=dict, editable=False)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="accepté par"
    )
    agreed_at = models.DateTimeField("accepté le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True)
    refusal = models.TextField("motif du refus", blank=True)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = StaffingNeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin de renfort"
        verbose_name_plural = "besoins de renfort"
        ordering = ["on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="need_hours_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’heure de fin précède l’heure de début.",
            ),
            models.CheckConstraint(
                name="need_has_its_proof",
                condition=Q(half_hours__gte=1),
                violation_error_message="Un besoin porte sa preuve\u00a0: au moins une demi-heure sous le taux.",
            ),
            models.CheckConstraint(
                name="need_agreement_is_complete",
                condition=Q(
                    agreed_by__isnull=True, agreed_at__isnull=True, status__in=["asked", "refused", "withdrawn"]
                )
                | Q(~Q(status="asked"), agreed_by__isnull=False, agreed_at__isnull=False),
                violation_error_message="Un accord porte qui l’a donné et quand.",
            ),
            models.CheckConstraint(
                name="need_decision_is_complete",
                condition=Q(status__in=["asked", "agreed"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(status__in=["asked", "agreed"]), decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="Une décision porte qui l’a prise et quand.",
            ),
            models.CheckConstraint(
                name="need_two_people_agree",
                condition=~Q(status="approved") | ~Q(agreed_by=F("decided_by")),
                violation_error_message="Deux personnes donnent leur accord, l’une après l’autre.",
            ),
            models.CheckConstraint(
                name="need_refused_with_reason",
                condition=Q(~Q(status="refused"), refusal="") | Q(Q(status="refused"), ~Q(refusal="")),
                violation_error_message="Un refus porte son motif, et lui seul.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "on"], name="need_by_establishment")]

    def __str__(self):
        return f"Renfort du {self.on:%d/%m/%Y}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("staffing:need_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def minutes(self):
        """(start, end) after midnight."""
        return tuple(at.hour * 60 + at.minute for at in (self.starts_at, self.ends_at))

    @property
    def hours(self):
        """Length in hours, decimal."""
        start, end = self.minutes
        return (end - start) / 60

    def ask(self, *, by):
        """Save a new need with its proof, computed under the lock; the same key sent again gives the one there."""
        from ..need_proof import prove  # which reads these tables

        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.asked_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.asked_by = by
                prove(self)
                self.save(force_insert=True)
                note = f"{counted(self.half_hours, 'demi-heure')} sous le taux"
                record("renfort demandé", self, by=by, note=note, establishment=self.establishment)
                self._tell(deciders_of(self.establishment), by, note=f"{note}.")
        return known or self

    def agree(self, *, by):
        """The coordination finds the need real and its alternatives tried."""
        with transition(
            self, by=by, verb="renfort accepté par la coordination", from_status=[self.Status.ASKED]
        ) as need:
            need.status = self.Status.AGREED
            need.agreed_by, need.agreed_at = by, timezone.now()
            need._tell([*pole_heads_of(need.establishment), need.asked_by], by)

    def approve(self, *, by):
        """The second agreement, of somebody else: hours may then be ordered from an agency."""
        with transition(self, by=by, verb="renfort validé", from_status=[self.Status.AGREED]) as need:
            if need.agreed_by_id == by.pk:
                raise TransitionRefused(
                    "Vous avez déjà donné le premier accord\u00a0: le second est d’une autre personne."
                )
            need._decide(self.Status.APPROVED, by)
            need._tell([need.agreed_by, need.asked_by], by)

    def refuse(self, *, by, reason):
        pending = [self.Status.ASKED, self.Status.AGREED]
        with transition(self, by=by, verb="renfort refusé", from_status=pending, note=reason) as need:
            need._decide(self.Status.REFUSED, by)
            need.refusal = reason
            need._free_who_was_sent()
            need._tell([need.asked_by, need.agreed_by], by, note=f"Motif\u00a0: {reason}")

    def withdraw(self, *, by):
        """Whoever asked no longer needs anybody; what was ordered from an agency is cancelled first."""
        with transition(self, by=by, verb="renfort retiré", from_status=self.OPEN) as need:
            if need.bookings.exclude(status="cancelled").exists():
                raise TransitionRefused("Des heures d’intérim sont commandées\u00a0: annulez d’abord la commande.")
            need._decide(self.Status.WITHDRAWN, by)
            need._free_who_was_sent()

    def _free_who_was_sent(self):
        if self.assignments.confirmed().exists():
            raise TransitionRefused("Une personne du pool volant y est affectée\u00a0: retirez-la d’abord du tableau.")

    def _decide(self, status, by):
        self.status = status
        self.decided_by, self.decided_at = by, timezone.now()

    def _tell(self, users, by, note=""):
        told = {user.pk: user for user in users if user and user.pk != by.pk}
        notify(
            told.values(),
            event=f"renfort-{self.client_uuid}-{self.status}",
            title=f"Renfort {self.get_status_display()}\u00a0: {self.establishment}",
            body=f"{capitalise(day_month(self.on))}, {self.starts_at:%H:%M}–{self.ends_at:%H:%M}. {note}".strip(),
            url=self.get_absolute_url(),
        )

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.french import full_date
from core.jobs import notify
from establishments.models import (
    Capability,
    Closure,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    record,
)
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from ..day_checks import FUNDED_A_YEAR
from ..days import findings_of
from ..owners import people_holding

ALREADY_ASKED = "Une journée pédagogique est déjà demandée pour cette date."


class PedagogicalDayQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        return super().visible_to(user, capability, on)

    def on_calendar(self):
        return self.filter(status__in=PedagogicalDay.ON_CALENDAR)

    def to_decide(self):
        return self.filter(status__in=[PedagogicalDay.Status.REQUESTED, PedagogicalDay.Status.ADVISED])

    def to_report(self, today):
        """Held, and not told yet."""
        return self.filter(status=PedagogicalDay.Status.VALIDATED, held_on__lt=today)


class PedagogicalDay(models.Model):
    """A day of reflection of a whole team, without children: asked for, advised, validated, held, told."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "demandée"
        ADVISED = "advised", "avis donné"
        VALIDATED = "validated", "validée"
        REPORTED = "reported", "bilan fait"
        REFUSED = "refused", "non retenue"
        CANCELLED = "cancelled", "annulée"

    ON_CALENDAR = [Status.VALIDATED, Status.REPORTED]
    LIVE = [Status.REQUESTED, Status.ADVISED, Status.VALIDATED, Status.REPORTED]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="pedagogical_days", verbose_name=said("{establishment}")
    )
    held_on = models.DateField("date")
    part = models.CharField("durée", max_length=10, choices=Closure.Part, default=Closure.Part.DAY)
    theme = models.CharField("thème", max_length=120)
    aims = models.TextField("objectifs")
    speaker = models.CharField("intervenant", max_length=160, blank=True)
    project_link = models.TextField(said("lien avec {project.le}"), blank=True)
    is_funded = models.BooleanField("financée par la CAF", default=True)
    families_told_on = models.DateField("familles informées le", null=True, blank=True)
    families_how = models.CharField("comment les familles sont informées", max_length=200, blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.REQUESTED)
    opinion = models.TextField("avis", blank=True, editable=False)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    opinion_at = models.DateTimeField("avis donné le", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("décidée le", null=True, editable=False)
    reason = models.TextField("raison", blank=True, editable=False)
    funded_rank = models.PositiveSmallIntegerField("rang parmi les journées financées", null=True, editable=False)
    funded_year = models.PositiveSmallIntegerField("année financée", null=True, editable=False)
    closure = models.OneToOneField(
        Closure, on_delete=models.PROTECT, null=True, editable=False, related_name="pedagogical_day"
    )
    coordinator_present = models.BooleanField(said("présence {coordinator.du}"), null=True, editable=False)
    report = models.TextField("bilan", blank=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    reported_at = models.DateTimeField("bilan fait le", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = PedagogicalDayQuerySet.as_manager()

    class Meta:
        verbose_name = "journée pédagogique"
        verbose_name_plural = "journées pédagogiques"
        ordering = ["-held_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "held_on"],
                condition=Q(status__in=["requested", "advised", "validated", "reported"]),
                name="pedagogical_day_once",
                violation_error_message=ALREADY_ASKED,
            ),
            models.UniqueConstraint(
                fields=["establishment", "funded_year", "funded_rank"],
                name="pedagogical_day_rank_once",
                violation_error_message="Ce rang est déjà pris.",
            ),
            models.CheckConstraint(
                name="pedagogical_day_three_funded",
                condition=Q(funded_rank__isnull=True, funded_year__isnull=True)
                | Q(
                    is_funded=True,
                    status__in=["validated", "reported"],
                    funded_rank__gte=1,
                    funded_rank__lte=FUNDED_A_YEAR,
                    funded_year=models.F("held_on__year"),
                ),
                violation_error_message="La CAF finance trois journées par an au plus.",
            ),
            models.CheckConstraint(
                name="pedagogical_day_funded_is_ranked",
                condition=~Q(is_funded=True, status__in=["validated", "reported"]) | Q(funded_rank__isnull=False),
                violation_error_message="Une journée financée a son rang dans l’année.",
            ),
            models.CheckConstraint(
                name="pedagogical_day_closes",
                condition=Q(status__in=["validated", "reported"], closure__isnull=False)
                | (~Q(status__in=["validated", "reported"]) & Q(closure__isnull=True)),
                violation_error_message="Une journée validée ferme le jour, et elle seule.",
            ),
            models.CheckConstraint(
                name="pedagogical_day_decided_stamp",
                condition=~Q(status__in=["validated", "reported", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="Une décision porte qui l’a prise et quand.",
            ),
        ]

    def __str__(self):
        return f"Journée pédagogique du {full_date(self.held_on)}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("projects:day_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    def is_already_asked(self):
        """Whether another request stands for that house and that day (the same form sent again is not another)."""
        rows = type(self)._base_manager.filter(establishment=self.establishment, held_on=self.held_on)
        return rows.filter(status__in=self.LIVE).exclude(client_uuid=self.client_uuid).exists()

    def ask(self, *, by):
        """Write the request; the same form sent twice gives the one already there."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.created_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                if self.is_already_asked():
                    raise TransitionRefused(ALREADY_ASKED)
                self.created_by = by
                self.save(force_insert=True)
                record("journée pédagogique demandée", self, by=by, establishment=self.establishment)
                self._tell(people_holding(Capability.DECIDE_PROJECT, self.establishment), by, "demandée")
        return known or self

    def advise(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Écrivez votre avis.")
        start = [self.Status.REQUESTED]
        with transition(self, by=by, verb="avis sur une journée pédagogique", from_status=start, note=text) as day:
            day.status, day.opinion = self.Status.ADVISED, text
            day.opinion_by, day.opinion_at = by, timezone.now()

    def validate_day(self, *, by):
        """Put the day on the calendar: it closes the house and leaves the denominators (decisions, 11)."""
        with transition(self, by=by, verb="journée pédagogique validée", from_status=[self.Status.ADVISED]) as day:
            day._refuse_what_blocks()
            day.status, day.decided_by, day.decided_at = self.Status.VALIDATED, by, timezone.now()
            if day.is_funded:
                day.funded_year, day.funded_rank = day.held_on.year, day._free_rank()
            day.closure = Closure.objects.create(
                establishment=day.establishment,
                cause=Closure.Cause.PEDAGOGICAL,
                part=day.part,
                label=day.theme[:120],
                families_informed_on=day.families_told_on,
                starts_on=day.held_on,
                ends_on=day.held_on,
                is_managed=True,
            )
            record("fermeture enregistrée", day.closure, by=by, establishment=day.establishment)
            day._tell([day.created_by], by, "validée")

    def _refuse_what_blocks(self):
        blocking = [finding.sentence for finding in findings_of(self) if finding.is_blocking]
        if blocking:
            raise TransitionRefused(f"Validation impossible. {' '.join(blocking)}")

    def _free_rank(self):
        same_year = type(self)._base_manager.filter(establishment=self.establishment, funded_year=self.held_on.year)
        taken = set(same_year.values_list("funded_rank", flat=True))
        return next(rank for rank in range(1, FUNDED_A_YEAR + 2) if rank not in taken)

    def refuse(self, *, by, text):
        self._give_up(self.Status.REFUSED, "journée pédagogique non retenue", [*self.LIVE[:2]], by, text)

    def cancel(self, *, by, text):
        self._give_up(self.Status.CANCELLED, "journée pédagogique annulée", [*self.LIVE[:3]], by, text)

    def _give_up(self, status, verb, start, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        with transition(self, by=by, verb=verb, from_status=start, note=text) as day:
            closure, day.closure = day.closure, None
            day.status, day.reason = status, text
            day.decided_by, day.decided_at = by, timezone.now()
            day.funded_rank = day.funded_year = None
            if closure is not None:
                day.save()
                closure.delete()
            day._tell([day.created_by], by, day.get_status_display())

    def tell(self, *, by, report, coordinator_present):
        """The report of the day, once it was held."""
        if not report.strip():
            raise TransitionRefused("Écrivez le bilan de la journée.")
        if self.held_on > timezone.localdate():
            raise TransitionRefused("Cette journée n’a pas encore eu lieu.")
        verb = "bilan de journée pédagogique"
        with transition(self, by=by, verb=verb, from_status=[self.Status.VALIDATED]) as day:
            day.status, day.report, day.coordinator_present = self.Status.REPORTED, report, coordinator_present
            day.reported_by, day.reported_at = by, timezone.now()

    def _tell(self, people, by, what):
        notify(
            [person for person in people if person != by],
            event=f"day-{self.pk}-{self.status}",
            title=f"Journée pédagogique {what}",
            body=f"{self.establishment}, {full_date(self.held_on)}, {self.theme}.",
            url=self.get_absolute_url(),
        )

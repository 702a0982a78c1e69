"""Training asked for by a house, and the interventions it receives: counted, nobody named, nothing of what is said."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.calendar import add_months
from establishments.models import Establishment, JournalHead, Obligation, SharedRole, record
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from ..development.due import GROUP, PRACTICE
from .rosters import StaffOwnedQuerySet

FUNCTIONS = [(PRACTICE, "analyse des pratiques professionnelles"), *SharedRole.Function.choices]
# What a training renews in the register of obligations, and for how many months (domain 2.10).
RENEWED = {Obligation.Kind.FIRST_AID: 24}
HOURS = [MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(400))]


class Development(models.Model):
    """What a training and an intervention share: the house, the hours, who wrote it, once."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=said("{establishment}")
    )
    hours = models.DecimalField("heures", max_digits=5, decimal_places=2, validators=HOURS)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="saisi par"
    )
    created_at = models.DateTimeField("saisi le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, editable=False)

    objects = StaffOwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def owning_establishment(self):
        return self.establishment

    def get_absolute_url(self):
        return reverse("staffing:establishment_development", args=[self.establishment_id])


class Training(Development):
    """A training that a house wishes for some of its people: agreed, then done; how many, never who."""

    class Status(models.TextChoices):
        WISHED = "wished", "souhaitée"
        AGREED = "agreed", "accordée"
        DONE = "done", "faite"
        REFUSED = "refused", "non retenue"

    class Theme(models.TextChoices):
        CARE = "care", "soins, santé, hygiène"
        SAFETY = "safety", "sécurité et secours"
        LANGUAGE = "language", "langage et éveil"
        INCLUSION = "inclusion", "handicap et inclusion"
        FAMILIES = "families", "relation aux familles"
        TEAM = "team", "encadrement et travail d’équipe"
        OTHER = "other", "autre"

    theme = models.CharField("thème", max_length=20, choices=Theme)
    title = models.CharField("intitulé", max_length=160)
    people = models.PositiveSmallIntegerField("personnes", default=1, validators=[MinValueValidator(1)])
    year = models.PositiveSmallIntegerField("année")
    status = models.CharField("état", max_length=10, choices=Status, default=Status.WISHED)
    done_on = models.DateField("faite le", null=True, blank=True)
    renews = models.CharField(
        "renouvelle",
        max_length=30,
        blank=True,
        choices=[(kind.value, kind.label) for kind in RENEWED],
        help_text="Faite, elle met à jour l’obligation correspondante.",
    )

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"
        ordering = ["-year", "-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="training_done_has_its_day",
                condition=Q(status="done", done_on__isnull=False) | (~Q(status="done") & Q(done_on__isnull=True)),
                violation_error_message="Une formation faite porte son dernier jour.",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def hours_in_all(self):
        return self.hours * self.people

    def agree(self, *, by):
        with transition(self, by=by, verb="formation accordée", from_status=[self.Status.WISHED]) as row:
            row.status = self.Status.AGREED

    def refuse(self, *, by):
        with transition(self, by=by, verb="formation non retenue", from_status=[self.Status.WISHED]) as row:
            row.status = self.Status.REFUSED

    def note_done(self, day, *, by):
        """Done; what it renews in the register of obligations is dated by the same step."""
        if day > timezone.localdate():
            raise TransitionRefused("Une formation faite ne l’est pas dans l’avenir.")
        with transition(self, by=by, verb="formation faite", from_status=[self.Status.AGREED]) as row:
            row.status, row.done_on = self.Status.DONE, day
            if row.renews:
                row._renew(day, by)

    def _renew(self, day, by):
        rows = Obligation.objects.filter(establishment=self.establishment, kind=self.renews)
        found = rows.first() or Obligation(establishment=self.establishment, kind=self.renews)
        if found.done_on is None or found.done_on < day:
            found.done_on, found.expires_on = day, add_months(day, RENEWED[self.renews])
            found.save()
            record("obligation mise à jour", found, by=by, establishment=self.establishment, note=self.title)


class Intervention(Development):
    """Hours that a professional from outside the team gives to a house: analysis of practices, RSAI, nurse…"""

    class Status(models.TextChoices):
        PLANNED = "planned", "prévue"
        DONE = "done", "faite"
        CANCELLED = "cancelled", "annulée"

    function = models.CharField("fonction", max_length=20, choices=FUNCTIONS)
    held_on = models.DateField("jour")
    people = models.PositiveSmallIntegerField(
        "participants",
        null=True,
        blank=True,
        help_text=f"Analyse des pratiques\u00a0: {GROUP} au plus par groupe (CSP R. 2324-37). Un nombre, aucun nom.",
    )
    status = models.CharField("état", max_length=10, choices=Status, default=Status.PLANNED)

    class Meta:
        verbose_name = "intervention"
        verbose_name_plural = "interventions"
        ordering = ["-held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="intervention_group_of_fifteen",
                condition=~Q(function=PRACTICE) | Q(people__isnull=False, people__gte=1, people__lte=GROUP),
                violation_error_message=f"Un groupe d’analyse des pratiques compte de 1 à {GROUP} personnes.",
            )
        ]
        indexes = [models.Index(fields=["establishment", "held_on"], name="intervention_by_house")]

    def __str__(self):
        return f"{self.get_function_display()}, {self.held_on:%d/%m/%Y}"

    def note_done(self, *, by):
        if self.held_on > timezone.localdate():
            raise TransitionRefused("Une intervention à venir n’est pas faite.")
        with transition(self, by=by, verb="intervention faite", from_status=[self.Status.PLANNED]) as row:
            row.status = self.Status.DONE

    def cancel(self, *, by):
        start = [self.Status.PLANNED, self.Status.DONE]
        with transition(self, by=by, verb="intervention annulée", from_status=start) as row:
            row.status = self.Status.CANCELLED


def keep(row, client_uuid, verb, *, by, is_told=True):
    """Save a new row; the same form sent again gives the one already there. Returns it.

    `is_told=False`: the line of the journal names no house, so that no page shows it.
    """
    with transaction.atomic():
        JournalHead.locked()
        known = type(row)._base_manager.filter(client_uuid=client_uuid).first()
        if known is not None:
            return known
        row.client_uuid, row.created_by = client_uuid, by
        row.save(force_insert=True)
        record(verb, row, by=by, establishment=row.establishment if is_told else None)
    return row

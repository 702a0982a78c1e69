from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order
from core.french import counted, of
from core.periods import active_on

from ..taking_office import FOLLOWED_MONTHS, MONTHS, earliest_start, steps_from
from ..vocabulary import said
from .authorisations import PeriodQuerySet
from .establishments import Establishment
from .mandates import Mandate
from .roles import Role
from .territories import Territory


class DirectorshipQuerySet(PeriodQuerySet):
    def accompanied(self):
        """Directors in title: a deputy or an interim takes no office."""
        return self.filter(position="director", is_interim=False)

    def taking_office_on(self, day, months=MONTHS):
        """Directors in place on a day, for less than six months (or `months`)."""
        return self.active_on(day).accompanied().filter(starts_on__gte=earliest_start(day, months=months))

    def followed_on(self, day):
        """Those whose parcours is still asked about: a late closing interview is, for a year after the start."""
        return self.taking_office_on(day, FOLLOWED_MONTHS)

    def with_progress(self, today):
        """Annotate `steps_in_all`, `steps_done`, `steps_late` and `next_step_on` (null when nothing is left)."""
        left = Q(taking_office_steps__done_on__isnull=True)
        late = left & Q(taking_office_steps__due_on__lt=today)
        return self.annotate(
            steps_in_all=Count("taking_office_steps"),
            steps_left=Count("taking_office_steps", filter=left),
            steps_late=Count("taking_office_steps", filter=late),
            next_step_on=Min("taking_office_steps__due_on", filter=left),
        ).annotate(steps_done=F("steps_in_all") - F("steps_left"))

    def without_steps(self, today):
        """Directors in title who take office, or soon will, and whose parcours was never opened."""
        steps = self.model.taking_office_steps.rel.related_model.objects.filter(directorship=OuterRef("pk")).order_by()
        held = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        fresh = self.filter(held, position="director", is_interim=False, starts_on__gte=earliest_start(today))
        return fresh.filter(~Exists(steps)).order_by("pk")


class Directorship(models.Model):
    """Who directs an establishment, or is deputy, between two dates; it opens the matching mandate by itself."""

    class Position(models.TextChoices):
        DIRECTOR = "director", "direction"
        DEPUTY = "deputy", "adjoint·e"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="directorships", verbose_name=said("{establishment}")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="directorships", verbose_name="personne"
    )
    position = models.CharField("fonction", max_length=10, choices=Position, default=Position.DIRECTOR)
    is_interim = models.BooleanField("intérim", default=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    mandate = models.OneToOneField(
        Mandate,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="directorship",
        verbose_name="mandat",
    )

    objects = DirectorshipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "direction"
        verbose_name_plural = "directions"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            dates_in_order("directorship_dates_in_order"),
            models.CheckConstraint(
                name="directorship_interim_ends",
                condition=Q(is_interim=False) | Q(ends_on__isnull=False),
                violation_error_message="Un intérim a une date de fin.",
            ),
            NoOverlap(
                name="directorship_one_director",
                fields=["establishment"],
                unless={"position": ["deputy"]},
                violation_error_message=said("Quelqu’un dirige déjà {establishment.ce} sur cette période."),
            ),
        ]

    def __str__(self):
        return f"{self.person} — {self.get_position_display()} — {self.establishment}"

    def save(self, *args, **kwargs):
        mandate = self.mandate or Mandate(role=Role.DIRECTOR)
        mandate.user, mandate.establishment = self.person, self.establishment
        mandate.starts_on, mandate.ends_on, mandate.is_interim = self.starts_on, self.ends_on, self.is_interim
        mandate.save()
        self.mandate = mandate
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if self.is_accompanied:
            self._plan_steps() if is_new else self._follow_start()

    @property
    def begins_now(self):
        """Whether she is still in her first months, or to come: a direction entered years later opens no parcours."""
        return self.starts_on >= earliest_start(timezone.localdate())

    @property
    def is_accompanied(self):
        """A director in title is accompanied while she takes office; a deputy or an interim is not."""
        return self.position == self.Position.DIRECTOR and not self.is_interim

    @property
    def taking_office_title(self):
        """ "Prise de fonction d’Alice Roux"."""
        return f"Prise de fonction {of(str(self.person))}"

    @property
    def done_text(self):
        """ "3 étapes sur 9", of a row annotated by `with_progress`."""
        return f"{counted(self.steps_done, 'étape')} sur {self.steps_in_all}"

    @property
    def late_text(self):
        return f"{counted(self.steps_late, 'étape')} en retard"

    def planned_steps(self):
        """The steps of her parcours, not yet written."""
        step = self.taking_office_steps.model
        return [
            step(directorship=self, position=position, title=title, due_on=due_on)
            for position, title, due_on in steps_from(self.starts_on)
        ]

    def _plan_steps(self):
        if self.begins_now:
            self.taking_office_steps.bulk_create(self.planned_steps())

    def _follow_start(self):
        """A first day corrected later moves the steps still to be done; none is ever added."""
        due = {position: due_on for position, _, due_on in steps_from(self.starts_on)}
        for step in self.taking_office_steps.filter(done_on__isnull=True):
            if step.due_on != due.get(step.position, step.due_on):
                step.due_on = due[step.position]
                step.save()


class SharedRole(models.Model):
    """A function shared by several establishments (RSAI, puéricultrice, ATEPE…), by rank of call."""

    class Function(models.TextChoices):
        RSAI = "rsai", "référent·e santé et accueil inclusif"
        NURSE = "nurse", "puéricultrice ou infirmier·ère mutualisé·e"
        ATEPE = "atepe", "référent·e ATEPE"
        DIETICIAN = "dietician", "diététicien·ne"
        PSYCHOLOGIST = "psychologist", "psychologue"
        ASSISTANT = "assistant", "assistant·e administratif·ve"
        TECHNICAL = "technical", "référent·e technique et travaux"

    function = models.CharField("fonction", max_length=20, choices=Function)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shared_roles", verbose_name="personne"
    )
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_roles",
        verbose_name="territoire",
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="shared_roles",
        verbose_name=said("{establishment}"),
    )
    rank = models.PositiveSmallIntegerField("rang d’appel", default=1)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fonction mutualisée"
        verbose_name_plural = "fonctions mutualisées"
        ordering = ["function", "rank", "pk"]
        constraints = [
            dates_in_order("shared_role_dates_in_order"),
            models.CheckConstraint(
                name="shared_role_covers_one_thing",
                condition=Q(territory__isnull=False, establishment__isnull=True)
                | Q(territory__isnull=True, establishment__isnull=False),
                violation_error_message=said(
                    "Une fonction porte sur un territoire ou {establishment.un}, pas les deux."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person} — {self.get_function_display()}"


class UnavailabilityQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))


class Unavailability(models.Model):
    """Days a person cannot be called; never why."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unavailabilities", verbose_name="personne"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = "indisponibilité"
        verbose_name_plural = "indisponibilités"
        ordering = ["starts_on", "pk"]
        constraints = [dates_in_order("unavailability_dates_in_order")]

    def __str__(self):
        return f"{self.person}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

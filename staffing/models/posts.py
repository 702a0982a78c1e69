"""Posts of a house, their recruitment, risks and accidents at work: counts and dates, nobody named."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.calendar import add_months
from core.constraints import dates_in_order
from establishments.models import Capability, Establishment
from establishments.models.authorisations import PeriodQuerySet
from establishments.vocabulary import said

from .people import Posting
from .rosters import StaffOwnedQuerySet

SCALE = [MinValueValidator(1), MaxValueValidator(4)]
DISCIPLINE_YEARS = 3  # CGFP art. L. 533-5: what a file keeps of the lighter sanctions goes after three years


class HouseRow(models.Model):
    """What these rows share: the house, who wrote them, once."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=said("{establishment}")
    )
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
        return reverse("staffing:establishment_posts", args=[self.establishment_id])


class PostQuerySet(StaffOwnedQuerySet, PeriodQuerySet):
    pass


class Post(HouseRow):
    """Budgeted posts of one job in a house between two dates, in full-time equivalents."""

    job = models.CharField("métier", max_length=20, choices=Posting.Job)
    fte = models.DecimalField("ETP budgétés", max_digits=5, decimal_places=2, validators=[MinValueValidator(0)])
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "poste budgété"
        verbose_name_plural = "postes budgétés"
        ordering = ["establishment", "job", "starts_on", "pk"]
        constraints = [dates_in_order("post_dates_in_order")]

    def __str__(self):
        return f"{self.get_job_display()}, {self.fte} ETP"


class Recruitment(HouseRow):
    """How a vacant post is being filled: dates and numbers, no candidate."""

    class Status(models.TextChoices):
        OPEN = "open", "en cours"
        FILLED = "filled", "pourvu"
        FAILED = "failed", "infructueux"
        DROPPED = "dropped", "abandonné"

    job = models.CharField("métier", max_length=20, choices=Posting.Job)
    asked_on = models.DateField("demandé le")
    published_on = models.DateField("publié le", null=True, blank=True)
    commission_on = models.DateField("commission le", null=True, blank=True)
    filled_on = models.DateField("prise de poste le", null=True, blank=True)
    candidates = models.PositiveSmallIntegerField("candidatures", default=0)
    seen = models.PositiveSmallIntegerField("personnes reçues", default=0)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.OPEN)

    class Meta:
        verbose_name = "recrutement"
        verbose_name_plural = "recrutements"
        ordering = ["-asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="recruitment_steps_in_order",
                condition=(Q(published_on__isnull=True) | Q(published_on__gte=F("asked_on")))
                & (Q(commission_on__isnull=True) | Q(commission_on__gte=F("asked_on")))
                & (Q(filled_on__isnull=True) | Q(filled_on__gte=F("asked_on"))),
                violation_error_message="Chaque étape suit la demande.",
            ),
            models.CheckConstraint(
                name="recruitment_filled_has_its_day",
                condition=~Q(status="filled") | Q(filled_on__isnull=False),
                violation_error_message="Un poste pourvu porte le jour de la prise de poste.",
            ),
            models.CheckConstraint(
                name="recruitment_seen_among_candidates",
                condition=Q(seen__lte=F("candidates")),
                violation_error_message="Les personnes reçues sont parmi les candidatures.",
            ),
        ]

    def __str__(self):
        return f"recrutement, {self.get_job_display()}"

    def get_absolute_url(self):
        return reverse("staffing:recruitment_edit", args=[self.pk])

    @property
    def days_to_fill(self):
        return (self.filled_on - self.asked_on).days if self.filled_on else None


class OccupationalRisk(HouseRow):
    """One line of the register of risks at work of a house: what, how serious, how often, what is done."""

    class Hazard(models.TextChoices):
        BACK = "back", "port de charges, postures"
        NOISE = "noise", "bruit"
        FALL = "fall", "chute, heurt"
        BIOLOGICAL = "biological", "risque infectieux"
        CHEMICAL = "chemical", "produits"
        STRESS = "stress", "risques psychosociaux"
        VIOLENCE = "violence", "agression"
        BUILDING = "building", "locaux, chaleur, froid"

    hazard = models.CharField("risque", max_length=20, choices=Hazard)
    severity = models.PositiveSmallIntegerField("gravité de 1 à 4", validators=SCALE)
    frequency = models.PositiveSmallIntegerField("fréquence de 1 à 4", validators=SCALE)
    measure = models.CharField("mesure de prévention", max_length=300, blank=True)
    review_on = models.DateField("à revoir le")

    class Meta:
        verbose_name = "risque professionnel"
        verbose_name_plural = "risques professionnels"
        ordering = ["establishment", "-severity", "-frequency", "pk"]

    def __str__(self):
        return self.get_hazard_display()

    @property
    def weight(self):
        return self.severity * self.frequency


class AccidentYear(HouseRow):
    """How many accidents at work a house had in a year: numbers only."""

    year = models.PositiveSmallIntegerField("année")
    accidents = models.PositiveSmallIntegerField("accidents", default=0)
    with_leave = models.PositiveSmallIntegerField("dont avec arrêt", default=0)

    class Meta:
        verbose_name = "accidents du travail d’une année"
        verbose_name_plural = "accidents du travail par année"
        ordering = ["-year", "establishment"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "year"],
                name="accident_year_once",
                violation_error_message="Cette année est déjà saisie pour cet établissement.",
            ),
            models.CheckConstraint(
                name="accident_year_with_leave_among_all",
                condition=Q(with_leave__lte=F("accidents")),
                violation_error_message="Les accidents avec arrêt sont parmi les accidents.",
            ),
        ]

    def __str__(self):
        return f"accidents du travail {self.year}"


def new_reference():
    return "ED-" + secrets.token_hex(4).upper()


class DisciplinaryMeetingQuerySet(StaffOwnedQuerySet):
    def visible_to(self, user, capability=Capability.APPRAISE, on=None):
        """Whoever appraises in the house; a director does not know that it exists, nor does an assistant."""
        return super().visible_to(user, Capability.APPRAISE, on)

    def known_to(self, user):
        return self.visible_to(user)

    def to_purge(self, today):
        return self.filter(convened_on__lt=DisciplinaryMeeting.oldest(today))


class DisciplinaryMeeting(HouseRow):
    """The dates of one disciplinary meeting: neither who, nor what about; the file is elsewhere, on paper."""

    reference = models.CharField("référence", max_length=12, unique=True, default=new_reference, editable=False)
    convened_on = models.DateField("convocation le")
    meeting_on = models.DateField("entretien le")
    answered_on = models.DateField("suite notifiée le", null=True, blank=True)

    objects = DisciplinaryMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "entretien disciplinaire"
        verbose_name_plural = "entretiens disciplinaires"
        ordering = ["-meeting_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="disciplinary_dates_in_order",
                condition=Q(meeting_on__gte=F("convened_on"))
                & (Q(answered_on__isnull=True) | Q(answered_on__gte=F("meeting_on"))),
                violation_error_message="La convocation précède l’entretien, qui précède sa suite.",
            )
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("staffing:discipline_edit", args=[self.pk])

    @staticmethod
    def oldest(today):
        """The first day of convocation still kept."""
        return add_months(today, -12 * DISCIPLINE_YEARS)

    @property
    def kept_until(self):
        return add_months(self.convened_on, 12 * DISCIPLINE_YEARS)

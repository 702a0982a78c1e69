from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.calendar import month_start
from core.constraints import Frozen, NoOverlap, dates_in_order
from core.periods import active_on, touching
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet
from establishments.models.authorisations import WEEKDAYS
from establishments.vocabulary import said

from ..half_hours import NOBODY, added, checked, packed, unpacked

MONTH_IS_LOCKED = (
    "EXISTS (SELECT 1 FROM indicators_monthlyactivity m WHERE m.establishment_id = {row}.establishment_id "
    "AND m.month = {row}.month AND m.status <> 'draft')"
)


class HalfHoursField(models.Field):
    """Forty-eight counts, one a half-hour from midnight; a tuple in Python, a short text in the database.

    A row a half-hour would make seven million rows of the three years of a city (docs/adr/0012).
    """

    def __init__(self, *args, **kwargs):
        kwargs["max_length"], kwargs["blank"], kwargs["default"] = 200, True, NOBODY
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for name_of_ours in ("max_length", "blank", "default"):
            del kwargs[name_of_ours]
        return name, path, args, kwargs

    def get_internal_type(self):
        return "CharField"  # stored as one, without being a text that anybody writes

    def from_db_value(self, value, expression, connection):
        return unpacked(value)

    def to_python(self, value):
        if isinstance(value, str):
            return unpacked(value)
        try:
            return checked(value)
        except (TypeError, ValueError) as error:
            raise ValidationError("Un nombre d’enfants va de 0 à 999.") from error

    def get_prep_value(self, value):
        return value if isinstance(value, str) else packed(value)


class PresenceQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_AGGREGATES, on=None):
        return super().visible_to(user, capability, on)


class DailyActivityQuerySet(PresenceQuerySet):
    def between(self, start, end):
        return self.filter(day__gte=start, day__lte=end)

    def of_month(self, month):
        return self.filter(month=month_start(month))


class DailyActivity(models.Model):
    """Children present in one house on one day, by half-hour, those who walk and those who do not; no name."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="daily_activity", verbose_name=said("{establishment}")
    )
    day = models.DateField("jour")
    month = models.DateField("mois", editable=False)
    non_walkers = HalfHoursField("enfants qui ne marchent pas")
    walkers = HalfHoursField("enfants qui marchent")
    child_half_hours = models.PositiveIntegerField("demi-heures de présence", default=0, editable=False)
    peak = models.PositiveSmallIntegerField("présents au plus", default=0, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="saisie par"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DailyActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "activité du jour"
        verbose_name_plural = "activités du jour"
        ordering = ["-day", "establishment"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "day"],
                name="daily_activity_once_a_day",
                violation_error_message=said("Ce jour est déjà enregistré pour {establishment.ce}."),
            ),
            models.CheckConstraint(
                name="daily_activity_in_its_month",
                condition=Q(month__day=1, month__year=F("day__year"), month__month=F("day__month")),
                violation_error_message="Le jour n’est pas de ce mois.",
            ),
            # Days may still be added: they change no number of the month, and old ones come by import.
            Frozen(
                name="daily_activity_locked_with_its_month",
                when=MONTH_IS_LOCKED,
                violation_error_message="Le mois de ce jour est soumis\u00a0: rouvrez-le avant de corriger le jour.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "month"], name="daily_activity_by_month")]

    def __str__(self):
        return f"{self.establishment}, {self.day:%d/%m/%Y}"

    def get_absolute_url(self):
        return f"{reverse('indicators:day_edit', args=[self.establishment_id])}?jour={self.day.isoformat()}"

    def save(self, *args, **kwargs):
        self.fill()
        super().save(*args, **kwargs)

    def fill(self):
        """What follows from the counts; bulk writing calls it, `save` is not called there."""
        self.month, present = month_start(self.day), self.present
        self.child_half_hours, self.peak = sum(present), max(present)
        return self

    @property
    def present(self):
        """Children in all, by half-hour."""
        return added(self.non_walkers, self.walkers)

    @property
    def owning_establishment(self):
        return self.establishment


class ExpectedAttendanceQuerySet(PresenceQuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))

    def touching(self, start, end):
        return self.filter(touching(start, end))


class ExpectedAttendance(models.Model):
    """Children expected in one house on one weekday, by half-hour, between two dates; later choices follow it."""

    class Origin(models.TextChoices):
        TYPED = "typed", "saisi"
        DERIVED = "derived", "d’après les jours relevés"

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="expected_attendance",
        verbose_name=said("{establishment}"),
    )
    weekday = models.PositiveSmallIntegerField("jour", choices=WEEKDAYS)
    non_walkers = HalfHoursField("enfants qui ne marchent pas")
    walkers = HalfHoursField("enfants qui marchent")
    origin = models.CharField("origine", max_length=10, choices=Origin, default=Origin.TYPED)
    derived_since = models.DateField("jours relevés depuis le", null=True, blank=True)
    derived_until = models.DateField("jours relevés jusqu’au", null=True, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="saisi par"
    )

    objects = ExpectedAttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence attendue"
        verbose_name_plural = "présences attendues"
        ordering = ["establishment", "weekday", "-starts_on"]
        constraints = [
            dates_in_order("expected_dates_in_order"),
            models.CheckConstraint(
                name="expected_weekday",
                condition=Q(weekday__gte=1, weekday__lte=7),
                violation_error_message="Un jour de la semaine va de lundi à dimanche.",
            ),
            models.CheckConstraint(
                name="expected_origin_dated",
                condition=Q(origin="typed", derived_since__isnull=True, derived_until__isnull=True)
                | Q(origin="derived", derived_since__isnull=False, derived_until__isnull=False),
                violation_error_message="Des présences tirées des jours relevés disent de quels jours.",
            ),
            NoOverlap(
                name="expected_no_overlap",
                fields=["establishment", "weekday"],
                violation_error_message="Des présences attendues existent déjà pour ce jour sur cette période.",
            ),
        ]

    def __str__(self):
        return f"{self.establishment}, {self.get_weekday_display()} depuis le {self.starts_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("indicators:expected_attendance", args=[self.establishment_id])

    @property
    def present(self):
        return added(self.non_walkers, self.walkers)

    @property
    def owning_establishment(self):
        return self.establishment

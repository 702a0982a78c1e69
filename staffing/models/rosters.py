"""Hours of work, dated; who may ensure the direction, in which order; absences that are not leave."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order
from establishments.models import Establishment
from establishments.models.authorisations import WEEKDAYS
from establishments.vocabulary import said

from .people import Employee, Posting, StaffOwnedQuerySet


class RosterQuerySet(StaffOwnedQuerySet):
    establishment_lookup = "posting__establishment"


class Roster(models.Model):
    """The hours of work of one posting between two dates: the same every week, or two weeks in turn."""

    class Weeks(models.IntegerChoices):
        ONE = 1, "chaque semaine"
        TWO = 2, "deux semaines en alternance"

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="rosters", verbose_name="affectation")
    weeks = models.PositiveSmallIntegerField("rythme", choices=Weeks, default=Weeks.ONE)
    starts_on = models.DateField("du", help_text="Sa semaine est la première de l’alternance.")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = RosterQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "horaire de travail"
        verbose_name_plural = "horaires de travail"
        ordering = ["-starts_on", "pk"]
        constraints = [
            dates_in_order("roster_dates_in_order"),
            NoOverlap(
                name="roster_no_overlap",
                fields=["posting"],
                violation_error_message="Des horaires existent déjà sur cette période pour cette affectation.",
            ),
            models.CheckConstraint(
                name="roster_one_or_two_weeks",
                condition=Q(weeks__in=[1, 2]),
                violation_error_message="Une alternance porte sur deux semaines.",
            ),
        ]

    def __str__(self):
        return f"Horaires de {self.posting.employee} depuis le {self.starts_on:%d/%m/%Y}"

    @property
    def owning_establishment(self):
        return self.posting.establishment


class RosterSlot(models.Model):
    """Hours of one weekday of one week of a roster, and whether they are spent with the children."""

    class Task(models.TextChoices):
        CHILDREN = "children", "auprès des enfants"
        OTHER = "other", "autre travail"

    class Week(models.IntegerChoices):
        A = 1, "A"
        B = 2, "B"

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="slots", verbose_name="horaire")
    week = models.PositiveSmallIntegerField("semaine", choices=Week, default=Week.A)
    weekday = models.PositiveSmallIntegerField("jour", choices=WEEKDAYS)
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    task = models.CharField("tâche", max_length=10, choices=Task, default=Task.CHILDREN)

    class Meta:
        verbose_name = "plage de travail"
        verbose_name_plural = "plages de travail"
        ordering = ["week", "weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(
                name="roster_slot_hours_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’heure de fin précède l’heure de début.",
            ),
            models.UniqueConstraint(
                fields=["roster", "week", "weekday", "starts_at"],
                name="roster_slot_once",
                violation_error_message="Cette plage existe déjà.",
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class DirectionRelay(models.Model):
    """One person designated to ensure the direction when its heads are away, in her order (CSP R. 2324-36)."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="relays", verbose_name=said("{establishment}")
    )
    employee = models.ForeignKey(
        Employee, on_delete=models.CASCADE, related_name="relays", verbose_name=said("{employee}")
    )
    rank = models.PositiveSmallIntegerField("rang", default=1)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = StaffOwnedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "relais de direction"
        verbose_name_plural = "relais de direction"
        ordering = ["rank", "pk"]
        constraints = [
            dates_in_order("relay_dates_in_order"),
            NoOverlap(
                name="relay_one_by_rank",
                fields=["establishment", "rank"],
                violation_error_message="Ce rang est déjà donné sur cette période.",
            ),
            NoOverlap(
                name="relay_once",
                fields=["establishment", "employee"],
                violation_error_message="Cette personne est déjà désignée sur cette période.",
            ),
        ]

    def __str__(self):
        return f"{self.employee}, relais n° {self.rank}"

    @property
    def owning_establishment(self):
        return self.establishment


class Absence(models.Model):
    """Days that somebody is not with the children without being on leave; a type that can be counted, never why."""

    class Kind(models.TextChoices):
        TRAINING = "training", "formation"
        WORK = "work", "autre travail (réunion, projet)"
        UNPLANNED = "unplanned", "absence imprévue"

    class Part(models.TextChoices):
        DAY = "day", "journées entières"
        MORNING = "morning", "matin"
        AFTERNOON = "afternoon", "après-midi"

    employee = models.ForeignKey(
        Employee, on_delete=models.CASCADE, related_name="absences", verbose_name=said("{employee}")
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="absences", verbose_name=said("{establishment}")
    )
    kind = models.CharField("type", max_length=10, choices=Kind)
    part = models.CharField("durée", max_length=10, choices=Part, default=Part.DAY)
    in_the_house = models.BooleanField("reste sur place", default=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="signalée par"
    )
    told_at = models.DateTimeField("signalée le", default=timezone.now)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = StaffOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        verbose_name_plural = "absences"
        ordering = ["starts_on", "pk"]
        constraints = [
            dates_in_order("absence_dates_in_order"),
            NoOverlap(
                name="absence_no_overlap",
                fields=["employee"],
                violation_error_message="Une absence est déjà enregistrée sur cette période.",
            ),
            models.CheckConstraint(
                name="absence_half_day_is_one_day",
                condition=Q(part="day") | Q(starts_on=F("ends_on")),
                violation_error_message="Une demi-journée porte sur un seul jour.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "starts_on"], name="absence_by_establishment")]

    def __str__(self):
        return f"{self.employee}, {self.get_kind_display()} du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

    @property
    def owning_establishment(self):
        return self.establishment

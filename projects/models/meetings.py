import datetime
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import Refused
from core.french import full_date, normalise, time_range
from core.jobs import notify
from establishments.around import working_in
from establishments.models import Capability, JournalHead, Territory, record
from establishments.models.mandates import covered
from establishments.vocabulary import said
from establishments.workflow import StaleVersion, TransitionRefused, transition

from .. import retention
from .scope import TerritoryOwnedQuerySet

# What membership gives, wherever its territory is: to know, to read, to propose.
MEMBERSHIP = {Capability.SUMMARY, Capability.READ_TRANSMITTED, Capability.JOIN_MEETINGS}


class SeriesOwnedQuerySet(TerritoryOwnedQuerySet):
    """Rows that belong to a series of meetings: kept by who holds its territory, read by its members."""

    series = "series"

    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        """Members who still work in the territory, and whoever holds the right over it.

        To propose a subject (JOIN_MEETINGS) one is a member, or keeps the meetings of the territory.
        """
        asked = Capability.MANAGE_MEETINGS if capability == Capability.JOIN_MEETINGS else capability
        rows = Q(**{f"{self._path}territory__in": covered(user, asked, on)})
        if capability in MEMBERSHIP and user.is_authenticated:
            mine = SeriesMember.objects.filter(person=user).order_by().values("series")
            rows |= Q(**{f"{self.series}__in": mine, f"{self._path}territory__in": working_in(user, on)})
        return self.filter(rows)

    def within(self, territory):
        below = Territory.objects.within(territory).order_by().values("pk")
        return self.filter(**{f"{self._path}territory__in": below})

    @property
    def _path(self):
        return "" if self.series == "pk" else f"{self.series}__"


class MeetingSeriesQuerySet(SeriesOwnedQuerySet):
    series = "pk"

    def going_on(self):
        return self.filter(is_closed=False)


class MeetingSeries(models.Model):
    """A meeting that comes back: its territory, its members, how often and how long."""

    class Kind(models.TextChoices):
        DIRECTORS = "directors", said("{director.plural} {sector.du}")
        DIVISION = "division", said("{division} et services centraux")
        BOARD = "board", "CODIR élargi"
        BILATERAL = "bilateral", "bilatérale"
        OTHER = "other", "autre réunion"

    class Every(models.TextChoices):
        WEEK = "week", "chaque semaine"
        MONTH = "month", "chaque mois"
        TWO_MONTHS = "two_months", "tous les deux mois"
        QUARTER = "quarter", "chaque trimestre"
        YEAR = "year", "chaque année"
        NONE = "none", "sans rythme fixe"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="meeting_series", verbose_name="territoire"
    )
    kind = models.CharField("format", max_length=10, choices=Kind, default=Kind.DIRECTORS)
    title = models.CharField("titre", max_length=120)
    every = models.CharField("rythme", max_length=10, choices=Every, default=Every.MONTH)
    length = models.PositiveSmallIntegerField("durée (minutes)", default=120)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="SeriesMember", related_name="+", verbose_name="membres"
    )
    is_closed = models.BooleanField("ne se réunit plus", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = MeetingSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = "série de réunions"
        verbose_name_plural = "séries de réunions"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="series_length",
                condition=Q(length__gte=15, length__lte=600),
                violation_error_message="Une réunion dure de 15 minutes à 10 heures.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:series_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def keep(self, members, *, by):
        """Save with its members, journaled; the same key sent again gives the series already there."""
        with transaction.atomic():
            JournalHead.locked()
            if self.pk is None:
                known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
                if known is not None and known.created_by_id != by.pk:
                    raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
                if known is not None:
                    return known
                self.created_by = by
            verb = "série de réunions modifiée" if self.pk else "série de réunions créée"
            self.save()
            self.members.set(members)
            record(verb, self, by=by, territory=self.territory)
        return self


class SeriesMember(models.Model):
    """Somebody who is called to the meetings of a series."""

    series = models.ForeignKey(
        MeetingSeries, on_delete=models.CASCADE, related_name="memberships", verbose_name="série"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name="personne"
    )

    class Meta:
        verbose_name = "membre d’une série de réunions"
        verbose_name_plural = "membres d’une série de réunions"
        ordering = ["series", "person"]
        constraints = [models.UniqueConstraint(fields=["series", "person"], name="series_member_once")]

    def __str__(self):
        return f"{self.person}, {self.series}"


class MeetingQuerySet(SeriesOwnedQuerySet):
    def live(self):
        return self.exclude(status=Meeting.Status.CANCELLED)

    def preparing(self):
        return self.filter(status=Meeting.Status.PREPARING)

    def to_purge(self, today):
        """Past the time that the rule keeps minutes; what a decision still to apply says is not erased."""
        old = self.filter(purged_at__isnull=True, held_on__lt=retention.over_before("meeting", today))
        return old.exclude(pk__in=old.filter(decisions__status="to_apply").order_by().values("pk"))

    def before(self, meeting):
        """Those of the same series held earlier."""
        return self.live().filter(series=meeting.series_id, held_on__lt=meeting.held_on)


class Meeting(models.Model):
    """One meeting of a series: called, its agenda sent, held, its minutes handed out."""

    class Status(models.TextChoices):
        PREPARING = "preparing", "en préparation"
        SENT = "sent", "ordre du jour envoyé"
        HELD = "held", "tenue"
        PUBLISHED = "published", "relevé diffusé"
        CANCELLED = "cancelled", "annulée"

    # Minutes are typed in the meeting itself, before anybody clicks « tenue ».
    WRITABLE = [Status.SENT, Status.HELD]
    OPEN = [Status.PREPARING, Status.SENT]

    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="meetings", verbose_name="série")
    held_on = models.DateField("le")
    starts_at = models.TimeField("à", default=datetime.time(9, 30))
    length = models.PositiveSmallIntegerField("durée (minutes)", default=120)
    follow_up = models.PositiveSmallIntegerField("minutes gardées pour le suivi", default=10)
    place = models.CharField("lieu", max_length=160, blank=True)
    link = models.URLField("lien de visioconférence", blank=True)
    calls_until = models.DateField("sujets proposés jusqu’au", null=True, blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PREPARING, editable=False)
    minutes = models.TextField("relevé", blank=True, editable=False)
    guests = models.CharField("autres présents", max_length=300, blank=True, editable=False)
    lock = models.PositiveIntegerField("numéro de saisie", default=1, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField("relevé diffusé le", null=True, editable=False)
    cancel_reason = models.TextField("raison de l’annulation", blank=True, editable=False)
    purged_at = models.DateTimeField("textes effacés le", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    search_text = models.CharField(max_length=400, editable=False, default="")
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        verbose_name_plural = "réunions"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "held_on"],
                condition=~Q(status="cancelled"),
                name="meeting_once_a_day",
                violation_error_message="Cette série a déjà une réunion ce jour-là.",
            ),
            models.CheckConstraint(
                name="meeting_length",
                condition=Q(length__gte=15, length__lte=600, follow_up__lte=F("length")),
                violation_error_message="Une réunion dure de 15 minutes à 10 heures, le suivi compris.",
            ),
            models.CheckConstraint(
                name="meeting_called_before",
                condition=Q(calls_until__isnull=True) | Q(calls_until__lte=F("held_on")),
                violation_error_message="Les sujets se proposent avant la réunion.",
            ),
            models.CheckConstraint(
                name="meeting_published_stamp",
                condition=Q(status="published", published_by__isnull=False, published_at__isnull=False)
                | (~Q(status="published") & Q(published_by__isnull=True, published_at__isnull=True)),
                violation_error_message="Un relevé diffusé porte qui l’a diffusé et quand.",
            ),
            models.CheckConstraint(
                name="meeting_cancelled_with_reason",
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                violation_error_message="Une réunion s’annule avec sa raison.",
            ),
            models.CheckConstraint(
                name="meeting_purged_is_empty",
                condition=Q(purged_at__isnull=True) | Q(minutes="", guests="", place="", link=""),
                violation_error_message="Une réunion purgée ne raconte plus rien.",
            ),
            # Handed out, they are only ever emptied, once, at the end of their time (projects/purging.py).
            Refused(
                name="meeting_published_frozen",
                on_update="OLD.status = 'published' AND (OLD.purged_at IS NOT NULL OR NEW.purged_at IS NULL)",
                on_delete="OLD.status = 'published'",
                violation_error_message="Un relevé diffusé ne se modifie plus.",
            ),
        ]
        indexes = [models.Index(fields=["series", "held_on"], name="meeting_by_series")]

    def __str__(self):
        return f"{self.series}, {full_date(self.held_on)}"

    def save(self, *args, **kwargs):
        self.search_text = normalise(f"{self.series} {self.place} {self.minutes}")[:400]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("projects:meeting_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.series.territory

    @property
    def starts(self):
        return timezone.make_aware(datetime.datetime.combine(self.held_on, self.starts_at))

    @property
    def ends(self):
        return self.starts + datetime.timedelta(minutes=self.length)

    @property
    def hours(self):
        ends = datetime.datetime.combine(self.held_on, self.starts_at) + datetime.timedelta(minutes=self.length)
        return time_range(self.starts_at, ends.time())

    def takes_subjects(self, today):
        return self.status == self.Status.PREPARING and today <= (self.calls_until or self.held_on)

    def keep(self, *, by):
        """Save a meeting called or moved; the first time, its members are asked for their subjects."""
        with transaction.atomic():
            JournalHead.locked()
            is_new = self.pk is None
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first() if is_new else None
            if known is not None:
                return known
            if is_new:
                self.created_by = by
            elif not type(self)._base_manager.filter(pk=self.pk, status__in=self.OPEN, purged_at=None).exists():
                raise TransitionRefused("Cette réunion a eu lieu\u00a0: sa date ne change plus.")
            self.save()
            record("réunion prévue" if is_new else "réunion modifiée", self, by=by, territory=self.owning_territory)
            if is_new and self.calls_until:
                until = full_date(self.calls_until)
                self.tell("call", f"Appel à sujets\u00a0: {self}", f"Proposez vos sujets jusqu’au {until}.", by)
        return self

    def tell(self, what, title, body, by):
        """Each member once of one event, but whoever did it."""
        notify(
            self.series.members.exclude(pk=by.pk),
            event=f"meeting-{self.pk}-{what}",
            title=title,
            body=body,
            url=self.get_absolute_url(),
        )

    def attend(self, states, *, by, guests=None):
        """Who was there: {person's key: state}; the same answer again changes nothing."""
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.status not in self.WRITABLE or locked.purged_at:
                raise TransitionRefused(f"La présence ne se note plus\u00a0: {locked.get_status_display()}.")
            for person, state in states.items():
                Attendance.objects.update_or_create(meeting=locked, person_id=person, defaults={"state": state})
            if guests is not None and guests != locked.guests:
                locked.guests = guests[:300]
                locked.save()
            record("présence notée", locked, by=by, territory=locked.owning_territory)

    def stale(self, seen):
        if self.lock != seen:
            raise StaleVersion(self)

    def cancel(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi la réunion est annulée.")
        with transition(self, by=by, verb="réunion annulée", from_status=self.OPEN, note=text) as meeting:
            if meeting.lines.filter(removed_at__isnull=True).exists():
                raise TransitionRefused(
                    "Le relevé a déjà créé des décisions ou des actions\u00a0: retirez ces lignes, ou notez la "
                    "réunion tenue."
                )
            meeting.status, meeting.cancel_reason = self.Status.CANCELLED, text
            meeting.subjects.update(meeting=None)
            meeting.tell("cancelled", f"Annulée\u00a0: {meeting}", text, by)


class Attendance(models.Model):
    """Whether somebody was at a meeting."""

    class State(models.TextChoices):
        PRESENT = "present", "présent·e"
        EXCUSED = "excused", "excusé·e"
        ABSENT = "absent", "absent·e"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance", verbose_name="réunion")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="personne"
    )
    state = models.CharField("présence", max_length=10, choices=State)

    class Meta:
        verbose_name = "présence à une réunion"
        verbose_name_plural = "présences à une réunion"
        ordering = ["meeting", "person"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once")]

    def __str__(self):
        return f"{self.person}\u00a0: {self.get_state_display()}"

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from core.calendar import add_working_days
from core.french import full_date
from core.jobs import notify
from establishments.models import (
    Capability,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    Territory,
    record,
)
from establishments.vocabulary import said
from establishments.workflow import StaleVersion, TransitionRefused, transition

from .. import retention
from ..owners import people_covering
from ..searching.watch import index_notice
from .scope import AroundQuerySet

PUBLISH, ACKNOWLEDGE = Capability.PUBLISH_WATCH, Capability.ACKNOWLEDGE_WATCH
REMINDED_AFTER = 5  # working days


class WatchNoticeQuerySet(AroundQuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        """Published in or above what the user reaches; drafts for those who publish in their territory."""
        covered = Q(territory__in=Territory.objects.visible_to(user, PUBLISH, on).order_by().values("pk"))
        if capability == PUBLISH:
            return self.filter(covered)
        around = super().visible_to(user, capability, on).order_by().values("pk")
        return self.filter(covered | (Q(pk__in=around) & ~Q(status=WatchNotice.Status.DRAFT)))

    def with_readings(self):
        return self.annotate(n_read=Count("readings", distinct=True))

    def to_acknowledge(self, user, on=None):
        """Published, and read in none of the houses that the user directs."""
        houses = Establishment.objects.visible_to(user, ACKNOWLEDGE, on).order_by().values("pk")
        read = WatchReading.objects.filter(establishment__in=houses).order_by().values("notice")
        published = self.filter(status=WatchNotice.Status.PUBLISHED)
        return AroundQuerySet.visible_to(published, user, ACKNOWLEDGE, on).exclude(pk__in=read)

    def with_readings_to_forget(self, today):
        """Notices of which a reading still names somebody after its time."""
        return self.filter(pk__in=WatchReading.objects.to_forget(today).order_by().values("notice"))

    def to_remind(self, today):
        """Published five working days ago or more, and never recalled."""
        since = add_working_days(today, -REMINDED_AFTER)
        return self.filter(status=WatchNotice.Status.PUBLISHED, reminded_on__isnull=True, published_on__lte=since)


class WatchNotice(models.Model):
    """One change of the law, of health or of the trade: its source, its date, who is to read it and who did."""

    class Kind(models.TextChoices):
        LEGAL = "legal", "juridique"
        HEALTH = "health", "sanitaire"
        SOCIAL = "social", "sociale"
        TRADE = "trade", "métier"

    class Status(models.TextChoices):
        DRAFT = "draft", "en préparation"
        PUBLISHED = "published", "publiée"
        WITHDRAWN = "withdrawn", "retirée"

    AMENDABLE = ["kind", "title", "text", "source", "source_url", "source_on", "applies_on"]

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="watch_notices", verbose_name="territoire"
    )
    kind = models.CharField("veille", max_length=10, choices=Kind, default=Kind.LEGAL)
    title = models.CharField("titre", max_length=160)
    text = models.TextField("ce qui change")
    source = models.CharField("source", max_length=200)
    source_url = models.URLField("adresse de la source", max_length=300, blank=True)
    source_on = models.DateField("date de la source")
    applies_on = models.DateField("s’applique le", null=True, blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.DRAFT)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_on = models.DateField("publiée le", null=True, editable=False)
    reminded_on = models.DateField("rappelée le", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField("version", default=0, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = WatchNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "note de veille"
        verbose_name_plural = "notes de veille"
        ordering = ["-source_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="watch_published_is_signed",
                condition=~Q(status="published") | Q(published_by__isnull=False, published_on__isnull=False),
                violation_error_message="Une note publiée dit par qui et quand.",
            ),
            models.CheckConstraint(
                name="watch_names_its_source",
                condition=~Q(source=""),
                violation_error_message="Une note de veille cite sa source.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:watch_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def houses(self, day):
        """The houses that have to read it."""
        return Establishment.objects.all().within(self.territory, day).open_on(day)

    def unread(self, day):
        return self.houses(day).exclude(pk__in=self.readings.order_by().values("establishment"))

    def prepare(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.created_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                record("note de veille préparée", self, by=by, territory=self.territory)
        return known or self

    def amend(self, *, by, seen):
        """Change a draft, unless it moved since version `seen` (StaleVersion holds the stored row)."""
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.status != self.Status.DRAFT:
                raise TransitionRefused(f"Elle ne se modifie plus\u00a0: {locked.get_status_display()}.")
            if locked.version != seen:
                raise StaleVersion(locked)
            for name in self.AMENDABLE:
                setattr(locked, name, getattr(self, name))
            locked.version += 1
            locked.save()
            record("note de veille modifiée", locked, by=by, territory=locked.territory)
        self.version = locked.version

    def publish(self, *, by):
        """Directors of the territory are told; the readings are counted house by house."""
        today = timezone.localdate()
        with transition(self, by=by, verb="note de veille publiée", from_status=[self.Status.DRAFT]) as notice:
            notice.status, notice.published_by, notice.published_on = self.Status.PUBLISHED, by, today
            index_notice(notice)
            notice._tell(notice.houses(today), "publiee", "Une note de veille à lire")

    def withdraw(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        start = [self.Status.DRAFT, self.Status.PUBLISHED]
        with transition(self, by=by, verb="note de veille retirée", from_status=start, note=text) as notice:
            notice.status = self.Status.WITHDRAWN
            index_notice(notice)

    def acknowledge(self, houses, *, by):
        """Read, for each of these houses; a second click changes nothing. Returns how many were new."""
        with transaction.atomic():
            JournalHead.locked()
            notice = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if notice.status != self.Status.PUBLISHED:
                raise TransitionRefused(f"Cette note ne se lit plus\u00a0: {notice.get_status_display()}.")
            count = 0
            for house in houses:
                given = {"read_by": by, "read_on": timezone.localdate()}
                _, created = WatchReading.objects.get_or_create(notice=notice, establishment=house, defaults=given)
                if created:
                    count += 1
                    record("note de veille lue", notice, by=by, establishment=house)
        return count

    def remind(self, *, today):
        """Once: those who direct a house where it was not read."""
        with transaction.atomic():
            JournalHead.locked()
            notice = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if notice.status != self.Status.PUBLISHED or notice.reminded_on:
                return
            notice.reminded_on = today
            notice.save()
            notice._tell(notice.unread(today), "rappel", "Une note de veille reste à lire")

    def _tell(self, houses, step, title):
        people = people_covering(houses.order_by().values("pk"), capability=ACKNOWLEDGE)
        when = f" S’applique le {full_date(self.applies_on)}." if self.applies_on else ""
        notify(
            people.order_by("pk"),
            event=f"veille-{self.pk}-{step}",
            title=title,
            body=f"{self.title} ({self.source}).{when}",
            url=self.get_absolute_url(),
        )


class WatchReadingQuerySet(EstablishmentOwnedQuerySet):
    def to_forget(self, today):
        """Those that name somebody longer than the rule lets them."""
        return self.filter(read_by__isnull=False, read_on__lt=retention.over_before("reading", today))


class WatchReading(models.Model):
    """A house read a notice: who said so, when."""

    notice = models.ForeignKey(
        WatchNotice, on_delete=models.CASCADE, related_name="readings", verbose_name="note de veille"
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="watch_readings", verbose_name=said("{establishment}")
    )
    # Forgotten at the end of its time: the house read it all the same.
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="lue par"
    )
    read_on = models.DateField("lue le")

    objects = WatchReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture d’une note de veille"
        verbose_name_plural = "lectures des notes de veille"
        ordering = ["establishment__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "establishment"], name="watch_read_once")]

    def __str__(self):
        return f"{self.establishment}, {self.notice}"

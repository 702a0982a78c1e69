import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.constraints import FrozenColumns
from core.french import normalise
from establishments.models import Capability, JournalHead, record
from establishments.models.mandates import covered
from establishments.workflow import TransitionRefused, transition

from .actions import ActionItem
from .meetings import Meeting, MeetingSeries, SeriesOwnedQuerySet


class SubjectQuerySet(SeriesOwnedQuerySet):
    def open(self):
        return self.filter(status=Subject.Status.OPEN)

    def born_of(self, key):
        """Open subjects that come from one thing to treat elsewhere (dashboard/agenda): at most one a series."""
        return self.open().filter(origin_key=key)

    def waiting(self, series):
        """Open subjects that no agenda sent holds, in the order of the next one."""
        rows = self.open().filter(series=series, meeting__isnull=True)
        return rows.order_by(F("rank").asc(nulls_last=True), "priority", "pk")


class Subject(models.Model):
    """Something that somebody of a series wants to speak of: how urgent, how long, who carries it."""

    class Priority(models.IntegerChoices):
        HIGH = 1, "à traiter à la prochaine réunion"
        NORMAL = 2, "normale"
        LOW = 3, "si le temps le permet"

    class Status(models.TextChoices):
        OPEN = "open", "à traiter"
        TREATED = "treated", "traité"
        WITHDRAWN = "withdrawn", "retiré"

    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="subjects", verbose_name="série")
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subjects",
        verbose_name="inscrit à la réunion",
        editable=False,
    )
    title = models.CharField("sujet", max_length=160)
    detail = models.TextField("précision", blank=True)
    priority = models.PositiveSmallIntegerField("priorité", choices=Priority, default=Priority.NORMAL)
    minutes = models.PositiveSmallIntegerField("minutes souhaitées", default=15)
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="porté par",
    )
    rank = models.PositiveSmallIntegerField("rang", null=True, editable=False)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.OPEN, editable=False)
    postponed = models.PositiveSmallIntegerField("reports", default=0, editable=False)
    # What it comes from, when it was suggested: the key keeps it single, the address leads back to it.
    origin_key = models.CharField("clé d’origine", max_length=60, blank=True, editable=False)
    origin_url = models.CharField("adresse d’origine", max_length=200, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField("proposé le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = "sujet de réunion"
        verbose_name_plural = "sujets de réunion"
        ordering = ["rank", "priority", "pk"]
        constraints = [
            models.CheckConstraint(
                name="subject_minutes",
                condition=Q(minutes__gte=1, minutes__lte=300),
                violation_error_message="Un sujet prend de 1 minute à 5 heures.",
            ),
            models.UniqueConstraint(
                fields=["series", "origin_key"],
                condition=Q(status="open") & ~Q(origin_key=""),
                name="subject_once_an_origin",
                violation_error_message="Ce point est déjà parmi les sujets de la série.",
            ),
        ]
        indexes = [models.Index(fields=["series", "status"], name="subject_by_series")]

    def __str__(self):
        return self.title

    @property
    def owning_territory(self):
        return self.series.territory

    def get_absolute_url(self):
        return self.meeting.get_absolute_url() if self.meeting else self.series.get_absolute_url()

    def propose_once(self, *, by):
        """Save a new subject; the same key sent again gives the one already there."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.proposed_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.proposed_by = by
                self.sponsor = self.sponsor or by
                self.save(force_insert=True)
                record("sujet proposé", self, by=by, territory=self.owning_territory)
        return known or self

    def move(self, places, *, by):
        """Up (-1) or down (+1) in the order of the next agenda; at the end, nothing moves."""
        with transaction.atomic():
            JournalHead.locked()
            if self.meeting_id or self.status != self.Status.OPEN:
                raise TransitionRefused("L’ordre du jour est envoyé\u00a0: ce sujet ne change plus de place.")
            rows = list(type(self).objects.waiting(self.series_id).select_for_update(of=("self",)))
            here = next(place for place, row in enumerate(rows) if row.pk == self.pk)
            there = min(max(here + places, 0), len(rows) - 1)
            rows.insert(there, rows.pop(here))
            for rank, row in enumerate(rows):
                row.rank = rank
            type(self)._base_manager.bulk_update(rows, ["rank"])
            if here != there:
                record("sujet déplacé", self, by=by, territory=self.owning_territory)

    def withdraw(self, *, by):
        with transition(self, by=by, verb="sujet retiré", from_status=[self.Status.OPEN]) as subject:
            if subject.meeting_id and subject.meeting.status != Meeting.Status.SENT:
                raise TransitionRefused("Ce sujet est déjà à l’ordre du jour d’une réunion tenue.")
            subject.status, subject.meeting = self.Status.WITHDRAWN, None

    def take_up_again(self, *, by):
        """Not finished: back among the open ones, for the next agenda."""
        start = [self.Status.TREATED, self.Status.WITHDRAWN]
        with transition(self, by=by, verb="sujet à reprendre", from_status=start) as subject:
            if subject.origin_key and type(self).objects.born_of(subject.origin_key).filter(series=subject.series_id):
                raise TransitionRefused("Ce point est déjà parmi les sujets de la série.")
            subject.status, subject.meeting, subject.rank = self.Status.OPEN, None, None


class SetAside(models.Model):
    """A subject suggested for one meeting, of which whoever prepares it does not want to speak that day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="set_aside", verbose_name="réunion")
    key = models.CharField("clé d’origine", max_length=60)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="écarté par"
    )
    set_aside_at = models.DateTimeField("écarté le", default=timezone.now)

    class Meta:
        verbose_name = "sujet écarté d’une réunion"
        verbose_name_plural = "sujets écartés d’une réunion"
        ordering = ["meeting", "key"]
        constraints = [models.UniqueConstraint(fields=["meeting", "key"], name="set_aside_once")]

    def __str__(self):
        return f"{self.key}, {self.meeting}"


class DecisionQuerySet(SeriesOwnedQuerySet):
    series = "meeting__series"

    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        """What minutes not handed out yet decide is known to those who keep them."""
        kept = covered(user, Capability.MANAGE_MEETINGS, on)
        rows = super().visible_to(user, capability, on)
        return rows.filter(Q(meeting__status="published") | Q(meeting__series__territory__in=kept))

    def undone(self):
        return self.filter(status=Decision.Status.TO_APPLY)


class Decision(models.Model):
    """What a meeting decided, and whether it was applied since."""

    class Status(models.TextChoices):
        TO_APPLY = "to_apply", "à appliquer"
        APPLIED = "applied", "appliquée"
        DROPPED = "dropped", "abandonnée"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions", verbose_name="réunion")
    text = models.TextField("décision")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.TO_APPLY, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    settled_at = models.DateTimeField("réglée le", null=True, editable=False)
    note = models.TextField("constat", blank=True, editable=False)
    search_text = models.CharField(max_length=400, editable=False, default="")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision de réunion"
        verbose_name_plural = "décisions de réunion"
        ordering = ["-meeting__held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_settled_stamp",
                condition=Q(status="to_apply", settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(status="to_apply") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                violation_error_message="Une décision réglée porte qui l’a réglée et quand.",
            )
        ]
        indexes = [models.Index(fields=["meeting", "status"], name="decision_by_meeting")]

    def __str__(self):
        return self.text[:120]

    def save(self, *args, **kwargs):
        self.search_text = normalise(self.text)[:400]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    @property
    def owning_territory(self):
        return self.meeting.owning_territory

    def apply(self, *, by, text=""):
        self._settle("décision appliquée", self.Status.APPLIED, by, text)

    def drop(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi cette décision est abandonnée.")
        self._settle("décision abandonnée", self.Status.DROPPED, by, text)

    def _settle(self, verb, status, by, text):
        with transition(self, by=by, verb=verb, from_status=[self.Status.TO_APPLY], note=text) as decision:
            decision.status, decision.note = status, text
            decision.settled_by, decision.settled_at = by, timezone.now()

    def reopen(self, *, by):
        start = [self.Status.APPLIED, self.Status.DROPPED]
        with transition(self, by=by, verb="décision à appliquer de nouveau", from_status=start) as decision:
            decision.status, decision.settled_by, decision.settled_at = self.Status.TO_APPLY, None, None


class MinuteLine(models.Model):
    """A line of the minutes that became an object: which one, and where the line stands in the text.

    It is never deleted: an action of a meeting always has its line (S-087, no orphan). A line taken out of the text
    keeps its object, given up with that reason.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", "décision"
        ACTION = "action", "action"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="lines", verbose_name="réunion")
    key = models.UUIDField("clé", unique=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField("ligne")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    text = models.TextField("texte")
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="line", verbose_name="décision"
    )
    action = models.OneToOneField(
        ActionItem, on_delete=models.PROTECT, null=True, related_name="minute_line", verbose_name="action"
    )
    removed_at = models.DateTimeField("retirée du relevé le", null=True, editable=False)

    class Meta:
        verbose_name = "ligne de relevé"
        verbose_name_plural = "lignes de relevé"
        ordering = ["meeting", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                name="minute_line_has_its_object",
                condition=Q(kind="decision", decision__isnull=False, action__isnull=True)
                | Q(kind="action", action__isnull=False, decision__isnull=True),
                violation_error_message="Une ligne de relevé porte sa décision ou son action.",
            ),
            FrozenColumns(
                name="minute_line_keeps_its_object",
                columns=["meeting_id", "key", "kind", "decision_id", "action_id"],
                violation_error_message="Une ligne de relevé garde son objet.",
            ),
        ]

    def __str__(self):
        return self.text[:120]

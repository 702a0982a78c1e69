import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from core.addresses import address
from core.french import counted, full_date, normalise, short_date
from core.jobs import notify
from establishments.around import working_in
from establishments.models import (
    Capability,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    Level,
    Territory,
    record,
)
from establishments.models.establishments import reached
from establishments.models.mandates import covered
from establishments.vocabulary import said
from establishments.workflow import StaleVersion, TransitionRefused, transition

from ..corrective_steps import CorrectiveSteps

SHARED = [Level.PUBLIC, Level.ETABLISSEMENT]
# What the owner of an action of a territory may do with it, wherever she works there.
OWN = {Capability.SUMMARY, Capability.KNOW_INTERNAL, Capability.VIEW_ACTIONS, Capability.DECLARE_ACTIONS}


class ActionItemQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_ACTIONS, on=None):
        """Actions of the houses and territories reached; those kept inside the pôle for readers of the full file."""
        return self._of_places(user, capability, Capability.VIEW, on)

    def known_to(self, user):
        return self._of_places(user, Capability.SUMMARY, Capability.KNOW_INTERNAL)

    def within(self, territory):
        """Actions of the territory itself, of those below it, and of their houses of today."""
        own = Territory.objects.within(territory).order_by().values("pk")
        houses = Establishment.objects.within(territory).order_by().values("pk")
        return self.filter(Q(territory__in=own) | Q(establishment__in=houses))

    def _of_places(self, user, capability, inside, on=None):
        shared = Q(level__in=SHARED)
        houses, files = reached(user, capability, on), reached(user, inside, on)
        rows = Q(establishment__in=houses) & (shared | Q(establishment__in=files))
        over, fully = covered(user, capability, on), covered(user, inside, on)
        rows |= Q(territory__in=over) & (shared | Q(territory__in=fully))
        if capability in OWN and user.is_authenticated:
            # A director reaches no territory: what her sector's meeting asked of her is hers to read and to declare.
            rows |= Q(owner=user, territory__in=working_in(user, on)) & shared
        return self.filter(rows)

    def open(self):
        """To do or doing: not yet declared done."""
        return self.filter(status__in=ActionItem.OPEN)

    def to_follow(self):
        """What a visit looks at: everything not yet verified nor abandoned."""
        return self.filter(status__in=ActionItem.FOLLOWED)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)

    def owned_by(self, user):
        return self.filter(owner=user)

    def to_verify(self):
        """Declared done, waiting for a second look."""
        return self.filter(status=ActionItem.Status.DONE)

    def sent_before(self, client_uuid, *, by):
        """What this person already created with this key: a form sent twice gives one object."""
        try:
            return self.filter(client_uuid=uuid.UUID(str(client_uuid)), created_by=by).first()
        except ValueError:
            return None

    def open_first(self):
        """To do and doing, then declared done, then closed; the earliest due first."""
        order = Case(
            When(status__in=ActionItem.OPEN, then=Value(0)),
            When(status=ActionItem.Status.DONE, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return self.annotate(step_order=order).order_by("step_order", "due_on", "priority", "pk")


class ActionItem(CorrectiveSteps, models.Model):
    """One thing to do for a house or a territory, whatever raised it: the only list of actions of the product."""

    class Status(models.TextChoices):
        TO_START = "to_start", "à lancer"
        IN_PROGRESS = "in_progress", "en cours"
        DONE = "done", "réalisée"
        VERIFIED = "verified", "vérifiée"
        ABANDONED = "abandoned", "abandonnée"

    class Origin(models.TextChoices):
        VISIT = "visit", "visite"
        REVIEW = "review", "analyse de fonctionnement"
        EVENT = "event", "événement"
        INSPECTION = "inspection", "contrôle"
        INDICATOR = "indicator", "indicateur"
        MEETING = "meeting", "réunion"
        PROJECT = "project", "projet"
        MANUAL = "manual", "saisie directe"

    class Priority(models.IntegerChoices):
        HIGH = 1, "haute"
        NORMAL = 2, "normale"
        LOW = 3, "basse"

    class Effectiveness(models.TextChoices):
        EFFECTIVE = "effective", "effet constaté"
        PARTIAL = "partial", "effet partiel"
        NO_EFFECT = "no_effect", "pas d’effet constaté"

    class Kind(models.TextChoices):
        IMPROVEMENT = "improvement", "amélioration"
        CORRECTIVE = "corrective", "mesure corrective"
        IMMEDIATE = "immediate", "mesure immédiate"

    # What may be changed after the creation, with its journal line.
    AMENDABLE = ["owner", "due_on", "priority"]
    OPEN = [Status.TO_START, Status.IN_PROGRESS]
    FOLLOWED = [Status.TO_START, Status.IN_PROGRESS, Status.DONE]

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=said("{establishment}"),
    )
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="territoire",
    )
    title = models.CharField("action", max_length=200)
    detail = models.TextField("précision", blank=True)
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.IMPROVEMENT)
    theme = models.CharField("thème", max_length=80, blank=True)
    origin_kind = models.CharField("origine", max_length=20, choices=Origin, default=Origin.MANUAL)
    origin_label = models.CharField("origine précise", max_length=200, blank=True)
    level = models.CharField("niveau de lecture", max_length=20, choices=Level, default=Level.ETABLISSEMENT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="responsable de l’action",
    )
    due_on = models.DateField("échéance")
    priority = models.PositiveSmallIntegerField("priorité", choices=Priority, default=Priority.NORMAL)
    status = models.CharField("statut", max_length=20, choices=Status, default=Status.TO_START)
    evidence = models.TextField("preuve", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    declared_at = models.DateTimeField("déclarée réalisée le", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField("close le", null=True, editable=False)
    abandon_reason = models.TextField("raison de l’abandon", blank=True, editable=False)
    reopened_at = models.DateTimeField("rouverte le", null=True, editable=False)
    reopened_count = models.PositiveSmallIntegerField("réouvertures", default=0, editable=False)
    effectiveness = models.CharField(
        "efficacité", max_length=20, choices=Effectiveness, blank=True, default="", editable=False
    )
    effectiveness_note = models.TextField("ce qui a changé", blank=True, default="", editable=False)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    assessed_at = models.DateTimeField("efficacité appréciée le", null=True, editable=False)
    search_text = models.CharField(max_length=400, editable=False, default="")
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        verbose_name_plural = "actions"
        ordering = ["due_on", "priority", "pk"]
        constraints = [
            models.CheckConstraint(
                name="action_of_one_place",
                condition=Q(establishment__isnull=False, territory__isnull=True)
                | Q(establishment__isnull=True, territory__isnull=False),
                violation_error_message=said(
                    "Une action porte sur {establishment.un} ou un territoire, l’un des deux."
                ),
            ),
            models.CheckConstraint(
                name="action_declared_stamp",
                condition=Q(status__in=["to_start", "in_progress"], declared_by__isnull=True, declared_at__isnull=True)
                | Q(status__in=["done", "verified"], declared_by__isnull=False, declared_at__isnull=False)
                | Q(status="abandoned"),
                violation_error_message="Une action réalisée porte qui l’a déclarée et quand.",
            ),
            models.CheckConstraint(
                name="action_closed_stamp",
                condition=Q(status__in=["verified", "abandoned"], closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(status__in=["verified", "abandoned"]) & Q(closed_by__isnull=True, closed_at__isnull=True)),
                violation_error_message="Une action close porte qui l’a close et quand.",
            ),
            models.CheckConstraint(
                name="action_abandoned_with_reason",
                condition=~Q(status="abandoned") | ~Q(abandon_reason=""),
                violation_error_message="Une action s’abandonne avec sa raison.",
            ),
            models.CheckConstraint(
                name="action_assessed_once_verified",
                condition=Q(effectiveness="", assessed_by__isnull=True, assessed_at__isnull=True)
                | (Q(status="verified", assessed_by__isnull=False, assessed_at__isnull=False) & ~Q(effectiveness="")),
                violation_error_message="L’efficacité s’apprécie une fois l’action vérifiée.",
            ),
        ]
        indexes = [
            models.Index(fields=["establishment", "status", "due_on"], name="action_by_establishment"),
            models.Index(fields=["territory", "status", "due_on"], name="action_by_territory"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_text = normalise(f"{self.title} {self.theme} {self.detail}")[:400]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return address("projects:action_detail", self.pk)

    @property
    def place(self):
        """The house, or the territory, that the action is about."""
        return self.establishment or self.territory

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def owning_territory(self):
        return self.territory

    def is_late(self, today):
        return self.status in self.OPEN and self.due_on < today

    def lateness(self, today):
        """ "en retard de 9 jours", "" when it is not late."""
        return f"en retard de {counted((today - self.due_on).days, 'jour')}" if self.is_late(today) else ""

    def create_once(self, *, by):
        """Save a new action and journal it; the same key sent again gives the action already there."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.created_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                record("action créée", self, by=by, establishment=self.establishment, territory=self.territory)
                self._tell_owner(by)
        return known or self

    def amend(self, *, by, seen, names=AMENDABLE):
        """Save the changes made to `names` of this instance, unless the row moved since version `seen`.

        Raises StaleVersion, which holds the stored row: nothing typed is lost, nothing stored is overwritten unseen.
        """
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.status not in self.FOLLOWED:
                raise TransitionRefused(f"Action close\u00a0: {locked.get_status_display()}.")
            if locked.version != seen:
                raise StaleVersion(locked)
            changed = [name for name in names if getattr(locked, name) != getattr(self, name)]
            note = "\u202f; ".join(self.change_of(name, locked) for name in changed)
            for name in changed:
                setattr(locked, name, getattr(self, name))
            if changed:
                locked.version += 1
                locked.save()
                place = {"establishment": locked.establishment, "territory": locked.territory}
                record("action modifiée", locked, by=by, note=note, **place)
            if "owner" in changed:
                locked._tell_owner(by)
        self.version = locked.version

    def _tell_owner(self, by):
        if self.owner_id and self.owner_id != by.pk:
            notify(
                [self.owner],
                event=f"action-{self.pk}-confiée-{self.owner_id}",
                title="Une action vous est confiée",
                body=f"{self.title} ({self.place}), à faire avant le {full_date(self.due_on)}.",
                url=self.get_absolute_url(),
            )

    def change_of(self, name, before):
        """ "échéance : 03/04/2026 → 17/04/2026"."""
        label = self._meta.get_field(name).verbose_name
        return f"{label}\u00a0: {before.text_of(name)} → {self.text_of(name)}"

    def text_of(self, name):
        """A field as the journal and the pages tell it."""
        if name == "priority":
            return self.get_priority_display()
        value = getattr(self, name)
        return short_date(value) if name == "due_on" else str(value or "personne")

    def start(self, *, by):
        with transition(self, by=by, verb="action lancée", from_status=[self.Status.TO_START]) as action:
            action.status = self.Status.IN_PROGRESS

    def declare_done(self, *, by, evidence=""):
        """Done as its owner says; only a second look makes it verified."""
        with transition(self, by=by, verb="action déclarée réalisée", from_status=self.OPEN, note=evidence) as action:
            action.status = self.Status.DONE
            action.declared_by, action.declared_at = by, timezone.now()
            action.evidence = evidence or action.evidence

    def verify(self, *, by, evidence=""):
        """Seen done, on the spot or on evidence; an action never declared is declared by the same stroke.

        A corrective measure asks for both: an evidence, and the look of somebody else than who did it.
        """
        with transition(self, by=by, verb="action vérifiée", from_status=self.FOLLOWED, note=evidence) as action:
            action._refuse_unseen(by, evidence)
            action.status = self.Status.VERIFIED
            action.declared_by, action.declared_at = action.declared_by or by, action.declared_at or timezone.now()
            action.closed_by, action.closed_at = by, timezone.now()
            action.evidence = evidence or action.evidence

    def reopen(self, *, by, note):
        """The second look did not find it: back to work."""
        if not note.strip():
            raise TransitionRefused("Dites ce qui reste à faire pour reprendre l’action.")
        with transition(self, by=by, verb="action à reprendre", from_status=[self.Status.DONE], note=note) as action:
            action.status = self.Status.IN_PROGRESS
            action.declared_by = action.declared_at = None

    def abandon(self, *, by, reason):
        if not reason.strip():
            raise TransitionRefused("Une action s’abandonne avec sa raison\u00a0: indiquez-la.")
        with transition(self, by=by, verb="action abandonnée", from_status=self.FOLLOWED, note=reason) as action:
            action.status = self.Status.ABANDONED
            action.closed_by, action.closed_at = by, timezone.now()
            action.abandon_reason = reason

    def assess(self, *, by, effectiveness, note=""):
        """Say, later, what the action changed: verified means done, not useful (domain.md §5.3). May be said again."""
        if effectiveness not in self.Effectiveness.values:
            raise TransitionRefused("Choisissez l’un des trois avis sur l’efficacité.")
        word = self.Effectiveness(effectiveness).label
        told = f"{word}\u00a0: {note}" if note else word
        step = {"verb": "efficacité de l’action appréciée", "from_status": [self.Status.VERIFIED], "note": told}
        with transition(self, by=by, **step) as action:
            action.effectiveness, action.effectiveness_note = effectiveness, note
            action.assessed_by, action.assessed_at = by, timezone.now()

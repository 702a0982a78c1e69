import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from core.french import normalise
from core.jobs import notify
from establishments.around import territories_around
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

from ..owners import people_holding
from ..searching.practices import index_practice

READING = (Capability.READ_TRANSMITTED, Capability.SUMMARY)
OBSERVER, HOUSE = Capability.VALIDATE_REPORT, Capability.ANSWER_REPORT
SIDES = {OBSERVER: ("observer_by", "observer_on"), HOUSE: ("house_by", "house_on")}


class GoodPracticeQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        """Those of the houses reached; once published, those offered around as well."""
        houses = Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
        rows = Q(establishment__in=houses)
        if capability in READING:
            around = territories_around(user, Capability.READ_TRANSMITTED, on)
            rows |= Q(status=GoodPractice.Status.PUBLISHED, territory__in=around)
        return self.filter(rows)

    def known_to(self, user):
        """A card not published yet is between the house and those who follow it."""
        return self.visible_to(user, Capability.READ_TRANSMITTED)

    def published(self):
        return self.filter(status=GoodPractice.Status.PUBLISHED)

    def on_themes(self, themes):
        return self.filter(theme__in=themes)

    def with_reuse(self):
        return self.annotate(n_reuses=Count("reuses", distinct=True))

    def waiting_for(self, side):
        """Proposed, and not agreed yet by that side."""
        by, _ = SIDES[side]
        return self.filter(status=GoodPractice.Status.PROPOSED, **{f"{by}__isnull": True})


class GoodPractice(models.Model):
    """What a house does well, told so that others may do it: agreed by the house and by who saw it, then published."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "proposée"
        AGREED = "agreed", "agréée"
        PUBLISHED = "published", "publiée"
        WITHDRAWN = "withdrawn", "retirée"

    AMENDABLE = ["title", "theme", "what", "how", "conditions"]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="good_practices", verbose_name=said("{establishment}")
    )
    title = models.CharField("bonne pratique", max_length=160)
    theme = models.CharField("thème", max_length=120, blank=True)
    what = models.TextField("ce qui est fait")
    how = models.TextField("comment", blank=True)
    conditions = models.TextField("à quelles conditions", blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PROPOSED)
    observer_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    observer_on = models.DateField(said("agréée par {coordinator.le} le"), null=True, editable=False)
    house_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    house_on = models.DateField(said("agréée par {director.le} le"), null=True, editable=False)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        related_name="good_practices",
        editable=False,
        verbose_name="offerte dans",
    )
    published_on = models.DateField("publiée le", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField("version", default=0, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)
    search_text = models.CharField(max_length=400, editable=False, default="")

    objects = GoodPracticeQuerySet.as_manager()

    class Meta:
        verbose_name = "bonne pratique"
        verbose_name_plural = "bonnes pratiques"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="practice_agreed_by_both",
                condition=Q(status__in=["proposed", "withdrawn"])
                | Q(
                    observer_by__isnull=False,
                    house_by__isnull=False,
                    observer_on__isnull=False,
                    house_on__isnull=False,
                ),
                violation_error_message="Une bonne pratique s’agrée des deux côtés.",
            ),
            models.CheckConstraint(
                name="practice_published_somewhere",
                condition=~Q(status="published") | Q(territory__isnull=False, published_on__isnull=False),
                violation_error_message="Une bonne pratique publiée dit où et quand.",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_text = normalise(f"{self.title} {self.theme} {self.what}")[:400]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("projects:practice_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    def propose(self, side, *, by):
        """Create once, agreed by the side that proposes; the other one is told."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is None:
                self.created_by = by
                self._sign(side, by)
                self.save(force_insert=True)
                record("bonne pratique proposée", self, by=by, establishment=self.establishment)
                self._tell(HOUSE if side == OBSERVER else OBSERVER)
        return known or self

    def amend(self, side, *, by, seen):
        """Change the words before both agree; the other side has to agree again. StaleVersion when it moved."""
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.status != self.Status.PROPOSED:
                raise TransitionRefused(f"Elle ne se modifie plus\u00a0: {locked.get_status_display()}.")
            if locked.version != seen:
                raise StaleVersion(locked)
            for name in self.AMENDABLE:
                setattr(locked, name, getattr(self, name))
            for by_name, on_name in SIDES.values():
                setattr(locked, by_name, None)
                setattr(locked, on_name, None)
            locked._sign(side, by)
            locked.version += 1
            locked.save()
            record("bonne pratique modifiée", locked, by=by, establishment=locked.establishment)
            locked._tell(HOUSE if side == OBSERVER else OBSERVER)
        self.version = locked.version

    def agree(self, side, *, by):
        """One side agrees; with the other one, the card is agreed."""
        verb = "bonne pratique agréée"
        with transition(self, by=by, verb=verb, from_status=[self.Status.PROPOSED]) as card:
            if getattr(card, SIDES[side][0] + "_id"):
                raise TransitionRefused("Déjà agréée de ce côté\u00a0: l’autre est attendu.")
            card._sign(side, by)
            if card.observer_by_id and card.house_by_id:
                card.status = self.Status.AGREED

    def publish(self, *, by):
        """Offered to everyone under the top of the house's tree."""
        with transition(self, by=by, verb="bonne pratique publiée", from_status=[self.Status.AGREED]) as card:
            attached = card.establishment.attachments.active_on(timezone.localdate()).values("territory")
            tops = Territory.objects.filter(parent__isnull=True, descendant_links__descendant__in=attached)
            card.territory, card.published_on = tops.first(), timezone.localdate()
            if card.territory is None:
                raise TransitionRefused("Ce lieu n’est rattaché à aucun territoire aujourd’hui.")
            card.status = self.Status.PUBLISHED
            index_practice(card)

    def withdraw(self, *, by, text):
        """Either side takes it back, whatever was agreed."""
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        start = [self.Status.PROPOSED, self.Status.AGREED, self.Status.PUBLISHED]
        with transition(self, by=by, verb="bonne pratique retirée", from_status=start, note=text) as card:
            card.status = self.Status.WITHDRAWN
            index_practice(card)

    def reuse(self, establishment, *, by, note=""):
        """Another house takes it up, counted once. Returns whether it is new."""
        with transaction.atomic():
            JournalHead.locked()
            card = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if card.status != self.Status.PUBLISHED:
                raise TransitionRefused(f"Cette bonne pratique n’est pas offerte\u00a0: {card.get_status_display()}.")
            if card.establishment_id == establishment.pk:
                raise TransitionRefused("Ce lieu est celui de la bonne pratique.")
            given = {"taken_by": by, "taken_on": timezone.localdate(), "note": note[:200]}
            _, created = PracticeReuse.objects.get_or_create(
                practice=card, establishment=establishment, defaults=given
            )
            if created:
                record("bonne pratique reprise", card, by=by, establishment=establishment)
        return created

    def _sign(self, side, by):
        by_name, on_name = SIDES[side]
        setattr(self, by_name, by)
        setattr(self, on_name, timezone.localdate())

    def _tell(self, side):
        people = people_holding(side, self.establishment)
        notify(
            people.order_by("pk"),
            event=f"pratique-{self.pk}-{side}-{self.version}",
            title="Une bonne pratique à agréer",
            body=f"{self.title} ({self.establishment}).",
            url=self.get_absolute_url(),
        )


class PracticeReuse(models.Model):
    """A house took up a good practice of another one."""

    practice = models.ForeignKey(
        GoodPractice, on_delete=models.CASCADE, related_name="reuses", verbose_name="bonne pratique"
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="practice_reuses", verbose_name=said("{establishment}")
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="reprise par"
    )
    taken_on = models.DateField("reprise le")
    note = models.CharField("ce qu’on en fait", max_length=200, blank=True)

    objects = EstablishmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise d’une bonne pratique"
        verbose_name_plural = "reprises de bonnes pratiques"
        ordering = ["-taken_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["practice", "establishment"], name="practice_reused_once")]

    def __str__(self):
        return f"{self.establishment}, {self.practice}"

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import Frozen, FrozenChild, dates_in_order
from establishments.models import Capability, Establishment, JournalHead, Territory, record
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from .meetings import Meeting
from .scope import TerritoryOwnedQuerySet

PROPOSE = Capability.PROPOSE_ARBITRATION
FROZEN = "L’arbitrage est rendu\u00a0: la fiche ne se modifie plus."
DECIDED_PARENT = (
    "EXISTS (SELECT 1 FROM projects_arbitration a WHERE a.id = {row}.arbitration_id AND a.status = 'decided')"
)


class ArbitrationQuerySet(TerritoryOwnedQuerySet):
    def visible_to(self, user, capability=PROPOSE, on=None):
        return self.filter(territory__in=Territory.objects.visible_to(user, capability, on).order_by().values("pk"))

    def known_to(self, user):
        return self.visible_to(user, PROPOSE)

    def to_decide(self):
        return self.filter(status=Arbitration.Status.PROPOSED)


class Arbitration(models.Model):
    """One question put to who decides: its options, what each does, the decision and its reason."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en préparation"
        PROPOSED = "proposed", "proposé"
        DECIDED = "decided", "rendu"
        DROPPED = "dropped", "abandonné"

    OPEN = [Status.DRAFT, Status.PROPOSED]

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="arbitrations", verbose_name="territoire"
    )
    title = models.CharField("question", max_length=200)
    context = models.TextField("contexte", blank=True)
    decide_before = models.DateField("à rendre avant le")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.DRAFT)
    chosen = models.ForeignKey(
        "ArbitrationOption",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="option retenue",
    )
    reason = models.TextField("raison", blank=True, editable=False)
    decided_in = models.CharField("instance", max_length=120, blank=True, editable=False)
    # The meeting that decided, when one of the network did (S-083); another body is told in words.
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        related_name="arbitrations",
        editable=False,
        verbose_name="réunion qui a tranché",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_on = models.DateField("rendu le", null=True, editable=False)
    facts = models.JSONField("ce que chaque option faisait", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = ArbitrationQuerySet.as_manager()

    class Meta:
        verbose_name = "arbitrage"
        verbose_name_plural = "arbitrages"
        ordering = ["-decide_before", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="arbitration_decision_is_complete",
                condition=~Q(status="decided")
                | (
                    Q(chosen__isnull=False, decided_by__isnull=False, decided_on__isnull=False, facts__isnull=False)
                    & ~Q(reason="")
                ),
                violation_error_message="Un arbitrage rendu dit l’option retenue, par qui, quand et pourquoi.",
            ),
            Frozen(name="arbitration_frozen", when="{row}.status = 'decided'", violation_error_message=FROZEN),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:arbitration_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def prepare(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.created_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                record("arbitrage préparé", self, by=by, territory=self.territory)
        return known or self

    def propose(self, *, by):
        with transition(self, by=by, verb="arbitrage proposé", from_status=[self.Status.DRAFT]) as sheet:
            if sheet.options.count() < 2:
                raise TransitionRefused("Un arbitrage se rend entre deux options au moins\u00a0: ajoutez-en.")
            sheet.status = self.Status.PROPOSED

    def decide(self, option, *, by, reason, decided_in="", meeting=None):
        """Choose one option; what each of them would do is kept with the decision, and nothing moves after.

        `meeting` is the one that decided; `decided_in` names another body, in words.
        """
        from ..impacts import impact_of

        if not reason.strip():
            raise TransitionRefused("Dites pourquoi cette option.")
        verb, note = "arbitrage rendu", f"{option.title}\u00a0: {reason}"
        with transition(self, by=by, verb=verb, from_status=[self.Status.PROPOSED], note=note) as sheet:
            options = list(sheet.options.all())
            if option not in options:
                raise TransitionRefused("Cette option n’est plus sur la fiche.")
            sheet.facts = {str(one.pk): impact_of(one).stored() for one in options}
            sheet.status, sheet.chosen, sheet.reason = self.Status.DECIDED, option, reason
            sheet.decided_by, sheet.decided_on = by, timezone.localdate()
            sheet.decided_in, sheet.meeting = decided_in, meeting

    def drop(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        with transition(self, by=by, verb="arbitrage abandonné", from_status=self.OPEN, note=text) as sheet:
            sheet.status = self.Status.DROPPED


class ArbitrationOptionQuerySet(models.QuerySet):
    def visible_to(self, user, capability=PROPOSE, on=None):
        return self.filter(
            arbitration__in=Arbitration.objects.visible_to(user, capability, on).order_by().values("pk")
        )

    def known_to(self, user):
        return self.visible_to(user, PROPOSE)


class ArbitrationOption(models.Model):
    """One answer to the question: places given or withdrawn in some houses, between two dates."""

    arbitration = models.ForeignKey(
        Arbitration, on_delete=models.CASCADE, related_name="options", verbose_name="arbitrage"
    )
    title = models.CharField("option", max_length=160)
    text = models.TextField("en clair", blank=True)
    houses = models.ManyToManyField(
        Establishment, blank=True, related_name="+", verbose_name=said("{establishment.plural}")
    )
    places = models.SmallIntegerField("places par lieu", default=0)
    closes_houses = models.BooleanField("fermeture complète", default=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    cost = models.DecimalField("coût annoncé (euros)", max_digits=12, decimal_places=2, null=True, blank=True)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = ArbitrationOptionQuerySet.as_manager()

    class Meta:
        verbose_name = "option d’un arbitrage"
        verbose_name_plural = "options des arbitrages"
        ordering = ["pk"]
        constraints = [
            dates_in_order("arbitration_option_dates_in_order"),
            FrozenChild(name="arbitration_option_frozen", when=DECIDED_PARENT, violation_error_message=FROZEN),
        ]

    def __str__(self):
        return self.title

    @property
    def owning_territory(self):
        return self.arbitration.territory

    def keep(self, houses, *, by):
        """Add or change it while nothing is decided."""
        with transaction.atomic():
            JournalHead.locked()
            sheet = Arbitration._base_manager.select_for_update(of=("self",)).get(pk=self.arbitration_id)
            if sheet.status not in Arbitration.OPEN:
                raise TransitionRefused(f"La fiche ne se modifie plus\u00a0: {sheet.get_status_display()}.")
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and self.pk is None:
                return known
            verb = "option modifiée" if self.pk else "option ajoutée"
            self.save()
            self.houses.set(houses)
            record(verb, sheet, by=by, note=self.title, territory=sheet.territory)
        return self

    def remove(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            sheet = Arbitration._base_manager.select_for_update(of=("self",)).get(pk=self.arbitration_id)
            if sheet.status != Arbitration.Status.DRAFT:
                raise TransitionRefused("Une option se retire avant que l’arbitrage soit proposé.")
            if type(self)._base_manager.filter(pk=self.pk).exists():
                record("option retirée", sheet, by=by, note=self.title, territory=sheet.territory)
                self.delete()

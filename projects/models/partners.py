import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import dates_in_order
from core.french import normalise
from core.models import FRENCH
from core.periods import active_on
from establishments.models import Establishment, JournalHead, Territory, record
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from .scope import AroundQuerySet, SharedQuerySet


class PartnerQuerySet(AroundQuerySet):
    def with_news(self):
        """Annotate `last_on` (last exchange) and `n_open` (commitments not kept yet)."""
        open_one = ~Q(exchanges__commitment="") & Q(exchanges__kept_on__isnull=True)
        return self.annotate(
            last_on=Max("exchanges__held_on"), n_open=Count("exchanges", filter=open_one, distinct=True)
        )


class Partner(models.Model):
    """An institution or a service that works with the houses of a territory."""

    class Kind(models.TextChoices):
        PMI = "pmi", "PMI"
        CAF = "caf", "CAF"
        SCHOOL = "school", "école"
        TOWN_HALL = "town_hall", "mairie"
        UNION = "union", "organisation syndicale"
        TRAINING = "training", "école des métiers"
        SAFETY = "safety", "commission de sécurité"
        CULTURE = "culture", "culture, bibliothèque"
        ASSOCIATION = "association", "association"
        OTHER = "other", "autre"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="partners", verbose_name="territoire"
    )
    name = models.CharField("nom", max_length=160, db_collation=FRENCH)
    kind = models.CharField("type", max_length=20, choices=Kind, default=Kind.OTHER)
    note = models.TextField("à savoir", blank=True)
    search_name = models.CharField(max_length=200, editable=False, default="")

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "name"],
                name="partner_once",
                violation_error_message="Ce partenaire est déjà dans l’annuaire.",
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.search_name = normalise(self.name)[:200]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("projects:partner_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def keep(self, *, by):
        """Save and journal; a partner of the same name in the territory is the same one."""
        with transaction.atomic():
            JournalHead.locked()
            twin = type(self)._base_manager.filter(territory=self.territory, name=self.name).first()
            if self.pk is None and twin is not None:
                return twin
            verb = "partenaire modifié" if self.pk else "partenaire ajouté"
            self.save()
            record(verb, self, by=by, territory=self.territory)
        return self


class ContactQuerySet(AroundQuerySet):
    territory_lookup = "partner__territory"

    def suggested(self, today):
        """Whom to write to: those who have not left."""
        return self.filter(active_on(today))


class PartnerContact(models.Model):
    """A person at a partner between two dates; once gone she is in the history, and suggested no more."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts", verbose_name="partenaire")
    name = models.CharField("nom", max_length=120, db_collation=FRENCH)
    role = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone professionnel", max_length=30, blank=True)
    starts_on = models.DateField("depuis le", default=timezone.localdate)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["name", "pk"]
        constraints = [dates_in_order("contact_dates_in_order")]

    def __str__(self):
        return f"{self.name}, {self.role}" if self.role else self.name

    def leave(self, *, by, day):
        """The contact leaves: history stays, suggestions stop the day after."""
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.ends_on is None:
                locked.ends_on = max(day, locked.starts_on)
                locked.save()
                record("contact parti", locked, by=by, territory=locked.partner.territory)


class PartnerExchange(models.Model):
    """One exchange with a partner, and what was promised then."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="exchanges", verbose_name="partenaire")
    contact = models.ForeignKey(
        PartnerContact, on_delete=models.PROTECT, null=True, blank=True, related_name="exchanges", verbose_name="avec"
    )
    held_on = models.DateField("le", default=timezone.localdate)
    summary = models.TextField("échange")
    commitment = models.CharField("engagement pris", max_length=200, blank=True)
    due_on = models.DateField("attendu pour le", null=True, blank=True)
    kept_on = models.DateField("tenu le", null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "échange"
        verbose_name_plural = "échanges"
        ordering = ["-held_on", "-pk"]

    def __str__(self):
        return f"{self.partner}, {self.held_on:%d/%m/%Y}"

    def keep(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is None:
                self.recorded_by = by
                self.save(force_insert=True)
                record("échange noté", self, by=by, territory=self.partner.territory)
        return known or self

    def honour(self, *, by):
        """What was promised is done; a second click changes nothing."""
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.commitment and locked.kept_on is None:
                locked.kept_on = timezone.localdate()
                locked.save()
                record("engagement tenu", locked, by=by, note=locked.commitment, territory=locked.partner.territory)


class LocalActionQuerySet(SharedQuerySet):
    houses_lookup = "houses"


class LocalAction(models.Model):
    """An action in a territory with partners and houses: what was done, how many families, what to keep of it."""

    class Status(models.TextChoices):
        PLANNED = "planned", "prévue"
        REPORTED = "reported", "bilan fait"
        CANCELLED = "cancelled", "annulée"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="local_actions", verbose_name="territoire"
    )
    title = models.CharField("action locale", max_length=160)
    aim = models.TextField("objectif", blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    partners = models.ManyToManyField(Partner, blank=True, related_name="local_actions", verbose_name="partenaires")
    houses = models.ManyToManyField(
        Establishment, blank=True, related_name="local_actions", verbose_name=said("{establishment.plural}")
    )
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.PLANNED)
    families_reached = models.PositiveIntegerField("familles touchées", null=True, blank=True, editable=False)
    balance = models.TextField("bilan", blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = LocalActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action locale"
        verbose_name_plural = "actions locales"
        ordering = ["-starts_on", "pk"]
        constraints = [
            dates_in_order("local_action_dates_in_order"),
            models.CheckConstraint(
                name="local_action_balance",
                condition=~Q(status="reported") | (Q(families_reached__isnull=False) & ~Q(balance="")),
                violation_error_message="Un bilan dit combien de familles ont été touchées.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:local_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def create_once(self, *, by, partners, houses):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                self.partners.set(partners)
                self.houses.set(houses)
                record("action locale prévue", self, by=by, territory=self.territory)
        return known or self

    def report(self, *, by, families, balance):
        """How many families (a number, never a name) and what to keep of it."""
        verb = "bilan d’action locale"
        with transition(self, by=by, verb=verb, from_status=[self.Status.PLANNED], note=balance) as action:
            if action.starts_on > timezone.localdate():
                raise TransitionRefused("Cette action n’a pas encore commencé.")
            action.status, action.families_reached, action.balance = self.Status.REPORTED, families, balance

    def cancel(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        verb = "action locale annulée"
        with transition(self, by=by, verb=verb, from_status=[self.Status.PLANNED], note=text) as action:
            action.status, action.balance = self.Status.CANCELLED, text

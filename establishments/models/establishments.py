from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.models import HistoricalRecords
from stdnum.fr import siret

from core.addresses import address
from core.compiled import subquery_once
from core.constraints import NoOverlap, dates_in_order
from core.french import normalise
from core.models import FRENCH
from core.periods import active_on

from ..regulation import category, category_label
from ..vocabulary import said
from .mandates import Mandate
from .roles import Capability, roles_with
from .territories import SectorAttachment, Territory, TerritoryLink


class Kind(models.TextChoices):
    """The three legal types of R. 2324-17 II, crèche and halte-garderie told apart."""

    CRECHE_COLLECTIVE = "creche_collective", "crèche collective"
    HALTE_GARDERIE = "halte_garderie", "halte-garderie"
    JARDIN_ENFANTS = "jardin_enfants", "jardin d’enfants"
    CRECHE_FAMILIALE = "creche_familiale", "crèche familiale"


class Organisation(models.TextChoices):
    """How the house is organised, which is not its legal type."""

    STANDARD = "standard", "ordinaire"
    MULTI_ACCUEIL = "multi_accueil", "multi-accueil"
    JARDIN_MATERNEL = "jardin_maternel", "jardin maternel"
    PARENTALE = "parentale", "à gestion parentale"
    PERSONNEL = "personnel", "de personnel"
    SAISONNIERE = "saisonniere", "saisonnière"


class ManagementMode(models.TextChoices):
    REGIE = "regie", "régie"
    DELEGATED = "delegated", "gestion déléguée"
    ASSOCIATION = "association", "associatif"
    PRIVATE = "private", "privé"
    OTHER_PUBLIC = "other_public", "autre public"
    UNKNOWN = "unknown", "non renseigné"


def reached(user, capability, on=None):
    """For `__in=`: ids of the establishments of the door, as one compiled subquery; none for a closed account."""
    if not user.is_active or not user.is_authenticated:
        return []
    return _reached(user, on or timezone.localdate(), capability)


@subquery_once
def _reached(user, day, capability):
    """Those of the mandates themselves, and those attached to a territory that the mandates cover."""
    mandates = Mandate.objects.held_by(user, roles_with(capability), day).filter(establishment__isnull=False)
    territories = Mandate.objects.covering_territories(user, capability, day)
    attached = SectorAttachment.objects.active_on(day).filter(territory__in=territories)
    legs = [rows.order_by().values_list("establishment") for rows in (mandates, attached)]
    return legs[0].union(legs[1], all=True)


class EstablishmentQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.VIEW, on=None):
        """The one door: establishments over which the user holds a mandate that grants the capability.

        `on` is the day of the mandates and of the attachments (today unless told). Subqueries only, no join.
        """
        return self.filter(pk__in=reached(user, capability, on))

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def within(self, territory, on=None):
        """Establishments attached to the territory or below it on a day."""
        below = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
        attached = SectorAttachment.objects.active_on(on or timezone.localdate()).filter(territory__in=below)
        return self.filter(pk__in=attached.values("establishment"))

    def open_on(self, day):
        """Houses that welcome children on that day: opened, not closed for good."""
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def municipal(self):
        return self.filter(management_mode=ManagementMode.REGIE)

    def with_places(self, on):
        """Annotate `places` (authorised that day, null if unknown) and `frozen` (withdrawn that day)."""
        from .authorisations import Authorisation, CapacityChange

        authorised = Authorisation.objects.filter(active_on(on), establishment=OuterRef("pk")).values("places")[:1]
        frozen = CapacityChange.objects.filter(active_on(on), establishment=OuterRef("pk")).values("establishment")
        return self.annotate(
            places=Subquery(authorised),
            frozen=Coalesce(Subquery(frozen.annotate(n=Sum("places")).values("n")), 0),
        )

    def with_territories(self, on):
        """Annotate `sector_id`, `sector_name` and `pole_name` of a day."""
        attached = SectorAttachment.objects.active_on(on).filter(establishment=OuterRef("pk"))
        pole = attached.filter(territory__ancestor_links__ancestor__kind=Territory.Kind.POLE)
        return self.annotate(
            sector_id=Subquery(attached.values("territory")[:1]),
            sector_name=Subquery(attached.values("territory__name")[:1]),
            pole_name=Subquery(pole.values("territory__ancestor_links__ancestor__name")[:1]),
        )


class IdentityFields(models.Model):
    """What an establishment is called, what it is and where: it may change on a date."""

    name = models.CharField("nom", max_length=160, db_collation=FRENCH)
    kind = models.CharField("type", max_length=20, choices=Kind, default=Kind.CRECHE_COLLECTIVE)
    organisation = models.CharField("organisation", max_length=20, choices=Organisation, default=Organisation.STANDARD)
    management_mode = models.CharField(
        "mode de gestion", max_length=20, choices=ManagementMode, default=ManagementMode.UNKNOWN
    )
    operator = models.CharField("gestionnaire", max_length=160, blank=True)
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("ville", max_length=80, blank=True)

    class Meta:
        abstract = True


class Establishment(IdentityFields):
    """One EAJE: its identity today; what it was before is in `PastIdentity`, its capacity in `Authorisation`."""

    IDENTITY = [field.name for field in IdentityFields._meta.fields]

    code = models.SlugField("code", max_length=60, unique=True, help_text="Identifiant interne, stable.")
    siret = models.CharField("SIRET", max_length=14, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    latitude = models.DecimalField("latitude", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=9, decimal_places=6, null=True, blank=True)
    opened_on = models.DateField("ouvert depuis le")
    closed_on = models.DateField("fermé définitivement le", null=True, blank=True)
    search_name = models.CharField(max_length=300, editable=False, default="", db_index=True)

    objects = EstablishmentQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_name"])

    class Meta:
        verbose_name = said("{establishment}")
        verbose_name_plural = said("{establishment.plural}")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="establishment_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="La date de fermeture précède la date d’ouverture.",
            ),
            models.CheckConstraint(
                name="establishment_has_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message="Latitude et longitude vont ensemble, en degrés.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.siret and not siret.is_valid(self.siret):
            raise ValidationError({"siret": "Ce numéro SIRET n’est pas valide (14 chiffres, clé comprise)."})

    def fill_search_name(self):
        """Before any write: `save` does it, a bulk creation must."""
        parts = [self.name, self.street, self.postcode, self.city]
        self.search_name = normalise(" ".join(filter(None, parts)))[:300]

    def save(self, *args, **kwargs):
        self.fill_search_name()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return address("establishments:detail", self.pk)

    @property
    def owning_establishment(self):
        return self

    @property
    def address(self):
        return ", ".join(filter(None, [self.street, f"{self.postcode} {self.city}".strip()]))

    def identity_on(self, day):
        """The identity valid on a day: a past one if it covers the day, else today's."""
        return self.past_identities.filter(active_on(day)).first() or self

    def authorisation_on(self, day):
        return self.authorisations.filter(active_on(day)).first()

    def category_on(self, day):
        """French label of the category computed from the places authorised that day, « — » when unknown."""
        authorisation = self.authorisation_on(day)
        places = authorisation.places if authorisation else None
        kind = self.identity_on(day).kind
        return category_label(kind, category(kind, places, day)) if places else "—"

    def sector_on(self, day):
        attachment = self.attachments.active_on(day).select_related("territory").first()
        return attachment.territory if attachment else None

    def is_open_on(self, day):
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)

    def change_identity(self, *, since, **changes):
        """Change name, type, management or address from a day on; what was true before stays readable.

        Refused (ValidationError) for a day to come, or before the last change already recorded.
        """
        if since > timezone.localdate():
            raise ValidationError("Un changement d’identité s’enregistre le jour où il prend effet, pas avant.")
        last = self.past_identities.order_by("-ends_on").first()
        starts_on = last.ends_on + timezone.timedelta(days=1) if last else self.opened_on
        if since <= starts_on:
            raise ValidationError(f"Un changement est déjà enregistré au {starts_on:%d/%m/%Y}.")
        before = {name: getattr(self, name) for name in self.IDENTITY}
        ends_on = since - timezone.timedelta(days=1)
        PastIdentity.objects.create(establishment=self, starts_on=starts_on, ends_on=ends_on, **before)
        for name, value in changes.items():
            if name not in self.IDENTITY:
                raise ValueError(name)
            setattr(self, name, value)
        self.save()


class PastIdentity(IdentityFields):
    """What an establishment was before a change, between two dates."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="past_identities", verbose_name=said("{establishment}")
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    class Meta:
        verbose_name = "identité passée"
        verbose_name_plural = "identités passées"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("past_identity_dates_in_order"),
            NoOverlap(
                name="past_identity_no_overlap",
                fields=["establishment"],
                violation_error_message="Une identité est déjà enregistrée sur cette période.",
            ),
        ]

    def __str__(self):
        return self.name


class ImportKey(models.Model):
    """The key of an establishment in one source, so that a second import recognises it."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="import_keys", verbose_name=said("{establishment}")
    )
    source = models.CharField("source", max_length=60)
    key = models.CharField("clé", max_length=250)

    class Meta:
        verbose_name = "clé d’import"
        verbose_name_plural = "clés d’import"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="import_key_once")]

    def __str__(self):
        return f"{self.source} : {self.key}"


class EstablishmentOwnedQuerySet(models.QuerySet):
    """Base of every queryset whose rows belong to an establishment: it only says how to reach it."""

    establishment_lookup = "establishment"

    def visible_to(self, user, capability=Capability.VIEW, on=None):
        return self.filter(**{f"{self.establishment_lookup}__in": reached(user, capability, on)})

    def known_to(self, user):
        """Rows whose existence the user may know: outside, a page is a 404; inside, at worst a 403."""
        return self.visible_to(user, Capability.SUMMARY)

    def of(self, establishment):
        return self.filter(**{self.establishment_lookup: establishment})

    def within(self, territory):
        """Rows of the houses attached to a territory or below it today."""
        houses = Establishment.objects.within(territory).order_by().values("pk")
        return self.filter(**{f"{self.establishment_lookup}__in": houses})

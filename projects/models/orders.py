import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core.french import full_date
from core.jobs import notify
from core.models import User
from establishments.around import territories_around
from establishments.models import Capability, JournalHead, Mandate, Territory, record, roles_with
from establishments.workflow import StaleVersion, TransitionRefused, transition

from .. import retention
from .scope import TerritoryOwnedQuerySet

GIVE, CARRY, READ = Capability.GIVE_ORDERS, Capability.CARRY_ORDERS, Capability.READ_ORDERS


def document_path(document, filename):
    """A random name on disk: the name given by the person never reaches the file system."""
    return f"commandes/{timezone.now():%Y/%m}/{uuid.uuid4()}.{filename.rsplit('.', 1)[-1].lower()[:8]}"


class ServiceOrderQuerySet(TerritoryOwnedQuerySet):
    def visible_to(self, user, capability=READ, on=None):
        """Those of the territories that give them; once sent, those received in or above what the user reaches."""
        rows = Q(territory__in=Territory.objects.visible_to(user, GIVE, on).order_by().values("pk"))
        if capability != GIVE:
            here = territories_around(user, capability, on)
            received = OrderAddressee.objects.filter(territory__in=here).order_by().values("order")
            rows |= Q(pk__in=received) & ~Q(status=ServiceOrder.Status.DRAFT)
        return self.filter(rows)

    def known_to(self, user):
        return self.visible_to(user, READ)

    def addressed_to(self, territory):
        """To the territory or to one below it."""
        below = Territory.objects.within(territory).order_by().values("pk")
        return self.filter(pk__in=OrderAddressee.objects.filter(territory__in=below).order_by().values("order"))

    def unseen(self):
        """Sent, and not acknowledged by everybody."""
        lines = OrderAddressee.objects.open().filter(status=OrderAddressee.Status.UNSEEN)
        return self.filter(pk__in=lines.order_by().values("order"))

    def late(self, today):
        """Past the date of an addressee who is not done."""
        lines = OrderAddressee.objects.open().annotate(day=Coalesce("due_on", "order__due_on"))
        return self.filter(pk__in=lines.filter(day__lt=today).order_by().values("order"))

    def to_purge(self, today):
        """Closed or withdrawn, and past the time that the rule keeps them after their date."""
        over = self.filter(status__in=[ServiceOrder.Status.CLOSED, ServiceOrder.Status.WITHDRAWN])
        return over.filter(due_on__lt=retention.over_before("order", today))

    def with_progress(self):
        done = OrderAddressee.SETTLED
        return self.annotate(
            n_addressees=Count("addressees", distinct=True),
            n_seen=Count("addressees", filter=~Q(addressees__status="unseen"), distinct=True),
            n_done=Count("addressees", filter=Q(addressees__status__in=done), distinct=True),
        )


class ServiceOrder(models.Model):
    """One order given to territories by a direction: what, before when, with which load; who acknowledged, who did."""

    class Issuer(models.TextChoices):
        CHILDHOOD = "childhood", "direction de la petite enfance"
        SCHOOLS = "schools", "direction des affaires scolaires"
        BOTH = "both", "les deux directions"

    class Status(models.TextChoices):
        DRAFT = "draft", "en préparation"
        SENT = "sent", "envoyée"
        CLOSED = "closed", "close"
        WITHDRAWN = "withdrawn", "retirée"

    AMENDABLE = ["issuer", "title", "text", "due_on", "workload_days"]

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="given_orders", verbose_name="par")
    issuer = models.CharField("donneur d’ordre", max_length=10, choices=Issuer, default=Issuer.CHILDHOOD)
    title = models.CharField("commande", max_length=160)
    text = models.TextField("ce qui est attendu", blank=True)
    due_on = models.DateField("échéance")
    workload_days = models.DecimalField(
        "charge estimée (jours, pour chacun)",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.DRAFT)
    despite = models.TextField("envoyée malgré un conflit de dates", blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    sent_on = models.DateField("envoyée le", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    version = models.PositiveIntegerField("version", default=0, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = ServiceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "commande"
        verbose_name_plural = "commandes"
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="order_sent_is_signed",
                condition=Q(status__in=["draft", "withdrawn"]) | Q(sent_by__isnull=False, sent_on__isnull=False),
                violation_error_message="Une commande envoyée dit par qui et quand.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:order_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def prepare(self, *, by, places):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.created_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                self._address(places)
                record("commande préparée", self, by=by, territory=self.territory)
        return known or self

    def amend(self, *, by, seen, places):
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
            locked._address(places)
            record("commande modifiée", locked, by=by, territory=locked.territory)
        self.version = locked.version

    def _address(self, places):
        kept = [place.pk for place in places]
        self.addressees.exclude(territory__in=kept).delete()
        there = set(self.addressees.values_list("territory", flat=True))
        rows = [OrderAddressee(order=self, territory_id=pk) for pk in kept if pk not in there]
        OrderAddressee.objects.bulk_create(rows)

    def move(self, day, *, by):
        """Another date for everybody, chosen among those that clash with nothing."""
        note = f"au {full_date(day)}"
        with transition(self, by=by, verb="échéance déplacée", from_status=[self.Status.DRAFT], note=note) as order:
            order.due_on, order.version = day, order.version + 1
            order.addressees.update(due_on=None)

    def send(self, *, by, text=""):
        """To every addressee; a clash of dates is refused unless its reason is said."""
        from ..order_facts import around

        with transition(self, by=by, verb="commande envoyée", from_status=[self.Status.DRAFT], note=text) as order:
            if not order.addressees.exists():
                raise TransitionRefused("Choisissez au moins un destinataire.")
            found, _ = around(order, timezone.localdate())
            if found and not text.strip():
                raise TransitionRefused("Des dates se heurtent\u00a0: changez l’échéance, ou dites pourquoi.")
            order.status, order.despite = self.Status.SENT, text if found else ""
            order.sent_by, order.sent_on = by, timezone.localdate()
            for row in order.addressees.select_related("territory"):
                row.tell(order)

    def withdraw(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        start = [self.Status.DRAFT, self.Status.SENT]
        with transition(self, by=by, verb="commande retirée", from_status=start, note=text) as order:
            order.status = self.Status.WITHDRAWN

    def close(self, *, by):
        with transition(self, by=by, verb="commande close", from_status=[self.Status.SENT]) as order:
            order.status = self.Status.CLOSED


class OrderAddresseeQuerySet(TerritoryOwnedQuerySet):
    def visible_to(self, user, capability=READ, on=None):
        """The lines of the orders that the user reads; carried by who holds the territory itself."""
        if capability == CARRY:
            places = Territory.objects.visible_to(user, CARRY, on).order_by().values("pk")
            return self.filter(territory__in=places).exclude(order__status=ServiceOrder.Status.DRAFT)
        return self.filter(order__in=ServiceOrder.objects.visible_to(user, capability, on).order_by().values("pk"))

    def known_to(self, user):
        return self.visible_to(user, READ)

    def open(self):
        return self.filter(order__status=ServiceOrder.Status.SENT, status__in=OrderAddressee.OPEN)


class OrderAddressee(models.Model):
    """One territory that an order is addressed to: whether it saw it, where it stands."""

    class Status(models.TextChoices):
        UNSEEN = "unseen", "à accuser"
        SEEN = "seen", "reçue"
        RUNNING = "running", "en cours"
        DONE = "done", "faite"
        IMPOSSIBLE = "impossible", "impossible"

    OPEN = [Status.UNSEEN, Status.SEEN, Status.RUNNING]
    SETTLED = [Status.DONE, Status.IMPOSSIBLE]

    order = models.ForeignKey(
        ServiceOrder, on_delete=models.CASCADE, related_name="addressees", verbose_name="commande"
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="received_orders", verbose_name="destinataire"
    )
    due_on = models.DateField("échéance propre", null=True, blank=True)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.UNSEEN)
    note = models.TextField("précision", blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    seen_on = models.DateField("reçue le", null=True, editable=False)
    settled_on = models.DateField("faite le", null=True, editable=False)

    objects = OrderAddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = "destinataire d’une commande"
        verbose_name_plural = "destinataires des commandes"
        ordering = ["territory__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "territory"], name="order_addressee_once"),
            models.CheckConstraint(
                name="order_addressee_is_signed",
                condition=Q(status="unseen") | Q(seen_by__isnull=False, seen_on__isnull=False),
                violation_error_message="Un accusé de réception dit par qui et quand.",
            ),
            models.CheckConstraint(
                name="order_impossible_says_why",
                condition=~Q(status="impossible") | ~Q(note=""),
                violation_error_message="Dites pourquoi c’est impossible.",
            ),
        ]

    def __str__(self):
        return f"{self.territory}, {self.order}"

    @property
    def owning_territory(self):
        return self.territory

    @property
    def expected_on(self):
        return self.due_on or self.order.due_on

    def reschedule(self, day, *, by):
        """Its own date, in a draft only; the common one again when `day` is None."""
        with transaction.atomic():
            JournalHead.locked()
            order = ServiceOrder._base_manager.select_for_update(of=("self",)).get(pk=self.order_id)
            if order.status != ServiceOrder.Status.DRAFT:
                raise TransitionRefused(f"Elle ne se modifie plus\u00a0: {order.get_status_display()}.")
            self.due_on = day
            self.save()
            note = f"{self.territory}, {full_date(day)}" if day else f"{self.territory}, comme les autres"
            record("échéance propre", order, by=by, note=note, territory=order.territory)

    def acknowledge(self, *, by):
        self._step(by, "commande reçue", [self.Status.UNSEEN], self.Status.SEEN)

    def start(self, *, by, text=""):
        self._step(by, "commande commencée", [self.Status.UNSEEN, self.Status.SEEN], self.Status.RUNNING, text)

    def finish(self, *, by, text=""):
        self._step(by, "commande faite", self.OPEN, self.Status.DONE, text)

    def refuse(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi c’est impossible.")
        self._step(by, "commande impossible", self.OPEN, self.Status.IMPOSSIBLE, text)

    def _step(self, by, verb, start, status, text=""):
        with transition(self, by=by, verb=verb, from_status=start, note=text) as row:
            if row.order.status != ServiceOrder.Status.SENT:
                raise TransitionRefused(f"Cette commande ne se suit plus\u00a0: {row.order.get_status_display()}.")
            row.status, row.note = status, text or row.note
            row.seen_by, row.seen_on = row.seen_by or by, row.seen_on or timezone.localdate()
            row.settled_on = timezone.localdate() if status in self.SETTLED else None

    def tell(self, order):
        """Those who carry orders over this very territory."""
        own = Mandate.objects.active_on(timezone.localdate()).filter(territory=self.territory)
        people = own.filter(role__in=roles_with(CARRY)).order_by().values("user")
        notify(
            User.objects.filter(is_active=True, pk__in=people).order_by("pk"),
            event=f"commande-{order.pk}-{self.territory_id}",
            title="Une commande pour votre territoire",
            body=f"{order.title} ({order.get_issuer_display()}), avant le {full_date(self.due_on or order.due_on)}.",
            url=order.get_absolute_url(),
        )


class OrderDocumentQuerySet(models.QuerySet):
    def visible_to(self, user, capability=READ, on=None):
        return self.filter(order__in=ServiceOrder.objects.visible_to(user, capability, on).order_by().values("pk"))

    def known_to(self, user):
        return self.visible_to(user, READ)


class OrderDocument(models.Model):
    """A file that goes with an order; the same content is there once."""

    order = models.ForeignKey(
        ServiceOrder, on_delete=models.CASCADE, related_name="documents", verbose_name="commande"
    )
    file = models.FileField("fichier", upload_to=document_path)
    filename = models.CharField("nom du fichier", max_length=160)
    content_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = OrderDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce d’une commande"
        verbose_name_plural = "pièces des commandes"
        ordering = ["filename", "pk"]
        constraints = [models.UniqueConstraint(fields=["order", "digest"], name="order_document_once")]

    def __str__(self):
        return self.filename

    def get_absolute_url(self):
        return reverse("projects:order_document", args=[self.pk])

    @classmethod
    def deposit(cls, order, upload, *, by):
        with transaction.atomic():
            JournalHead.locked()
            same = cls.objects.filter(order=order, digest=upload.digest).first()
            if same is not None:
                return same
            row = cls(order=order, filename=upload.filename, content_type=upload.content_type, uploaded_by=by)
            row.size, row.digest = upload.size, upload.digest
            row.file = ContentFile(upload.content, name=f"piece.{upload.extension}")
            row.save()
            record("pièce jointe à une commande", order, by=by, note=row.filename, territory=order.territory)
        return row

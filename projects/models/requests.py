import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core.calendar import add_working_days, working_days_between
from core.constraints import Refused
from core.french import counted, full_date
from core.jobs import notify
from establishments.around import territories_around
from establishments.models import Capability, Establishment, JournalHead, Territory, record
from establishments.search import AROUND, TOLD
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from .. import retention
from ..relay import first_owner, head_of
from ..searching.requests import index_request

DELAY_DAYS = 10
ESCALATED_AFTER = 2  # working days late before the head of the owner is told
READING = (Capability.READ_TRANSMITTED, Capability.SUMMARY)


class ServiceRequestQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        """The questions of the houses and territories reached; once answered, those told around as well."""
        houses = Establishment.objects.visible_to(user, capability, on).order_by().values("pk")
        territories = Territory.objects.visible_to(user, capability, on).order_by().values("pk")
        rows = Q(establishment__in=houses) | Q(territory__in=territories)
        if capability in READING:
            told = Q(status__in=ServiceRequest.SETTLED, broadcast__in=territories_around(user, TOLD, on))
            rows |= told
        return self.filter(rows)

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def within(self, territory):
        below = Territory.objects.within(territory).order_by().values("pk")
        houses = Establishment.objects.within(territory).order_by().values("pk")
        return self.filter(Q(territory__in=below) | Q(establishment__in=houses))

    def open(self):
        """Not answered yet."""
        return self.filter(status__in=ServiceRequest.OPEN)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)

    def to_purge(self, today):
        """Answered or withdrawn, and past the time that the rule keeps them."""
        over = self.filter(purged_at__isnull=True).exclude(status__in=ServiceRequest.OPEN)
        # A question withdrawn was never answered: its time runs from the day it was due.
        return over.annotate(over_on=Coalesce("answered_on", "due_on")).filter(
            over_on__lt=retention.over_before("request", today)
        )


class ServiceRequest(models.Model):
    """A question of the field: who answers it, before when, what was answered and to whom it is told."""

    class Status(models.TextChoices):
        ASKED = "asked", "posée"
        TAKEN = "taken", "prise en charge"
        RELAYED = "relayed", "relayée"
        ANSWERED = "answered", "répondue"
        CLOSED = "closed", "close"
        WITHDRAWN = "withdrawn", "retirée"

    OPEN = [Status.ASKED, Status.TAKEN, Status.RELAYED]
    SETTLED = [Status.ANSWERED, Status.CLOSED]

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="service_requests",
        verbose_name=said("{establishment}"),
    )
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="service_requests",
        verbose_name="territoire",
    )
    title = models.CharField("question", max_length=160)
    text = models.TextField("précisions", blank=True)
    delay_days = models.PositiveSmallIntegerField(
        "réponse attendue sous (jours ouvrés)",
        default=DELAY_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="posée par"
    )
    asked_on = models.DateField("posée le", default=timezone.localdate, editable=False)
    due_on = models.DateField("réponse attendue le", editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_requests",
        verbose_name="chez",
    )
    service = models.CharField("service saisi", max_length=120, blank=True)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    same_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="twins",
        editable=False,
        verbose_name="même question que",
    )
    answer = models.TextField("réponse", blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_on = models.DateField("répondue le", null=True, editable=False)
    broadcast = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="told_requests",
        verbose_name="réponse visible dans",
    )
    purged_at = models.DateTimeField("textes effacés le", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        verbose_name_plural = "demandes"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="request_comes_from_one_place",
                condition=Q(establishment__isnull=True) ^ Q(territory__isnull=True),
                violation_error_message="Une demande vient d’un lieu ou d’un territoire, l’un des deux.",
            ),
            models.CheckConstraint(
                name="request_answer_is_complete",
                condition=~Q(status__in=["answered", "closed"])
                | (
                    Q(answered_by__isnull=False, answered_on__isnull=False)
                    & (~Q(answer="") | Q(same_as__isnull=False) | Q(purged_at__isnull=False))
                ),
                violation_error_message="Une demande répondue porte sa réponse, son auteur et sa date.",
            ),
            models.CheckConstraint(
                name="request_not_its_own_twin",
                condition=~Q(same_as=F("id")),
                violation_error_message="Une demande n’est pas la même qu’elle-même.",
            ),
            models.CheckConstraint(
                name="request_purged_is_empty",
                condition=Q(purged_at__isnull=True) | Q(text="", answer="", service="", owner__isnull=True),
                violation_error_message="Une demande purgée ne raconte plus rien.",
            ),
            # Once closed, it is only ever emptied, once, at the end of its time (projects/purging.py).
            Refused(
                name="request_frozen",
                on_update="OLD.status = 'closed' AND (OLD.purged_at IS NOT NULL OR NEW.purged_at IS NULL)",
                on_delete="OLD.status = 'closed'",
                violation_error_message="La demande est close\u00a0: elle ne se modifie plus.",
            ),
        ]
        indexes = [models.Index(fields=["owner", "status", "due_on"], name="request_by_owner")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:request_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def owning_territory(self):
        return self.territory

    @property
    def place(self):
        """The house or the territory that asks."""
        return self.establishment or self.territory

    @property
    def given_answer(self):
        """Its own answer, or that of the question it was grouped with."""
        return self.answer or (self.same_as.answer if self.same_as_id else "")

    @property
    def search_scope(self):
        if self.status in self.SETTLED and self.broadcast_id:
            return AROUND, self.broadcast_id
        if self.establishment_id:
            return "establishment", self.establishment_id
        return "territory", self.territory_id

    def days_open(self, today):
        """Working days between the question and its answer, or today."""
        return working_days_between(self.asked_on, self.answered_on or today)

    def days_late(self, today):
        """Working days past the expected day; 0 while it is not over, or once settled."""
        late = self.status in self.OPEN and self.due_on < today
        return max(working_days_between(self.due_on, today), 1) if late else 0

    def ask(self, *, by):
        """Create once: the closest person who may answer owns it, the delay runs in working days."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.asked_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.asked_by, self.asked_on = by, timezone.localdate()
                self.due_on = add_working_days(self.asked_on, self.delay_days)
                self.owner = first_owner(self, by, self.asked_on)
                self.save(force_insert=True)
                record("demande posée", self, by=by, establishment=self.establishment, territory=self.territory)
                index_request(self)
                self._tell([self.owner], "posee", "Une demande vous attend", f"Réponse attendue {self._until()}.")
        return known or self

    def take(self, *, by):
        start = [self.Status.ASKED, self.Status.RELAYED]
        with transition(self, by=by, verb="demande prise en charge", from_status=start) as request:
            request.status, request.owner, request.escalated_to = self.Status.TAKEN, by, None

    def relay(self, *, by, owner, seen, service="", text=""):
        """Give it to somebody else; `seen` is the owner shown when it was decided: a relay made meanwhile stands."""
        note = "\u202f; ".join(filter(None, [f"à {owner}", service, text]))
        with transition(self, by=by, verb="demande relayée", from_status=self.OPEN, note=note) as request:
            if str(request.owner_id or "") != str(seen):
                raise TransitionRefused(f"Déjà relayée\u00a0: elle est chez {request.owner}.")
            if owner.pk == request.owner_id and service == request.service:
                raise TransitionRefused(f"Elle est déjà chez {owner}.")
            request.status, request.owner, request.service = self.Status.RELAYED, owner, service
            request.escalated_to = None
            body = f"Relayée par {by}. Réponse attendue {request._until()}."
            request._tell([owner], f"relayee-{owner.pk}", "Une demande vous est relayée", body)

    def reply(self, *, by, answer, broadcast=None):
        """One answer for this question and for those grouped with it."""
        if not answer.strip():
            raise TransitionRefused("Écrivez la réponse.")
        with transition(self, by=by, verb="demande répondue", from_status=self.OPEN) as request:
            if request.same_as_id:
                raise TransitionRefused("Cette demande est groupée\u00a0: répondez à celle qui la porte.")
            request.answer, request.broadcast, request.escalated_to = answer, broadcast, None
            request._settle(by, timezone.localdate(), broadcast)
            for twin in request.twins.select_for_update(of=("self",)).filter(status__in=self.OPEN).order_by("pk"):
                twin.same_as = request
                twin._settle(by, timezone.localdate(), None)
                twin.save()
                places = {"establishment": twin.establishment, "territory": twin.territory}
                record("demande répondue avec une autre", twin, by=by, note=request.title, **places)

    def _settle(self, by, day, broadcast):
        self.status, self.answered_by, self.answered_on = self.Status.ANSWERED, by, day
        self.escalated_to = None
        index_request(self)
        self._tell([self.asked_by], f"repondue-{day}", "Une réponse à votre demande", "Lisez-la, puis closez.")

    def close(self, *, by):
        with transition(self, by=by, verb="demande close", from_status=[self.Status.ANSWERED]) as request:
            request.status = self.Status.CLOSED

    def contest(self, *, by, text):
        """The answer does not answer: back to who gave it, with a new delay."""
        if not text.strip():
            raise TransitionRefused("Dites ce qui manque.")
        verb = "réponse à compléter"
        with transition(self, by=by, verb=verb, from_status=[self.Status.ANSWERED], note=text) as request:
            request.status, request.same_as, request.owner = self.Status.TAKEN, None, request.answered_by
            request.answer, request.broadcast = request.given_answer, None
            request.due_on = add_working_days(timezone.localdate(), request.delay_days)
            request.answered_by = request.answered_on = None
            index_request(request)
            body = f"{text}\n\nRéponse attendue {request._until()}."
            request._tell([request.owner], f"manque-{request.due_on}", "Une réponse à compléter", body)

    def withdraw(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi.")
        with transition(self, by=by, verb="demande retirée", from_status=self.OPEN, note=text) as request:
            request.status, request.same_as = self.Status.WITHDRAWN, None

    def group(self, main, *, by):
        """The same question as `main`: its answer, given or to come, serves both."""
        verb = "demande groupée"
        with transition(self, by=by, verb=verb, from_status=self.OPEN, note=main.title) as request:
            found = type(self)._base_manager.select_for_update(of=("self",)).get(pk=main.pk)
            if found.pk == request.pk or found.same_as_id or found.status == self.Status.WITHDRAWN:
                raise TransitionRefused("Cette demande ne peut pas en porter une autre.")
            request.twins.update(same_as=found)
            request.same_as = found
            if found.status in self.SETTLED:
                request._settle(found.answered_by, timezone.localdate(), None)

    def ungroup(self, *, by):
        with transition(self, by=by, verb="demande dégroupée", from_status=self.OPEN) as request:
            request.same_as = None

    def escalate(self, *, today):
        """Too late: the head of the owner is told, once. Returns her, or None."""
        with transaction.atomic():
            JournalHead.locked()
            request = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if request.escalated_to_id or request.days_late(today) < ESCALATED_AFTER or request.same_as_id:
                return None
            request.escalated_to = head_of(request, today)
            if request.escalated_to is None:
                return None
            request.save()
            where = {"establishment": request.establishment, "territory": request.territory}
            record("demande en retard signalée", request, by=None, note=str(request.escalated_to), **where)
            late = counted(request.days_late(today), "jour ouvré", "jours ouvrés")
            body = f"Chez {request.owner or 'personne'}, en retard de {late}."
            request._tell([request.escalated_to], "tete", "Une demande reste sans réponse", body)
        return request.escalated_to

    def _until(self):
        return f"avant le {full_date(self.due_on)}"

    def _tell(self, people, step, title, body):
        notify(
            [person for person in people if person is not None],
            event=f"demande-{self.pk}-{step}",
            title=title,
            body=f"{self.title} ({self.place}). {body}",
            url=self.get_absolute_url(),
        )

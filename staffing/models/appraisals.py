"""Annual appraisals: dates in clear, texts sealed; read by the person, her coordinator and the head of the pôle."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.sealing import seal, unseal
from establishments.models import Capability, Establishment
from establishments.models.establishments import reached
from establishments.vocabulary import said

from ..appraisals import rules
from ..appraisals.steps import AppraisalSteps


class AppraisalQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.SUMMARY, on=None):
        """Hers to read and to sign; those of the houses where the user appraises, to read and to conduct.

        Nobody conducts her own, and a colleague, a deputy or another director does not know that it exists.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Q(person=user)
        if capability == Capability.SIGN_APPRAISAL:
            return self.filter(mine)
        conducted = Q(establishment__in=reached(user, Capability.APPRAISE, on))
        if capability == Capability.APPRAISE:
            return self.filter(conducted).exclude(mine)
        return self.filter(conducted | mine)

    def known_to(self, user):
        return self.visible_to(user)

    def within(self, territory):
        return self.filter(establishment__in=Establishment.objects.within(territory).order_by().values("pk"))

    def live(self):
        return self.exclude(status=Appraisal.Status.CANCELLED)

    def to_purge(self, today):
        return self.filter(purged_at__isnull=True, year__lt=today.year - rules.YEARS)


class SealedText:
    """A text that the database holds closed, read and written in clear: "" when there is none."""

    def __init__(self, column):
        self.column = column

    def __get__(self, row, owner=None):
        closed = getattr(row, self.column)
        return unseal(closed) if closed is not None else ""

    def __set__(self, row, text):
        setattr(row, self.column, seal(text) if text else None)


class Appraisal(AppraisalSteps, models.Model):
    """The appraisal of one person for one year: convened, held, notified, signed."""

    class Status(models.TextChoices):
        CONVENED = "convened", "convoqué"
        HELD = "held", "tenu, à notifier"
        NOTIFIED = "notified", "notifié"
        SIGNED = "signed", "signé"
        CANCELLED = "cancelled", "annulé"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="+", verbose_name=said("{establishment}")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appraisals", verbose_name="personne"
    )
    year = models.PositiveSmallIntegerField("année")
    status = models.CharField("état", max_length=10, choices=Status, default=Status.CONVENED)
    convened_on = models.DateField("convocation remise le")
    meeting_on = models.DateField("entretien prévu le")
    held_on = models.DateField("entretien tenu le", null=True, blank=True)
    notified_on = models.DateField("compte rendu notifié le", null=True, blank=True)
    signed_on = models.DateField("signé le", null=True, blank=True)
    led_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="conduit par"
    )
    sealed_report = models.BinaryField("compte rendu chiffré", null=True, editable=False)
    sealed_reply = models.BinaryField("observations chiffrées", null=True, editable=False)
    version = models.PositiveIntegerField("version du texte", default=0, editable=False)
    purged_at = models.DateTimeField("textes effacés le", null=True, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, editable=False)

    report, reply = SealedText("sealed_report"), SealedText("sealed_reply")
    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = "entretien annuel"
        verbose_name_plural = "entretiens annuels"
        ordering = ["-year", "meeting_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"],
                condition=~Q(status="cancelled"),
                name="appraisal_one_a_year",
                violation_error_message="Cette personne a déjà un entretien annuel cette année-là.",
            ),
            models.CheckConstraint(
                name="appraisal_stamps_follow_status",
                condition=Q(status__in=["convened", "cancelled"], held_on__isnull=True, notified_on__isnull=True)
                | Q(status="held", held_on__isnull=False, notified_on__isnull=True, signed_on__isnull=True)
                | Q(status="notified", held_on__isnull=False, notified_on__isnull=False, signed_on__isnull=True)
                | Q(status="signed", notified_on__isnull=False, signed_on__isnull=False),
                violation_error_message="Un entretien porte la date de chaque étape franchie.",
            ),
            models.CheckConstraint(
                name="appraisal_purged_is_empty",
                condition=Q(purged_at__isnull=True) | Q(sealed_report__isnull=True, sealed_reply__isnull=True),
                violation_error_message="Un entretien purgé ne contient plus de texte.",
            ),
        ]

    def __str__(self):
        return f"entretien annuel {self.year}"  # the journal keeps this line: neither name nor house

    def get_absolute_url(self):
        return reverse("staffing:appraisal", args=[self.pk])

    @property
    def notify_before(self):
        return rules.notify_before(self.held_on) if self.held_on else None

    @property
    def late_days(self):
        """Days between the last day to notify and the notification; 0 in time."""
        return max(0, (self.notified_on - self.notify_before).days) if self.notified_on else 0


class AppraisalObjective(models.Model):
    """One objective of an appraisal: its text sealed, its state and its date in clear."""

    class State(models.TextChoices):
        OPEN = "open", "à engager"
        ON_COURSE = "on_course", "en cours"
        REACHED = "reached", "atteint"
        PARTLY = "partly", "atteint en partie"
        MISSED = "missed", "non atteint"
        DROPPED = "dropped", "abandonné"

    appraisal = models.ForeignKey(
        Appraisal, on_delete=models.CASCADE, related_name="objectives", verbose_name="entretien annuel"
    )
    sealed = models.BinaryField("objectif chiffré", editable=False)
    due_on = models.DateField("pour le", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.OPEN)
    client_uuid = models.UUIDField("clé de saisie", unique=True, editable=False)

    text = SealedText("sealed")

    class Meta:
        verbose_name = "objectif d’un entretien annuel"
        verbose_name_plural = "objectifs d’entretiens annuels"
        ordering = ["appraisal", "pk"]

    def __str__(self):
        return f"objectif {self.get_state_display()}"

"""The weekly CRA of each territory, sentence by sentence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.constraints import Frozen, FrozenChild
from core.french import day_month, full_date
from core.sources import Document
from establishments.models import Capability, Mandate, Role, Territory, TerritoryLink, roles_with

from ..telling.spans import Week
from ..telling.steps import ToldLine
from ..weekly.sentences import SECTIONS
from ..weekly.steps import WeeklySteps

DOCUMENT = "dashboard.weeklyreport"


class WeeklyReportQuerySet(models.QuerySet):
    def visible_to(self, user, capability=Capability.VIEW_AGGREGATES, on=None):
        """Those who write it see it from the first draft; those who read the aggregates of the territory, and the
        coordinators of the circonscription, once it is sent."""
        written = Q(territory__in=self.written_by(user, on))
        if capability == Capability.WRITE_WEEKLY:
            return self.filter(written)
        reads = Capability.VIEW_AGGREGATES if capability == Capability.SUMMARY else capability
        places = Territory.objects.visible_to(user, reads, on).order_by().values("pk")
        read = Q(territory__in=places)
        if reads == Capability.VIEW_AGGREGATES:
            read |= Q(territory__in=self.around(user, on))
        return self.filter(written | Q(status=WeeklyReport.Status.SENT) & read)

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def within(self, territory):
        """Reports of the territory itself and of those below it."""
        return self.filter(territory__in=Territory.objects.within(territory).order_by().values("pk"))

    @staticmethod
    def around(user, on=None):
        """Ids of the territories of the circonscription that a coordinator works in: she reads what is sent there."""
        held = Mandate.objects.held_by(user, [Role.COORDINATOR], on).order_by().values("territory")
        divisions = TerritoryLink.objects.filter(descendant__in=held, ancestor__kind=Territory.Kind.DIVISION)
        return TerritoryLink.objects.filter(ancestor__in=divisions.values("ancestor")).values("descendant")

    @staticmethod
    def written_by(user, on=None):
        """Ids of the territories she holds herself: a mandate above does not write in the name of those below."""
        held = Mandate.objects.held_by(user, roles_with(Capability.WRITE_WEEKLY), on)
        return held.filter(territory__isnull=False).order_by().values("territory")

    def drafts(self):
        return self.filter(status=WeeklyReport.Status.DRAFT)

    def sent(self):
        return self.filter(status=WeeklyReport.Status.SENT)

    def below(self, report):
        """The reports of the same week of the territories under this one's."""
        return self.within(report.territory).filter(last_on=report.last_on).exclude(pk=report.pk)


class WeeklyReport(WeeklySteps, models.Model):
    """The CRA of one territory for the seven days that end on a Thursday."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en rédaction"
        SENT = "sent", "envoyé"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="weekly_reports", verbose_name="territoire"
    )
    last_on = models.DateField("semaine close le")
    status = models.CharField("état", max_length=10, choices=Status, default=Status.DRAFT)
    drafted_at = models.DateTimeField("rédigé le", default=timezone.now, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    sent_at = models.DateTimeField("envoyé le", null=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, editable=False)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "CRA hebdomadaire"
        verbose_name_plural = "CRA hebdomadaires"
        ordering = ["-last_on", "territory__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "last_on"],
                name="weekly_report_once",
                violation_error_message="Le CRA de cette semaine existe déjà.",
            ),
            models.CheckConstraint(
                name="weekly_report_sent_stamp",
                condition=Q(status="draft", sent_by__isnull=True, sent_at__isnull=True, fingerprint="")
                | (Q(status="sent", sent_by__isnull=False, sent_at__isnull=False) & ~Q(fingerprint="")),
                violation_error_message="Un CRA envoyé porte qui l’a envoyé, quand et son empreinte.",
            ),
            Frozen(
                name="weekly_report_frozen",
                when="{row}.status = 'sent'",
                violation_error_message="Un CRA envoyé ne change plus.",
            ),
        ]

    def __str__(self):
        return f"CRA {self.territory}, {self.title_days}"

    def get_absolute_url(self):
        return reverse("dashboard:weekly", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    @property
    def week(self) -> Week:
        return Week(self.territory_id, self.last_on)

    @property
    def document(self) -> Document:
        return Document(DOCUMENT, self.pk)

    @property
    def title_days(self) -> str:
        """ "du 13 au 19 novembre 2026"."""
        first = self.week.first
        start = str(first.day) if first.month == self.last_on.month else day_month(first)
        return f"du {'1er' if start == '1' else start} au {full_date(self.last_on)}"

    @property
    def is_editable(self) -> bool:
        return self.status == self.Status.DRAFT


class WeeklyLine(ToldLine, models.Model):
    """One sentence of a CRA: as it is drafted from the facts, as its author says it, or her own."""

    report = models.ForeignKey(WeeklyReport, on_delete=models.CASCADE, related_name="lines", verbose_name="CRA")
    key = models.CharField("phrase", max_length=80)
    section = models.CharField("rubrique", max_length=20, choices=SECTIONS.items())
    position = models.PositiveSmallIntegerField("ordre")
    proposed = models.TextField("texte proposé", blank=True)
    text = models.TextField("texte", blank=True)
    is_left_out = models.BooleanField("retirée", default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ajoutée par",
    )

    class Meta:
        verbose_name = "phrase du CRA"
        verbose_name_plural = "phrases du CRA"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"],
                name="weekly_line_once",
                violation_error_message="Cette phrase est déjà dans le CRA.",
            ),
            models.CheckConstraint(
                name="weekly_line_has_an_origin",
                condition=~Q(proposed="") | Q(author__isnull=False),
                violation_error_message="Une phrase vient des faits, ou de quelqu’un.",
            ),
            FrozenChild(
                name="weekly_line_frozen",
                when="EXISTS (SELECT 1 FROM dashboard_weeklyreport w WHERE w.id = {row}.report_id"
                " AND w.status = 'sent')",
                violation_error_message="Un CRA envoyé ne change plus.",
            ),
        ]

    def __str__(self):
        return self.text[:80]

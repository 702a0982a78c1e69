from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.compiled import subquery_once
from core.constraints import dates_in_order
from core.periods import active_on

from ..vocabulary import said
from .roles import Role, roles_pole_wide, roles_with
from .territories import Territory, TerritoryLink


class MandateQuerySet(models.QuerySet):
    def active_on(self, day):
        return self.filter(active_on(day))

    def held_by(self, user, roles, on=None):
        """Mandates that give rights on a day: none for a closed account or a visitor."""
        if not user.is_active or not user.is_authenticated:
            return self.none()
        return self.filter(user=user, role__in=roles).active_on(on or timezone.localdate())

    def covering_territories(self, user, capability, on=None):
        """Ids of the territories reached: those of the mandates and all below, widened to the pôle where it is so."""
        held = self.held_by(user, roles_with(capability), on).filter(territory__isnull=False)
        covered = TerritoryLink.objects.filter(ancestor__in=held.values("territory"))
        wide = roles_pole_wide(capability)
        if wide:
            neighbours = self.held_by(user, wide, on).filter(territory__isnull=False)
            poles = TerritoryLink.objects.filter(
                descendant__in=neighbours.values("territory"), ancestor__kind=Territory.Kind.POLE
            )
            covered = TerritoryLink.objects.filter(
                Q(ancestor__in=held.values("territory")) | Q(ancestor__in=poles.values("ancestor"))
            )
        return covered.values("descendant")


class Mandate(models.Model):
    """A user's role over a territory or one establishment, between two dates (an interim is one more mandate)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mandates", verbose_name="personne"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name="territoire"
    )
    establishment = models.ForeignKey(
        "establishments.Establishment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=said("{establishment}"),
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    is_interim = models.BooleanField("intérim", default=False)

    objects = MandateQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mandat"
        verbose_name_plural = "mandats"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mandate_covers_one_thing",
                condition=Q(territory__isnull=False, establishment__isnull=True)
                | Q(territory__isnull=True, establishment__isnull=False),
                violation_error_message=said(
                    "Un mandat porte sur un territoire ou {establishment.un}, l’un des deux."
                ),
            ),
            dates_in_order("mandate_dates_in_order"),
            models.CheckConstraint(
                name="mandate_interim_ends",
                condition=Q(is_interim=False) | Q(ends_on__isnull=False),
                violation_error_message="Un intérim a une date de fin.",
            ),
        ]
        indexes = [models.Index(fields=["user", "role", "starts_on"], name="mandate_by_user")]

    def __str__(self):
        return f"{self.user} — {self.get_role_display()} — {self.territory or self.establishment}"


def covered(user, capability, on=None):
    """For `__in=`: ids of the territories reached, as one compiled subquery; none for a closed account."""
    if not user.is_active or not user.is_authenticated:
        return []
    return _covered(user, on or timezone.localdate(), capability)


@subquery_once
def _covered(user, day, capability):
    return Mandate.objects.covering_territories(user, capability, day)

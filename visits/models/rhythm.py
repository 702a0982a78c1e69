from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.constraints import NoOverlap, dates_in_order

from .. import schedule


class CountingRuleQuerySet(models.QuerySet):
    def about(self, visits_kind="kind", day="visited_on"):
        """The rules of the kind and of the day of an outer visit."""
        ends = Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef(day))
        return self.filter(ends, kind=OuterRef(visits_kind), starts_on__lte=OuterRef(day)).order_by()


class CountingRule(models.Model):
    """Between two dates, whether a kind of visit counts for the two-month rule; without one, the practice decides.

    The practice (`schedule.COUNTING_KINDS`): the first five kinds, made on the spot. A rule replaces it for its kind.
    """

    kind = models.CharField("type de visite", max_length=20)
    counts = models.BooleanField("compte pour la règle des deux mois", default=True)
    remote_counts = models.BooleanField("à distance aussi", default=False)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = CountingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "visite qui compte"
        verbose_name_plural = "visites qui comptent"
        ordering = ["kind", "-starts_on"]
        constraints = [
            dates_in_order("counting_rule_dates_in_order"),
            NoOverlap(
                name="counting_rule_no_overlap",
                fields=["kind"],
                violation_error_message="Une règle existe déjà pour ce type de visite sur cette période.",
            ),
            models.CheckConstraint(
                name="counting_rule_never_an_appointment",
                condition=~Q(kind="appointment") | Q(counts=False),
                violation_error_message="Un rendez-vous n’est pas une visite : il ne compte jamais.",
            ),
            models.CheckConstraint(
                name="counting_rule_remote_counts_first",
                condition=Q(remote_counts=False) | Q(counts=True),
                violation_error_message="Ce qui ne compte pas sur place ne compte pas à distance.",
            ),
        ]

    def __str__(self):
        from .visits import VisitKind

        return f"{VisitKind(self.kind).label} : {'compte' if self.counts else 'ne compte pas'}"


def counts_for_the_rule(day="visited_on"):
    """The condition, on visits made, that one counts for the two-month rule on its own day. No query of its own.

    `day="planned_on"` asks it of visits to come.
    """
    rules = CountingRule.objects.about(day=day)
    practice = Q(kind__in=schedule.COUNTING_KINDS, is_on_site=True) & ~Exists(rules)
    by_rule = Exists(rules.filter(counts=True)) & Q(is_on_site=True)
    return practice | by_rule | Exists(rules.filter(counts=True, remote_counts=True))


def counting_rules():
    """Every rule as (kind, counts, remote counts, first day, last day): for what is computed in Python. One query."""
    return list(
        CountingRule.objects.order_by("pk").values_list("kind", "counts", "remote_counts", "starts_on", "ends_on")
    )


def counts_on(rules, kind, day, *, is_on_site=True):
    """`counts_for_the_rule` for one visit, in Python, from `counting_rules()`."""
    for about, counts, remote, starts_on, ends_on in rules:
        if about == kind and starts_on <= day and (ends_on is None or day <= ends_on):
            return counts and (is_on_site or remote)
    return kind in schedule.COUNTING_KINDS and is_on_site

"""« À traiter »: months to enter, to validate, to close, and those that are missing after the tenth."""

from django.db.models import Count
from django.urls import reverse

from core.attention import DECISION, LATE, SOON, AttentionItem
from core.calendar import add_months, month_end
from core.french import month_name, of, sentence_list
from establishments.models import Authorisation, Capability, Establishment, Mandate, Role
from establishments.vocabulary import words

from .models import MonthlyActivity
from .months import last_complete_month, written
from .overview import living
from .psu_attention import above_threshold

DUE_DAY = 10  # of the following month
NAMED = 3
Status = MonthlyActivity.Status
DECISIONS = {
    Status.SUBMITTED: ("validate", "à valider", "Soumise, non validée", "Valider", DECISION),
    Status.VALIDATED: ("close", "à clore", "Validée, à clore", "Clore", SOON),
}


def attention(user, today):
    """Five queries, whatever the number of houses."""
    month = last_complete_month(today)
    return [
        *_to_enter(user, month, today),
        *_to_decide(user),
        *_missing(user, month, today),
        *above_threshold(user, today),
    ]


def _due_on(month):
    return add_months(month, 1).replace(day=DUE_DAY)


def _without(houses, month):
    """Houses open in the month, with a known capacity, whose activity is not submitted."""
    sent = MonthlyActivity.objects.of_month(month).published().order_by().values("establishment")
    known = Authorisation.objects.touching(month, month_end(month)).order_by().values("establishment")
    return living(houses, month).filter(pk__in=known).exclude(pk__in=sent).order_by("name", "pk")


def _to_enter(user, month, today):
    """One's own house only: a coordinator can enter a month, she is not asked to."""
    mine = Mandate.objects.held_by(user, [Role.DIRECTOR], today).values("establishment")
    late = today > _due_on(month)
    for house in _without(
        Establishment.objects.visible_to(user, Capability.ENTER_ACTIVITY).filter(pk__in=mine), month
    ):
        yield AttentionItem(
            key=f"activity-to-enter-{house.pk}-{written(month)}",
            weight=LATE if late else SOON,
            title=f"Activité {of(month_name(month))} à saisir ({house})",
            reason=f"Attendue le {DUE_DAY} du mois suivant",
            url=f"{reverse('indicators:activity_edit', args=[house.pk])}?mois={written(month)}",
            button="Saisir",
            tone="alert" if late else "watch",
            due_on=_due_on(month),
        )


def _to_decide(user):
    """Months to validate, then months to close, in one query."""
    counts = _by_month(user, Capability.VALIDATE_ACTIVITY, Status.SUBMITTED)
    counts = sorted(counts.union(_by_month(user, Capability.CLOSE_ACTIVITY, Status.VALIDATED)))
    for month, status, n in counts:
        step, what, why, button, weight = DECISIONS[status]
        yield AttentionItem(
            key=f"activity-to-{step}-{written(month)}",
            weight=weight,
            title=f"Activité {of(month_name(month))} {what}",
            reason=f"{why}\u00a0: {words()['establishment'].counted(n)}",
            url=f"{reverse('indicators:overview')}?mois={written(month)}",
            button=button,
            tone="watch" if weight == DECISION else "info",
            due_on=_due_on(month),
        )


def _by_month(user, capability, status):
    rows = MonthlyActivity.objects.visible_to(user, capability).filter(status=status)
    return rows.order_by().values("month").annotate(n=Count("pk")).values_list("month", "status", "n")


def _missing(user, month, today):
    if today <= _due_on(month):
        return
    names = [
        str(house) for house in _without(Establishment.objects.visible_to(user, Capability.VALIDATE_ACTIVITY), month)
    ]
    if names:
        others = [f"{len(names) - NAMED} autres"] if len(names) > NAMED + 1 else names[NAMED:]
        yield AttentionItem(
            key=f"activity-missing-{written(month)}",
            weight=LATE,
            title=f"Activité {of(month_name(month))} manquante",
            reason=f"{words()['establishment'].counted(len(names))}\u00a0: {sentence_list([*names[:NAMED], *others])}",
            url=f"{reverse('indicators:overview')}?mois={written(month)}",
            button="Relancer",
            tone="alert",
            due_on=_due_on(month),
        )

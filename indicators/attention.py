"""« À traiter »: months to enter, to validate, to close, and those that are missing after the tenth."""

from django.db.models import CharField, Count, DateField, F, IntegerField, Value

from core.addresses import address
from core.attention import DECISION, LATE, SOON, AttentionItem
from core.calendar import add_months, month_end
from core.compiled import rows_once
from core.french import month_name, of, sentence_list
from core.unions import EMPTY, leg
from establishments.models import Authorisation, Capability, Establishment, Mandate, Role
from establishments.vocabulary import words

from .models import MonthlyActivity
from .months import last_complete_month, written
from .overview import living
from .psu_attention import above_threshold

DUE_DAY = 10  # of the following month
NAMED = 3
ENTER, MISSING = "enter", "missing"
Status = MonthlyActivity.Status
DECISIONS = {
    Status.SUBMITTED: ("validate", "à valider", "Soumise, non validée", "Valider", DECISION),
    Status.VALIDATED: ("close", "à clore", "Validée, à clore", "Clore", SOON),
}


def attention(user, today):
    """Two queries, whatever the number of houses, compiled once a day."""
    month = last_complete_month(today)
    found = {what: [] for what in (ENTER, MISSING, *DECISIONS)}
    for row in _months(user, month, today):
        found[row["what"]].append(row)
    return [
        *_to_enter(found[ENTER], month, today),
        *_to_decide({status: found[status] for status in DECISIONS}),
        *_missing(found[MISSING], month, today),
        *above_threshold(user, today),
    ]


@rows_once
def _months(user, month, today):
    """What is to enter, missing, to validate and to close: one union, `n` months of one status in the last two."""
    # One's own house only: a coordinator can enter a month, she is not asked to.
    mine = Mandate.objects.held_by(user, [Role.DIRECTOR], today).values("establishment")
    to_enter = Establishment.objects.visible_to(user, Capability.ENTER_ACTIVITY).filter(pk__in=mine)
    validated = Establishment.objects.visible_to(user, Capability.VALIDATE_ACTIVITY)
    one = {"house": F("name"), "of": Value(month, DateField()), "n": Value(1, IntegerField())}
    legs = [leg(_without(to_enter, month), ENTER, **one)]
    if today > _due_on(month):
        legs.append(leg(_without(validated, month), MISSING, **one))
    legs += [
        _by_month(user, Capability.VALIDATE_ACTIVITY, Status.SUBMITTED),
        _by_month(user, Capability.CLOSE_ACTIVITY, Status.VALIDATED),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("of", "house", "row")


def _by_month(user, capability, status):
    rows = MonthlyActivity.objects.visible_to(user, capability).filter(status=status).order_by().values("month")
    none = Value(None, IntegerField())
    rows = rows.annotate(what=Value(status.value, CharField()), row=none, house=EMPTY, of=F("month"), n=Count("pk"))
    return rows.values("what", "row", "house", "of", "n")


def _due_on(month):
    return add_months(month, 1).replace(day=DUE_DAY)


def _without(houses, month):
    """Houses open in the month, with a known capacity, whose activity is not submitted."""
    sent = MonthlyActivity.objects.of_month(month).published().order_by().values("establishment")
    known = Authorisation.objects.touching(month, month_end(month)).order_by().values("establishment")
    return living(houses, month).filter(pk__in=known).exclude(pk__in=sent)


def _to_enter(houses, month, today):
    late = today > _due_on(month)
    for house in houses:
        yield AttentionItem(
            key=f"activity-to-enter-{house['row']}-{written(month)}",
            weight=LATE if late else SOON,
            title=f"Activité {of(month_name(month))} à saisir ({house['house']})",
            reason=f"Attendue le {DUE_DAY} du mois suivant",
            url=f"{address('indicators:activity_edit', house['row'])}?mois={written(month)}",
            button="Saisir",
            tone="alert" if late else "watch",
            due_on=_due_on(month),
        )


def _to_decide(by_status):
    """Months to validate, then months to close."""
    found = [(row["of"], status, row["n"]) for status, rows in by_status.items() for row in rows]
    for month, status, n in sorted(found):
        step, what, why, button, weight = DECISIONS[status]
        yield AttentionItem(
            key=f"activity-to-{step}-{written(month)}",
            weight=weight,
            title=f"Activité {of(month_name(month))} {what}",
            reason=f"{why}\u00a0: {words()['establishment'].counted(n)}",
            url=f"{address('indicators:overview')}?mois={written(month)}",
            button=button,
            tone="watch" if weight == DECISION else "info",
            due_on=_due_on(month),
        )


def _missing(houses, month, today):
    names = [house["house"] for house in houses]
    if names:
        others = [f"{len(names) - NAMED} autres"] if len(names) > NAMED + 1 else names[NAMED:]
        yield AttentionItem(
            key=f"activity-missing-{written(month)}",
            weight=LATE,
            title=f"Activité {of(month_name(month))} manquante",
            reason=f"{words()['establishment'].counted(len(names))}\u00a0: {sentence_list([*names[:NAMED], *others])}",
            url=f"{address('indicators:overview')}?mois={written(month)}",
            button="Relancer",
            tone="alert",
            due_on=_due_on(month),
        )

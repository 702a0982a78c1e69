"""What the functioning reviews ask of a person today: one query, compiled once a day.

Whoever conducts: a review due in six, three or one months that nobody opened, one late, one to carry on. Whoever
validates: those whose opinion came, or whose time is over. Whoever answers: those transmitted, by deadline.
"""

from collections import Counter

from django.db.models import F
from django.urls import reverse

from core.attention import DECISION, LATE, SOON, AttentionItem
from core.calendar import add_months
from core.compiled import rows_once
from core.french import day_month, short_date
from core.unions import leg
from establishments.models import Capability

from ..models import FunctioningReview

CONDUCT, VALIDATE, ANSWER = "review-conduct", "review-validate", "review-answer"
WARNINGS = (1, 3, 6)  # months before the due day (domain 5.2)
MOST = 30


@rows_once
def _due(user, today):
    columns = {"house": F("establishment__name"), "state": F("status")}
    reviews = FunctioningReview.objects
    mine = reviews.visible_to(user, Capability.CONDUCT_REVIEW).to_conduct(today)
    mine = mine.exclude(status__in=FunctioningReview.TRANSMITTED)
    asked = reviews.visible_to(user, Capability.ANSWER_REPORT).filter(
        status=FunctioningReview.Status.ANSWERING, answered_at__isnull=True, answer_due_on__gte=today
    )
    legs = [
        leg(mine.filter(due_on__lte=add_months(today, max(WARNINGS))), CONDUCT, **columns, due=F("due_on")),
        leg(
            reviews.visible_to(user, Capability.VALIDATE_REVIEW).to_validate(today),
            VALIDATE,
            **columns,
            due=F("answer_due_on"),
        ),
        leg(asked, ANSWER, **columns, due=F("answer_due_on")),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("due", "row")


def asked(user, today):
    told = Counter()
    for row in _due(user, today):
        told[row["what"]] += 1
        if told[row["what"]] <= MOST:
            yield SAYINGS[row["what"]](row, today)


def months_left(due_on, today):
    """The warning reached: 1, 3 or 6 months before the due day; 0 once it is past."""
    if due_on < today:
        return 0
    return next(months for months in WARNINGS if due_on <= add_months(today, months))


def _to_conduct(row, today):
    left = months_left(row["due"], today)
    waiting = row["state"] == FunctioningReview.Status.SCHEDULED
    state = FunctioningReview.Status(row["state"]).label
    day = short_date(row["due"])
    when = f"à valider avant le {day}, dans moins de {left} mois" if left else f"échéance passée depuis le {day}"
    return AttentionItem(
        key=f"review-conduct-{row['row']}",
        weight=SOON if left else LATE,
        title=f"{row['house']}\u00a0: analyse de fonctionnement",
        reason=f"{str(state).capitalize()}, {when}.",
        url=reverse("visits:review", args=[row["row"]]),
        button="Ouvrir" if waiting else "Continuer",
        tone="info" if left > 1 else "watch" if left else "alert",
        due_on=row["due"],
    )


def _to_validate(row, today):
    return AttentionItem(
        key=f"review-validate-{row['row']}",
        weight=DECISION,
        title=f"{row['house']}\u00a0: analyse à valider",
        reason="L’avis est reçu, ou le délai pour le donner est passé.",
        url=reverse("visits:review", args=[row["row"]]),
        button="Lire et valider",
        due_on=row["due"],
    )


def _to_answer(row, today):
    return AttentionItem(
        key=f"review-answer-{row['row']}",
        weight=DECISION,
        title="Analyse de fonctionnement transmise",
        reason=f"Vous pouvez donner votre avis jusqu’au {day_month(row['due'])}.",
        url=reverse("visits:review", args=[row["row"]]),
        button="Lire et répondre",
        tone="info",
        due_on=row["due"],
    )


SAYINGS = {CONDUCT: _to_conduct, VALIDATE: _to_validate, ANSWER: _to_answer}

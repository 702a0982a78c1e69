"""What the visits ask of a person today. Five queries, whatever the number of visits, compiled once a day.

Whoever logs visits: houses overdue, never visited or to plan (unless one is planned), reports left in draft. Whoever
validates: answers received, and silences past their time. Whoever answers: the reports shared with her, by deadline.
"""

from collections import Counter
from datetime import timedelta

from django.db.models import Exists, F, OuterRef

from core.addresses import address
from core.attention import DECISION, LATE, SOON, AttentionItem
from core.compiled import rows_once
from core.french import counted, day_month, short_date
from core.unions import leg
from establishments.models import Capability, Establishment
from establishments.vocabulary import words

from . import schedule
from .events.asked import asked as events_asked
from .freshness import rated, standing, why, with_last_visit
from .inspections.asked import asked as inspections_asked
from .models import Visit
from .reviews.attention import asked as reviews_asked
from .watch.attention import asked as rules_asked

DRAFT_DAYS = 7
FINISH, VALIDATE, ANSWER = "finish", "validate", "answer"
ALONE = 5  # houses never visited that are named one by one
MOST = 30  # of each sort: the home page shows seven
URGENCY = {
    schedule.OVERDUE: (LATE, "alert"),
    schedule.NEVER: (LATE, "watch"),
    schedule.TO_PLAN: (SOON, "watch"),
}


def attention(user, today) -> list[AttentionItem]:
    return [
        *_to_visit(user, today),
        *_reports(user, today),
        *events_asked(user, today),
        *inspections_asked(user, today),
        *reviews_asked(user, today),
        *rules_asked(user, today),
    ]


@rows_once
def _houses_due(user, today):
    planned = Visit.objects.planned_to_count().filter(establishment=OuterRef("pk"), planned_on__gte=today)
    houses = Establishment.objects.visible_to(user, Capability.LOG_VISIT).open_on(today)
    return with_last_visit(houses.filter(~Exists(planned)).only("name", "opened_on"), today).order_by()


def _to_visit(user, today):
    houses = rated(_houses_due(user, today), today)
    never = [house for house in houses if house.freshness == schedule.NEVER]
    if len(never) > ALONE:  # a register just imported: one line, not one for each house
        yield _never_visited(len(never))
        houses = [house for house in houses if house.freshness != schedule.NEVER]
    for house in [one for one in houses if one.freshness != schedule.UP_TO_DATE][:MOST]:
        state = standing(house, today)
        weight, tone = URGENCY[state.status]
        yield AttentionItem(
            key=f"visit-due-{house.pk}",
            weight=weight,
            title=f"{house.name}\u00a0: visite {_reason_word(state)}",
            reason=_reason(state, house),
            url=f"{address('visits:plan')}?etablissement={house.pk}",
            button="Planifier",
            tone=tone,
            due_on=state.due_on,
        )


def _never_visited(count):
    house = words()["establishment"]
    weight, tone = URGENCY[schedule.NEVER]
    return AttentionItem(
        key="visits-never",
        weight=weight,
        title=f"{house.counted(count)} jamais {house.accord('visité', count)}",
        reason="Aucune visite n’y a été enregistrée, aucune n’est prévue.",
        url=f"{address('visits:due')}?freshness={schedule.NEVER}",
        button="Voir la liste",
        tone=tone,
    )


def _reason_word(state):
    return {schedule.OVERDUE: "en retard", schedule.NEVER: "à faire"}.get(state.status, "à planifier")


def _reason(state, house):
    if state.status == schedule.NEVER:
        by = f" : à voir avant le {day_month(state.due_on)}" if state.due_on else ""
        return f"Jamais visitée, et aucune visite n’est prévue{by}."
    last = f"dernière visite le {day_month(house.last_visit_on)}"
    if house.takes_office:
        last = f"{last} ({why(house)})"
    if state.status == schedule.OVERDUE:
        return f"En retard de {counted(state.days_late, 'jour')}\u00a0: {last}."
    return f"À faire avant le {day_month(state.due_on)}\u00a0: {last}."


@rows_once
def _reports_due(user, today):
    """Reports to finish, to validate and to answer: (what, visit) rows in one union, by deadline."""
    columns = {"house": F("establishment__name"), "made": F("visited_on"), "state": F("report_status")}
    mine = Visit.objects.visible_to(user, Capability.LOG_VISIT).filter(coordinator=user)
    answerable = Visit.objects.visible_to(user, Capability.ANSWER_REPORT)
    answerable = answerable.filter(report_status=Visit.ReportStatus.SHARED, answer_due_on__gte=today)
    legs = [
        leg(mine.to_finish(today - timedelta(days=DRAFT_DAYS)), FINISH, **columns, due=F("visited_on")),
        leg(
            Visit.objects.visible_to(user, Capability.VALIDATE_REPORT).to_validate(today),
            VALIDATE,
            **columns,
            due=F("answer_due_on"),
        ),
        leg(answerable, ANSWER, **columns, due=F("answer_due_on")),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("due", "row")


def _reports(user, today):
    told = Counter()
    for row in _reports_due(user, today):
        told[row["what"]] += 1
        if told[row["what"]] <= MOST:
            yield REPORTS[row["what"]](row, today)


def _to_finish(row, today):
    days = (today - row["made"]).days
    return AttentionItem(
        key=f"visit-draft-{row['row']}",
        weight=DECISION,
        title=f"{row['house']}\u00a0: compte rendu à finir",
        reason=f"Visite du {short_date(row['made'])}, en rédaction depuis {counted(days, 'jour')}.",
        url=address("visits:edit", row["row"]),
        button="Reprendre",
        due_on=row["made"] + timedelta(days=DRAFT_DAYS),
    )


def _to_validate(row, today):
    answered = row["state"] == Visit.ReportStatus.ANSWERED
    reason = "observations reçues" if answered else "délai de réponse passé, sans observation"
    return AttentionItem(
        key=f"visit-validate-{row['row']}",
        weight=DECISION,
        title=f"{row['house']}\u00a0: compte rendu à valider",
        reason=f"Visite du {short_date(row['made'])}\u00a0: {reason}.",
        url=address("visits:detail", row["row"]),
        button="Lire la réponse" if answered else "Valider",
        tone="watch" if answered else "info",
        due_on=row["due"],
    )


def _to_answer(row, today):
    return AttentionItem(
        key=f"visit-answer-{row['row']}",
        weight=DECISION,
        title=f"Compte rendu de la visite du {short_date(row['made'])}",
        reason=f"Vous pouvez y répondre jusqu’au {day_month(row['due'])}.",
        url=address("visits:detail", row["row"]),
        button="Lire et répondre",
        tone="info",
        due_on=row["due"],
    )


REPORTS = {FINISH: _to_finish, VALIDATE: _to_validate, ANSWER: _to_answer}

"""What the visits ask of a person today. Four queries, whatever the number of visits.

Whoever logs visits: houses overdue, never visited or to plan (unless one is planned), reports left in draft. Whoever
validates: answers received, and silences past their time. Whoever answers: the reports shared with her, by deadline.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from core.attention import DECISION, LATE, SOON, AttentionItem
from core.french import counted, day_month, short_date
from establishments.models import Capability, Establishment

from . import schedule
from .freshness import by_lateness, standing, why, with_freshness
from .models import Visit

DRAFT_DAYS = 7
MOST = 30  # of each sort: the home page shows seven
URGENCY = {
    schedule.OVERDUE: (LATE, "alert"),
    schedule.NEVER: (LATE, "watch"),
    schedule.TO_PLAN: (SOON, "watch"),
}


def attention(user, today) -> list[AttentionItem]:
    return [
        *_to_visit(user, today),
        *_to_finish(user, today),
        *_to_validate(user, today),
        *_to_answer(user, today),
    ]


def _to_visit(user, today):
    planned = Visit.objects.planned().filter(establishment=OuterRef("pk"), planned_on__gte=today)
    houses = Establishment.objects.visible_to(user, Capability.LOG_VISIT).open_on(today)
    houses = by_lateness(with_freshness(houses.annotate(is_planned=Exists(planned)), today))
    for house in houses.exclude(freshness=schedule.UP_TO_DATE).filter(is_planned=False)[:MOST]:
        state = standing(house, today)
        weight, tone = URGENCY[state.status]
        yield AttentionItem(
            key=f"visit-due-{house.pk}",
            weight=weight,
            title=f"{house.name}\u00a0: visite {_reason_word(state)}",
            reason=_reason(state, house),
            url=f"{reverse('visits:plan')}?etablissement={house.pk}",
            button="Planifier",
            tone=tone,
            due_on=state.due_on,
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


def _to_finish(user, today):
    visits = Visit.objects.visible_to(user, Capability.LOG_VISIT).filter(coordinator=user)
    left = visits.to_finish(today - timedelta(days=DRAFT_DAYS)).select_related("establishment")
    for visit in left.order_by("visited_on", "pk")[:MOST]:
        days = (today - visit.visited_on).days
        yield AttentionItem(
            key=f"visit-draft-{visit.pk}",
            weight=DECISION,
            title=f"{visit.establishment}\u00a0: compte rendu à finir",
            reason=f"Visite du {short_date(visit.visited_on)}, en rédaction depuis {counted(days, 'jour')}.",
            url=reverse("visits:edit", args=[visit.pk]),
            button="Reprendre",
            due_on=visit.visited_on + timedelta(days=DRAFT_DAYS),
        )


def _to_validate(user, today):
    visits = Visit.objects.visible_to(user, Capability.VALIDATE_REPORT).to_validate(today)
    for visit in visits.select_related("establishment").order_by("answer_due_on", "pk")[:MOST]:
        answered = visit.report_status == Visit.ReportStatus.ANSWERED
        reason = "observations reçues" if answered else "délai de réponse passé, sans observation"
        yield AttentionItem(
            key=f"visit-validate-{visit.pk}",
            weight=DECISION,
            title=f"{visit.establishment}\u00a0: compte rendu à valider",
            reason=f"Visite du {short_date(visit.visited_on)}\u00a0: {reason}.",
            url=visit.get_absolute_url(),
            button="Lire la réponse" if answered else "Valider",
            tone="watch" if answered else "info",
            due_on=visit.answer_due_on,
        )


def _to_answer(user, today):
    visits = Visit.objects.visible_to(user, Capability.ANSWER_REPORT)
    visits = visits.filter(report_status=Visit.ReportStatus.SHARED, answer_due_on__gte=today)
    for visit in visits.select_related("establishment").order_by("answer_due_on", "pk")[:MOST]:
        yield AttentionItem(
            key=f"visit-answer-{visit.pk}",
            weight=DECISION,
            title=f"Compte rendu de la visite du {short_date(visit.visited_on)}",
            reason=f"Vous pouvez y répondre jusqu’au {day_month(visit.answer_due_on)}.",
            url=visit.get_absolute_url(),
            button="Lire et répondre",
            tone="info",
            due_on=visit.answer_due_on,
        )

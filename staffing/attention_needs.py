"""« À traiter »: needs of staff that wait for an agreement, and those agreed to which nobody answers. One query."""

from datetime import timedelta

from django.db.models import F
from django.urls import reverse

from core.attention import DECISION, SAFETY, AttentionItem
from core.compiled import rows_once
from core.french import counted, day_month
from core.unions import leg
from establishments.models import Capability

from .models import StaffingNeed

AHEAD_DAYS = 7
MOST = 20
AGREE, APPROVE, ALONE = "agree", "approve", "alone"


@rows_once
def _needs(user, today):
    needs = StaffingNeed.objects.filter(on__gte=today)
    soon = today + timedelta(days=AHEAD_DAYS)
    mine = needs.visible_to(user, Capability.MANAGE_POOL)
    second = needs.visible_to(user, Capability.APPROVE_NEED).filter(status="agreed").exclude(agreed_by=user)
    columns = {"house": F("establishment__name"), "day": F("on"), "size": F("half_hours")}
    legs = [
        leg(mine.filter(status="asked"), AGREE, **columns),
        leg(second, APPROVE, **columns),
        leg(mine.filter(status="approved", on__lte=soon).unanswered(), ALONE, **columns),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("day", "row")


SAID = {
    AGREE: ("Renfort à examiner", "Examiner", "watch", DECISION),
    APPROVE: ("Renfort à valider", "Valider", "watch", DECISION),
    ALONE: ("Renfort validé, personne ne vient", "Trouver quelqu’un", "alert", SAFETY),
}


def needs_to_treat(user, today):
    for row in _needs(user, today)[:MOST]:
        title, button, tone, weight = SAID[row["what"]]
        urgent = row["day"] <= today + timedelta(days=AHEAD_DAYS)
        yield AttentionItem(
            key=f"need-{row['what']}-{row['row']}",
            weight=weight,
            title=f"{title} ({row['house']})",
            reason=f"{day_month(row['day'])}\u00a0: {counted(row['size'], 'demi-heure')} sous le taux d’encadrement",
            url=reverse("staffing:need_detail", args=[row["row"]]),
            button=button,
            tone="alert" if urgent else tone,
            due_on=row["day"],
        )

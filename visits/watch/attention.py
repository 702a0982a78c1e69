"""Rules that change and that a director has not taken into account yet. One query, compiled once a day."""

from django.db.models import F
from django.urls import reverse

from core.attention import DECISION, AttentionItem
from core.compiled import rows_once
from core.french import full_date
from establishments.models import Capability, RuleChange, RuleNotice

MOST = 30


@rows_once
def _waiting(user, today):
    mine = RuleNotice.objects.visible_to(user, Capability.ANSWER_REPORT)
    mine = mine.filter(acknowledged_at__isnull=True, change__status=RuleChange.Status.RECORDED)
    return mine.order_by("change__starts_on", "pk").values(
        "change", name=F("establishment__name"), title=F("change__title"), starts_on=F("change__starts_on")
    )[:MOST]


def asked(user, today):
    for row in _waiting(user, today):
        yield AttentionItem(
            key=f"rule-change-{row['change']}-{row['name']}",
            weight=DECISION,
            title=f"{row['name']}\u00a0: une règle change",
            reason=f"{row['title']}, au {full_date(row['starts_on'])}.",
            url=reverse("visits:rule_change", args=[row["change"]]),
            button="Lire et prendre en compte",
            tone="info",
            due_on=row["starts_on"],
        )

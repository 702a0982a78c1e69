"""The CRA to send, for whoever writes it. One query."""

from datetime import timedelta

from core.attention import DECISION, LATE, AttentionItem
from core.compiled import rows_once

from ..models import WeeklyReport
from .drafting import current_week


def attention(user, today) -> list[AttentionItem]:
    last_on = current_week(today)
    due_on = last_on + timedelta(days=1)
    return [
        AttentionItem(
            key=f"weekly-{report.pk}",
            weight=LATE if today > due_on else DECISION,
            title=f"CRA à envoyer\u00a0: {report.territory.name}",
            reason=f"Semaine {report.title_days}, rédigée d’après les faits.",
            url=report.get_absolute_url(),
            button="Relire",
            due_on=due_on,
        )
        for report in _drafts(user, last_on)
    ]


@rows_once
def _drafts(user, last_on):
    drafts = WeeklyReport.objects.drafts().filter(
        last_on=last_on, territory__in=WeeklyReport.objects.all().written_by(user)
    )
    return drafts.select_related("territory")

"""The CRA to send, for whoever writes it; the synthesis to approve, for the nearest who may. One query."""

from datetime import timedelta

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from core.attention import DECISION, LATE, AttentionItem
from core.compiled import rows_once
from core.french import full_date
from core.unions import EMPTY, leg

from ..models import Synthesis, WeeklyReport
from ..weekly.drafting import current_week

WEEKLY, SYNTHESIS = "weekly", "synthesis"


def attention(user, today) -> list[AttentionItem]:
    last_on = current_week(today)
    tell = {WEEKLY: _to_send, SYNTHESIS: _to_approve}
    return [tell[row["what"]](row, today, last_on) for row in _waiting(user, last_on, today)]


def _to_send(row, today, last_on):
    report = WeeklyReport(pk=row["row"], last_on=last_on)
    due_on = last_on + timedelta(days=1)
    return AttentionItem(
        key=f"weekly-{report.pk}",
        weight=LATE if today > due_on else DECISION,
        title=f"CRA à envoyer\u00a0: {row['place']}",
        reason=f"Semaine {report.title_days}, rédigée d’après les faits.",
        url=report.get_absolute_url(),
        button="Relire",
        due_on=due_on,
    )


def _to_approve(row, today, last_on):
    document = Synthesis(pk=row["row"], variant=row["form"], starts_on=row["first"], ends_on=row["last"])
    since = full_date(timezone.localdate(row["since"]))
    return AttentionItem(
        key=f"synthesis-{document.pk}",
        weight=DECISION,
        title=f"Synthèse à approuver\u00a0: {row['place']}",
        reason=f"{document.get_variant_display()}, {document.days}\u00a0: soumise par {row['by']} le {since}.",
        url=document.get_absolute_url(),
        button="Relire",
    )


@rows_once
def _waiting(user, last_on, today):
    drafts = WeeklyReport.objects.drafts().filter(
        last_on=last_on, territory__in=WeeklyReport.objects.all().written_by(user)
    )
    legs = [
        leg(
            drafts,
            WEEKLY,
            place=F("territory__name"),
            form=EMPTY,
            by=EMPTY,
            first=F("last_on"),
            last=F("last_on"),
            since=Value(None, DateTimeField()),
        ),
        leg(
            Synthesis.objects.awaiting(user, today),
            SYNTHESIS,
            place=Coalesce("territory__name", "establishment__name"),
            form=F("variant"),
            by=Concat("author__first_name", Value(" "), "author__last_name"),
            first=F("starts_on"),
            last=F("ends_on"),
            since=F("submitted_at"),
        ),
    ]
    return legs[0].union(legs[1], all=True)

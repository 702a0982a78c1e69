"""What the appraisals ask of a person: to convene, to hold, to notify in time; to read and sign her own."""

from django.db.models import BooleanField, Case, Count, Min, Value, When
from django.urls import reverse

from core.attention import DECISION, LATE, SOON, AttentionItem
from core.compiled import rows_once
from core.french import counted, day_month

from ..models import Appraisal
from . import rules
from .page import due_of

Status = Appraisal.Status
MOST = 20


def appraisals_to_treat(user, today):
    yield from _to_convene(user, today)
    for row in _standing(user, today):
        if row.is_hers:
            yield from _to_sign(row)
        else:
            yield from _to_step(row, today)


@rows_once
def _due(user, today):
    due = due_of(user, today.year, today).order_by().values("position")
    return due.annotate(n=Count("pk"), first=Min("establishment__name"))


def _to_convene(user, today):
    if today.month < rules.CAMPAIGN_MONTH:
        return
    for group in _due(user, today):
        yield AttentionItem(
            key=f"appraisals-to-convene-{today.year}",
            weight=SOON,
            title=f"{counted(group['n'], 'entretien annuel', 'entretiens annuels')} à convoquer",
            reason=f"Avant le 31 décembre, {rules.NOTICE_DAYS} jours au moins avant l’entretien",
            url=reverse("staffing:appraisal_list"),
            button="Convoquer",
            due_on=today.replace(month=12, day=31),
        )


@rows_once
def _standing(user, today):
    rows = Appraisal.objects.visible_to(user).filter(status__in=[Status.CONVENED, Status.HELD, Status.NOTIFIED])
    mine = Case(When(person=user, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.select_related("establishment").annotate(is_hers=mine).order_by("meeting_on", "pk")[:MOST]


def _to_sign(row):
    if row.status == Status.NOTIFIED:
        yield AttentionItem(
            key=f"appraisal-sign-{row.pk}",
            weight=DECISION,
            title="Votre entretien annuel est à lire et à signer",
            reason=f"Compte rendu notifié le {day_month(row.notified_on)}",
            url=row.get_absolute_url(),
            button="Lire et signer",
            due_on=row.notified_on,
        )


def _to_step(row, today):
    house = row.establishment.name
    if row.status == Status.HELD:
        yield AttentionItem(
            key=f"appraisal-notify-{row.pk}",
            weight=LATE if today > row.notify_before else SOON,
            title=f"Compte rendu d’entretien annuel à notifier ({house})",
            reason=f"Avant le {day_month(row.notify_before)}, {rules.NOTIFY_DAYS} jours après l’entretien",
            url=row.get_absolute_url(),
            button="Notifier",
            tone="alert" if today > row.notify_before else "watch",
            due_on=row.notify_before,
        )
    if row.status == Status.CONVENED and today >= row.meeting_on:
        yield AttentionItem(
            key=f"appraisal-hold-{row.pk}",
            weight=LATE,
            title=f"Entretien annuel à noter ({house})",
            reason=f"Prévu le {day_month(row.meeting_on)}",
            url=row.get_absolute_url(),
            button="Noter",
            due_on=row.meeting_on,
        )

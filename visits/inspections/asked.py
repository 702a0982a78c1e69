"""What inspections ask of a person: an injunction past its delay before everything else. One query, compiled once.

Whoever keeps the register of inspections is asked: findings late or due soon, displays to put up, controls to obtain
at the end of an injunction, answers to send.
"""

from collections import Counter
from datetime import timedelta

from django.db.models import BooleanField, CharField, DateField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse

from core.attention import ALERT, LATE, SAFETY, SOON, AttentionItem
from core.compiled import rows_once
from core.french import counted, short_date
from core.unions import leg
from establishments.models import Capability

from ..models import Finding, Inspection
from . import findings

SOON_DAYS = 15
MOST = 20
DELAY, DISPLAY, ANSWER = "finding-delay", "finding-display", "inspection-answer"


@rows_once
def _due(user, today):
    mine = Finding.objects.visible_to(user, Capability.MANAGE_INSPECTIONS).standing()
    soon = today + timedelta(days=SOON_DAYS)
    waiting = Inspection.objects.visible_to(user, Capability.MANAGE_INSPECTIONS).filter(
        status=Inspection.Status.OPEN, answer_due_on__lte=soon
    )
    house = F("inspection__establishment__name")
    columns = {"house": house, "sort": F("nature"), "due": F("due_on")}
    undone = Value(False, BooleanField())
    shown = mine.filter(must_display=True, displayed_on__isnull=True)
    legs = [
        leg(mine.filter(due_on__lte=soon).with_measures(), DELAY, **columns, done=F("is_measured")),
        leg(shown, DISPLAY, **columns, done=undone),
        leg(
            waiting,
            ANSWER,
            house=F("establishment__name"),
            sort=Cast(F("authority"), CharField()),
            due=Cast(F("answer_due_on"), DateField()),
            done=undone,
        ),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("due", "row")


def asked(user, today):
    told = Counter()
    for row in _due(user, today):
        told[row["what"]] += 1
        item = SAYINGS[row["what"]](row, today) if told[row["what"]] <= MOST else None
        if item is not None:
            yield item


def _delay(row, today):
    """Late and not corrected; past its delay and to be controlled again; or about to be due."""
    label, days = findings.NATURES[row["sort"]], (today - row["due"]).days
    enjoined = row["sort"] == findings.INJUNCTION
    if row["done"]:
        if not enjoined or days <= 0:
            return None
        reason = f"Délai passé de {counted(days, 'jour')}, mesures vérifiées\u00a0: demander le recontrôle sur place."
        return _item(row, LATE, f"{label} à lever", reason, "Noter le recontrôle", "watch")
    if days > 0:
        reason = f"Délai passé de {counted(days, 'jour')}, et rien n’est vérifié."
        return _item(row, ALERT if enjoined else LATE, f"{label} en retard", reason, "Voir le constat", "alert")
    reason = f"À corriger avant le {short_date(row['due'])}."
    return _item(row, SOON, f"{label} à corriger", reason, "Voir le constat", "watch")


def _display(row, today):
    label = findings.NATURES[row["sort"]]
    return _item(
        row, SAFETY, f"{label} à afficher", "L’affichage à l’entrée n’est pas noté.", "Noter l’affichage", "alert"
    )


def _answer(row, today):
    late = (today - row["due"]).days
    reason = f"En retard de {counted(late, 'jour')}." if late > 0 else f"Attendue avant le {short_date(row['due'])}."
    return AttentionItem(
        key=f"{ANSWER}-{row['row']}",
        weight=LATE if late > 0 else SOON,
        title=f"{row['house']}\u00a0: réponse à envoyer ({findings.AUTHORITIES[row['sort']]})",
        reason=reason,
        url=reverse("visits:inspection", args=[row["row"]]),
        button="Préparer la réponse",
        tone="alert" if late > 0 else "watch",
        due_on=row["due"],
    )


def _item(row, weight, title, reason, button, tone):
    return AttentionItem(
        key=f"{row['what']}-{row['row']}",
        weight=weight,
        title=f"{row['house']}\u00a0: {title}",
        reason=reason,
        url=reverse("visits:finding", args=[row["row"]]),
        button=button,
        tone=tone,
        due_on=row["due"],
    )


SAYINGS = {DELAY: _delay, DISPLAY: _display, ANSWER: _answer}

"""« À traiter »: houses whose validated billing of the year passes 107 %, where the ceiling price starts to fall."""

from datetime import date
from fractions import Fraction

from django.db.models import F, Sum
from django.urls import reverse

from core.attention import SOON, AttentionItem
from core.compiled import rows_once
from core.french import percent, sentence_list
from establishments.models import Capability
from establishments.vocabulary import words

from .models import MonthlyActivity
from .psu import THRESHOLD

NAMED = 3


@rows_once
def _billed(user, today):
    rows = MonthlyActivity.objects.visible_to(user, Capability.VALIDATE_ACTIVITY).between(
        date(today.year, 1, 1), today
    )
    return (
        rows.filter(status__in=[MonthlyActivity.Status.VALIDATED, MonthlyActivity.Status.CLOSED])
        .order_by()
        .values("establishment", name=F("establishment__name"))
        .annotate(billed=Sum("billed_hours"), actual=Sum("actual_hours"))
    )


def above_threshold(user, today):
    """One item for the perimeter, which opens the house that bills the most beyond presence. One query."""
    # Compared here, exactly: engines do not multiply decimals alike.
    over = [
        house
        for house in _billed(user, today)
        if house["actual"] and Fraction(house["billed"]) > Fraction(house["actual"]) * THRESHOLD
    ]
    if over:
        yield _item(sorted(over, key=lambda house: (-house["billed"] / house["actual"], house["name"])), today.year)


def _item(over, year):
    names, house = [house["name"] for house in over], words()["establishment"]
    others = [f"{len(names) - NAMED} autres"] if len(names) > NAMED + 1 else names[NAMED:]
    return AttentionItem(
        key=f"psu-above-threshold-{year}",
        weight=SOON,
        title=f"Facturation {year} au-dessus de {percent(THRESHOLD, 0)}",
        reason=f"{house.counted(len(names))}\u00a0: {sentence_list([*names[:NAMED], *others])}",
        url=f"{reverse('indicators:establishment_psu', args=[over[0]['establishment']])}?annee={year}",
        button="Voir la PSU",
        tone="watch",
    )

"""The heat-map établissement × mois: where the visits were, and which months ended late."""

from datetime import timedelta

from django.db.models import BooleanField, ExpressionWrapper

from core.calendar import add_months, iter_months, month_end, month_start
from core.charts import Cell, Figure, heatmap
from core.charts.grids import MONTHS
from core.compiled import rounded, rows_once
from core.french import capitalise, full_date, month_name
from establishments.vocabulary import said, words

from . import schedule
from .freshness import interval_days
from .models import Visit
from .models.rhythm import counts_for_the_rule
from .schedule import bimester_label, bimester_satisfied

MONTHS_SHOWN = 12
LOOK_BACK = timedelta(days=70)  # more than the longest two months: an earlier visit leaves the first month late anyway
TITLE = said("Visites par {establishment} et par mois")
SPOKEN = {
    "good": "visitée",
    "info": "autre venue",
    "neutral": "sans visite, dans les temps",
    "alert": "en retard en fin de mois",
}


def month_grid(houses, today):
    """The last twelve months of houses (annotated by `with_freshness`) as a Figure; None when there is no house.

    A cell counts the visits that count for the two-month rule; it is empty before the house opened. One query.
    """
    sheets = month_sheets(houses, today)
    return sheets[0] if sheets else None


def month_sheets(houses, today, *, most=None):
    """`month_grid` cut in figures of at most `most` houses, so that each stands on one page of paper. One query."""
    houses = list(houses)
    first = month_start(add_months(today, 1 - MONTHS_SHOWN))
    months = list(iter_months(first, today))
    counting, others = _visits(houses, first - LOOK_BACK, today) if houses else ({}, set())
    size = most or max(1, len(houses))
    parts = [houses[start : start + size] for start in range(0, len(houses), size)]
    return [_figure(part, months, counting, others, today, rank) for rank, part in enumerate(parts)]


def _figure(houses, months, counting, others, today, rank):
    mark = f"-{rank}" if rank else ""  # two drawings of one paper share no id
    cells = [[_cell(house, month, counting.get(house.pk, []), others, today) for month in months] for house in houses]
    frame = {"tones": SPOKEN, "title": TITLE}
    names, labels = [house.name for house in houses], [MONTHS[month.month - 1] for month in months]
    return Figure(
        title=TITLE,
        unit="visites qui comptent pour la règle des deux mois",
        period=f"de {month_name(months[0])} à {month_name(months[-1])}",
        data_date=f"données au {full_date(today)}",
        n=words().establishment.counted(len(houses)),
        sentence=_sentence(sum(house.freshness == schedule.OVERDUE for house in houses), len(houses)),
        svg=heatmap(names, labels, cells, prefix=f"mois{mark}", **frame),
        svg_compact=heatmap(names, labels, cells, prefix=f"mois-court{mark}", compact=True, **frame),
        headers=[words().establishment.cap, *[month_name(month) for month in months], f"Bimestres {today.year}"],
        rows=[
            [house.name, *map(_word, row), bimester_label(bimester_satisfied(counting.get(house.pk, []), today.year))]
            for house, row in zip(houses, cells, strict=True)
        ],
    )


def _sentence(late, total):
    if total == 1:
        return "La visite est en retard." if late else "La visite n’est pas en retard."
    if not late:
        return f"{capitalise(words().establishment.aucun)} en retard de visite sur {total}."
    verb = "est" if late == 1 else "sont"
    return f"{words().establishment.counted(late)} sur {total} {verb} en retard de visite."


def _visits(houses, first, today):
    """({house: days of its counting visits}, {(house, month) of the other visits})."""
    counting, others = {}, set()
    for house, day, counts in _made(first, today, *rounded(house.pk for house in houses)):
        if counts:
            counting.setdefault(house, []).append(day)
        others.add((house, month_start(day)))
    return counting, others


@rows_once
def _made(first, today, *houses):
    made = Visit.objects.done().filter(establishment__in=houses, visited_on__range=(first, today)).order_by()
    counts = ExpressionWrapper(counts_for_the_rule(), BooleanField())
    return made.annotate(counts=counts).values_list("establishment", "visited_on", "counts")


def _cell(house, month, days, others, today):
    end = min(month_end(month), today)
    if end < house.opened_on:
        return None
    number = sum(month <= day <= end for day in days)
    if number:
        return Cell("good", str(number))
    if (house.pk, month) in others:
        return Cell("info")
    last = max((day for day in days if day <= end), default=house.opened_on)
    days = interval_days(house) if end == today else None  # who took office then is not looked for
    return Cell("alert" if end > schedule.next_due(last, interval_days=days) else "neutral")


def _word(cell):
    return "—" if cell is None else cell.text or SPOKEN[cell.tone]

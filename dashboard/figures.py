"""The pictures of a territory: visits month by month for the territories below, and where the houses are."""

from collections import Counter

from django.db.models import Count

from core.calendar import add_months, iter_months, month_start
from core.charts import Cell, Figure, heatmap
from core.charts.grids import MONTHS
from core.french import NBSP, NNBSP, counted, full_date, month_name, number
from core.maps import Area, Place, area_map
from establishments.models import Territory
from establishments.register_map import outlines, perimeter_codes
from establishments.vocabulary import words
from visits import schedule
from visits.calendars import month_grid
from visits.freshness import PRESSING, TONES
from visits.models import Visit

from .improvement import improvement_figure
from .measures import closing_figure, followed_up

MONTHS_SHOWN = 12
EXPECTED = 2  # one counting visit every two months: half of the houses each month keep the pace
SPOKEN = {
    "good": "au rythme (une maison sur deux ou plus)",
    "watch": "sous le rythme",
    "alert": "aucune visite",
}
POINTS = {"alert": "visite en retard", "watch": "à planifier ou jamais visitée", "good": "visite à jour"}


def territory_figures(user, territory, dashboard, day, held):
    """The figures of a dashboard, those that have something to show; drawn for the page only, not for its exports."""
    grid = month_grid(dashboard.establishments, day) if dashboard.by_house else visits_grid(dashboard, day)
    places = None if territory.kind == Territory.Kind.SECTOR else visits_map(territory, dashboard, day)
    rows = followed_up(user, territory, day)
    drawn = [grid, closing_figure(rows, dashboard, day, held), improvement_figure(rows, dashboard, day), places]
    return [figure for figure in drawn if figure]


def visits_grid(dashboard, day):
    """Counting visits of each territory below, month by month; None without houses. One query."""
    lines = [line for line in dashboard.lines if line.houses]
    if not lines:
        return None
    months = list(iter_months(add_months(month_start(day), 1 - MONTHS_SHOWN), day))
    made = _made(dashboard, months[0], day)
    cells = [[_cell(made[line.key, month], line.houses) for month in months] for line in lines]
    title = "Visites par territoire et par mois"
    names, labels = [line.name for line in lines], [MONTHS[month.month - 1] for month in months]
    frame = {"tones": SPOKEN, "title": title}
    return Figure(
        title=title,
        unit="visites qui comptent pour la règle des deux mois",
        period=f"de {month_name(months[0])} à {month_name(months[-1])}",
        data_date=f"données au {full_date(day)}",
        n=words()["establishment"].counted(dashboard.total.houses),
        sentence=_grid_sentence(lines, made, months),
        svg=heatmap(names, labels, cells, prefix="mois", **frame),
        svg_compact=heatmap(names, labels, cells, prefix="mois-court", compact=True, **frame),
        headers=["Territoire", *[month_name(month) for month in months]],
        rows=[[line.name, *[number(made[line.key, month]) for month in months]] for line in lines],
    )


def _made(dashboard, first, day):
    """Counter of (key of a line, month)."""
    rows = Visit.objects.counting().filter(
        establishment__in=[one.pk for one in dashboard.establishments], visited_on__range=(first, day)
    )
    found = Counter()
    for house, visited_on, n in rows.order_by().values_list("establishment", "visited_on").annotate(Count("pk")):
        found[dashboard.groups[house], month_start(visited_on)] += n
    return found


def _cell(made, houses):
    if not made:
        return Cell("alert", "0")
    return Cell("good" if made * EXPECTED >= houses else "watch", str(made))


def _grid_sentence(lines, made, months):
    last = months[-2]  # the month under way is not over
    total = sum(made[line.key, last] for line in lines)
    silent = [line.name for line in lines if not made[line.key, last]]
    text = f"{counted(total, words()['visit'].singular, words()['visit'].plural)} en {month_name(last)}"
    return f"{text}, aucune dans {len(silent)} des {len(lines)} lignes." if silent else f"{text}, sur chaque ligne."


def visits_map(territory, dashboard, day):
    """The houses of a territory with the state of their visit; None when none has a position. Two or three queries."""
    placed = [one for one in dashboard.establishments if one.latitude is not None]
    if not placed:
        return None
    below = Territory.objects.within(territory).active_on(day)
    areas = [Area(name, shape) for name, shape in outlines(perimeter_codes(below, dashboard.establishments))]
    points = [
        Place(
            one.name,
            float(one.longitude),
            float(one.latitude),
            tone=TONES[one.freshness],
            value=schedule.STATUS_LABELS[one.freshness],
            href=one.get_absolute_url(),
        )
        for one in placed
    ]
    title = f"Carte des visites{NBSP}: {territory.name}"
    missing = len(dashboard.establishments) - len(placed)
    late = sum(one.freshness == schedule.OVERDUE for one in placed)
    frame = {"tones": POINTS, "title": title}
    return Figure(
        title=title,
        unit=f"un point par {words()['establishment'].singular}",
        period=f"le {full_date(day)}",
        data_date=f"données au {full_date(day)}",
        n=f"{len(placed)} sur {words()['establishment'].counted(len(dashboard.establishments))}",
        sentence=_map_sentence(late, len(placed), missing),
        svg=area_map(areas, points, prefix="carte", **frame),
        svg_compact=area_map(areas, points, prefix="carte-c", compact=True, **frame),
        headers=[words()["establishment"].cap, "Adresse", "Visite"],
        rows=[
            [one.name, one.address or "—", schedule.STATUS_LABELS[one.freshness]]
            for one in sorted(dashboard.establishments, key=lambda one: PRESSING.index(one.freshness))
        ],
    )


def _map_sentence(late, placed, missing):
    text = f"{counted(late, 'visite en retard', 'visites en retard')} sur {counted(placed, 'point')}"
    return f"{text}{NNBSP}; {words().establishment.counted(missing)} sans position." if missing else f"{text}."

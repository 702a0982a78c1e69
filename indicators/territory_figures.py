"""The pictures of a territory: its curve, what it holds compared, and the map of its rates."""

from django.urls import reverse

from core.calendar import month_end
from core.charts import Figure, bar_chart
from core.french import NBSP, full_date, month_name, percent, points
from core.maps import Area, Place, area_map
from establishments.models import Territory
from establishments.register_map import outlines_by_code, perimeter_codes
from establishments.vocabulary import words

from .figures import rates_figure
from .months import months_until
from .rates import NO_ACTIVITY
from .thresholds import LEVELS, tone_of

WATCH, ALERT = LEVELS["attendance_rate"]
TONES = {
    "good": f"{percent(WATCH, 0)} ou plus",
    "watch": f"de {percent(ALERT, 0)} à {percent(WATCH, 0)}",
    "alert": f"moins de {percent(ALERT, 0)}",
    "neutral": "sans donnée",
}


def figures(found, today, *, with_links=True):
    """The curve, the bars, the map: those that have something to show. Two or three queries for the map."""
    n = found.total.coverage
    curve = rates_figure(
        found.by_month, months_until(found.month, 24), provisional=found.provisional, n=n, today=today
    )
    return [one for one in (curve, bars(found, today), rates_map(found, today, with_links=with_links)) if one]


def bars(found, today):
    """The attendance of each line, the lowest first; None for a single line."""
    lines = sorted(found.lines, key=lambda line: (line.month.attendance_rate is not None, line.month.attendance_rate))
    if len(lines) < 2:
        return None
    title = f"Taux de fréquentation, {found.territory.name}"
    rates = [line.month.attendance_rate for line in lines]
    shown = {
        "unit": "%",
        "threshold": (float(WATCH * 100), "seuil"),
        "provisional": [rank for rank, line in enumerate(lines) if line.unvalidated],
        "title": title,
    }
    values = [None if rate is None else round(float(rate * 100), 1) for rate in rates]
    names = [line.name for line in lines]
    return Figure(
        title=title,
        unit="%",
        period=month_name(found.month),
        data_date=f"données au {full_date(today)}",
        n=found.total.coverage,
        sentence=_spread_sentence(lines),
        svg=bar_chart(names, values, prefix="barres", **shown),
        svg_compact=bar_chart(names, values, prefix="barres-etroit", compact=True, **shown),
        headers=["", "Fréquentation", "Sur un an", "Douze mois", "Données"],
        rows=[
            [
                line.name,
                percent(line.month.attendance_rate),
                points(line.change),
                percent(line.year.attendance_rate),
                line.coverage,
            ]
            for line in lines
        ],
    )


def _spread_sentence(lines):
    known = [line for line in lines if line.month.attendance_rate is not None]
    if not known:
        return "Aucune donnée ce mois-là."
    low, high = known[0], known[-1]
    return (
        f"De {percent(low.month.attendance_rate)} ({low.name}) à {percent(high.month.attendance_rate)} ({high.name})."
    )


def rates_map(found, today, *, with_links=True):
    """Territories tinted and houses marked by their attendance; None when no house has a position."""
    placed = [house for house in found.houses if house.latitude is not None]
    if not placed:
        return None
    rates = {line.key: line.month.attendance_rate for line in found.lines}
    points_ = [_point(house, found, with_links) for house in placed]
    areas = _areas(found, rates)
    title = f"Carte de la fréquentation{NBSP}: {found.territory.name}"
    frame = {"tones": TONES, "area_tones": TONES, "title": title}
    house = words()["establishment"]
    return Figure(
        title=title,
        unit=f"un point par {house.singular}, une teinte par territoire",
        period=month_name(found.month),
        data_date=f"données au {full_date(today)}",
        n=f"{len(placed)} sur {house.counted(len(found.houses))} avec une position",
        sentence=_map_sentence(points_),
        svg=area_map(areas, points_, prefix="carte", **frame),
        svg_compact=area_map(areas, points_, prefix="carte-c", compact=True, **frame),
        headers=[house.cap, "Fréquentation", "Lecture"],
        rows=[[point.name, point.value, TONES[point.tone]] for point in sorted(points_, key=lambda one: one.name)],
    )


def _point(house, found, with_links):
    rate = found.of_house.get(house.pk, NO_ACTIVITY).attendance_rate
    return Place(
        house.name,
        float(house.longitude),
        float(house.latitude),
        tone=tone_of("attendance_rate", rate, house.kind),
        value=percent(rate),
        href=reverse("indicators:establishment_activity", args=[house.pk]) if with_links else "",
    )


def _areas(found, rates):
    """Each outline below the territory, in the tone of the line that holds it."""
    day = month_end(found.tree)
    below = Territory.objects.within(found.territory).active_on(day)
    codes = {code: place for place in below.order_by("pk") for code in perimeter_codes([place], [])}
    drawn = []
    for code, geometry in sorted(outlines_by_code(codes).items()):
        place = codes[code]
        key = found.above.get(place.pk)
        rate = rates.get(key) if key in rates else found.total.month.attendance_rate if not key else None
        drawn.append(Area(place.name, geometry, tone=tone_of("attendance_rate", rate), value=percent(rate)))
    return drawn


def _map_sentence(points_):
    low = sum(point.tone == "alert" for point in points_)
    told = words()["establishment"].counted(low)
    return f"{told} sous {percent(ALERT, 0)} de fréquentation, sur {len(points_)} placés."

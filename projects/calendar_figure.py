"""The closures to come of a perimeter, one line a house: which neighbours close at once is seen at a glance."""

from core.calendar import add_months
from core.charts import Figure, Span, timeline
from core.french import counted, full_date, month_name, period
from establishments.models import Closure

TONES = {"info": "fermeture prévue", "alert": "fermeture imprévue", "good": "avec regroupement"}
HOUSES, MONTHS = 30, 6


def closures_figure(closures, today):
    """A Figure of the six months to come, thirty houses at most; None when nothing closes. One query."""
    until = add_months(today, MONTHS)
    rows = [row for row in closures.filter(starts_on__lte=until)[:500] if row.starts_on <= until]
    houses = list(dict.fromkeys(row.establishment_id for row in rows))[:HOUSES]
    rows = [row for row in rows if row.establishment_id in set(houses)]
    if not rows:
        return None
    spans = [
        Span(row.establishment.name, row.starts_on, row.ends_on, row.get_cause_display(), _tone(row)) for row in rows
    ]
    frame = {"starts_on": today, "ends_on": until, "tones": TONES, "today": today, "title": "Fermetures à venir"}
    told = sum(row.families_informed_on is not None for row in rows)
    return Figure(
        title="Fermetures à venir",
        unit="jours",
        period=f"{month_name(today)} – {month_name(until)}",
        data_date=f"calendrier au {full_date(today)}",
        n=f"{counted(len(rows), 'fermeture')}, {counted(len(houses), 'lieu', 'lieux')}",
        sentence=f"{counted(len(rows), 'fermeture')} à venir, dont {told} annoncées aux familles.",
        svg=timeline(spans, prefix="fermetures", **frame),
        svg_compact=timeline(spans, prefix="fermetures-etroit", compact=True, **frame),
        headers=["Lieu", "Période", "Cause", "Regroupement"],
        rows=[
            [
                row.establishment.name,
                period(row.starts_on, row.ends_on),
                row.get_cause_display(),
                row.host.name if row.host else "—",
            ]
            for row in rows
        ],
    )


def _tone(closure):
    if closure.host_id:
        return "good"
    return "info" if closure.cause in Closure.PLANNED else "alert"

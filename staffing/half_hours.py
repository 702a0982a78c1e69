"""The half-hours of the days asked for, drawn: professionals with the children over those required, if granted."""

from core.charts import Figure
from core.charts.grids import Cell, heatmap
from core.french import WEEKDAYS, counted, full_date, hours, period

from .coverage import Segment

STEP = 30
TONES = {
    "good": "tenu",
    "watch": "déjà en défaut sans ce congé",
    "alert": "en défaut si ce congé est accordé",
}


def half_hour_figure(found, leave, today) -> Figure:
    """The worst moment of each half-hour, after; the table twin gives « présents / exigés » of each."""
    days = [day for day in found.days if day.after is not None and day.after.segments]
    starts = sorted({start for day in days for start in _starts(day.after.segments)})
    names = [f"{WEEKDAYS[day.day.weekday()][:3]} {day.day:%d/%m}" for day in days]
    columns = [hours(minutes=start) for start in starts]
    cells = [[_cell(day, start) for start in starts] for day in days]
    turned = [list(column) for column in zip(*cells, strict=True)]
    title = "Demi-heures, si ce congé est accordé"
    broken = sum(cell is not None and cell.tone == "alert" for row in cells for cell in row)
    return Figure(
        title=title,
        unit="professionnels présents moins exigés",
        period=period(leave.starts_on, leave.ends_on),
        data_date=f"horaires, congés et enfants attendus au {full_date(today)}",
        n=counted(len(days), "jour ouvert", "jours ouverts"),
        sentence=(
            f"{counted(broken, 'demi-heure')} ne {'tiendraient' if broken > 1 else 'tiendrait'} plus."
            if broken
            else "Aucune demi-heure de plus en défaut."
        ),
        svg=heatmap(names, columns, cells, tones=TONES, title=title, prefix="demi-heures"),
        svg_compact=heatmap(columns, names, turned, tones=TONES, title=title, compact=True, prefix="demi-heures-c"),
        headers=["Jour", *columns],
        rows=[[name, *(_twin(day, start) for start in starts)] for name, day in zip(names, days, strict=True)],
    )


def _starts(segments):
    first, last = segments[0].start, segments[-1].end
    return range(first - first % STEP, last, STEP)


def _worst(segments, start) -> Segment | None:
    """The moment of a half-hour that lacks most; broken ones first."""
    touched = [s for s in segments if s.start < start + STEP and start < s.end]
    return min(touched, key=lambda s: (not s.breaches, s.present - s.required), default=None)


def _cell(day, start):
    after, before = _worst(day.after.segments, start), _worst(day.before.segments, start)
    if after is None:
        return None
    margin = after.present - after.required
    tone = "good"
    if after.breaches:
        same = before is not None and before.breaches == after.breaches
        tone = "watch" if same else "alert"
    return Cell(tone, f"{margin:+d}".replace("-", "−") if margin else "0")


def _twin(day, start):
    after = _worst(day.after.segments, start)
    return "fermé" if after is None else f"{after.present}\u00a0/\u00a0{after.required}"

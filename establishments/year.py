"""The closures of a year: twelve small months drawn, and the same days as a table."""

from calendar import monthrange
from datetime import date

from core.calendar import clip, holiday_name, iter_days
from core.charts import Figure, svg
from core.charts.grids import tone_key
from core.charts.lines import legend_rows
from core.french import MONTHS, capitalise, counted, full_date, period

from .models import Closure

TONES = {
    "info": "fermeture prévue",
    "alert": "fermeture imprévue",
    "watch": "demi-journée",
    "neutral": "férié ou fin de semaine",
}
LETTERS = "LMMJVSD"
CELL = 20
GAP = 18
ROWS = 7  # the letters of the week, then at most six weeks
FIRST_YEAR, LAST_YEAR = 2000, 2100


def year_asked(query, today) -> int:
    """`?annee=2026`; this year when it is absent or makes no sense."""
    asked = query.get("annee", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    return year if FIRST_YEAR <= year <= LAST_YEAR else today.year


def closed_days(closures, year) -> dict[date, str]:
    """{day: tone} of the days of a year with a closure; a whole day wins over half a day."""
    found = {}
    for closure in sorted(closures, key=lambda closure: closure.part == Closure.Part.DAY):
        window = clip(closure.starts_on, closure.ends_on, date(year, 1, 1), date(year, 12, 31))
        half = closure.part != Closure.Part.DAY
        tone = "watch" if half else "info" if closure.cause in Closure.PLANNED else "alert"
        for day in iter_days(*window) if window else ():
            found[day] = tone
    return found


def year_figure(closures, year, weekdays, today) -> Figure:
    """`weekdays`: the ISO numbers of the days the house opens, Monday to Friday when none is known."""
    days = closed_days(closures, year)
    opening = set(weekdays) or {1, 2, 3, 4, 5}
    lost = [day for day in days if day.isoweekday() in opening and not holiday_name(day)]
    whole = sum(days[day] != "watch" for day in lost)
    halves = len(lost) - whole
    said = counted(whole, "jour d’ouverture fermé", "jours d’ouverture fermés")
    half = f" et {counted(halves, 'demi-journée')}" if halves else ""
    title = f"Fermetures de l’année {year}"
    drawing = {"days": days, "year": year, "opening": opening, "title": title}
    return Figure(
        title=title,
        unit="jours",
        period=f"année {year}",
        data_date=f"calendrier au {full_date(today)}",
        n=counted(len(closures), "fermeture"),
        sentence=capitalise(f"{said}{half} en {year}, hors jours fériés."),
        svg=draw(**drawing, across=4, compact=False),
        svg_compact=draw(**drawing, across=2, compact=True),
        headers=["Période", "Cause", "Durée"],
        rows=[
            [period(one.starts_on, one.ends_on), one.get_cause_display(), one.get_part_display()] for one in closures
        ],
    )


def draw(*, days, year, opening, title, across, compact):
    width, size = svg.sheet({"title": title, "compact": compact})
    legend, top = legend_rows([(word, tone_key(tone)) for tone, word in TONES.items()], width, size)
    slot, high = width / across, (ROWS + 1.4) * CELL
    body = [legend]
    for month in range(12):
        x, y = (month % across) * slot, top + (month // across) * high
        body += draw_month(days, year, month + 1, opening, x, y, min(CELL * 1.3, (slot - GAP) / 7), size)
    height = top + -(-12 // across) * high
    prefix = "annee-c" if compact else "annee"
    return svg.document(body, height=height, title=title, compact=compact, prefix=prefix)


def draw_month(days, year, month, opening, x, y, cell, size):
    first, count = monthrange(year, month)
    small = min(size, cell * 0.62)
    drawn = [svg.text(x, y + size, capitalise(MONTHS[month - 1]), size=size, font_weight="600")]
    for column, letter in enumerate(LETTERS):
        drawn.append(svg.text(x + (column + 0.5) * cell, y + CELL + size, letter, size=small, anchor="middle"))
    for number in range(1, count + 1):
        row, column = divmod(first + number - 1, 7)
        day = date(year, month, number)
        drawn += draw_day(day, days.get(day), opening, x + column * cell, y + (row + 1.9) * CELL, cell, small)
    return drawn


def draw_day(day, tone, opening, x, y, cell, size):
    """A closed day has its tone, its shape in a corner and a title; a day off is only grey."""
    off = holiday_name(day) or day.isoweekday() not in opening
    text = svg.text(x + cell / 2, y + CELL / 2 + size * 0.36, day.day, size=size, anchor="middle")
    tone = tone or ("neutral" if off else None)
    if tone is None:
        return [text]
    box = {"x": x + 1, "y": y + 1, "width": cell - 2, "height": CELL - 2, "rx": 3}
    if tone == "neutral":
        return [svg.el("rect", **box, fill="currentColor", fill_opacity="0.08", **svg.tone_ink(tone)), text]
    ground = svg.el(
        "rect", **box, fill="currentColor", fill_opacity="0.24", stroke="currentColor", **svg.tone_ink(tone)
    )
    name = svg.el("title", svg.clean(f"{full_date(day)}\u00a0: {TONES[tone]}"))
    mark = svg.shape(svg.TONES[tone].shape, x + cell - 3.5, y + 4, 3, stroke_width="1.2", **svg.tone_ink(tone))
    return [svg.el("g", name, ground, text, mark, font_weight="600")]


def year_bounds(year) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)

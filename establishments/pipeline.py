"""Openings to come: forecast places and staff to recruit, by quarter (S-015)."""

from core.calendar import quarter
from core.charts import Figure, bar_chart
from core.french import counted, full_date, number

from .models import OpeningProject
from .vocabulary import words

STILL_COMING = [OpeningProject.Status.STUDY, OpeningProject.Status.DECIDED, OpeningProject.Status.WORKS]


def by_quarter(projects):
    """[(label, places, staff, number of projects)] of the projects still to come, without a gap between quarters."""
    totals = {}
    for project in projects:
        if project.status in STILL_COMING:
            key = project.opens_on.year * 4 + quarter(project.opens_on) - 1
            places, staff, count = totals.get(key, (0, 0, 0))
            totals[key] = (places + project.places, staff + project.staff_to_recruit, count + 1)
    if not totals:
        return []
    return [(f"T{key % 4 + 1} {key // 4}", *totals.get(key, (0, 0, 0))) for key in range(min(totals), max(totals) + 1)]


def pipeline_figure(projects, today) -> Figure | None:
    """The chart of the forecast places; None when nothing is to come."""
    rows = by_quarter(projects)
    if not rows:
        return None
    labels, places = [row[0] for row in rows], [row[1] for row in rows]
    total, staff, employee = sum(places), sum(row[2] for row in rows), words()["employee"]
    frame = {"unit": "places", "title": "Places prévues par trimestre", "horizontal": len(rows) <= 6}
    return Figure(
        title="Places prévues par trimestre",
        unit="places",
        period=f"{labels[0]} – {labels[-1]}",
        data_date=f"prévisions au {full_date(today)}",
        n=counted(sum(row[3] for row in rows), "projet d’ouverture", "projets d’ouverture"),
        sentence=f"{counted(total, 'place prévue', 'places prévues')}, {employee.counted(staff)} à recruter.",
        svg=bar_chart(labels, places, prefix="ouvertures", **frame),
        svg_compact=bar_chart(labels, places, prefix="ouvertures-c", compact=True, **frame),
        headers=["Trimestre", "Places prévues", f"{employee.caps} à recruter", "Projets"],
        rows=[[label, number(one), number(two), number(three)] for label, one, two, three in rows],
    )

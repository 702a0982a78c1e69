"""Improvement between two analyses of a territory (S-041): the share of the points that moved up, line by line."""

from collections import defaultdict
from fractions import Fraction

from core.calendar import add_months
from core.charts import Figure, bar_chart
from core.french import counted, full_date, number, percent
from visits.reviews.campaign import INTERVAL_MONTHS
from visits.reviews.improvement import Moves, moves_of


def improvement_figure(rows, dashboard, day):
    """The last analysis of each house against the one before; None when no house has two (`measures.followed_up`)."""
    by_house = latest([(house, validated, *points) for house, _, validated, *points in rows if points[0]])
    found: dict = defaultdict(Moves)
    for house, moves in by_house.items():
        if house in dashboard.groups:
            found[dashboard.groups[house]] += moves
    whole = sum(found.values(), Moves())
    if not whole.compared:
        return None
    lines = [(line.name, found[line.key] if line.key in found else Moves()) for line in dashboard.lines if line.houses]
    title = "Points en progrès d’une analyse à la suivante"
    frame = {"unit": "%", "title": title, "y_max": 100.0}
    names = [name for name, _ in lines]
    shares = [int(moves.share * 100 + Fraction(1, 2)) if moves.compared else None for _, moves in lines]
    return Figure(
        title=title,
        unit="% des points appréciés dans les deux dernières analyses",
        period=f"analyses validées du {full_date(add_months(day, -INTERVAL_MONTHS))} au {full_date(day)}",
        data_date=f"données au {full_date(day)}",
        n=counted(len(by_house), "analyse comparée", "analyses comparées"),
        sentence=whole.sentence,
        svg=bar_chart(names, shares, prefix="progres", **frame),
        svg_compact=bar_chart(names, shares, prefix="progres-c", compact=True, **frame),
        headers=["Territoire", "Points comparés", "En progrès", "Stables", "En recul", "Part en progrès"],
        rows=[_row(name, moves) for name, moves in [*lines, ("Ensemble", whole)]],
    )


def latest(rows) -> dict[int, Moves]:
    """{house: how its points moved in its last analysis} from (house, validated at, before, now, points)."""
    by_review = defaultdict(list)
    for house, validated, before, now, n in rows:
        by_review[house, validated].append((before, now, n))
    last: dict = {}
    for house, validated in by_review:
        last[house] = max(validated, last.get(house, validated))
    return {house: moves_of(by_review[house, validated]) for house, validated in last.items()}


def _row(name, moves):
    counts = [number(n) for n in (moves.compared, moves.up, moves.flat, moves.down)]
    return [name, *counts, percent(moves.share, 0) if moves.compared else "—"]

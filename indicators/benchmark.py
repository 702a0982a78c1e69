"""Each house against those that resemble it, over twelve months: the page « Comparaison ». Four queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.calendar import add_months, month_end
from core.charts import Figure
from core.french import NBSP, full_date, hours, month_name, number, percent
from establishments.models import Capability, Establishment
from establishments.vocabulary import words

from .comparison import LEAST_GROUP, Funnel, Point, funnel
from .explained import FIELDS
from .funnel_chart import WORDS, funnel_chart
from .links import explain_url
from .models import MonthlyActivity
from .overview import as_percent, living
from .profiles_of import profiles
from .rates import NO_ACTIVITY, RateDefinition
from .similar import similar_to

MONTHS = 12
UNNAMED = "hors de mon périmètre"


@dataclass(frozen=True)
class Line:
    """One house against its group; `found` is None when the group is too small or the house too little known."""

    key: int
    name: str
    url: str
    rate: Fraction | None
    group: int
    found: Funnel | None
    point: Point | None

    def get_absolute_url(self) -> str:
        return self.url

    @property
    def percentage(self) -> Decimal | None:
        return as_percent(self.rate)

    @property
    def centre(self) -> Decimal | None:
        return as_percent(self.found.centre) if self.found else None

    @property
    def expected(self) -> str:
        if self.found is None or self.point is None:
            return ""
        low, high = self.found.bounds(float(self.point.base))
        return f"{number(low * 100, 1)} à {number(high * 100, 1)}"

    @property
    def verdict(self) -> str:
        if self.found is None or self.point not in self.found.points:
            return "trop peu de données pour comparer"
        return WORDS[self.found.verdict(self.point)]


@dataclass(frozen=True)
class Benchmark:
    """The lines of the perimeter, and the group drawn."""

    definition: RateDefinition
    month: date
    lines: tuple[Line, ...]
    drawn: Line | None

    @property
    def since(self) -> date:
        return add_months(self.month, 1 - MONTHS)

    @property
    def outliers(self) -> int:
        return sum(bool(line.found and line.point and line.found.verdict(line.point)) for line in self.lines)


def benchmark(user, definition, month, *, establishment=None) -> Benchmark:
    """Groups are drawn from the whole city; houses out of the perimeter count in them and are not named."""
    houses = living(Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES), month)
    named = {house.pk: house for house in houses.only("pk", "name").order_by("name", "pk")}
    known = profiles(month_end(month))
    since = add_months(month, 1 - MONTHS)
    sums = MonthlyActivity.objects.filter(establishment__in=list(known)).published().between(since, month)
    sums = sums.by_establishment()
    points = {pk: _point(pk, named, sums.get(pk, NO_ACTIVITY), definition) for pk in known}
    lines = [_line(house, known, points, definition, since, month) for house in named.values()]
    chosen = establishment.pk if establishment else None
    drawn = next((line for line in lines if line.key == chosen), None) or max(
        (line for line in lines if line.found), key=lambda line: line.group, default=None
    )
    return Benchmark(definition, month, tuple(lines), drawn)


def _point(pk, named, activity, definition):
    top, bottom = (getattr(activity, FIELDS[name]) for name in (definition.numerator, definition.denominator))
    return Point(pk, named[pk].name if pk in named else UNNAMED, Fraction(top), Fraction(bottom))


def _line(house, known, points, definition, since, month):
    mine = known.get(house.pk)
    near = similar_to(mine, known.values()) if mine else []
    found = funnel([points[one.key] for one in near] + [points[house.pk]]) if mine else None
    point = points.get(house.pk)
    return Line(
        key=house.pk,
        name=house.name,
        url=explain_url(definition.name, month, since=since, establishment=house.pk),
        rate=point.rate if point and point.base else None,
        group=len(near) + 1 if mine else 0,
        found=found,
        point=point if point and point.base else None,
    )


def figure(found: Benchmark, today) -> Figure | None:
    """The funnel of the group drawn; None when no group can be compared."""
    line = found.drawn
    if line is None or line.found is None:
        return None
    shown = line.found
    title = f"{found.definition.label.capitalize()}, {line.name} et {words()['establishment'].plural} semblables"
    return Figure(
        title=title,
        unit="%",
        period=f"{month_name(found.since)} – {month_name(found.month)}",
        data_date=f"données au {full_date(today)}",
        n=_counted(shown),
        sentence=_sentence(found, line, shown),
        svg=funnel_chart(shown, line.key, title=title, prefix="entonnoir"),
        svg_compact=funnel_chart(shown, line.key, title=title, prefix="entonnoir-etroit", compact=True),
        headers=[words()["establishment"].cap, "Taux", "Dénominateur", "Limites", "Lecture"],
        rows=[_row(shown, point) for point in sorted(shown.points, key=lambda one: (one.rate, one.key))],
    )


def _counted(shown):
    counted = words()["establishment"].counted(len(shown.points))
    out = len(shown.suppressed)
    return f"{counted}, {out} {words()['establishment'].accord('écarté', out)} faute d’heures" if out else counted


def _row(shown, point):
    low, high = shown.bounds(float(point.base))
    limits = f"{percent(low)} à {percent(high)}"
    return [point.name, percent(point.rate), hours(point.base), limits, WORDS[shown.verdict(point)]]


def _sentence(found, line, shown):
    place = f"{percent(line.rate)} pour {percent(shown.centre)} dans le groupe"
    verdict = shown.verdict(line.point)
    read = f"{WORDS[verdict]} de ses semblables" if verdict else "un écart que le hasard explique"
    return f"{line.name}{NBSP}: {place}, {read}."


def summary(found: Benchmark) -> str:
    """What the page says first."""
    house = words()["establishment"]
    if not any(line.found for line in found.lines):
        return f"Il faut au moins {LEAST_GROUP} {house.plural} semblables et douze mois d’heures pour comparer."
    told = house.counted(found.outliers)
    return (
        f"{told} hors de ce que le hasard explique, sur {len(found.lines)}."
        if found.outliers
        else (f"{house.aucun.capitalize()} hors de ce que le hasard explique, sur {len(found.lines)}.")
    )

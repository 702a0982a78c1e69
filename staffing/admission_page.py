"""A simulated place over some weeks of many houses: three queries, the best houses first, one of them drawn."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import iter_days
from core.charts import Figure
from core.charts.grids import Cell, heatmap
from core.french import NBSP, NNBSP, WEEKDAYS, counted, full_date, hours, period

from .admissions import CAPACITY, TOPICS, Admission, Simulated, ranked, simulate_admission
from .coverage import HouseDay, half_hours_in_breach
from .day_book import DayBook, open_book
from .week_load import monday_of

STEP = 30
TONES = {"good": "tient", "watch": "ne tient déjà pas", "alert": "ne tiendrait plus"}


@dataclass(frozen=True)
class HouseAnswer:
    """What the place would do to one house; `known`: whether the hours of its staff are."""

    pk: int
    name: str
    found: Simulated
    known: bool

    @property
    def broken(self) -> int:
        return len(self.found.broken)

    @property
    def weeks(self) -> int:
        return len(self.found.weeks)

    @property
    def room(self) -> int | None:
        return self.found.room

    @property
    def tone(self) -> str:
        if not self.found.days:
            return "neutral"
        return "good" if self.found.holds and self.known else "watch" if self.found.holds else "alert"

    @property
    def verdict(self) -> str:
        if not self.found.days:
            return "fermé, ou non renseigné"
        if not self.found.holds:
            return "ne tient pas"
        return "tient" if self.known else "places seules jugées"

    @property
    def reason(self) -> str:
        """What breaks, most serious first, in one sentence."""
        one, said = self.found, []
        if one.refused:
            said.append(f"{hours(minutes=one.refused // max(1, one.days))} par jour hors de l’ouverture")
        topics = Counter(breach.message for _, half in one.broken for breach in half.breaches[:1])
        if one.broken:
            said.append(f"{counted(len(one.broken), 'demi-heure')}{NBSP}: {topics.most_common(1)[0][0].rstrip('.')}")
        if one.weeks:
            said.append(
                f"{counted(len(one.weeks), 'semaine')} au-delà de 100{NBSP}% des heures ({one.weeks[0][1].article})"
            )
        if one.already:
            said.append(f"{counted(one.already, 'demi-heure')} déjà en défaut sans cette place")
        return f"{NNBSP}; ".join(said) or "Rien ne casse."


@dataclass(frozen=True)
class Answer:
    """Houses, the best first, and the half-hours of one of them."""

    houses: tuple[HouseAnswer, ...]
    drawn: HouseAnswer | None
    figure: Figure | None
    broken: tuple[tuple[str, str, str, str], ...]
    starts_on: date
    ends_on: date
    source: str


def answer_of(
    houses: Collection[int], admission: Admission, start: date, weeks: int, today: date, chosen=None
) -> Answer:
    """`chosen`: the house to draw, the best one unless told."""
    end = start + timedelta(days=7 * weeks - 1)
    # Whole weeks are read: the hours of a week are judged on all its days.
    book = open_book(houses, monday_of(start), monday_of(end) + timedelta(days=6), today)
    days = {pk: _days(book, pk) for pk in book.houses}
    known = {pk: any(book.has_hours(pk, on) for on in found) for pk, found in days.items()}
    found = ranked({pk: _simulated(book, pk, days[pk], admission, known[pk], start, end) for pk in _by_name(book)})
    rows = tuple(HouseAnswer(pk, book.houses[pk].name, one, known[pk]) for pk, one in found)
    drawn = next((row for row in rows if row.pk == chosen), None) or next(
        (row for row in rows if row.found.days), None
    )
    judged = {on: day for on, day in days[drawn.pk].items() if start <= on <= end} if drawn else {}
    expectation = book.houses[drawn.pk].expectation if drawn else None
    return Answer(
        houses=rows,
        drawn=drawn,
        figure=_figure(book, drawn, judged, admission, today) if judged else None,
        broken=tuple(_broken(drawn.found)) if drawn else (),
        starts_on=start,
        ends_on=end,
        source=expectation.source_text(expectation.source_on(start)) if expectation else "",
    )


def _by_name(book):
    return sorted(book.houses, key=lambda pk: (book.houses[pk].name, pk))


def _days(book: DayBook, house) -> dict[date, HouseDay]:
    found = {day: book.house_day(house, day) for day in iter_days(book.starts_on, book.ends_on)}
    return {day: given for day, given in found.items() if given is not None}


def _simulated(book, house, days, admission, known, start, end) -> Simulated:
    """Days before the first one asked are read for their week, not judged."""
    before = {day: book.assess(house, day) for day in days}
    topics = TOPICS if known else CAPACITY
    judged = {on for on in days if start <= on <= end}
    return simulate_admission(days, admission, before=before, topics=topics, only=judged)


def _broken(found: Simulated):
    """(day, hours, message, article) of each half-hour that would break."""
    for on, half in found.broken:
        for breach in half.breaches:
            text = f"{hours(minutes=half.start)} – {hours(minutes=half.end)}"
            yield f"{WEEKDAYS[on.weekday()]} {full_date(on)}", text, breach.message, breach.article


def _figure(book, house: HouseAnswer, judged, admission, today) -> Figure:
    """Weekdays × half-hours asked: in how many of the weeks it would break."""
    weekdays = sorted(admission.days)
    first, last = min(s for s, _ in admission.days.values()), max(e for _, e in admission.days.values())
    starts = list(range(first - first % STEP, last, STEP))
    new = Counter((on.isoweekday(), half.start) for on, half in house.found.broken)
    topics = TOPICS if house.known else CAPACITY
    old = Counter(
        (on.isoweekday(), half.start)
        for on in judged
        for half in half_hours_in_breach(book.assess(house.pk, on), topics)
    )
    open_on = Counter(on.isoweekday() for on in judged)
    names, columns = [WEEKDAYS[day - 1] for day in weekdays], [hours(minutes=start) for start in starts]
    cells = [[_cell(new[day, at], old[day, at], open_on[day]) for at in starts] for day in weekdays]
    turned = [list(column) for column in zip(*cells, strict=True)]
    title = f"Demi-heures, avec cette place{NBSP}: {house.name}"
    return Figure(
        title=title,
        unit="semaines où la demi-heure ne tiendrait plus",
        period=period(min(judged), max(judged)),
        data_date=f"horaires, congés et enfants attendus au {full_date(today)}",
        n=counted(len(judged), "jour ouvert", "jours ouverts"),
        sentence=(
            f"{counted(len(house.found.broken), 'demi-heure')} de plus en défaut."
            if house.found.broken
            else "Aucune demi-heure de plus en défaut."
        ),
        svg=heatmap(names, columns, cells, tones=TONES, title=title, prefix="place"),
        svg_compact=heatmap(columns, names, turned, tones=TONES, title=title, compact=True, prefix="place-c"),
        headers=["Jour", *columns],
        rows=[
            [name, *(_twin(new[day, at], old[day, at], open_on[day]) for at in starts)]
            for name, day in zip(names, weekdays, strict=True)
        ],
    )


def _cell(new, old, weeks):
    if not weeks:
        return None
    return Cell("alert", str(new)) if new else Cell("watch", str(old)) if old else Cell("good", "")


def _twin(new, old, weeks):
    if not weeks:
        return "fermé"
    return f"{new} de plus" if new else f"{old} déjà" if old else "tient"

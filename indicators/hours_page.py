"""The hours of the houses, read for pages: the last weeks counted, against the places of each half-hour."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.charts import Cell, Figure, heatmap
from core.french import WEEKDAYS, capitalise, counted, full_date, hours, percent, period
from establishments.models import Capability, Establishment

from .day_places import places_by_half_hour
from .half_hours import MINUTES
from .hours import WEEKS, Day, Moment, Stretch, stretches, week
from .models import DailyActivity
from .terms import terms_of

QUIET, FULL = Fraction(6, 10), Fraction(9, 10)  # of the open places: below the first a half-hour is said quiet
TONES = {
    "info": f"moins de {percent(QUIET, 0)} des places",
    "good": f"de {percent(QUIET, 0)} à {percent(FULL, 0)}",
    "watch": f"plus de {percent(FULL, 0)}",
    "alert": "plus d’enfants que de places ouvertes",
    "neutral": "places inconnues",
}
MOST_HOUSES = 60  # a pôle; beyond, a territory is chosen first: twelve weeks of a city are 27,000 days


@dataclass(frozen=True)
class FreeLine:
    """One run of free half-hours of one house."""

    house: str
    url: str
    stretch: Stretch

    def get_absolute_url(self) -> str:
        return self.url

    weekday = property(lambda self: capitalise(WEEKDAYS[self.stretch.weekday - 1]))
    number = property(lambda self: self.stretch.weekday)
    start = property(lambda self: hours(minutes=self.stretch.start))
    end = property(lambda self: hours(minutes=self.stretch.end))
    places = property(lambda self: self.stretch.places)
    days = property(lambda self: self.stretch.days)
    place_hours = property(lambda self: self.stretch.place_hours)


def weeks_of(houses, today: date) -> dict[int, dict[tuple[int, int], Moment]]:
    """{house id: its week}, over the twelve weeks before `today`. Seven queries whatever the number of houses."""
    kinds = {house.pk: house.kind for house in houses}
    since, until = today - timedelta(weeks=WEEKS), today - timedelta(days=1)
    rows = DailyActivity.objects.filter(establishment__in=list(kinds)).between(since, until).order_by("day", "pk")
    counted_days = defaultdict(list)
    for row in rows:
        counted_days[row.establishment_id].append(row)
    terms = terms_of(list(counted_days), since, until)
    return {
        house: week(_day(row, terms[house], kinds[house]) for row in found) for house, found in counted_days.items()
    }


def _day(row, terms, kind):
    return Day(row.day, row.present, places_by_half_hour(terms, row.day, kind=kind))


def free_lines(user, today: date, *, territory=None) -> list[FreeLine] | None:
    """Each run of free half-hours of the houses the user may read; None when there are too many houses at once."""
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).open_on(today)
    if territory is not None:
        houses = houses.within(territory, today)
    houses = list(houses.order_by("name", "pk")[: MOST_HOUSES + 1])
    if len(houses) > MOST_HOUSES:
        return None
    weeks = weeks_of(houses, today)
    lines = [line for house in houses for line in lines_of(house, weeks.get(house.pk, {}))]
    return sorted(lines, key=lambda line: -line.place_hours)


def lines_of(house, moments) -> list[FreeLine]:
    return [FreeLine(house.name, house.get_absolute_url(), stretch) for stretch in stretches(moments)]


def free_summary(lines) -> str:
    """ "12 créneaux libres, 94 heures d’accueil par semaine." """
    if not lines:
        return "Aucun créneau de deux heures n’est resté libre neuf jours sur dix."
    total = sum(line.place_hours for line in lines)
    runs = counted(len(lines), "créneau libre", "créneaux libres")
    return f"{runs}, {counted(round(total), 'heure')} d’accueil par semaine."


def week_figure(house, moments, today: date) -> Figure | None:
    """The usual children of each half-hour of the week; the twin gives « habituels / places »; None without a day."""
    if not moments:
        return None
    weekdays = sorted({weekday for weekday, _ in moments})
    halves = range(min(half for _, half in moments), max(half for _, half in moments) + 1)
    names = [capitalise(WEEKDAYS[weekday - 1][:3]) for weekday in weekdays]
    columns = [hours(minutes=half * MINUTES) for half in halves]
    cells = [[_cell(moments.get((weekday, half))) for half in halves] for weekday in weekdays]
    turned = [list(column) for column in zip(*cells, strict=True)]
    title = "Enfants présents, heure par heure"
    days = sum(max(m.days for m in moments.values() if m.weekday == weekday) for weekday in weekdays)
    return Figure(
        title=title,
        unit="enfants présents d’habitude (médiane)",
        period=period(today - timedelta(weeks=WEEKS), today - timedelta(days=1)),
        data_date=f"jours relevés au {full_date(today)}",
        n=counted(days, "jour relevé", "jours relevés"),
        sentence=_sentence(moments),
        svg=heatmap(names, columns, cells, tones=_told(cells), title=title, prefix="heures"),
        svg_compact=heatmap(columns, names, turned, tones=_told(cells), title=title, compact=True, prefix="heures-c"),
        headers=["Jour", *columns],
        rows=[
            [name, *(_twin(moments.get((weekday, half))) for half in halves)]
            for name, weekday in zip(names, weekdays, strict=True)
        ],
    )


def _told(cells):
    """The legend of what is drawn only."""
    used = {cell.tone for row in cells for cell in row if cell}
    return {tone: words for tone, words in TONES.items() if tone in used}


def _tone(moment):
    filling = moment.filling
    if filling is None:
        return "neutral" if moment.places is None else "alert" if moment.usual else "info"
    if filling > 1:
        return "alert"
    return "watch" if filling > FULL else "good" if filling >= QUIET else "info"


def _cell(moment):
    return None if moment is None else Cell(_tone(moment), str(moment.usual))


def _twin(moment):
    if moment is None:
        return "—"
    places = "?" if moment.places is None else str(moment.places)
    return f"{moment.usual}\u00a0/\u00a0{places}"


def _sentence(moments):
    """Where the week is fullest and where it is quietest."""
    known = [moment for moment in moments.values() if moment.filling is not None]
    if not known:
        return "Les places de ces jours ne sont pas connues."
    fullest = max(known, key=lambda moment: (moment.filling, -moment.weekday, -moment.half_hour))
    said = f"{capitalise(WEEKDAYS[fullest.weekday - 1])} à {hours(minutes=fullest.half_hour * MINUTES)}"
    quiet = sum(moment.filling < QUIET for moment in known)
    return (
        f"Le plus plein\u00a0: {said}, {counted(fullest.usual, 'enfant')} d’habitude pour "
        f"{counted(fullest.places, 'place')}. Moins de {percent(QUIET, 0)} des places prises\u00a0: "
        f"{counted(quiet, 'demi-heure')} par semaine."
    )

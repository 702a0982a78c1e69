"""The open-data file of a perimeter: hours by territory and month, the same bytes for the same data."""

import csv
import hashlib
import io
from collections import defaultdict

from core.calendar import month_end
from establishments.models import SectorAttachment, Territory
from establishments.vocabulary import words

from .models import MonthlyActivity
from .open_data import Cell, table

HEADERS = ("territoire", "mois", "heures_realisees")
Status = MonthlyActivity.Status
LOCKED = [Status.VALIDATED, Status.CLOSED]


def open_cells(territory, months, kind=Territory.Kind.POLE):
    """{(territory, month): Cell} of validated hours, in the tree of each month. A query a territory and a month."""
    found = {}
    for month in months:
        for name, houses in _groups(territory, month, kind).items():
            rows = MonthlyActivity.objects.filter(establishment__in=houses, status__in=LOCKED).of_month(month)
            hours = rows.values_list("actual_hours", "children_enrolled")
            found[name, f"{month:%Y-%m}"] = Cell(
                houses=len(hours),
                children=sum(children for _, children in hours),
                value=round(sum(actual for actual, _ in hours)),
            )
    return found


def _groups(territory, month, kind):
    """{name of each territory of a level: [house ids]} in the tree of a month."""
    attached = SectorAttachment.objects.active_on(month_end(month)).filter(
        territory__ancestor_links__ancestor__kind=kind,
        territory__ancestor_links__ancestor__ancestor_links__ancestor=territory,
    )
    groups = defaultdict(list)
    for name, house in (
        attached.order_by().values_list("territory__ancestor_links__ancestor__name", "establishment").distinct()
    ):
        groups[name].append(house)
    return dict(groups)


def open_file(territory, months, kind=Territory.Kind.POLE) -> bytes:
    """CSV in UTF-8, comma, one line a cell, in order: made for machines, hence without any local habit."""
    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(HEADERS)
    for row in table(open_cells(territory, months, kind)):
        write(row)
    return stream.getvalue().encode()


def notice(territory, months, content: bytes) -> str:
    """What goes beside the file: what it counts, what is hidden, its fingerprint."""
    house = words()["establishment"]
    return (
        f"{territory.name}, {months[0]:%Y-%m} à {months[-1]:%Y-%m}. Heures réalisées, mois validés. « s »\u00a0: "
        f"secret statistique (moins de 3 {house.plural} ou de 11 enfants, et ce qui permettrait de les déduire). "
        f"SHA-256\u00a0: {hashlib.sha256(content).hexdigest()}"
    )

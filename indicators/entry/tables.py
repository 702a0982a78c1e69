from decimal import Decimal

from core.french import WEEKDAYS, capitalise
from core.tables import ListColumn, ListTable
from establishments.vocabulary import titled

from ..half_hours import clock, span
from ..models import DailyActivity

EXPORTED = span(6 * 60, 21 * 60)
MARKS = {"non_walkers": "NM", "walkers": "M"}


class DayTable(ListTable):
    """The days counted of one house; the spreadsheets also hold the half-hours, as the import reads them back."""

    noun, noun_plural = "jour", "jours"
    empty_title = "Aucun jour relevé"
    empty_text = "Saisissez un jour, ou importez un fichier de présences."

    house = ListColumn(verbose_name=titled("{establishment}"), export_only=True, accessor="establishment__name")
    day = ListColumn(verbose_name="Jour", header=True)
    weekday = ListColumn(verbose_name="Jour de la semaine", orderable=False, empty_values=(), accessor="day")
    peak = ListColumn(verbose_name="Présents au plus", numeric=True)
    hours = ListColumn(verbose_name="Heures de présence", numeric=True, decimals=1, accessor="child_half_hours")
    entered_by = ListColumn(verbose_name="Saisi par", orderable=False)

    class Meta:
        model = DailyActivity
        fields: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        kwargs["extra_columns"] = [
            (f"{group}_{place}", ListColumn(verbose_name=f"{mark} {clock(place)}", export_only=True, accessor=group))
            for place in EXPORTED
            for group, mark in MARKS.items()
        ]
        super().__init__(*args, **kwargs)
        if self.request is not None and self.request.GET.get("export") == "pdf":
            self.exported = [column for column in self.exported if str(column.accessor) not in MARKS]

    def value_weekday(self, row):
        return WEEKDAYS[row.day.weekday()]

    def cell_weekday(self, row):
        return capitalise(WEEKDAYS[row.day.weekday()])

    def value_hours(self, row):
        return Decimal(row.child_half_hours) / 2

    def value_entered_by(self, row):
        return str(row.entered_by) if row.entered_by else "import"

    def value_reader(self, column):
        group, place = str(column.accessor), column.name.rpartition("_")[2]
        if group in MARKS and place.isdigit():
            return lambda row: getattr(row, group)[int(place)]
        return super().value_reader(column)

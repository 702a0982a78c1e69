"""The tables of the dashboards: lines of dashboard/rows.py, formatted once."""

from decimal import Decimal
from functools import partial
from itertools import compress

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core.charts import sparkline
from core.french import agreed, counted, day_month, number, percent
from core.tables import ListColumn, ListTable, badge, markup, sub
from establishments.models import Capability
from establishments.vocabulary import titled, words
from visits import schedule
from visits.freshness import TONES

# A column of what the user may not read is absent, on the page and in the files.
NEEDED = {
    "leaves": Capability.VIEW_STAFF,
    "pending": Capability.VIEW_STAFF,
    "actions": Capability.VIEW_ACTIONS,
    "late": Capability.VIEW_ACTIONS,
}


# A sheet of paper has no room for them.
SPREADSHEET_ONLY = {"category", "frozen", "due_on", "opening", "admission", "assiduity", "never", "entered"}


def hidden(held, *, is_today):
    """Columns left out: those the user may not read, and those that are only known today."""
    return [name for name, capability in NEEDED.items() if not is_today or capability not in held]


def table_of(dashboard, held, moment):
    """The table of a dashboard, without the columns that the user may not read or that are not known that day."""
    exclude = hidden(held, is_today=moment.is_today)
    if dashboard.by_house:
        return partial(HouseTable, exclude=exclude)
    return partial(TerritoryTable, exclude=exclude, below=dashboard.below)


def linked(record):
    if not record.url:
        return record.name
    return mark_safe(f'<a href="{markup(record.url)}">{markup(record.name)}</a>')  # noqa: S308 - escaped


def called(contact):
    return f"appeler {contact.instead}" if contact.instead else "personne n’est désigné"


def in_percent(rate):
    """A rate for a spreadsheet: 71.8, None when unknown."""
    return None if rate is None else Decimal(round(rate * 1000)) / 10


def trend_label(values):
    known = [value for value in values if value is not None]
    if not known:
        return "aucune donnée sur 24 mois"
    if round(known[0], 1) == round(known[-1], 1):
        return f"stable, {number(known[-1], 1)}\u202f%"
    return f"de {number(known[0], 1)} à {number(known[-1], 1)}\u202f%"


class LineTable(ListTable):
    """What a house and a territory have in common."""

    empty_title = titled("{establishment.aucun} à montrer")
    empty_text = titled("{establishment.aucun} n’accueille sur ce territoire à cette date.")

    def cell_attendance(self, record):
        return percent(record.attendance)

    def value_attendance(self, record):
        return in_percent(record.attendance)

    def value_opening(self, record):
        return in_percent(record.hours.activity.opening_rate)

    def value_admission(self, record):
        return in_percent(record.hours.activity.admission_rate)

    def value_assiduity(self, record):
        return in_percent(record.hours.activity.assiduity_rate)

    def cell_trend(self, record):
        return mark_safe(str(sparkline(record.trend, label=trend_label(record.trend))))  # noqa: S308 - drawn by us

    def cell_actions(self, record):
        return with_late(record)

    def cell_leaves(self, record):
        return f"{record.leaves} à décider" if record.leaves else "—"

    def paper_columns(self):
        return list(compress(super().paper_columns(), self._on_paper()))

    def paper_rows(self, records):
        kept = self._on_paper()
        return (list(compress(row, kept)) for row in super().paper_rows(records))

    def _on_paper(self):
        return [column.name not in SPREADSHEET_ONLY for column in self.exported]


def with_late(record):
    if not record.actions:
        return "—"
    late = badge(counted(record.late, "en retard", "en retard"), "alert") if record.late else ""
    return format_html("{} {}", record.actions, late)


class HouseTable(LineTable):
    """One line per establishment of a sector."""

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    category = ListColumn(verbose_name="Catégorie", export_only=True)
    places = ListColumn(verbose_name="Places", numeric=True, export_only=True)
    frozen = ListColumn(verbose_name="Places gelées", numeric=True, export_only=True)
    last_visit_on = ListColumn(verbose_name="Dernière visite")
    visit_state = ListColumn(verbose_name="État de la visite", export_only=True, orderable=False)
    due_on = ListColumn(verbose_name="Visite due le", export_only=True, orderable=False)
    direction = ListColumn(verbose_name="Direction", orderable=False)
    attendance = ListColumn(verbose_name="Fréquentation", numeric=True)
    opening = ListColumn(verbose_name="Ouverture (%)", numeric=True, export_only=True, orderable=False, decimals=1)
    admission = ListColumn(verbose_name="Admission (%)", numeric=True, export_only=True, orderable=False, decimals=1)
    assiduity = ListColumn(verbose_name="Assiduité (%)", numeric=True, export_only=True, orderable=False, decimals=1)
    trend = ListColumn(verbose_name="24 mois", screen_only=True, orderable=False)
    leaves = ListColumn(verbose_name="Congés", numeric=True, screen_only=True)
    pending = ListColumn(verbose_name="Congés à décider", accessor="leaves", numeric=True, export_only=True)
    actions = ListColumn(verbose_name="Actions", numeric=True)
    late = ListColumn(verbose_name="Actions en retard", numeric=True, export_only=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.noun, self.noun_plural = words()["establishment"].singular, words()["establishment"].plural

    def cell_name(self, record):
        places = counted(record.places, "place") if record.places else "places inconnues"
        frozen = f"dont {counted(record.frozen, 'gelée')}" if record.frozen else ""
        return sub(linked(record), ", ".join(filter(None, [f"{record.category} · {places}", frozen])))

    def value_places(self, record):
        return None if record.unknown_places else record.places

    def cell_last_visit_on(self, record):
        state = record.freshness
        on = f"le {day_month(record.last_visit_on)}" if record.last_visit_on else ""
        if state.status == schedule.TO_PLAN:
            on = f"avant le {day_month(state.due_on)}"
        return sub(badge(state.label, TONES[state.status]), on)

    def value_visit_state(self, record):
        return record.freshness.label

    def value_due_on(self, record):
        return record.freshness.due_on

    def cell_direction(self, record):
        contact = record.direction
        if contact.is_vacant:
            return sub(badge("vacante", "alert"), called(contact))
        if contact.is_absent:
            return sub(contact.name, f"absent·e, {called(contact)}")
        return f"{contact.name} (intérim)" if contact.is_interim else contact.name

    def value_direction(self, record):
        contact = record.direction
        if contact.is_vacant:
            return contact.notice
        name = f"{contact.name} (intérim)" if contact.is_interim else contact.name
        return ", ".join(filter(None, [name, contact.notice]))

    def cell_attendance(self, record):
        state = "" if record.hours.validated or not record.hours.entered else "à valider"
        return sub(percent(record.attendance), state)


class TerritoryTable(LineTable):
    """One line per territory below a pôle, a division or the direction, with its sums."""

    name = ListColumn(verbose_name="Territoire", header=True)
    houses = ListColumn(verbose_name=titled("{establishment.plural}"), numeric=True)
    places = ListColumn(verbose_name="Places", numeric=True)
    frozen = ListColumn(verbose_name="Places gelées", numeric=True, export_only=True)
    overdue = ListColumn(verbose_name="Visites en retard", numeric=True)
    never = ListColumn(verbose_name="Jamais visités", numeric=True, export_only=True)
    vacant = ListColumn(verbose_name="Directions vacantes", numeric=True)
    attendance = ListColumn(verbose_name="Fréquentation", numeric=True)
    opening = ListColumn(verbose_name="Ouverture (%)", numeric=True, export_only=True, orderable=False, decimals=1)
    admission = ListColumn(verbose_name="Admission (%)", numeric=True, export_only=True, orderable=False, decimals=1)
    assiduity = ListColumn(verbose_name="Assiduité (%)", numeric=True, export_only=True, orderable=False, decimals=1)
    entered = ListColumn(verbose_name="Mois saisi par", accessor="hours__entered", numeric=True, export_only=True)
    trend = ListColumn(verbose_name="24 mois", screen_only=True, orderable=False)
    leaves = ListColumn(verbose_name="Congés", numeric=True, screen_only=True)
    pending = ListColumn(verbose_name="Congés à décider", accessor="leaves", numeric=True, export_only=True)
    actions = ListColumn(verbose_name="Actions", numeric=True)
    late = ListColumn(verbose_name="Actions en retard", numeric=True, export_only=True)

    noun, noun_plural = "ligne", "lignes"

    def __init__(self, *args, below="", **kwargs):
        super().__init__(*args, **kwargs)
        if below:
            self.noun, self.noun_plural = words()[below].singular, words()[below].plural

    def cell_name(self, record):
        return linked(record)

    def cell_places(self, record):
        unknown = record.unknown_places
        note = f"sans compter {unknown} {agreed(unknown, 'inconnu', 'inconnus')}" if unknown else ""
        return sub(number(record.places), note)

    def cell_overdue(self, record):
        never = counted(record.never, "jamais visité", "jamais visités") if record.never else ""
        return sub(badge(record.overdue, "alert") if record.overdue else "—", never)

    def cell_vacant(self, record):
        return badge(record.vacant, "alert") if record.vacant else "—"

    def cell_attendance(self, record):
        return sub(percent(record.attendance), f"{record.hours.entered} sur {record.houses}" if record.houses else "")

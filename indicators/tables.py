from core.french import NONE, month_name, number, signed
from core.tables import ListColumn, ListTable
from establishments.vocabulary import said, titled

from .context import shown
from .marks import linked, trend, unvalidated
from .models import ContextFigure
from .overview import STATES, Status, as_percent

LEVELS = {"establishment": said("{establishment}"), "sector": said("somme {sector.du}"), "total": "somme"}

RATES = ("opening", "admission", "assiduity", "attendance")


def shown_rate(line, name):
    """ "73,0", the unit being in the header."""
    rate = getattr(line.activity, f"{name}_rate")
    return number(None if rate is None else rate * 100, 1)


def _rolling(line):
    rate = line.year.attendance_rate
    return number(None if rate is None else rate * 100, 1)


class OverviewTable(ListTable):
    """Lines of an `Overview`; the files also hold its sums."""

    noun, noun_plural = said("{establishment}"), said("{establishment.plural}")
    empty_title = titled("{establishment.aucun}")
    empty_text = titled("{establishment.aucun} de votre périmètre n’accueillait ce mois-là.")

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    level = ListColumn(verbose_name="Niveau", export_only=True, orderable=False)
    sector = ListColumn(verbose_name=titled("{sector}"))
    opening = ListColumn(verbose_name="Ouverture (%)", numeric=True, decimals=1)
    admission = ListColumn(verbose_name="× Admission (%)", numeric=True, decimals=1)
    assiduity = ListColumn(verbose_name="× Assiduité (%)", numeric=True, decimals=1)
    attendance = ListColumn(verbose_name="= Fréquentation (%)", numeric=True, decimals=1)
    trend = ListColumn(verbose_name="24 mois", screen_only=True, orderable=False, empty_values=())
    state = ListColumn(verbose_name="Données")
    authorised_hours = ListColumn(
        verbose_name="Heures autorisées", export_only=True, numeric=True, accessor="activity__authorised_hours"
    )
    open_hours = ListColumn(
        verbose_name="Heures ouvertes", export_only=True, numeric=True, accessor="activity__open_hours"
    )
    contracted_hours = ListColumn(
        verbose_name="Heures contractualisées", export_only=True, numeric=True, accessor="activity__contracted_hours"
    )
    actual_hours = ListColumn(
        verbose_name="Heures réalisées", export_only=True, numeric=True, accessor="activity__actual_hours"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request is not None and self.request.GET.get("export") == "pdf":
            # A sheet is not as wide as a spreadsheet: the hours stay in the files.
            self.exported = [column for column in self.exported if not column.name.endswith("_hours")]

    def value_level(self, line):
        return LEVELS[line.level]

    def value_state(self, line):
        return line.coverage or (f"{STATES[line.state]}, non validée" if line.is_unvalidated else STATES[line.state])

    def cell_trend(self, line):
        return trend(line.history)

    def _text_reader(self, column):
        """Rates are rounded once, from the exact one: the two decimals of the files would round a second time."""
        if column.name in RATES:
            return lambda line: shown_rate(line, column.name)
        return super()._text_reader(column)

    def cell_opening(self, line):
        return linked(shown_rate(line, "opening"), line.urls["opening_rate"], "ouverture")

    def cell_admission(self, line):
        return linked(shown_rate(line, "admission"), line.urls["admission_rate"], "admission")

    def cell_assiduity(self, line):
        return linked(shown_rate(line, "assiduity"), line.urls["assiduity_rate"], "assiduité")

    def cell_attendance(self, line):
        text = linked(shown_rate(line, "attendance"), line.urls["attendance_rate"], "fréquentation")
        return unvalidated(text) if line.state == Status.SUBMITTED and line.attendance is not None else text


class HouseMonthsTable(ListTable):
    """Months of a house (`history.Month`), for the files of its page."""

    noun, noun_plural = "mois", "mois"
    empty_title = "Pas encore d’activité"

    month = ListColumn(verbose_name="Mois", header=True, orderable=False)
    opening = ListColumn(verbose_name="Ouverture (%)", numeric=True, decimals=1, accessor="hours__opening_rate")
    admission = ListColumn(verbose_name="× Admission (%)", numeric=True, decimals=1, accessor="hours__admission_rate")
    assiduity = ListColumn(verbose_name="× Assiduité (%)", numeric=True, decimals=1, accessor="hours__assiduity_rate")
    attendance = ListColumn(
        verbose_name="= Fréquentation (%)", numeric=True, decimals=1, accessor="hours__attendance_rate"
    )
    state = ListColumn(verbose_name="État", orderable=False)
    authorised_hours = ListColumn(verbose_name="Heures autorisées", numeric=True, accessor="hours__authorised_hours")
    open_hours = ListColumn(verbose_name="Heures ouvertes", numeric=True, accessor="hours__open_hours")
    contracted_hours = ListColumn(
        verbose_name="Heures contractualisées", numeric=True, accessor="hours__contracted_hours"
    )
    actual_hours = ListColumn(verbose_name="Heures réalisées", numeric=True, accessor="hours__actual_hours")
    billed_hours = ListColumn(verbose_name="Heures facturées", numeric=True, accessor="hours__billed_hours")

    def cell_month(self, month):
        return month_name(month.month)

    def value_reader(self, column):
        read = super().value_reader(column)
        return (lambda month: as_percent(read(month))) if column.name in RATES else read

    def _text_reader(self, column):
        if column.name in RATES:  # rounded once, from the exact one
            return lambda month: shown_rate(month, column.name) if month.is_published else NONE
        return super()._text_reader(column)


class TerritoryTable(OverviewTable):
    """What a territory holds; the files also hold the sum."""

    noun, noun_plural = "ligne", "lignes"
    empty_text = titled("{establishment.aucun} n’accueillait ce mois-là dans ce territoire.")

    level = sector = trend = state = open_hours = contracted_hours = None
    name = ListColumn(verbose_name="Nom", header=True)
    rolling = ListColumn(verbose_name="Douze mois (%)", numeric=True, decimals=1)
    change = ListColumn(verbose_name="Sur un an (points)", numeric=True)
    coverage = ListColumn(verbose_name="Données")

    def _text_reader(self, column):
        if column.name == "rolling":
            return _rolling
        return super()._text_reader(column)

    def cell_rolling(self, line):
        return linked(_rolling(line), line.urls["rolling"], "fréquentation sur douze mois")

    def value_change(self, line):
        return None if line.change is None else line.change * 100

    def cell_change(self, line):
        return signed(self.value_change(line), 1)

    def cell_attendance(self, line):
        text = linked(shown_rate(line, "attendance"), line.urls["attendance_rate"], "fréquentation")
        return unvalidated(text) if line.unvalidated else text


class PsuTable(ListTable):
    """Months of a `PsuYear`; the files also hold the year."""

    noun, noun_plural = "mois", "mois"
    empty_title = "Aucun mois"
    empty_text = titled("{establishment.le} n’avait pas encore un mois complet cette année-là.")

    name = ListColumn(verbose_name="Mois", header=True, orderable=False)
    actual_hours = ListColumn(verbose_name="Heures réalisées", numeric=True, decimals=0, orderable=False)
    billed_hours = ListColumn(verbose_name="Heures facturées", numeric=True, decimals=0, orderable=False)
    billing = ListColumn(verbose_name="Taux de facturation (%)", numeric=True, decimals=2, orderable=False)
    band_label = ListColumn(verbose_name="Prix", orderable=False)
    price = ListColumn(verbose_name="Plafond (€/h)", numeric=True, decimals=4, orderable=False)
    most = ListColumn(verbose_name="PSU et familles, au plus (€)", numeric=True, decimals=0, orderable=False)
    state = ListColumn(verbose_name="Données", orderable=False)
    remark = ListColumn(verbose_name="À savoir", export_only=True, orderable=False)

    def cell_billing(self, line):
        text = linked(number(line.billing, 2), line.url if line.billing is not None else "", "facturation")
        return unvalidated(text) if line.is_unvalidated and line.billing is not None else text


class ExplainTable(ListTable):
    """The rows that a rate adds: months of houses, drafts listed and not counted."""

    noun, noun_plural = "ligne", "lignes"
    empty_title = "Aucune ligne"
    empty_text = "Rien n’est saisi pour ce périmètre et cette période\u00a0: le taux n’est pas défini."

    house = ListColumn(verbose_name=titled("{establishment}"), header=True)
    month = ListColumn(verbose_name="Mois")
    numerator = ListColumn(verbose_name="Numérateur (h)", numeric=True, decimals=2)
    denominator = ListColumn(verbose_name="Dénominateur (h)", numeric=True, decimals=2)
    percentage = ListColumn(verbose_name="Taux (%)", numeric=True, decimals=2)
    counts = ListColumn(verbose_name="Compté")
    state = ListColumn(verbose_name="État")
    entered_by = ListColumn(verbose_name="Saisie par")
    validated_by = ListColumn(verbose_name="Validée par")
    validated_at = ListColumn(verbose_name="Validée le")

    def cell_month(self, row):
        return month_name(row.month)


class GapTable(ListTable):
    """What is missing before months can count."""

    noun, noun_plural = "manque", "manques"
    empty_title = "Rien ne manque"
    empty_text = "Chaque mois de la période est saisi et validé."

    house = ListColumn(verbose_name=titled("{establishment}"), header=True)
    sector = ListColumn(verbose_name=titled("{sector}"))
    month = ListColumn(verbose_name="Mois")
    lacking = ListColumn(verbose_name="Ce qui manque")
    owner = ListColumn(verbose_name="À faire par")
    lateness = ListColumn(verbose_name="Retard (jours)", numeric=True)

    def cell_month(self, gap):
        return month_name(gap.month)


class ComparisonTable(ListTable):
    """Houses against those that resemble them."""

    noun, noun_plural = said("{establishment}"), said("{establishment.plural}")
    empty_title = titled("{establishment.aucun}")
    empty_text = titled("{establishment.aucun} de votre périmètre n’accueillait ce mois-là.")

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    percentage = ListColumn(verbose_name="Taux (%)", numeric=True, decimals=2)
    centre = ListColumn(verbose_name="Groupe (%)", numeric=True, decimals=2)
    expected = ListColumn(verbose_name="Limites (%)", orderable=False)
    group = ListColumn(verbose_name="Semblables", numeric=True)
    verdict = ListColumn(verbose_name="Lecture")


class BudgetTable(ListTable):
    """Budget lines on their last statement."""

    noun, noun_plural = "ligne", "lignes"
    empty_title = "Aucune ligne budgétaire"
    empty_text = "Les lignes de l’année viennent de l’export des finances, ou de l’administration."

    house = ListColumn(verbose_name=titled("{establishment}"), header=True)
    category = ListColumn(verbose_name="Ligne")
    as_of = ListColumn(verbose_name="Arrêté au")
    allotted = ListColumn(verbose_name="Alloué (€)", numeric=True, decimals=0)
    committed = ListColumn(verbose_name="Engagé (€)", numeric=True, decimals=0)
    spent = ListColumn(verbose_name="Dépensé (€)", numeric=True, decimals=0)
    left = ListColumn(verbose_name="Reste (€)", numeric=True, decimals=0)
    spent_rate = ListColumn(verbose_name="Dépensé (%)", numeric=True, decimals=1)
    elapsed = ListColumn(verbose_name="Jours écoulés (%)", numeric=True, decimals=1)
    projected = ListColumn(verbose_name="Fin d’année (€)", numeric=True, decimals=0)
    interval = ListColumn(verbose_name="Intervalle", orderable=False)
    pace = ListColumn(verbose_name="Rythme")


class OfferTable(ListTable):
    """Offers of places in a week."""

    noun, noun_plural = "offre", "offres"
    empty_title = "Aucune place à attribuer"
    empty_text = "Les offres de places de la période se tiennent dans l’administration."

    house = ListColumn(verbose_name=titled("{establishment}"), header=True)
    age = ListColumn(verbose_name="Âge")
    monday = ListColumn(verbose_name="Lundi", numeric=True)
    tuesday = ListColumn(verbose_name="Mardi", numeric=True)
    wednesday = ListColumn(verbose_name="Mercredi", numeric=True)
    thursday = ListColumn(verbose_name="Jeudi", numeric=True)
    friday = ListColumn(verbose_name="Vendredi", numeric=True)
    open_places = ListColumn(verbose_name="Places ouvertes", numeric=True)
    warning = ListColumn(verbose_name="À vérifier", orderable=False)


class YearAheadTable(ListTable):
    """Day-places to give, month by month (`places.MonthAhead`), for the files."""

    noun, noun_plural = "mois", "mois"
    empty_title = "Aucune place à attribuer"

    month = ListColumn(verbose_name="Mois", header=True, orderable=False)
    babies = ListColumn(verbose_name="Moins d’un an", numeric=True, orderable=False)
    middle = ListColumn(verbose_name="De un à deux ans", numeric=True, orderable=False)
    older = ListColumn(verbose_name="Deux ans et plus", numeric=True, orderable=False)
    total = ListColumn(verbose_name="Ensemble", numeric=True, orderable=False)

    def cell_month(self, row):
        return month_name(row.month)


class FrozenTable(ListTable):
    """Frozen places over a month."""

    noun, noun_plural = "gel", "gels"
    empty_title = "Aucune place gelée"
    empty_text = "Toutes les places autorisées étaient ouvertes ce mois-là."

    house = ListColumn(verbose_name=titled("{establishment}"), header=True)
    reason = ListColumn(verbose_name="Raison")
    places = ListColumn(verbose_name="Places", numeric=True)
    since = ListColumn(verbose_name="Depuis")
    until = ListColumn(verbose_name="Jusqu’au")
    hours = ListColumn(verbose_name="Heures du mois", numeric=True, decimals=0)
    children = ListColumn(verbose_name=titled("{child.plural}"), numeric=True, decimals=1)
    funding = ListColumn(verbose_name="PSU et familles (€)", numeric=True, decimals=0)


class FreeHoursTable(ListTable):
    """Runs of half-hours that stayed free."""

    noun, noun_plural = "créneau", "créneaux"
    empty_title = "Aucun créneau libre"
    empty_text = "Aucune suite de deux heures n’a gardé une place libre neuf jours relevés sur dix."

    house = ListColumn(verbose_name=titled("{establishment}"), header=True)
    weekday = ListColumn(verbose_name="Jour", order_by=("number", "house"))
    start = ListColumn(verbose_name="De", orderable=False)
    end = ListColumn(verbose_name="À", orderable=False)
    places = ListColumn(verbose_name="Places libres", numeric=True)
    place_hours = ListColumn(verbose_name="Heures par semaine", numeric=True, decimals=1)
    days = ListColumn(verbose_name="Jours relevés", numeric=True)


class ContextTable(ListTable):
    """Public figures of territories."""

    noun, noun_plural = "donnée", "données"
    empty_title = "Aucune donnée de contexte"
    empty_text = "Naissances, couverture, quartiers prioritaires s’importent dans l’administration."

    territory = ListColumn(verbose_name="Territoire", header=True, order_by=("territory__name", "kind", "-year"))
    kind = ListColumn(verbose_name="Donnée")
    year = ListColumn(verbose_name="Année")
    value = ListColumn(verbose_name="Valeur", numeric=True, decimals=1)
    source = ListColumn(verbose_name="Source")

    class Meta:
        model = ContextFigure
        fields: tuple[str, ...] = ()

    def value_territory(self, row):
        return row.territory.name

    def value_kind(self, row):
        return row.get_kind_display()

    def value_year(self, row):
        return str(row.year)

    def cell_value(self, row):
        return shown(row.kind, row.value)

import django_filters
from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..continuity_page import HousesFilter
from ..models import DisciplinaryMeeting, OccupationalRisk, Posting, Recruitment
from ..tables import BADGE


class VacancyFilter(HousesFilter):
    vacants = django_filters.BooleanFilter(label="Postes vacants seulement", method="kept")

    class Meta(HousesFilter.Meta):
        fields = [*HousesFilter.Meta.fields, "vacants"]

    def kept(self, houses, name, value):
        """The rows are narrowed, not the houses."""
        return houses

    @property
    def only_vacant(self) -> bool:
        return bool(self.form.is_valid() and self.form.cleaned_data.get("vacants"))


class PostTable(ListTable):
    noun, noun_plural = "ligne", "lignes"
    empty_title = "Aucun poste"
    empty_text = "Saisissez les postes budgétés\u00a0: les vacances se calculent avec les affectations."

    house_name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    label = ListColumn(verbose_name="Métier")
    budgeted = ListColumn(verbose_name="Budgétés (ETP)", numeric=True)
    filled = ListColumn(verbose_name="Pourvus (ETP)", numeric=True)
    present = ListColumn(verbose_name="Présents (ETP)", numeric=True)
    vacant = ListColumn(verbose_name="Vacants (ETP)", numeric=True)
    freed = ListColumn(verbose_name="Places rouvertes", numeric=True)
    at_risk = ListColumn(verbose_name="Places en jeu", numeric=True)
    vacant_since = ListColumn(verbose_name="Dernier départ", orderable=False, export_only=True)
    recruitment = ListColumn(verbose_name="Recrutement")

    def value_budgeted(self, line):
        return float(line.budgeted)

    def value_filled(self, line):
        return float(line.filled)

    def value_present(self, line):
        return float(line.present)

    def value_vacant(self, line):
        return float(line.vacant)


def post_table(rows, request=None):
    return PostTable(rows, request=request)


class AccidentTable(ListTable):
    noun, noun_plural = "année", "années"
    empty_title = "Aucun accident saisi"
    empty_text = "Les accidents du travail se saisissent par année, en nombre."

    house_name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    year = ListColumn(verbose_name="Année")
    accidents = ListColumn(verbose_name="Accidents", numeric=True)
    with_leave = ListColumn(verbose_name="Avec arrêt", numeric=True)
    rate = ListColumn(verbose_name="Pour 100 personnes", numeric=True, decimals=1, orderable=False)

    def cell_year(self, line):
        return str(line.year)

    def value_rate(self, line):
        return None if line.rate is None else float(line.rate)

    def cell_rate(self, line):
        return "moins de 5 personnes" if line.rate is None else f"{float(line.rate):.1f}".replace(".", ",")


def accident_table(rows, request=None):
    return AccidentTable(rows, request=request)


class HouseFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()


class RecruitmentFilter(HouseFilter):
    job = django_filters.ChoiceFilter(label="Métier", choices=Posting.Job)
    status = django_filters.ChoiceFilter(label="État", choices=Recruitment.Status)

    class Meta:
        model = Recruitment
        fields = ["establishment", "territory", "job", "status"]


class RecruitmentTable(ListTable):
    noun, noun_plural = "recrutement", "recrutements"
    empty_title = "Aucun recrutement"
    empty_text = "Les recrutements se suivent par leurs dates et leurs nombres, sans nom de candidat."

    job = ListColumn(verbose_name="Métier", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    asked_on = ListColumn(verbose_name="Demandé le")
    published_on = ListColumn(verbose_name="Publié le")
    commission_on = ListColumn(verbose_name="Commission le")
    filled_on = ListColumn(verbose_name="Prise de poste le")
    candidates = ListColumn(verbose_name="Candidatures", numeric=True)
    days_to_fill = ListColumn(verbose_name="Délai (jours)", numeric=True, orderable=False)
    status = ListColumn(verbose_name="État")

    class Meta:
        model = Recruitment
        fields = ["job", "establishment", "asked_on", "published_on", "commission_on", "filled_on"]
        fields += ["candidates", "days_to_fill", "status"]
        sequence = fields

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model="recruitment"), row.get_status_display())


class RiskFilter(HouseFilter):
    hazard = django_filters.ChoiceFilter(label="Risque", choices=OccupationalRisk.Hazard)

    class Meta:
        model = OccupationalRisk
        fields = ["establishment", "territory", "hazard"]


class RiskTable(ListTable):
    noun, noun_plural = "risque", "risques"
    empty_title = "Aucun risque"
    empty_text = "Le registre des risques professionnels se tient dans chaque équipe."

    hazard = ListColumn(verbose_name="Risque", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    severity = ListColumn(verbose_name="Gravité", numeric=True)
    frequency = ListColumn(verbose_name="Fréquence", numeric=True)
    weight = ListColumn(verbose_name="Cotation", numeric=True, orderable=False)
    measure = ListColumn(verbose_name="Mesure")
    review_on = ListColumn(verbose_name="À revoir le")

    class Meta:
        model = OccupationalRisk
        fields = ["hazard", "establishment", "severity", "frequency", "weight", "measure", "review_on"]
        sequence = fields


class DisciplineTable(ListTable):
    noun, noun_plural = "entretien disciplinaire", "entretiens disciplinaires"
    empty_title = "Aucun entretien disciplinaire"
    empty_text = "Des dates seulement\u00a0: ni la personne, ni les faits\u202f; effacées après trois ans."

    reference = ListColumn(verbose_name="Référence", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    convened_on = ListColumn(verbose_name="Convocation")
    meeting_on = ListColumn(verbose_name="Entretien")
    answered_on = ListColumn(verbose_name="Suite notifiée")
    kept_until = ListColumn(verbose_name="Conservé jusqu’au", orderable=False)

    class Meta:
        model = DisciplinaryMeeting
        fields = ["reference", "establishment", "convened_on", "meeting_on", "answered_on", "kept_until"]
        sequence = fields
